/* Cosignatures (c2sp.org/tlog-cosignature, Ed25519, v1): a witness saw this head. As `ledger/log/cosignature.py`. */

import { concat, toBigInt, utf8 } from './bytes.js';
import { EvidenceError } from './errors.js';
import { signedBy } from './note.js';

const TIME_SIZE = 8;
const MAX_TIMESTAMP = 2n ** 63n - 1n;

/** When this witness cosigned the note (its newest time, seconds since 1970), null if it did not.
 *
 * `EvidenceError('cosignature-wrong')` where a line bears the witness's name and key ID and does not verify.
 */
export async function cosignedAt(note, vkey) {
  let newest = null;
  for (const line of signedBy(note, vkey)) {
    const time = await verified(note, vkey, line);
    newest = newest === null || time > newest ? time : newest;
  }
  return newest;
}

async function verified(note, vkey, line) {
  const time = toBigInt(line.subarray(0, TIME_SIZE));
  if (time > MAX_TIMESTAMP) throw new EvidenceError('cosignature-wrong', { name: vkey.name, problem: 'time' });
  const message = concat(utf8(`cosignature/v1\ntime ${time}\n`), utf8(note.text));
  try {
    await vkey.key.verify(line.subarray(TIME_SIZE), message);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new EvidenceError('cosignature-wrong', { name: vkey.name, problem: error.code });
  }
  return time;
}
