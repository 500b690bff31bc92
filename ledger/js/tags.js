/* Objects and tags: as `ledger/entry/tags.py`. The n-th entry about an object carries the tag of its key and n. */

import { bigEndian, concat, sha256, utf8 } from './bytes.js';

export const KEY_BYTES = 16;
export const MAX_N = 2 ** 32 - 1;
const PREFIX = utf8('filiera/object\n');

/** The 32-byte tag of the n-th entry about the object with this key. */
export async function tag(key, n) {
  return sha256(concat(PREFIX, key, bigEndian(n, 4)));
}
