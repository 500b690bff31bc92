/* `/verifica`: the verifier with what a server can add: the bundle of a lot, and the figures of a document compared.
 *
 * - The check is made here. To the server goes only a lot's code, or a photo of it, and a document when its reader
 *   presses the button.
 */

import { make } from '../exporters/shown.js';
import { startVerifier } from '../exporters/verifier.js';
import { sentence } from '../ledger/wording.js';
import { canScan, scan } from './scan.js';

const words = await import(`../ledger/words.${document.documentElement.lang}.js`);
const given = document.getElementById('verifier').dataset;
const t = (code, context) => sentence(words, code, context);
const verifier = startVerifier({ words, policies: [given.policy], from: 'served', after: comparison });
const form = document.getElementById('lot');
const code = document.getElementById('code');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  checkLot(code.value.trim());
});
if (canScan()) {
  const [button, camera] = [document.getElementById('scan'), document.getElementById('camera')];
  button.hidden = false;
  button.addEventListener('click', async () => {
    camera.hidden = false;
    const found = await scan(document.getElementById('picture'), document.getElementById('stop'));
    camera.hidden = true;
    if (found === null) return;
    code.value = found;
    checkLot(found);
  });
}
document.getElementById('shot').addEventListener('change', ({ target }) => {
  if (target.files.length) target.form.requestSubmit();
});
if (given.lot) checkLot(given.lot);

/** The bundle of a lot, fetched from this server and checked like any file. */
async function checkLot(lot) {
  if (!lot) return;
  verifier.say(make('p', {}, t('page-checking', { name: lot })));
  try {
    const query = new URLSearchParams({ lot, direction: 'both' });
    const answer = await fetch(`/api/v1/bundle?${query}`, { headers: { 'Accept-Language': document.documentElement.lang } });
    if (!answer.ok) throw new Error(answer.status === 401 ? t('page-lot-closed') : await problemOf(answer));
    await verifier.checkBytes(new Uint8Array(await answer.arrayBuffer()), lot, null);
  } catch (error) {
    verifier.say(make('p', { class: 'strip unsure' }, t('page-lot-failed', { lot, problem: error.message })));
  }
}

/** Below the account of a document: the offer to have its figures compared, and what came of it. */
function comparison(file, _, { paper }) {
  if (!file || paper === null) return [];
  const button = make('button', { type: 'button', class: 'plain', id: 'compare' }, t('page-server-ask'));
  const said = make('div', { id: 'server' });
  button.addEventListener('click', async () => {
    button.disabled = true;
    said.replaceChildren(make('p', {}, t('page-server-sending')));
    said.replaceChildren(...(await compared(file)));
    button.disabled = false;
  });
  return [make('h2', {}, t('page-server')), make('p', {}, button), said];
}

async function compared(file) {
  try {
    const answer = await fetch('/api/v1/verify', {
      method: 'POST',
      body: file,
      headers: { 'Content-Type': 'application/octet-stream', 'Accept-Language': document.documentElement.lang },
    });
    if (!answer.ok) throw new Error(await problemOf(answer));
    const { verdicts, reasons } = await answer.json();
    const faithful = verdicts.faithful ?? 'not_shown';
    const look = { yes: 'good', no: 'bad' }[faithful] ?? 'unsure';
    const why = reasons.filter(({ verdict }) => verdict === 'faithful').map(({ text }) => make('li', {}, text));
    const told = t(`page-server-${faithful.replace('_', '-')}`, { host: location.host });
    return [make('p', { class: `strip ${look}`, 'data-faithful': faithful }, told), make('ul', {}, ...why)];
  } catch (error) {
    return [make('p', { class: 'strip unsure' }, t('page-server-failed', { problem: error.message }))];
  }
}

/** What a problem document says (RFC 9457). */
async function problemOf(answer) {
  try {
    const { title, detail } = await answer.json();
    return detail ?? title;
  } catch {
    return `${answer.status}`;
  }
}
