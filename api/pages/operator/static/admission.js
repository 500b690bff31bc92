/* The first thing a phone does: say whose it is, show its code, and wait until it is admitted. */

import { admitted, ask, asked, device, fingerprint, refresh } from './device.js';
import { el, language, make, say, told, warned, why } from './words.js';

const EVERY = 3000;
let waiting = null;

/** Show how to be admitted; `then` is called once the log has the key. */
export async function askAdmission(then) {
  const own = await device();
  el('asking').hidden = !own?.code;
  el('ask').hidden = Boolean(own?.code);
  el('name').value ||= own?.name ?? '';
  el('ask').onsubmit = (event) => {
    event.preventDefault();
    asking(then);
  };
  el('ask-again').onclick = () => asking(then);
  await listMembers(own);
  if (own?.code) {
    show(own);
    poll(then);
  }
}

async function asking(then) {
  const name = el('name').value.trim();
  el('name-wrong').hidden = Boolean(name);
  el('name-wrong').textContent = say('name-wrong');
  if (!name) return;
  try {
    show(await ask({ name, member: el('member').value }));
    warned(null);
    poll(then);
  } catch (error) {
    warned(why(error));
  }
}

async function listMembers(own) {
  try {
    const members = await asked('/api/v1/members');
    el('member').replaceChildren(...members.map(({ member, name }) => make('option', { value: member, text: name ?? member })));
    if (own?.iss) el('member').value = own.iss;
    el('member-field').hidden = members.length === 1;
    // Nobody asks before it is known whom for.
    el('ask-button').disabled = false;
  } catch (error) {
    warned(why(error));
  }
}

function show({ code, kid, expires }) {
  el('ask').hidden = true;
  el('asking').hidden = false;
  el('code').textContent = `${code.slice(0, 4)}-${code.slice(4)}`;
  el('fingerprint').textContent = fingerprint(kid);
  el('command').textContent = `filiera key admit ${code}`;
  const over = expires < Date.now();
  const time = new Date(expires).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  el('expires').textContent = over ? say('expired') : say('expires', { time });
}

function poll(then) {
  clearInterval(waiting);
  waiting = setInterval(async () => {
    try {
      if (!(await admitted())) return;
      clearInterval(waiting);
      await refresh();
      told(say('admitted'));
      then();
    } catch (error) {
      if (error.code !== 'offline') warned(why(error));
    }
  }, EVERY);
}
