/* What may happen to keys: added, revoked, declared compromised, rotated, recovered. As `ledger/registry/key_rules.py`,
 * which lists the rules.
 */

import { equal } from './bytes.js';
import { EvidenceError } from './errors.js';
import { verifyEntry } from './parse.js';
import { verifyPop } from './signature.js';
import { checkStanding, keyOf } from './state.js';

const OWN = { add, revoke, compromise };

/** What an admin key does to keys of its own member. */
export async function own(state, index, signer, body) {
  return OWN[body.what](state, index, signer, body);
}

/** `recover-by-itself`, `pop-wrong`: a member is recovered by another one, to a key it proves to hold. */
export async function checkRecover(state, signer, { founding }) {
  if (founding.iss === signer.iss) throw new EvidenceError('recover-by-itself', { iss: signer.iss });
  await checkFounding(state.origin, founding);
}

/** `EvidenceError('pop-wrong')` unless the offered key proves its possession for this place. */
export async function checkFounding(origin, { key, pop, iss, next }) {
  await verifyPop(key, pop, { origin, iss, role: 'admin', next });
}

/** The committed next key takes over. */
export async function rotate(state, index, entry, body) {
  const old = state.known(body.kid);
  const { jwt, claims } = entry;
  if (jwt.kid !== body.key.kid || claims.seq !== 0) {
    throw new EvidenceError('rotate-signer', { kid: jwt.kid, expected: body.key.kid, seq: claims.seq });
  }
  if (claims.iss !== old.iss) throw new EvidenceError('key-of-another-member', { kid: old.kid, iss: claims.iss });
  if (old.role !== 'admin') throw new EvidenceError('rotate-not-admin', { kid: old.kid, role: old.role });
  checkStanding(old, index);
  if (old.next !== body.key.kid) throw new EvidenceError('rotate-not-committed', { kid: old.kid, got: body.key.kid });
  free(state, body.key.kid, body.next);
  await verifyEntry(entry, body.key);
  await verifyPop(body.key, body.pop, { origin: state.origin, iss: old.iss, role: 'admin', next: body.next });
  const suspects = [old.suspect, firstUnvouched(state, body)].filter((since) => since !== null);
  const ended = { ...old, end: index, suspect: suspects.length ? Math.min(...suspects) : null };
  return { keys: [ended, keyOf({ ...body, iss: old.iss }, 'admin', index)] };
}

async function add(state, index, signer, body) {
  if (body.role === 'operator' && signer.iss !== state.operator) {
    throw new EvidenceError('operator-elsewhere', { iss: signer.iss });
  }
  free(state, body.key.kid, body.next);
  const place = { origin: state.origin, iss: signer.iss, role: body.role, next: body.next };
  await verifyPop(body.key, body.pop, place);
  return { keys: [keyOf({ ...body, iss: signer.iss }, body.role, index)] };
}

function revoke(state, index, signer, { kid }) {
  const target = ofMember(state, signer, kid);
  if (target.end !== null) throw new EvidenceError('key-ended', { kid, index, end: target.end });
  if (target.role === 'admin' && state.livingAdmins(signer.iss).length === 1) {
    throw new EvidenceError('last-admin-key', { kid });
  }
  return { keys: [{ ...target, end: index }] };
}

function compromise(state, index, signer, { kid, since }) {
  if (kid === signer.kid) throw new EvidenceError('compromise-by-itself', { kid });
  const target = ofMember(state, signer, kid);
  const first = Math.max(target.add, 1);
  if (since < first || since > index) throw new EvidenceError('compromise-from', { kid, since, first, last: index });
  if (target.suspect !== null && since >= target.suspect) {
    throw new EvidenceError('compromise-not-earlier', { kid, since, suspect: target.suspect });
  }
  return { keys: [{ ...target, end: target.end ?? index, suspect: since }] };
}

/** The log index of the first entry after the named head of the old lane, null where there is none. */
function firstUnvouched(state, { kid, seq, head }) {
  if (seq !== null) {
    const named = state.past.get(`${kid}/${seq}`);
    if (named === undefined || !equal(named.head, head)) throw new EvidenceError('rotate-head', { kid, seq });
  }
  const later = seq === null ? 0 : seq + 1;
  const following = state.past.get(`${kid}/${later}`);
  const next = following?.index === 0 ? state.past.get(`${kid}/${later + 1}`) : following;
  return next?.index ?? null;
}

function ofMember(state, signer, kid) {
  const target = state.known(kid);
  if (target.iss !== signer.iss) throw new EvidenceError('key-of-another-member', { kid, iss: signer.iss });
  return target;
}

function free(state, ...kids) {
  for (const kid of kids) if (kid && state.keys.has(kid)) throw new EvidenceError('kid-taken', { kid });
}
