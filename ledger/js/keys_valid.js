/* `keys_valid`: every entry's key was valid at the entry's index, and nothing declared it suspect since.
 * As `ledger/verify/keys_valid.py`, which lists the rules.
 */

import { Opinion } from './account.js';
import { equal, hex } from './bytes.js';
import { EvidenceError } from './errors.js';
import { reattested } from './record.js';
import { MAY_SIGN, standingProblem } from './rules.js';
import { readRow, suspects, verifyRow } from './snapshot.js';
import { snapshotAt } from './snapshots.js';

/** The verdict over every entry of the bundle. */
export async function keysValid(opened) {
  const opinion = new Opinion('keys_valid');
  const rows = await standingRows(opened, opinion);
  const againBy = reattesting(opened);
  const missing = new Set();
  for (const shown of opened.readable) {
    const place = `${shown.log}/${shown.kid}`;
    if (rows.has(place)) {
      judge(opened, rows, shown, againBy, opinion);
    } else if (!missing.has(place)) {
      missing.add(place);
      opinion.miss('standing-missing', shown.index, { kid: shown.kid });
    }
  }
  return opinion;
}

/** The rows that their snapshots prove, by log and kid; what they do not prove is the opinion's. */
async function standingRows(opened, opinion) {
  const rows = new Map();
  const refused = new Set();
  for (const part of opened.bundle.standing) {
    const place = `${part.log}/${part.at}`;
    if (refused.has(place)) continue;
    const row = await proved(opened, part, opinion);
    if (row === null) refused.add(place);
    else rows.set(`${part.log}/${row.kid}`, row);
  }
  return rows;
}

async function proved(opened, part, opinion) {
  const snapshot = snapshotAt(opened, part.log, part.at, opinion);
  if (snapshot === null) return null;
  try {
    await verifyRow(part.row, part.n, part.path, snapshot.root, snapshot.keys);
    const row = readRow(part.row);
    matchesIntroduction(opened, part.log, row);
    return row;
  } catch (error) {
    opinion.refuse(error, part.at);
    return null;
  }
}

function matchesIntroduction(opened, log, { kid, iss, role, add }) {
  const introduction = opened.key(log, kid);
  if (introduction === null) throw new EvidenceError('key-not-introduced', { kid });
  if (introduction.iss !== iss || introduction.role !== role || add < introduction.index) {
    throw new EvidenceError('standing-of-another-key', { kid });
  }
}

function judge(opened, rows, shown, againBy, opinion) {
  const { log, index, kid, entry, body } = shown;
  const row = rows.get(`${log}/${kid}`);
  // Genesis and `rotate` are the only entries whose key they introduce.
  const problem = standingProblem(row, index, ['genesis', 'rotate'].includes(body?.what));
  if (problem !== null) opinion.deny(problem[0], index, problem[1]);
  const { known, kind } = entry.claims;
  if (known && !MAY_SIGN.get(kind).includes(row.role) && body?.what !== 'genesis') {
    opinion.deny('role-may-not-sign', index, { kid, role: row.role, kind });
  }
  if (suspects(row, index)) {
    const by = vouchedFor(rows, shown, againBy.get(`${log}/${hex(shown.leaf)}`) ?? []);
    if (by === null) opinion.deny('entry-suspect', index, { kid, since: row.suspect });
    else opinion.note('entry-reattested', index, { by });
  }
  laneEnd(opened, shown, row, opinion);
}

/** The entries that re-attest a leaf, rising; gathered once, for a bundle may hold ten thousand suspect ones. */
function reattesting(opened) {
  const found = new Map();
  for (const shown of opened.readable) {
    const leaf = reattested(shown.entry);
    if (leaf === null) continue;
    const place = `${shown.log}/${hex(leaf)}`;
    if (!found.has(place)) found.set(place, []);
    found.get(place).push(shown);
  }
  return found;
}

/** The index of a later entry of the same member, of a key not suspect there, that vouches for this one. */
function vouchedFor(rows, suspect, others) {
  const by = others.find(({ log, kid, index }) => {
    const row = rows.get(`${log}/${kid}`);
    return index > suspect.index && row?.iss === suspect.entry.claims.iss && !suspects(row, index);
  });
  return by?.index ?? null;
}

function laneEnd(opened, { log, index, kid, entry, leaf }, row, opinion) {
  // The snapshot itself stands after what its rows describe.
  if (index + 1 === opened.bundle.logs[log].size) return;
  const { seq } = entry.claims;
  if (row.seq === null || seq > row.seq) opinion.deny('lane-beyond-standing', index, { kid, seq });
  else if (seq === row.seq && !equal(leaf, row.head)) opinion.deny('lane-head-differs', index, { kid, seq });
}
