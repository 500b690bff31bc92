/* Proofs of one entry (c2sp.org/tlog-proof): index, audit path and checkpoint. As `ledger/log/tlog_proof.py`.
 *
 * `extra` is the entry itself; the format leaves it unauthenticated, so the caller hashes it and checks that hash.
 */

import { decodeStandard } from './base64url.js';
import { openCheckpoint } from './checkpoint.js';
import { InputError } from './errors.js';
import { HASH_SIZE, verifyInclusion } from './merkle.js';

const FIRST = 'c2sp.org/tlog-proof@v1';
const MAX_PATH = 63;
const MAX_SIZE = 2n ** 63n - 1n;

/** The proof in a text, nothing verified: {index, path, checkpoint, extra}; `InputError('tlog-proof')`. */
export function parseProof(text) {
  const cut = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(cut, 0)).split('\n');
  if (cut < 0 || lines.shift() !== FIRST) throw wrong('first line');
  const extra = lines[0]?.startsWith('extra ') ? decodeStandard(lines.shift().slice(6), 'tlog-proof') : null;
  if (!lines[0]?.startsWith('index ')) throw wrong('index');
  const index = indexOf(lines.shift().slice(6));
  const path = lines.map((line) => decodeStandard(line, 'tlog-proof'));
  if (path.length > MAX_PATH || path.some((node) => node.length !== HASH_SIZE)) throw wrong('path');
  return { index, path, checkpoint: text.slice(cut + 2), extra };
}

/** The checkpoint that holds the leaf hash at the proof's index; throws as `openCheckpoint` and `verifyInclusion`. */
export async function verifyProof(proof, leaf, vkey) {
  const head = await openCheckpoint(proof.checkpoint, vkey);
  await verifyInclusion(proof.index, head.size, leaf, proof.path, head.root);
  return head;
}

function indexOf(text) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) > MAX_SIZE) throw wrong('index');
  return BigInt(text) <= 2n ** 53n ? Number(text) : BigInt(text);
}

function wrong(problem) {
  return new InputError('tlog-proof', { problem });
}
