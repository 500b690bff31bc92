/* The Merkle tree of RFC 6962 section 2.1: hashes, roots, and the checks of proofs. As `ledger/log/merkle.py`.
 *
 * - A leaf hash is SHA-256(0x00 + leaf), a node SHA-256(0x01 + left + right), the empty tree SHA-256("").
 * - A range splits at the largest power of two below its width, left first.
 * - A proof must be used up exactly; a check throws `EvidenceError`.
 */

import { concat, equal, sha256 } from './bytes.js';
import { EvidenceError } from './errors.js';

export const HASH_SIZE = 32;

/** SHA-256(0x01 + left + right): the parent of two subtrees. */
export async function nodeHash(left, right) {
  return sha256(concat([1], left, right));
}

/** The largest power of two below `width` (at least 2): how many leaves stand on the left. */
export function split(width) {
  let left = 1;
  while (left * 2 < width) left *= 2;
  return left;
}

/** The Merkle tree hash over leaf hashes, in order. */
export async function root(leaves) {
  if (!leaves.length) return sha256(new Uint8Array());
  if (leaves.length === 1) return leaves[0];
  const middle = split(leaves.length);
  return nodeHash(...(await Promise.all([root(leaves.slice(0, middle)), root(leaves.slice(middle))])));
}

/** `leaf` (a leaf hash) stands at `index` in the tree of `size` with this root. RFC 9162 section 2.1.3.2. */
export async function verifyInclusion(index, size, leaf, proof, expected) {
  if (index >= size) throw new EvidenceError('proof-outside-tree', { index, size });
  checkHashes([leaf, ...proof]);
  const sides = path(BigInt(index), BigInt(size));
  checkLength(proof, sides.length);
  let digest = leaf;
  for (const [level, sibling] of proof.entries()) {
    digest = sides[level] ? await nodeHash(sibling, digest) : await nodeHash(digest, sibling);
  }
  if (!equal(digest, expected)) throw new EvidenceError('inclusion-root', { index, size });
}

/** For each level of an audit path, from the leaf up, whether the sibling stands on the left. */
function path(index, size) {
  // Below the leaf's split from the right edge every level has a sibling; above it only where the leaf stands right.
  const inner = bitLength(index ^ (size - 1n));
  const sides = Array.from({ length: inner }, (_, level) => ((index >> BigInt(level)) & 1n) === 1n);
  for (let above = index >> BigInt(inner); above > 0n; above >>= 1n) if (above & 1n) sides.push(true);
  return sides;
}

/** The tree of `old` leaves is a prefix of the tree of `size` leaves. RFC 9162 section 2.1.4.2. */
export async function verifyConsistency(old, size, oldRoot, newRoot, proof) {
  if (old < 1 || old > size) throw new EvidenceError('proof-outside-tree', { index: old, size });
  if (old === size) {
    checkLength(proof, 0);
    checkRoot(oldRoot, newRoot, old, size);
    return;
  }
  checkHashes([oldRoot, newRoot, ...proof]);
  let level = 0n;
  while (!((BigInt(old) >> level) & 1n)) level += 1n;
  // Where the old tree is one complete subtree its root is a node of the new one, and the proof leaves it out.
  const nodes = BigInt(old) === 1n << level ? [oldRoot, ...proof] : proof;
  const last = (BigInt(old) - 1n) >> level;
  const inner = bitLength(last ^ ((BigInt(size) - 1n) >> level));
  const border = [...(last >> BigInt(inner)).toString(2)].filter((bit) => bit === '1').length;
  checkLength(nodes, inner + border + 1);
  let [before] = nodes;
  let after = before;
  for (const [height, sibling] of nodes.slice(1).entries()) {
    if (height >= inner || (last >> BigInt(height)) & 1n) {
      before = await nodeHash(sibling, before);
      after = await nodeHash(sibling, after);
    } else {
      after = await nodeHash(after, sibling);
    }
  }
  checkRoot(before, oldRoot, old, size);
  checkRoot(after, newRoot, old, size);
}

/** The ranges [start, end] whose roots walk(0, size) gives, in order, when the leaves `present` (rising) are shown. */
export function walkRanges(size, present) {
  const found = [];
  const walk = (start, end, low, high) => {
    if (low === high) {
      found.push([start, end]);
    } else if (end - start > 1) {
      const middle = start + split(end - start);
      const cut = firstFrom(present, middle, low, high);
      walk(start, middle, low, cut);
      walk(middle, end, cut, high);
    }
  };
  if (size) walk(0, size, 0, present.length);
  return found;
}

/** The root of the tree of `size` leaves from the leaf hashes shown (a `Map` by index, rising) and the walk's nodes. */
export async function rootFromWalk(size, leaves, nodes) {
  const present = [...leaves.keys()];
  const outside = present.find((index) => index >= size);
  if (outside !== undefined) throw new EvidenceError('proof-outside-tree', { index: outside, size });
  checkHashes(nodes);
  checkLength(nodes, walkRanges(size, present).length);
  let given = 0;
  const walked = async (start, end, low, high) => {
    if (low === high) {
      given += 1;
      return nodes[given - 1];
    }
    if (end - start === 1) return leaves.get(start);
    const middle = start + split(end - start);
    const cut = firstFrom(present, middle, low, high);
    // Both halves are begun in order, so the nodes are taken in order; the hashes may be done together.
    return nodeHash(...(await Promise.all([walked(start, middle, low, cut), walked(middle, end, cut, high)])));
  };
  return size ? walked(0, size, 0, present.length) : sha256(new Uint8Array());
}

/** The first position of a rising list, between two others, whose value is not below `value`. */
function firstFrom(values, value, low, high) {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function bitLength(value) {
  return value ? value.toString(2).length : 0;
}

function checkLength(proof, expected) {
  if (proof.length !== expected) throw new EvidenceError('proof-length', { expected, found: proof.length });
}

function checkRoot(found, expected, old, size) {
  if (!equal(found, expected)) throw new EvidenceError('consistency-root', { old, new: size });
}

function checkHashes(hashes) {
  hashes.forEach((digest, position) => {
    if (digest.length !== HASH_SIZE) throw new EvidenceError('proof-node', { position, length: digest.length });
  });
}
