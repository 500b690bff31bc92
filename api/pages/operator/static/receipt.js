/* Is the log's answer what its key signed? The entry's leaf, its proof, and the checkpoint it leads to.
 *
 * A browser without Ed25519 cannot tell: then the record is shown as received, not as in the register.
 *
 * KNOWN LIMIT: no Ed25519, no proof: not every browser has it yet.
 *
 * RFC 6962 section 2.1.1; C2SP tlog-checkpoint.
 */

import { decode, encode } from '../ledger/base64url.js';
import { openCheckpoint } from '../ledger/checkpoint.js';
import { LedgerError } from '../ledger/errors.js';
import { leafHash } from '../ledger/jwt.js';
import { verifyInclusion } from '../ledger/merkle.js';
import { knownLog } from '../ledger/policy.js';

/** True where the answer to a wire holds against the log's key in `policy`; false where this browser cannot tell or it
 * does not.
 */
export async function heldAgainst(policy, wire, { index, leaf, proof, checkpoint }) {
  try {
    const { vkey } = await knownLog(policy);
    const { size, root, unchecked } = await openCheckpoint(checkpoint, vkey);
    if (unchecked) return false;
    const own = await leafHash(wire.split('~')[0]);
    // The same statement may have been logged with another signature: then the leaf is not ours to hold.
    if (encode(own) !== leaf) return false;
    await verifyInclusion(index, size, own, proof.map((node) => decode(node)), root);
    return true;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return false;
  }
}
