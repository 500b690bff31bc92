/* Entry 0: a log introduces itself, its founders and its operator. As `ledger/registry/genesis.py`. */

import { EvidenceError, InputError } from './errors.js';
import { ED25519, VerifierKey } from './note.js';
import { verifyEntry } from './parse.js';
import { checkLines } from './policy.js';
import { readGenesis } from './read_body.js';
import { verifyPop } from './signature.js';
import { State, keyOf } from './state.js';

/** The state after entry 0, every proof in it checked. */
export async function found(entry, leaf) {
  const { claims, jwt } = entry;
  if (claims.kind !== 'policy' || claims.seq !== 0) {
    throw new InputError('genesis-kind', { kind: claims.kind, seq: claims.seq });
  }
  const genesis = await readGenesis(claims.body);
  if (claims.log !== genesis.origin) throw new InputError('other-log', { log: claims.log, origin: genesis.origin });
  const [first] = genesis.members;
  if (claims.iss !== first.iss || jwt.kid !== first.key.kid) {
    throw new EvidenceError('genesis-signer', { kid: jwt.kid, expected: first.key.kid });
  }
  await verifyEntry(entry, first.key);
  distinct(genesis);
  const offered = [...genesis.members.map((founder) => [founder, 'admin']), [genesis.operator, 'operator']];
  for (const [{ key, pop, iss, next }, role] of offered) {
    await verifyPop(key, pop, { origin: genesis.origin, iss, role, next });
  }
  await checkWitnesses(genesis.origin, genesis.logKey, genesis.terms);
  return stateOf(genesis, offered, entry, leaf);
}

/** `InputError('policy')` unless the witness lines are a policy of this log. */
export async function checkWitnesses(origin, logKey, terms) {
  await checkLines(await VerifierKey.of(origin, ED25519, logKey), terms.witnesses);
}

function distinct({ members, operator, origin, predecessor }) {
  const names = members.map(({ iss }) => iss);
  const kids = [operator.key.kid, ...members.flatMap(({ key, next }) => [key.kid, next])];
  for (const values of [names, kids]) {
    const repeated = values.find((value, at) => values.indexOf(value) !== at);
    if (repeated !== undefined) throw new EvidenceError('genesis-repeats', { value: repeated });
  }
  if (!names.includes(operator.iss)) throw new EvidenceError('operator-not-member', { iss: operator.iss });
  if (predecessor !== null && predecessor.origin === origin) throw new EvidenceError('genesis-repeats', { value: origin });
}

function stateOf(genesis, offered, entry, leaf) {
  const state = new State(genesis, leaf);
  for (const [founding, role] of offered) state.keys.set(founding.key.kid, keyOf(founding, role, 0));
  for (const { iss, key } of genesis.members) {
    state.members.set(iss, { iss, since: 0, kid: key.kid, founder: true, profile: null });
  }
  state.note(entry.jwt.kid, { seq: 0, head: leaf, index: 0 });
  return state;
}
