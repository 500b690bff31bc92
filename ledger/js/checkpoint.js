/* Checkpoints (c2sp.org/tlog-checkpoint): a log's size and root, signed as a note. As `ledger/log/checkpoint.py`.
 *
 * A checkpoint counts only under a key that was known before, and the origin must be that key's name. Sizes are kept
 * exact: up to 2^53 as a number, above as a `BigInt`.
 */

import { decodeStandard } from './base64url.js';
import { utf8 } from './bytes.js';
import { EvidenceError, InputError, UnavailableError } from './errors.js';
import { HASH_SIZE } from './merkle.js';
import * as notes from './note.js';

const MAX_SIZE = 2n ** 63n - 1n;

/** The checkpoint {origin, size, root} in a note text; `InputError('checkpoint')` with what is wrong. */
export function parseText(text) {
  const lines = text.split('\n');
  if (lines.pop() || lines.length < 3 || lines.some((line) => !line)) throw wrong('lines');
  const [origin, size, encoded] = lines;
  const root = decodeStandard(encoded, 'checkpoint');
  if (root.length !== HASH_SIZE) throw wrong('root');
  return { origin, size: sizeOf(size), root };
}

/** The checkpoint in a note, signed by the log with this key, and whether this platform could check the signature.
 *
 * `InputError` where it is no checkpoint; `EvidenceError`: `checkpoint-origin`, `note-unsigned`, `note-signature`.
 */
export async function openCheckpoint(text, vkey) {
  const note = notes.parse(utf8(text));
  const head = parseText(note.text);
  if (vkey.name !== head.origin) throw new EvidenceError('checkpoint-origin', { origin: head.origin });
  try {
    await notes.verify(note, vkey);
  } catch (error) {
    if (error instanceof UnavailableError) return { ...head, unchecked: error };
    throw error;
  }
  return { ...head, unchecked: null };
}

function sizeOf(text) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) > MAX_SIZE) throw wrong('size');
  return BigInt(text) <= 2n ** 53n ? Number(text) : BigInt(text);
}

function wrong(problem) {
  return new InputError('checkpoint', { problem });
}
