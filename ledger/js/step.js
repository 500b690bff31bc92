/* One event as lots see it: what it does to them, how much, when, and whose words they are. As `ledger/lots/step.py`,
 * as far as a balance asks.
 *
 * - A flow {uri, role, amount} is one object in one part of the event; an amount {quantity, uom} without a code counts
 *   pieces, and is null where none is shown.
 * - Figures are exact decimals. A negative or absurd quantity is none.
 */

import { taggedObject } from './canonical.js';
import { microseconds } from './instant.js';
import { Num } from './json_text.js';
import { decimal, wasted } from './own_terms.js';

const WEB = 'https://ref.gs1.org/cbv/';
const URN = 'urn:epcglobal:cbv:';
const PARTS = [
  ['parentID', 'parent'], ['epcList', 'moved'], ['quantityList', 'moved'], ['childEPCs', 'child'],
  ['childQuantityList', 'child'], ['inputEPCList', 'used'], ['inputQuantityList', 'used'],
  ['outputEPCList', 'made'], ['outputQuantityList', 'made'],
];
const BY_ACTION = { ADD: 'made', DELETE: 'used' };
const DEALINGS = new Map([
  ['shipping', 'ships'], ['receiving', 'receives'], ['accepting', 'accepts'], ['retail_selling', 'sells'],
  ['dispensing', 'sells'], ['consuming', 'consumes'], ['cycle_counting', 'counts'], ['stock_taking', 'counts'],
]);
// What is in a unit that is only taken apart, or whose number is given up, goes on.
const UNPACKED = ['decommissioning', 'unpacking'];
const GIVEN = ['ships', 'sells', 'consumes'];
// White space as Python has it at the ends of a text.
// eslint-disable-next-line no-control-regex
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
/** Later than any time: where a step without one stands. */
export const END = 1n << 62n;

/** The step of an event at a position, as far as its content is shown. */
export function stepOf(position, member, content, moves) {
  const time = content.get('eventTime');
  const type = textOf(content.get('type'));
  const at = typeof time === 'string' ? microseconds(time) : null;
  const takenOut = type === 'ObjectEvent' && moves.action === 'DELETE';
  const bizStep = word(content.get('bizStep'));
  const onlyUnpacks = takenOut && UNPACKED.includes(bizStep);
  const dealing = dealingOf(bizStep, takenOut);
  return { position, member, moves, type, at, dealing, onlyUnpacks, flows: flowsOf(content), wasted: wasted(content) };
}

/** The order of steps along time; those without a time come last. */
export function compareSteps(one, other) {
  const [here, there] = [one.at ?? END, other.at ?? END];
  return here < there ? -1 : here > there ? 1 : one.position - other.position;
}

/** The bare word of the CBV in any of its spellings; a word of somebody else's as written. */
function word(value) {
  const text = typeof value === 'string' ? stripped(value) : '';
  if (text.startsWith(WEB)) return text.slice(WEB.length).includes('-') ? text.split('-').at(-1) : text;
  return text.startsWith(URN) ? text.split(':').at(-1) : text;
}

/** A text without white space at its ends. A pattern would look at every space inside again and again. */
function stripped(text) {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.test(text[start])) start += 1;
  while (end > start && SPACE.test(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

/** What a step does to who has the goods: what is taken out of the world is not received or counted by that. */
function dealingOf(bizStep, takenOut) {
  const found = DEALINGS.get(bizStep) ?? null;
  return takenOut && !GIVEN.includes(found) ? null : found;
}

function flowsOf(content) {
  const action = content.get('type') === 'ObjectEvent' ? content.get('action') : null;
  const own = typeof action === 'string' && Object.hasOwn(BY_ACTION, action) ? BY_ACTION[action] : 'moved';
  return PARTS.flatMap(([name, role]) => {
    const value = content.get(name);
    return (Array.isArray(value) ? value : [value]).map((item) => flowOf(item, role === 'moved' ? own : role));
  }).filter((flow) => flow !== null);
}

function flowOf(item, role) {
  const uri = item instanceof Map ? item.get('epcClass') : item;
  const tagged = typeof uri === 'string' ? taggedObject(uri) : null;
  return tagged === null ? null : { uri: tagged, role, amount: amountOf(item) };
}

function amountOf(item) {
  const value = item instanceof Map ? item.get('quantity') : null;
  const quantity = value instanceof Num ? decimal(value) : null;
  return quantity === null || quantity.sign < 0 ? null : { quantity, uom: textOf(item.get('uom')) };
}

function textOf(value) {
  return typeof value === 'string' && value ? value : null;
}
