/* Which events of a bundle count in its balance, and which of them hide something that would.
 * As `ledger/verify/counted.py`.
 *
 * - An event that its own member declares wrong here counts no more; what a member says twice in the same words counts
 *   once.
 */

import { Num } from './json_text.js';
import { HIDDEN } from './shown.js';
import { stepOf } from './step.js';
import { hiddenObjects, tagsLeftOut } from './told.js';

const LISTS = [
  'quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList',
  'epcList', 'childEPCs', 'inputEPCList', 'outputEPCList',
];

/** The steps that count, by position in the bundle. */
export function counted(opened, moves, opinion) {
  const wrong = declaredWrong(opened, moves, opinion);
  const said = new Map();
  const found = new Map();
  for (const [position, moved] of moves) {
    if (moved.correction) continue;
    const { entry, index } = opened.entries[position];
    const words = JSON.stringify([entry.claims.iss, spelled(entry.content)]);
    const before = said.get(words);
    if (before !== undefined) {
      if (entry.hidden || before.hidden) opinion.miss('quantities-hidden', index);
      continue;
    }
    said.set(words, entry);
    if (!wrong.has(position)) found.set(position, stepOf(position, entry.claims.iss, entry.content, moved));
  }
  return found;
}

/** Whether an event hides objects, or elements of the lists that state them. */
export function hides(opened, position, moves) {
  const shown = opened.entries[position];
  if (!shown.entry.hidden) return false;
  if (tagsLeftOut(opened, shown) || hiddenObjects(opened, shown, moves)) return true;
  const lists = LISTS.map((name) => shown.entry.content.get(name));
  return lists.some((value) => Array.isArray(value) && value.includes(HIDDEN));
}

/** The positions of events that their own member declares wrong here. */
function declaredWrong(opened, moves, opinion) {
  const named = new Map();
  const declarations = [];
  for (const [position, { correction }] of moves) {
    const { entry, index } = opened.entries[position];
    const id = entry.content.get('eventID');
    const name = typeof id === 'string' && id ? JSON.stringify([entry.claims.iss, id]) : null;
    if (correction) declarations.push({ name, index });
    else if (name !== null && named.has(name)) named.get(name).push(position);
    else if (name !== null) named.set(name, [position]);
  }
  for (const { name, index } of declarations) if (!named.has(name)) opinion.miss('correction-not-read', index);
  return new Set([...new Set(declarations.map(({ name }) => name))].flatMap((name) => named.get(name) ?? []));
}

/** A value as text: equal for equal contents, whatever the order of their members. */
function spelled(value) {
  if (value instanceof Map) {
    return `{${[...value.keys()].sort().map((name) => `${JSON.stringify(name)}:${spelled(value.get(name))}`).join()}}`;
  }
  if (Array.isArray(value)) return `[${value.map(spelled).join()}]`;
  if (value instanceof Num) return value.text;
  return value === HIDDEN ? '?' : JSON.stringify(value);
}
