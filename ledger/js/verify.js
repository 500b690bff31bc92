/* Verify a file in the browser: bytes and known logs in, an account out. As `ledger/verify/recognise.py` and
 * `ledger/verify/bundle.py`, which lists the rules in their order.
 *
 * - `policies`: texts of tlog-policies, each of one known log. What a file says of its own log is for display.
 * - `checkpoints`: origin -> {size, root} of the last head seen of a log, if any, its root in base64url. An account that
 *   includes its entries gives the heads it saw as `heads`, to be kept.
 * - A browser without WebCrypto, or without Ed25519, cannot tell what it would take: that is said, and never a yes.
 *
 *     const account = await verify(bytes, { policies: [text] });
 *     account.valid; account.verdicts.included; account.reasons;   // [{verdict, code, index, context}]
 *
 * No network, no clock, no storage. The same answers as Python on every vector and attack (tests/browser).
 */

import { Opinion, accountOf } from './account.js';
import { authentic } from './authentic.js';
import { balanced } from './balanced.js';
import { decode, encode } from './base64url.js';
import { parse } from './bundle.js';
import { complete } from './complete.js';
import { LedgerError } from './errors.js';
import { verifyEvidence } from './evidence.js';
import { included } from './included.js';
import { keysValid } from './keys_valid.js';
import { VerifierKey } from './note.js';
import { openBundle } from './opened.js';
import { knownLog } from './policy.js';
import { sightings } from './subject.js';
import { timed } from './timed.js';
import { unbroken } from './unbroken.js';
import { demandsWitnesses, witnessed } from './witnessed.js';

const BUNDLE = '"format":"filiera-bundle/';
const EVIDENCE = '"format":"filiera-evidence/';

/** The account of a file's bytes; nothing is thrown for what they are. `InputError` where a policy is none. */
export async function verify(bytes, { policies = [], checkpoints = {}, require = [] } = {}) {
  if (!globalThis.crypto?.subtle) return undecided('authentic', 'browser-without-crypto', require);
  const known = new Map();
  for (const text of policies) {
    const log = await knownLog(text);
    known.set(log.origin, { ...log, last: lastOf(checkpoints, log.origin) });
  }
  if (contains(bytes, BUNDLE)) return verifyBundle(bytes, known, require);
  if (contains(bytes, EVIDENCE)) return verifyEvidence(bytes, known);
  return undecided('authentic', 'not-a-bundle', require);
}

async function verifyBundle(bytes, known, require) {
  let bundle;
  try {
    bundle = await parse(bytes);
  } catch (error) {
    return unreadable(error, require);
  }
  const opened = await openBundle(bundle);
  const seen = await sightings(opened);
  const inclusion = await included(opened, known);
  const opinions = [
    await authentic(opened),
    inclusion.opinion,
    await keysValid(opened),
    unbroken(opened, seen),
    await witnessed(opened, known),
    await complete(opened, seen),
    balanced(opened, seen),
    timed(opened),
  ];
  const demanded = [...require, ...(demandsWitnesses(opened, known) ? ['witnessed'] : [])];
  const logs = await Promise.all(bundle.logs.map((part) => logSeen(part, known)));
  const { subject, direction, entries } = bundle;
  const heads = inclusion.opinion.answer === 'yes' ? inclusion.heads.map(keptHead) : [];
  const about = { subject, direction, entries: entries.length, logs, heads };
  return accountOf(opinions, { demanded, about });
}

/** Bytes that are no bundle: of another version we cannot tell, anything else is damage or forgery. */
function unreadable(error, require) {
  if (error instanceof LedgerError && error.code === 'bundle-format') {
    return undecided('authentic', error.code, require, error.context);
  }
  const opinion = new Opinion('authentic');
  opinion.refuse(error);
  return accountOf([opinion], { demanded: require });
}

function undecided(verdict, code, require, context = {}) {
  const opinion = new Opinion(verdict);
  opinion.miss(code, null, context);
  return accountOf([opinion], { demanded: require });
}

/** What a bundle says of one log: for display, trusted only where `known`. */
async function logSeen({ origin, size, vkey: text }, known) {
  try {
    const vkey = await VerifierKey.parse(text);
    const trusted = known.get(origin);
    return { origin, size, fingerprint: vkey.fingerprint, known: trusted !== undefined && trusted.vkey.equals(vkey) };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { origin, size, fingerprint: '', known: false };
  }
}

function keptHead({ origin, size, root }) {
  return { origin, size, root: encode(root) };
}

function lastOf(checkpoints, origin) {
  const last = Object.hasOwn(checkpoints, origin) ? checkpoints[origin] : null;
  return last && { size: last.size, root: decode(last.root) };
}

/** Whether a file holds an ASCII text: a claim, for choosing a reader; never a verdict. */
function contains(bytes, text) {
  // Bytes as characters of the same number, so that nothing a file holds can be taken for another text.
  return new TextDecoder('latin1').decode(bytes).includes(text);
}
