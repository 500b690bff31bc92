/* Lanes: every entry of a key names the one before it, so one that was dropped, added or moved leaves a gap that shows.
 * As `ledger/verify/lanes.py`.
 */

import { equal } from './bytes.js';

/** Deny the opinion for every break in a lane that the bundle shows. */
export function checkLanes(opened, opinion) {
  for (const shown of opened.readable) {
    const { log, index, kid, entry } = shown;
    const { seq, prev } = entry.claims;
    const first = opened.lane(log, kid, seq);
    const before = opened.lane(log, kid, seq - 1);
    if (first !== shown) opinion.deny('lane-forks', index, { kid, seq, other: first.index });
    else if (before === null) continue;
    else if (!equal(prev, before.leaf)) opinion.deny('lane-broken', index, { kid, seq, other: before.index });
    else if (before.index >= index) opinion.deny('lane-order', index, { kid, seq, other: before.index });
  }
}
