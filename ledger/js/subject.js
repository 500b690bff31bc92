/* What a bundle shows of the objects it names: their keys, and which entries stand as the n-th about each.
 * As `ledger/verify/subject.py`.
 */

import { hex } from './bytes.js';
import { canonicalUri } from './canonical.js';
import { shownLots } from './record.js';
import { tag } from './tags.js';

/** The tags (as hex) that count at an entry's index: its own and those of its `tags` entries, as far as they are here. */
export function tagsOf(opened, { log, kid, entry }) {
  const { tags, more, seq } = entry.claims;
  const found = new Set(tags.map(hex));
  for (let back = 1; back <= more; back += 1) {
    const before = opened.lane(log, kid, seq - back);
    if (before?.entry?.claims.kind !== 'tags') continue;
    for (const one of before.entry.claims.tags) found.add(hex(one));
  }
  return found;
}

/** Canonical object URI -> {shown, key (hex), bytes, n} of every entry that proves to be about it, in order. */
export async function sightings(opened) {
  const all = await Promise.all(opened.readable.map((shown) => seenIn(opened, shown)));
  const found = new Map();
  for (const { uri, ...sighting } of all.flat()) {
    if (!found.has(uri)) found.set(uri, []);
    found.get(uri).push(sighting);
  }
  return found;
}

async function seenIn(opened, shown) {
  const lots = shownLots(shown.entry);
  const tags = lots.length ? tagsOf(opened, shown) : new Set();
  const carried = await Promise.all(lots.map(async ({ key, n }) => tags.has(hex(await tag(key, n)))));
  return lots
    .filter((_, at) => carried[at])
    .map(({ id, key, n }) => ({ uri: canonicalUri(id), shown, key: hex(key), bytes: key, n }));
}
