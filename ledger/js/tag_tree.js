/* The tag tree: which log indexes carry a tag, and that no others do. As `ledger/registry/tag_tree.py`.
 *
 * - leaf = SHA-256(0x00 + tag + uint64be of every index, rising strictly); node = SHA-256(0x01 + byte d + left +
 *   right), where d is the first bit (most significant first) at which the tags below differ.
 * - A path goes from the leaf up: pairs (d, sibling), d falling strictly. The side is read from the tag's own bit d.
 * - A tag is absent when a present leaf lies where it would have to be.
 */

import { bigEndian, concat, equal, hex, sha256 } from './bytes.js';
import { EvidenceError } from './errors.js';

const TAG_LENGTH = 32;
const MAX_INDEX = 2 ** 53;

/** The hash of one tag with the indexes that carry it. */
export async function leafHash(tag, indexes) {
  checkIndexes(tag, indexes);
  return sha256(concat([0], tag, ...indexes.map((index) => bigEndian(index, 8))));
}

/** `tag` is carried by exactly `indexes`, as of the root and of `size` entries; `EvidenceError` otherwise. */
export async function verifyPresent(tag, indexes, path, root, size) {
  let current = await leafHash(tag, indexes);
  const last = indexes.at(-1);
  if (last >= size) throw new EvidenceError('tag-index-beyond', { tag: hex(tag), index: last, size });
  let below = TAG_LENGTH * 8;
  for (const [bit, sibling] of path) {
    if (bit >= below) throw new EvidenceError('tag-path-order', { tag: hex(tag), bit });
    if (sibling.length !== 32) throw new EvidenceError('tag-path-hash', { tag: hex(tag), bit });
    current = bitOf(tag, bit) ? await nodeHash(bit, sibling, current) : await nodeHash(bit, current, sibling);
    below = bit;
  }
  if (!equal(current, root)) {
    throw new EvidenceError('tag-root-mismatch', { tag: hex(tag), expected: hex(root), got: hex(current) });
  }
}

/** No entry carries `tag`: `neighbour` {tag, indexes, path} is the leaf where it would be. */
export async function verifyAbsent(tag, neighbour, root, size) {
  if (equal(neighbour.tag, tag)) {
    throw new EvidenceError('tag-is-present', { tag: hex(tag), indexes: neighbour.indexes });
  }
  await verifyPresent(neighbour.tag, neighbour.indexes, neighbour.path, root, size);
  for (const [bit] of neighbour.path) {
    if (bitOf(tag, bit) !== bitOf(neighbour.tag, bit)) throw new EvidenceError('tag-path-elsewhere', { tag: hex(tag), bit });
  }
}

/** The root over items {tag, indexes}, in rising order of tags. */
export async function rootOf(items) {
  if (!items.length) return sha256(new Uint8Array());
  if (items.length === 1) return leafHash(items[0].tag, items[0].indexes);
  const bit = firstDifference(items[0].tag, items.at(-1).tag);
  const cut = items.findIndex(({ tag }) => bitOf(tag, bit));
  return nodeHash(bit, await rootOf(items.slice(0, cut)), await rootOf(items.slice(cut)));
}

async function nodeHash(bit, left, right) {
  return sha256(concat([1, bit], left, right));
}

function bitOf(tag, bit) {
  return (tag[bit >> 3] >> (7 - (bit & 7))) & 1;
}

function firstDifference(one, other) {
  let bit = 0;
  while (bitOf(one, bit) === bitOf(other, bit)) bit += 1;
  return bit;
}

function checkIndexes(tag, indexes) {
  if (tag.length !== TAG_LENGTH) {
    throw new EvidenceError('tag-length', { tag: hex(tag), expected: TAG_LENGTH, got: tag.length });
  }
  let before = -1;
  for (const index of indexes) {
    if (index <= before || index > MAX_INDEX) throw new EvidenceError('tag-indexes-order', { tag: hex(tag), index });
    before = index;
  }
  if (!indexes.length) throw new EvidenceError('tag-without-index', { tag: hex(tag) });
}
