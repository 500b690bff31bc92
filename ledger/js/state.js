/* What the registry knows at one size of the log: keys, lanes, members, terms, proposals. As `ledger/registry/state.py`.
 *
 * A key is {public, kid, iss, role, add, next, end, suspect}; a lane the {seq, head, index} of its newest entry.
 */

import { hex } from './bytes.js';
import { EvidenceError } from './errors.js';
import { standingProblem } from './rules.js';

/** A key that takes effect at `add`. */
export function keyOf({ key, iss, next }, role, add) {
  return { public: key, kid: key.kid, iss, role, add, next: next ?? null, end: null, suspect: null };
}

/** `key-not-yet-valid` or `key-ended` unless an entry of this key at `index` is valid. */
export function checkStanding(key, index) {
  const problem = standingProblem(key, index);
  if (problem !== null) throw new EvidenceError(...problem);
}

export class State {
  constructor(genesis, leaf) {
    this.origin = genesis.origin;
    this.logKey = genesis.logKey;
    this.operator = genesis.operator.iss;
    this.terms = genesis.terms;
    this.genesis = leaf;
    this.successor = null;
    this.size = 0;
    this.keys = new Map();
    this.lanes = new Map();
    this.members = new Map();
    this.proposals = new Map();
    this.past = new Map();
  }

  /** Take over what one entry changes. */
  take({ keys = [], members = [], proposals = [], terms = null, successor = null }) {
    for (const key of keys) this.keys.set(key.kid, key);
    for (const member of members) this.members.set(member.iss, member);
    for (const proposal of proposals) this.proposals.set(hex(proposal.leaf), proposal);
    this.terms = terms ?? this.terms;
    this.successor = successor ?? this.successor;
  }

  /** Move a lane's head, and the size of the log, past an entry. */
  note(kid, lane) {
    this.lanes.set(kid, lane);
    if (this.keys.get(kid)?.role === 'admin') this.past.set(`${kid}/${lane.seq}`, lane);
    this.size = lane.index + 1;
  }

  /** The key of that kid; `EvidenceError('key-not-admitted')`. */
  known(kid) {
    const key = this.keys.get(kid);
    if (key === undefined) throw new EvidenceError('key-not-admitted', { kid });
    return key;
  }

  /** The admin keys of a member that have not ended. */
  livingAdmins(iss) {
    return [...this.keys.values()].filter((key) => key.iss === iss && key.role === 'admin' && key.end === null);
  }
}
