/* "Verifica tu stesso": the checks of the proof on this phone, a line each, then what came of them in a sentence.
 *
 * - The verifier is loaded when somebody asks for it, and neither the proof nor what came of it leaves the phone.
 * - The log's key is the one that this server shows: that it is the right one is checked in `/verifica`, or by hand.
 * - A browser that cannot tell says so; what was not shown is never shown as a yes.
 *
 * The words stand in the page's template, so that they are in its language.
 */

const place = document.querySelector('[data-check]');
if (place) begin(place);

function begin(place) {
  const press = place.querySelector('[data-press]');
  press.hidden = false;
  press.querySelector('button').addEventListener('click', async (event) => {
    event.currentTarget.disabled = true;
    await check(place);
    event.target.disabled = false;
  });
}

async function check(place) {
  const words = place.querySelector('template').content;
  const lines = place.querySelector('[data-lines]');
  lines.replaceChildren();
  lines.hidden = false;
  conclude(place, words, 'working');
  try {
    const account = await accountOf(place);
    for (const word of words.querySelectorAll('[data-verdict]')) {
      const answer = account.verdicts[word.dataset.verdict];
      if (answer) lines.append(line(word, answer));
    }
    conclude(place, words, String(account.valid));
  } catch (error) {
    console.warn(error);
    conclude(place, words, 'failed');
  }
}

async function accountOf(place) {
  const { verify } = await import(place.dataset.verifier);
  const [proof, policy] = await Promise.all([fetched(place.dataset.proof), fetched(place.dataset.policy)]);
  return verify(new Uint8Array(await proof.arrayBuffer()), { policies: [await policy.text()] });
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: 'omit', cache: 'no-cache' });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

function line(word, answer) {
  const item = document.createElement('li');
  item.className = answer;
  item.textContent = word.dataset[answer];
  return item;
}

function conclude(place, words, result) {
  const sentence = place.querySelector('[data-sentence]');
  const strips = { true: 'good', false: 'bad' };
  sentence.className = `strip ${strips[result] ?? 'unsure'}`;
  sentence.textContent = words.querySelector(`[data-result="${result}"]`).dataset.say;
  sentence.hidden = false;
}
