/* What a reader sees of a tree of disclosures: as `ledger/entry/shown.py`.
 *
 * - A hidden element of a list stands at its place as `HIDDEN`; a list keeps its length.
 * - A hidden member of an object has no name to stand under: `Members.hidden` counts them.
 * - Hidden is never absent.
 */

export const HIDDEN = Symbol('hidden');

/** The shown members of a selectively disclosed object; `hidden` more are not. */
export class Members extends Map {
  constructor(hidden = 0) {
    super();
    this.hidden = hidden;
  }
}

/** A tree of disclosures as plain values; a hidden element of a list is left out. */
export function plain(value) {
  if (value instanceof Map) return new Map([...value].map(([name, item]) => [name, plain(item)]));
  return Array.isArray(value) ? value.filter((item) => item !== HIDDEN).map(plain) : value;
}
