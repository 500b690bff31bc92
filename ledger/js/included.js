/* `included`: every entry stands at its index in a log whose key was known before, under one signed head.
 * As `ledger/verify/included.py`, which lists the rules.
 *
 * - A browser without Ed25519 cannot check the head's signature: all else is still asked, and the verdict is not shown.
 *
 * RFC 6962 section 2.1, c2sp.org/tlog-checkpoint.
 */

import { Opinion } from './account.js';
import { equal } from './bytes.js';
import { openCheckpoint } from './checkpoint.js';
import { EvidenceError } from './errors.js';
import { earlierRoot } from './heads.js';
import { rootFromWalk } from './merkle.js';
import { VerifierKey } from './note.js';

export const TRUST_COMMAND = 'filiera trust add POLICY-FILE --fingerprint HEX';

/** The verdict over all logs of the bundle, and their heads, null where one could not be opened. */
export async function included(opened, known) {
  const opinion = new Opinion('included');
  const heads = [];
  for (const number of opened.bundle.logs.keys()) heads.push(await judge(opened, number, known, opinion));
  for (let number = 1; number < heads.length; number += 1) {
    chain(opened, heads[number - 1], heads[number], number, opinion);
  }
  return { opinion, heads };
}

async function judge(opened, number, known, opinion) {
  const part = opened.bundle.logs[number];
  const trusted = known.get(part.origin) ?? null;
  const leaves = new Map(opened.entries.filter(({ log }) => log === number).map(({ index, leaf }) => [index, leaf]));
  let vkey;
  let head;
  try {
    vkey = await VerifierKey.parse(part.vkey);
    if (trusted !== null && !vkey.equals(trusted.vkey)) throw otherKey(part.origin, trusted.vkey, vkey);
    head = await headOf(part, vkey);
    const root = await rootFromWalk(part.size, leaves, part.nodes);
    if (!equal(root, head.root)) throw new EvidenceError('bundle-root', { origin: part.origin, size: part.size });
  } catch (error) {
    opinion.refuse(error);
    return null;
  }
  if (head.unchecked !== null) opinion.refuse(head.unchecked);
  genesis(opened, number, trusted, vkey, opinion);
  if (trusted === null) {
    opinion.miss('unknown-log', null, { origin: part.origin, fingerprint: vkey.fingerprint, command: TRUST_COMMAND });
  } else {
    await againstLast(part, leaves, head, trusted.last, opinion);
  }
  return head;
}

/** The refusal of a key that is not the one the log is known by. */
export function otherKey(origin, expected, found) {
  return new EvidenceError('other-log-key', { origin, expected: expected.fingerprint, found: found.fingerprint });
}

async function headOf(part, vkey) {
  const head = await openCheckpoint(part.checkpoint, vkey);
  if (head.origin !== part.origin) throw new EvidenceError('checkpoint-origin', { origin: head.origin });
  if (head.size !== part.size) throw new EvidenceError('checkpoint-size', { expected: part.size, found: `${head.size}` });
  return head;
}

function genesis(opened, number, trusted, vkey, opinion) {
  const first = opened.genesis(number);
  const { origin } = opened.bundle.logs[number];
  if (first === null) {
    opinion.deny('genesis-not-shown', 0, { origin });
    return;
  }
  if (first.origin !== origin || !equal(first.logKey, vkey.key.raw)) opinion.deny('genesis-of-another-log', 0, { origin });
  if (trusted !== null && !equal(opened.at(number, 0).leaf, trusted.genesis)) opinion.deny('other-genesis', 0, { origin });
}

async function againstLast(part, leaves, head, last, opinion) {
  if (last === null || last.size === 0) return;
  const sizes = { size: head.size, known: last.size };
  if (head.size < last.size) {
    opinion.note('older-than-known', null, sizes);
    return;
  }
  const before = await earlierRoot(part.size, leaves, part.nodes, last.size);
  if (before === null) {
    opinion.note('newer-than-known', null, sizes);
  } else if (!equal(before, last.root)) {
    const code = head.size === last.size ? 'two-roots' : 'history-rewritten';
    opinion.deny(code, null, { origin: head.origin, size: last.size });
  }
}

function chain(opened, older, newer, number, opinion) {
  const first = opened.genesis(number);
  if (older === null || newer === null || first === null) return;
  const named = first.predecessor;
  const context = { origin: newer.origin, predecessor: older.origin };
  if (named === null || named.origin !== older.origin) {
    opinion.deny('not-the-predecessor', 0, context);
  } else if (older.size > named.size || (older.size === named.size && !equal(older.root, named.root))) {
    opinion.deny('predecessor-differs', 0, context);
  }
}
