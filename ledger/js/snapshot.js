/* Standing at an index: one row per key ever admitted, under one Merkle root. As `ledger/registry/snapshot.py`.
 *
 * A row is the ASCII text `kid iss role add end suspect seq head`, single spaces, `-` for none.
 */

import { decode } from './base64url.js';
import { concat, isAscii, sha256, utf8 } from './bytes.js';
import { EvidenceError, InputError } from './errors.js';
import { verifyInclusion } from './merkle.js';
import { ROLES } from './read_body.js';

const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;
const ISS = /^urn:uuid:[0-9a-f-]{36}$/;

/** The value of a row; `InputError('row')` unless it is exactly one. `head` as 32 bytes or null. */
export function readRow(text) {
  const parts = text.split(' ');
  const wrong = new InputError('row', { row: text.slice(0, 200) });
  const [kid, iss, role, ...rest] = parts;
  if (parts.length !== 8 || !ROLES.includes(role) || !DIGEST.test(kid) || !ISS.test(iss)) throw wrong;
  const numbers = rest.slice(0, 4);
  if (!numbers.every((part) => part === '-' || NUMBER.test(part))) throw wrong;
  const [add, end, suspect, seq] = numbers.map((part) => (part === '-' ? null : Number(part)));
  if (rest[4] !== '-' && !DIGEST.test(rest[4])) throw wrong;
  const head = rest[4] === '-' ? null : decode(rest[4], 'head');
  if (add === null || (seq === null) !== (head === null)) throw wrong;
  return { kid, iss, role, add, end, suspect, seq, head };
}

/** Is an entry of this key at `index` suspect? */
export function suspects({ suspect }, index) {
  return suspect !== null && index >= suspect;
}

/** The leaf hash of a row. */
export async function rowLeaf(text) {
  return sha256(concat([0], utf8(text)));
}

/** `EvidenceError('row-root-mismatch')` unless the row stands at `number` of `count` rows under `root`. */
export async function verifyRow(text, number, path, root, count) {
  try {
    // What is not ASCII is no row, and no row holds the question mark that stands for it here.
    await verifyInclusion(number, count, await rowLeaf(isAscii(text) ? text : '?'), path, root);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new EvidenceError('row-root-mismatch', { row: text.slice(0, 200), number, problem: error.code });
  }
}
