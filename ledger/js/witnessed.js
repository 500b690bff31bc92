/* `witnessed`: enough independent witnesses saw each checkpoint, by the known log's own policy.
 * As `ledger/verify/witnessed.py`. c2sp.org/tlog-cosignature, c2sp.org/tlog-policy.
 */

import { Opinion } from './account.js';
import { utf8 } from './bytes.js';
import { EvidenceError } from './errors.js';
import { parse } from './note.js';

/** The verdict over the checkpoints of all logs of the bundle. */
export async function witnessed(opened, known) {
  const opinion = new Opinion('witnessed');
  for (const part of opened.bundle.logs) {
    const { origin } = part;
    const policy = known.get(origin)?.policy;
    if (policy === undefined) opinion.miss('witnesses-unknown', null, { origin });
    else if (policy.quorum === null) opinion.miss('no-quorum', null, { origin });
    else await quorum(part, policy, opinion);
  }
  return opinion;
}

/** Whether the policy of a log of the bundle sets a quorum. */
export function demandsWitnesses(opened, known) {
  return opened.bundle.logs.some(({ origin }) => (known.get(origin)?.policy.quorum ?? null) !== null);
}

async function quorum(part, policy, opinion) {
  let cosigned;
  try {
    cosigned = await policy.cosigned(parse(utf8(part.checkpoint)));
  } catch (error) {
    opinion.refuse(error);
    return;
  }
  try {
    policy.checkQuorum(cosigned);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    opinion.miss(error.code, null, error.context);
    return;
  }
  for (const witness of [...cosigned.keys()].sort()) {
    opinion.note('cosigned', null, { witness, time: String(cosigned.get(witness)) });
  }
}
