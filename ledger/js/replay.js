/* The registry: who may sign what at which index, replayed from the entries of the log alone.
 * As `ledger/registry/replay.py` and `rules.py`, which list the rules.
 *
 * A bundle is verified without it: there a snapshot says what the entries left. Whoever holds a whole log asks here.
 *
 *     const registry = await Registry.genesis(leaves[0]); await registry.take(leaves[1]); registry.rows();
 */

import { encode } from './base64url.js';
import { equal } from './bytes.js';
import { EvidenceError, InputError } from './errors.js';
import { checkWitnesses, found } from './genesis.js';
import { leafHash } from './jwt.js';
import { checkFounding, checkRecover, own, rotate } from './key_rules.js';
import { root } from './merkle.js';
import { verifyEntry, withDisclosures } from './parse.js';
import { readBody } from './read_body.js';
import { MAY_SIGN } from './rules.js';
import { rowLeaf } from './snapshot.js';
import { checkStanding } from './state.js';
import { approve, propose } from './votes.js';

const OWN_OPS = ['add', 'revoke', 'compromise'];

/** Members, keys, lanes, votes and terms as of so many entries. */
export class Registry {
  constructor(state) {
    this.state = state;
  }

  /** The registry after entry 0 (its leaf), every proof in it checked. */
  static async genesis(raw) {
    return new Registry(await found(await withDisclosures(raw, []), await leafHash(raw)));
  }

  /** Take the next entry by its leaf, or throw and stay as before; its signature is checked too. */
  async take(raw) {
    const entry = await withDisclosures(raw, []);
    const leaf = await leafHash(raw);
    const index = this.state.size;
    this.checkLane(entry);
    const body = await publicBody(entry);
    const changes = await judge(this.state, index, entry, leaf, body);
    await verifyEntry(entry, body?.what === 'rotate' ? body.key : this.state.known(entry.jwt.kid).public);
    this.state.take(changes);
    this.state.note(entry.jwt.kid, { seq: entry.claims.seq, head: leaf, index });
  }

  /** The rows of a snapshot at this size, sorted by kid. */
  rows() {
    return [...this.state.keys.values()].map((key) => rowText(key, this.state.lanes.get(key.kid))).sort();
  }

  /** The next entry of a lane has the next seq and names the head. */
  checkLane({ jwt: { kid }, claims: { seq, prev } }) {
    const lane = this.state.lanes.get(kid);
    const expected = lane === undefined ? 0 : lane.seq + 1;
    if (seq > expected) throw new InputError('lane-behind', { kid, seq, expected });
    if (seq < expected) throw new EvidenceError('lane-fork', { kid, seq });
    if (lane !== undefined && !equal(prev, lane.head)) throw new EvidenceError('lane-prev', { kid, seq });
  }
}

/** The RFC 6962 root over rows. */
export async function rowsRoot(rows) {
  return root(await Promise.all(rows.map(rowLeaf)));
}

async function publicBody({ claims }) {
  return claims.body === null || !claims.known ? null : readBody(claims.kind, claims.body);
}

/** What an entry changes at `index`, given everything before it; throws where it is not admissible there. */
async function judge(state, index, entry, leaf, body) {
  const { claims } = entry;
  if (claims.log !== state.origin) throw new InputError('other-log', { log: claims.log, origin: state.origin });
  if (!MAY_SIGN.has(claims.kind)) {
    throw new InputError('unknown-kind', { kind: claims.kind, known: [...MAY_SIGN.keys()].sort().join(', ') });
  }
  if (state.successor !== null) throw new EvidenceError('log-closed', { successor: state.successor.origin });
  if (body?.what === 'rotate') return rotate(state, index, entry, body);
  const signer = checkSigner(state, index, entry);
  return body === null ? {} : publicChanges(state, index, { entry, leaf, signer, body });
}

/** The key of an entry, if it may sign its kind for its member at `index`. */
function checkSigner(state, index, { jwt, claims: { iss, kind } }) {
  const key = state.known(jwt.kid);
  const { kid, role } = key;
  if (jwt.alg !== key.public.alg) {
    throw new EvidenceError('entry-other-algorithm', { expected: key.public.alg, found: jwt.alg });
  }
  if (iss !== key.iss) throw new EvidenceError('key-of-another-member', { kid, iss });
  checkStanding(key, index);
  if (!MAY_SIGN.get(kind).includes(role)) throw new EvidenceError('role-may-not-sign', { kid, role, kind });
  if (role === 'gateway' && state.terms.gateway === 'refuse') throw new EvidenceError('gateway-refused', { kid });
  return key;
}

async function publicChanges(state, index, said) {
  const { signer, body } = said;
  if (body.what === 'policy') return policyChanges(state, index, said);
  if (body.what === 'member') return memberChanges(state, index, said);
  if (body.what === 'recover') {
    await checkRecover(state, signer, body);
    return propose(state, proposalOf(index, said));
  }
  if (body.what === 'approval') return approve(state, { iss: signer.iss, kid: signer.kid, index }, body.of);
  if (body.what === 'snapshot') await checkSnapshot(state, index, body);
  // Tags, erasure, evidence: who said it is all the registry asks.
  return OWN_OPS.includes(body.what) ? own(state, index, signer, body) : {};
}

function proposalOf(index, { entry: { claims }, leaf, signer: { iss, kid } }) {
  const { kind, body, profile } = claims;
  return { leaf, index, iss, kid, kind, body, profile: profile !== null, votes: [], done: null };
}

/** New terms are proposed by an admin key; the operator only closes the log, and changes nothing in doing so. */
async function policyChanges(state, index, said) {
  const { signer: { kid, role }, body: { terms, successor } } = said;
  if ((successor === null) !== (role === 'admin')) throw new EvidenceError('role-may-not-sign', { kid, role, kind: 'policy' });
  if (successor === null) {
    await checkWitnesses(state.origin, state.logKey, terms);
    return propose(state, proposalOf(index, said));
  }
  if (JSON.stringify(terms) !== JSON.stringify(state.terms)) throw new EvidenceError('closing-changes-policy');
  if (successor.origin === state.origin || equal(successor.logKey, state.logKey)) {
    throw new EvidenceError('successor-is-itself', { origin: state.origin });
  }
  return { successor };
}

async function memberChanges(state, index, said) {
  const { signer, body: { founding } } = said;
  if (founding.iss === signer.iss) return profileChanges(state, index, said);
  await checkFounding(state.origin, founding);
  return propose(state, proposalOf(index, said));
}

/** A founder names itself once, repeating the key it was admitted with; a vote is not needed. */
async function profileChanges(state, index, { entry, signer: { iss }, body: { founding } }) {
  const member = state.members.get(iss);
  if (!member.founder || founding.key.kid !== member.kid) throw new EvidenceError('member-exists', { iss });
  if (member.profile !== null) throw new EvidenceError('profile-repeated', { iss, index: member.profile });
  if (entry.claims.profile === null) throw new InputError('profile-missing', { iss });
  await checkFounding(state.origin, founding);
  return { members: [{ ...member, profile: index }] };
}

async function checkSnapshot(state, index, { size, keys, root: stated }) {
  if (size !== index) throw new EvidenceError('snapshot-size', { size, index });
  const rows = new Registry(state).rows();
  if (keys !== rows.length || !equal(stated, await rowsRoot(rows))) {
    throw new EvidenceError('snapshot-keys', { index, keys, expected: rows.length });
  }
}

function rowText({ kid, iss, role, add, end, suspect }, lane) {
  const parts = [kid, iss, role, add, end, suspect, lane?.seq ?? null, lane ? encode(lane.head) : null];
  return parts.map((part) => (part === null ? '-' : String(part))).join(' ');
}
