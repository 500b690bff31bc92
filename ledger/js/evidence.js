/* Verify an evidence file: do its two artefacts prove that somebody signed two things that exclude each other?
 * As `ledger/verify/evidence.py`, which lists the rules.
 */

import { Opinion, evidenceAccountOf } from './account.js';
import { concat, equal, sha256 } from './bytes.js';
import { openCheckpoint } from './checkpoint.js';
import { EvidenceError, LedgerError } from './errors.js';
import { parseEvidence } from './evidence_file.js';
import { TRUST_COMMAND, otherKey } from './included.js';
import { VerifierKey } from './note.js';
import { verifyEntry, withDisclosures } from './parse.js';
import { PublicKey } from './signature.js';
import { parseProof, verifyProof } from './tlog_proof.js';

/** The account of an evidence file: valid when the misconduct is proved. */
export async function verifyEvidence(bytes, known) {
  const [authentic, included] = [new Opinion('authentic'), new Opinion('included')];
  let logs = [];
  try {
    logs = await judge(parseEvidence(bytes), known, authentic, included);
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'evidence-format') authentic.miss(error.code, null, error.context);
    else authentic.refuse(error);
  }
  return evidenceAccountOf([authentic, included], { logs });
}

async function judge(evidence, known, authentic, included) {
  const { origin } = evidence;
  const trusted = known.get(origin) ?? null;
  const vkey = evidence.vkey === null ? null : await logKey(evidence, trusted);
  if (trusted === null) {
    included.miss('unknown-log', null, { origin, fingerprint: vkey?.fingerprint ?? '', command: TRUST_COMMAND });
  }
  if (vkey === null) {
    await laneFork(evidence, authentic);
    return [];
  }
  const judged = evidence.kind === 'log-fork' ? logFork : refused;
  const size = await judged(vkey, evidence.artefacts, authentic);
  return [{ origin, size: Number(size), fingerprint: vkey.fingerprint, known: trusted !== null }];
}

async function logKey({ vkey, origin }, trusted) {
  const stated = await VerifierKey.parse(vkey);
  if (trusted !== null && !trusted.vkey.equals(stated)) throw otherKey(origin, trusted.vkey, stated);
  if (stated.name !== origin) throw new EvidenceError('checkpoint-origin', { origin: stated.name });
  return stated;
}

async function logFork(vkey, texts, opinion) {
  const [first, second] = [await openCheckpoint(texts[0], vkey), await openCheckpoint(texts[1], vkey)];
  for (const { unchecked } of [first, second]) if (unchecked !== null) throw unchecked;
  if (first.size !== second.size) opinion.miss('fork-of-two-sizes', null, { one: `${first.size}`, other: `${second.size}` });
  else if (equal(first.root, second.root)) opinion.deny('no-contradiction');
  else opinion.note('log-forked', null, { origin: first.origin, size: `${first.size}` });
  return first.size > second.size ? first.size : second.size;
}

async function laneFork({ artefacts, jwk, origin }, opinion) {
  const key = await PublicKey.fromJwk(jwk);
  const [first, second] = [await signed(artefacts[0], key), await signed(artefacts[1], key)];
  const [one, other] = [first.claims, second.claims];
  const samePlace = one.log === other.log && one.seq === other.seq;
  if (one.log !== origin || !samePlace) opinion.deny('no-contradiction');
  else if (first.jwt.signed === second.jwt.signed) opinion.deny('one-statement-signed-twice');
  else opinion.note('lane-forked', null, { member: one.iss, kid: key.kid, seq: one.seq });
}

async function signed(raw, key) {
  const entry = await withDisclosures(raw, []);
  await verifyEntry(entry, key);
  return entry;
}

async function refused(vkey, texts, opinion) {
  const proofs = texts.map(parseProof);
  const leaves = await Promise.all(proofs.map(({ extra }) => sha256(concat([0], extra ?? []))));
  const heads = [];
  for (const [at, proof] of proofs.entries()) heads.push(await verifyProof(proof, leaves[at], vkey));
  for (const { unchecked } of heads) if (unchecked !== null) throw unchecked;
  const [first, second] = proofs;
  if (first.index !== second.index || equal(leaves[0], leaves[1])) opinion.deny('no-contradiction');
  else opinion.note('inclusion-refused', null, { index: `${first.index}` });
  return heads[0].size > heads[1].size ? heads[0].size : heads[1].size;
}
