/* `complete`: nothing else in the log is tagged for the subject, as of the bundle's snapshot.
 * As `ledger/verify/complete.py`, which lists the rules.
 *
 * KNOWN LIMIT: of logs that follow one another only the last one's tags are proved, so the verdict is not shown.
 */

import { Opinion } from './account.js';
import { hex } from './bytes.js';
import { canonicalUri } from './canonical.js';
import { movement } from './movement.js';
import { shownLots } from './record.js';
import { snapshotAt } from './snapshots.js';
import { tagsOf } from './subject.js';
import { verifyAbsent, verifyPresent } from './tag_tree.js';
import { tag } from './tags.js';

/** The verdict for the bundle's subject; `seen` from `subject.js`. */
export async function complete(opened, seen) {
  const opinion = new Opinion('complete');
  const { subject, completeness, logs } = opened.bundle;
  if (subject === null) {
    opinion.miss('no-subject');
    return opinion;
  }
  const proved = seen.get(subject) ?? [];
  const keys = new Map(proved.map(({ key, bytes }) => [key, bytes]));
  if (!keys.size) opinion.deny('subject-not-proved', null, { subject });
  if (keys.size > 1) opinion.deny('two-keys-for-one-object', null, { subject, keys: keys.size });
  if (completeness === null) opinion.miss('completeness-not-given');
  else if (logs.length > 1) opinion.miss('completeness-of-one-log-only');
  else if (keys.size === 1) await prove(opened, completeness, [...keys.values()][0], opinion);
  allProved(opened, subject, proved, opinion);
  return opinion;
}

/** An entry that names the subject without proving its key may hide that it stands under another one. */
function allProved(opened, subject, proved, opinion) {
  const shownThere = new Set(proved.map(({ shown }) => shown));
  for (const shown of opened.readable) {
    if (shown.entry.content === null || shownThere.has(shown)) continue;
    const lots = shownLots(shown.entry).map(({ id }) => canonicalUri(id));
    if ([...movement(shown.entry.content).objects, ...lots].includes(subject)) {
      opinion.miss('subject-key-not-shown', shown.index, { subject });
    }
  }
}

async function prove(opened, proofs, key, opinion) {
  const snapshot = snapshotAt(opened, 0, proofs.at, opinion);
  if (snapshot === null) return;
  if (proofs.present.some(({ n }, at) => n !== at)) {
    const found = proofs.present.slice(0, 20).map(({ n }) => n).join(', ');
    opinion.deny('tags-not-counted-from-zero', null, { found });
    return;
  }
  const tags = await Promise.all([...proofs.present, null].map((_, n) => tag(key, n)));
  const { size } = opened.bundle.logs[0];
  try {
    for (const { n, indexes, path } of proofs.present) await verifyPresent(tags[n], indexes, path, snapshot.tags, size);
    await verifyAbsent(tags.at(-1), proofs.absent, snapshot.tags, size);
  } catch (error) {
    opinion.refuse(error, proofs.at);
    return;
  }
  for (const { n, indexes } of proofs.present) {
    for (const index of indexes) checkEntry(opened, index, hex(tags[n]), n, opinion);
  }
}

function checkEntry(opened, index, wanted, n, opinion) {
  const shown = opened.at(0, index);
  if (shown === null) opinion.deny('tagged-entry-left-out', index, { n });
  else if (shown.entry === null || !tagsOf(opened, shown).has(wanted)) opinion.deny('tag-not-in-entry', index, { n });
}
