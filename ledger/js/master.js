/* Master data as of a time: of all versions of a thing, the one that holds. As `ledger/lots/master.py`, which says why.
 *
 * A version is {index, member, id, validFrom, validTo, withdrawn}; `validTo` may be null.
 */

import { begins, ends } from './instant.js';

/** The version of each thing and member that holds at a moment (microseconds since 1970). */
export function holding(versions, at) {
  const decided = new Map();
  for (const version of standing(versions)) {
    if (begins(version.validFrom) > at) continue;
    const thing = JSON.stringify([version.id, version.member]);
    const other = decided.get(thing);
    if (other === undefined || begins(other.validFrom) <= begins(version.validFrom)) decided.set(thing, version);
  }
  return [...decided.values()].filter(({ validTo }) => validTo === null || at < ends(validTo));
}

/** The versions that none logged later corrected or withdrew, by index. */
function standing(versions) {
  const latest = new Map();
  for (const version of [...versions].sort((one, other) => one.index - other.index)) {
    latest.set(JSON.stringify([version.id, version.member, version.validFrom]), version);
  }
  return [...latest.values()].filter(({ withdrawn }) => !withdrawn);
}
