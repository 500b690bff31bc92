/* What a bundle's walk says of an older head: the root at an earlier size, where the nodes at hand give it.
 * As `ledger/verify/heads.py`.
 *
 * KNOWN LIMIT: where a subtree of the older tree lies inside a hidden range nothing can be said: a bundle is no
 * consistency proof.
 */

import { nodeHash, split, walkRanges } from './merkle.js';

/** The root of the first `old` leaves (from 1), null where the walk does not give it. */
export async function earlierRoot(size, leaves, nodes, old) {
  const hidden = walkRanges(size, [...leaves.keys()]);
  const known = new Map(hidden.map(([start, end], at) => [`${start}-${end}`, nodes[at]]));
  for (const [index, leaf] of leaves) known.set(`${index}-${index + 1}`, leaf);
  return rootOf(0, old, known, hidden);
}

async function rootOf(start, end, known, hidden) {
  const found = known.get(`${start}-${end}`);
  if (found !== undefined) return found;
  const inside = hidden.some(([from, to]) => from <= start && to >= end);
  if (end - start === 1 || inside) return null;
  const middle = start + split(end - start);
  const left = await rootOf(start, middle, known, hidden);
  const right = left === null ? null : await rootOf(middle, end, known, hidden);
  return right === null ? null : nodeHash(left, right);
}
