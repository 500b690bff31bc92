/* Everything that was recorded here: where each record is, when it happened and when it was received, and what to do. */

import { shownLot } from './lots.js';
import { showAmount } from './numbers.js';
import { records } from './queue.js';
import { el, language, make, moment, say } from './words.js';

const SHOWN = 300;

/** Show the records; `mend(record)` is called for one that is to be corrected. */
export async function showRecords(facts, mend) {
  const found = await records();
  const findings = new Map((facts?.findings ?? []).map((finding) => [finding.index, finding.text]));
  const places = new Map((facts?.recent ?? []).map(({ seq, index }) => [seq, index]));
  el('records').replaceChildren(...found.slice(0, SHOWN).map((record) => item(record, facts, findings, places, mend)));
  return found;
}

/** How many wait, and how many were refused. */
export function counted(found) {
  const of = (state) => found.filter((record) => record.state === state).length;
  return { waiting: of('phone'), refused: of('refused') };
}

function item(record, facts, findings, places, mend) {
  const state = say(`state-${record.state}`, { n: record.index ?? places.get(record.seq) ?? '' });
  const times = { happened: moment(record.happened), received: record.received ? moment(record.received) : '' };
  const made = make('li', { 'data-state': record.state, 'data-id': record.id }, ...[
    make('p', { className: 'what', text: `${say(record.kind)} ${whatOf(record, facts)}` }),
    make('span', { className: `state ${record.state}`, text: state }),
    make('p', { className: 'times soft', text: say(record.received ? 'times' : 'times-not', times) }),
  ]);
  const finding = record.index === undefined ? null : findings.get(record.index);
  if (record.problem) made.append(make('p', { className: 'why', text: record.problem.detail ?? problemOf(record.problem) }));
  if (finding) made.append(make('p', { className: 'why wrong', text: say('finding', { text: finding }) }));
  if (record.mended) made.append(make('p', { className: 'why', text: say('mended') }));
  if (record.values && !record.mended) {
    const button = make('button', { text: say('mend'), type: 'button', className: 'plain' });
    button.addEventListener('click', () => mend(record));
    made.append(button);
  }
  return made;
}

function problemOf({ code }) {
  return code === 'restored' ? say('restored') : code;
}

function whatOf({ shown, uris }, facts) {
  const said = shown.rows ?? uris.map((uri) => ({ uri }));
  return said.map(({ uri, amount, unit }) => {
    const { product, lot } = shownLot(uri);
    const name = facts?.products.find(({ id }) => id === product)?.name;
    const much = amount ? `${showAmount(amount, language)} ${unit === 'KGM' ? 'kg' : say('pieces')}` : '';
    return [name, lot, much].filter(Boolean).join(' · ');
  }).join('; ');
}
