/* What the events of a bundle say: their movements by position, and whether an event shows all its objects.
 * As `ledger/verify/told.py`.
 */

import { movement } from './movement.js';
import { tagsOf } from './subject.js';

/** The movement of every event that the bundle opens, by position. */
export function movements(opened) {
  const found = new Map();
  for (const { position, entry } of opened.readable) {
    if (!['event', 'correction'].includes(entry.claims.kind) || entry.content === null) continue;
    found.set(position, movement(entry.content, entry.claims.kind === 'correction'));
  }
  return found;
}

/** Whether a `tags` entry that belongs to this one is not in the bundle. */
export function tagsLeftOut(opened, { log, kid, entry }) {
  const { seq, more } = entry.claims;
  for (let before = seq - more; before < seq; before += 1) if (opened.lane(log, kid, before) === null) return true;
  return false;
}

/** How many objects of an entry are hidden, as far as its tags are in the bundle. */
export function hiddenObjects(opened, shown, moves) {
  return Math.max(0, tagsOf(opened, shown).size - moves.objects.length);
}
