/* `authentic`: every entry is what its key signed, and every disclosure shown belongs to the entry it is shown with.
 * As `ledger/verify/authentic.py`, which lists the rules.
 */

import { Opinion } from './account.js';
import { encode } from './base64url.js';
import { LedgerError } from './errors.js';
import { verifyEntry, withDisclosures } from './parse.js';

/** The verdict over all entries of the bundle. */
export async function authentic(opened) {
  const opinion = new Opinion('authentic');
  // Signatures are asked for all at once; what came of them is said in the order of the bundle.
  const checks = await Promise.all(opened.entries.map((shown) => checked(opened, shown)));
  for (const [position, shown] of opened.entries.entries()) {
    if (shown.error !== null) opinion.refuse(shown.error, shown.index);
    if (shown.entry !== null) judge(opened, shown, checks[position], opinion);
  }
  erasures(opened, opinion);
  return opinion;
}

/** What checking an entry's signature threw, and what came of the entry it relays. */
async function checked(opened, { log, kid, entry }) {
  const introduction = entry === null ? null : opened.key(log, kid);
  if (introduction === null) return null;
  const relay = entry.record?.get('relay');
  return {
    introduction,
    error: await thrown(verifyEntry(entry, introduction.key)),
    relay: relay === undefined ? null : await relayed(opened, log, relay),
  };
}

async function relayed(opened, log, raw) {
  const found = { original: null, introduction: null, error: null };
  found.error = await thrown((async () => {
    found.original = await withDisclosures(raw, []);
    found.introduction = opened.key(log, found.original.jwt.kid);
    if (found.introduction !== null) await verifyEntry(found.original, found.introduction.key);
  })());
  return found;
}

async function thrown(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return error;
  }
}

function judge(opened, shown, check, opinion) {
  const { claims, jwt } = shown.entry;
  const { origin } = opened.bundle.logs[shown.log];
  if (claims.log !== origin) {
    opinion.deny('entry-of-another-log', shown.index, { expected: origin, found: claims.log });
  }
  if (check === null) {
    opinion.deny('key-not-introduced', shown.index, { kid: jwt.kid });
    return;
  }
  const { introduction } = check;
  if (introduction.iss !== claims.iss) {
    opinion.deny('entry-of-another-member', shown.index, { expected: introduction.iss, found: claims.iss });
  }
  if (check.error !== null) opinion.refuse(check.error, shown.index);
  if (introduction.role === 'gateway' && claims.private) {
    opinion.note('signed-by-gateway', shown.index, { member: claims.iss });
  }
  if (check.relay !== null) judgeRelay(shown, check.relay, opinion);
}

/** The relayed entry says the same of the same log and member; its signature counts where its key is here. */
function judgeRelay({ index, entry }, { original, introduction, error }, opinion) {
  if (error !== null) {
    opinion.refuse(error, index);
    return;
  }
  const [theirs, ours] = [original.claims, entry.claims];
  const same = ['log', 'iss', 'kind'].every((name) => theirs[name] === ours[name]);
  const common = theirs.sd.some((one) => ours.sd.some((other) => encode(one) === encode(other)));
  const member = ours.iss;
  if (!same || !common) opinion.deny('relay-differs', index, { member });
  else if (introduction?.iss !== ours.iss) opinion.note('relay-not-checked', index, { member, kid: original.jwt.kid });
  else opinion.note('relayed-entry', index, { member });
}

function erasures(opened, opinion) {
  for (const { log, index, entry, body } of opened.readable) {
    if (body?.what !== 'erasure') continue;
    for (const erased of body.erased) {
      const target = opened.leaf(log, erased.entry);
      if (target === null || target.entry === null) continue;
      const member = target.entry.claims.iss;
      // Nobody declares another's data erased: admission refuses it, and here it explains nothing away.
      if (member !== entry.claims.iss) {
        opinion.deny('erasure-of-another-member', index, { leaf: encode(erased.entry), member });
      } else {
        opinion.note('declared-erased', target.index, { member, at: index, ground: body.ground });
      }
    }
  }
}
