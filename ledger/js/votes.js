/* Votes: how a proposal becomes effective. As `ledger/registry/votes.py`, which lists the rules. */

import { hex } from './bytes.js';
import { EvidenceError } from './errors.js';
import { readBody } from './read_body.js';
import { suspects } from './snapshot.js';
import { keyOf } from './state.js';

const LAPSE = 10_000;

/** A proposal is kept until it is settled or lapses. */
export async function propose(state, proposal) {
  await checkPossible(state, proposal);
  return { proposals: [proposal] };
}

/** Add a vote {iss, kid, index}, and where it completes the rule, what the proposal changes. */
export async function approve(state, vote, leaf) {
  const of = hex(leaf);
  const proposal = open(state, vote.index, of);
  const counted = proposal.votes.filter(({ kid, index }) => !suspects(state.known(kid), index));
  if (counted.some(({ iss }) => iss === vote.iss)) throw new EvidenceError('approval-repeated', { iss: vote.iss, of });
  const subject = proposal.kind === 'key' ? proposal.body.get('member') : null;
  if (subject === vote.iss) throw new EvidenceError('approval-by-subject', { iss: vote.iss, of });
  await checkPossible(state, proposal);
  const voted = { ...proposal, votes: [...counted, vote] };
  if (voted.votes.length < needed(state.terms, state.members.size)) return { proposals: [voted] };
  return effect(state, { ...voted, done: vote.index }, vote.index);
}

function needed({ votes }, members) {
  return votes ? Math.min(votes, members) : Math.floor(members / 2) + 1;
}

/** `member-exists`, `member-unknown`, `kid-taken` where the proposal could not take effect now. */
async function checkPossible(state, { kind, body }) {
  const { what, founding } = await readBody(kind, body);
  if (founding === undefined) return;
  const { iss, key, next } = founding;
  if (what === 'member' && state.members.has(iss)) throw new EvidenceError('member-exists', { iss });
  if (what === 'recover' && !state.members.has(iss)) throw new EvidenceError('member-unknown', { iss });
  const taken = [key.kid, next].find((kid) => kid !== null && state.keys.has(kid));
  if (taken !== undefined) throw new EvidenceError('kid-taken', { kid: taken });
}

function open(state, index, of) {
  const proposal = state.proposals.get(of);
  if (proposal === undefined) throw new EvidenceError('proposal-unknown', { of });
  if (proposal.done !== null) throw new EvidenceError('proposal-settled', { of, index: proposal.done });
  if (index - proposal.index > LAPSE) throw new EvidenceError('proposal-lapsed', { of, index: proposal.index, limit: LAPSE });
  if (suspects(state.known(proposal.kid), proposal.index)) {
    throw new EvidenceError('proposal-suspect', { of, index: proposal.index });
  }
  return proposal;
}

async function effect(state, proposal, index) {
  const { what, terms, founding } = await readBody(proposal.kind, proposal.body);
  if (what === 'policy') return { proposals: [proposal], terms };
  const keys = [keyOf(founding, 'admin', index)];
  const { iss, key } = founding;
  if (what === 'member') {
    const profile = proposal.profile ? proposal.index : null;
    return { proposals: [proposal], keys, members: [{ iss, since: index, kid: key.kid, founder: false, profile }] };
  }
  return { proposals: [proposal], keys: [...keys, ...state.livingAdmins(iss).map((old) => ({ ...old, end: index }))] };
}
