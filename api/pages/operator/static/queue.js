/* What was recorded on this phone, from the first tap to its number in the register; nothing is ever dropped.
 *
 * - Saving signs at the next place of the lane and writes entry, lane and counts in one durable transaction; two pages
 *   that save at once do not get the same place, for the second finds the lane moved and signs again what it has not
 *   given to anybody.
 * - Sending gives the same bytes again until they are answered, in the order of the lane. What the log has already it
 *   answers with its place: a lost answer is had by asking again.
 * - `phone`: here alone. `received`: the log answered, and this browser cannot hold the answer against the log's key.
 *   `logged`: it could, and it is right. `refused`: it can never be admitted as it is; shown, kept, said again by a new
 *   key with the original inside (`relay`).
 *
 * KNOWN LIMIT: a copy holds entries, not photos; what waits is sent while the page is open.
 *
 * ARCHITECTURE.md 3.4; docs/adr/0063-the-phones-queue.md.
 */

import { decode, encode } from '../ledger/base64url.js';
import { utf8 } from '../ledger/bytes.js';
import { contentOf, issuePrivate } from '../ledger/issue.js';
import { LedgerError } from '../ledger/errors.js';
import { read } from '../ledger/json_text.js';
import { write as text } from '../ledger/json_write.js';
import { leafHash } from '../ledger/jwt.js';
import { objectKey } from '../ledger/object_key.js';
import { parseWire } from '../ledger/parse.js';
import { all, get, write } from './database.js';
import { asked, device, proven, signerOf } from './device.js';
import { heldAgainst } from './receipt.js';

const AT_ONCE = 60;
const MOST_BYTES = 4 << 20;
// Sent again with the same bytes when what they wait for has come, or when the server can.
const WAITING = new Set(['lane-behind', 'tag-ahead', 'key-not-admitted', 'key-not-yet-valid', 'server-busy', 'other-log']);

/** Save records in one step: `drafts` of {kind, content, uris, parents, shown}; the records kept, once they are durable.
 *
 * `parents`: leaf hashes, or functions of the leaf hashes signed before in this step. `values`: {kind, values} to
 * remember. `photos`: by place of the draft that they are the file of.
 */
export async function save(drafts, { values = null, photos = new Map(), mends = null } = {}) {
  for (;;) {
    const signed = await sign(drafts);
    const records = drafts.map((draft, place) => recordOf(draft, signed, place, mends));
    const kept = await write((stores, answer) => {
      const lane = stores.state.get('lane');
      lane.onsuccess = () => {
        if (lane.result.kid !== signed.kid || lane.result.seq !== signed.from) {
          answer(null);
          return;
        }
        stores.state.put({ kid: signed.kid, seq: signed.seq, prev: signed.prev }, 'lane');
        if (values) stores.state.put(values.values, `last-${values.kind}`);
        for (const lot of signed.lots.values()) stores.lots.put(lot);
        if (mends !== null) marked(stores, mends);
        records.forEach((record, place) => {
          const added = stores.records.add(record);
          added.onsuccess = () => {
            record.id = added.result;
            if (photos.has(place)) stores.photos.put(photos.get(place), record.id);
          };
        });
        answer(records);
      };
    });
    if (kept !== null) return kept;
  }
}

/** Everything recorded here, newest first. */
export async function records() {
  return (await all('records')).reverse();
}

/** The first place of this phone's lane that waits to be admitted; null where none does. */
export async function firstWaiting() {
  const { kid } = await device();
  const places = (await all('records')).filter((record) => record.kid === kid && record.state === 'phone').map(({ seq }) => seq);
  return places.length ? Math.min(...places) : null;
}

/** Hold what waits against what the log has of this lane: in a place that is taken by another entry nothing is sent, for
 * that would be a fork. So does a phone find out that it was restored from a copy.
 */
export async function holdAgainst({ recent }) {
  const [own, taken] = [await device(), new Map(recent.map(({ seq, leaf }) => [seq, leaf]))];
  await write((stores) => {
    const found = stores.records.getAll();
    found.onsuccess = () => {
      const lost = found.result.filter(({ kid, seq, wires, state, leaf }) => {
        const there = taken.get(seq + wires.length - 1);
        return kid === own.kid && state === 'phone' && there !== undefined && there !== leaf;
      });
      lost.forEach((record) => stores.records.put({ ...record, state: 'refused', problem: { code: 'restored' } }));
      if (lost.length) stores.state.put({ ...own, ended: { code: 'restored' } }, 'device');
    };
  });
}

/** Send what waits; how many were admitted. `told(records)` is called after each answer. */
export async function send(told = () => {}) {
  let count = 0;
  for (const lane of lanes(await all('records'))) {
    for (let batch = portion(lane); batch.length; batch = portion(lane)) {
      const wires = batch.flatMap((record) => record.wires);
      const answers = await submit(wires);
      const done = await answered(batch, answers);
      count += done;
      await told();
      lane.splice(0, done);
      if (done < batch.length) break;
    }
  }
  await bring();
  return count;
}

/** Wires to be saved to a file: everything that is not in the register yet. */
export async function copy() {
  return (await all('records')).filter(waits).flatMap((record) => record.wires);
}

/** Take in the copy of another phone: kept and sent as it is, each once. How many were new. */
export async function takeIn(data) {
  const wires = JSON.parse(data);
  if (!Array.isArray(wires) || !wires.every((wire) => typeof wire === 'string')) throw new LedgerError('copy-form');
  const known = new Set((await all('records')).flatMap((record) => record.wires));
  const fresh = wires.filter((wire) => !known.has(wire));
  const entries = await Promise.all(fresh.map(parseWire));
  await write((stores) => {
    entries.forEach(({ jwt, claims, content }, place) => {
      const at = Date.parse(content?.get('eventTime')) || Date.now();
      stores.records.add({
        kid: jwt.kid, seq: claims.seq, wires: [fresh[place]], kind: 'carried', state: 'phone', happened: at, saved: Date.now(),
        shown: {}, uris: [],
      });
    });
  });
  return fresh.length;
}

/** Say with this phone's key, which is a new one, what a former key of it could not; how many. */
export async function sayAgain() {
  const own = await device();
  const former = (await all('records')).filter((record) => record.kid !== own.kid && record.kind !== 'carried' && waits(record));
  // Said again is only what the log has refused, and what waited behind it in the same lane.
  if (!former.some(({ state }) => state === 'refused')) return 0;
  const leaves = new Map();
  for (const record of former) {
    const wire = record.wires.at(-1);
    const relayed = await readable(wire);
    const draft = {
      ...record,
      entryKind: record.entryKind,
      content: relayed ? await contentOf(wire) : read(utf8(record.content)),
      relay: relayed ? wire.split('~')[0] : undefined,
      lots: record.lots,
      parents: record.parents.map((leaf) => leaves.get(leaf) ?? leaf),
    };
    const before = relayed ? encode(await leafHash(wire.split('~')[0])) : null;
    const [again] = await replace(record, draft);
    if (before) leaves.set(before, again);
  }
  return former.length;
}

/** Is this record still to be admitted? */
export function waits({ state }) {
  return state === 'phone' || state === 'refused';
}

async function sign(drafts) {
  const [own, lane, facts] = [await device(), await get('state', 'lane'), await get('state', 'facts')];
  const [signer, lots] = [await signerOf(own), new Map()];
  const signed = { kid: own.kid, from: lane.seq, lots, wires: [], leaves: [], places: [], parents: [], named: [], content: [] };
  let [seq, prev] = [lane.seq, lane.prev];
  for (const draft of drafts) {
    const named = draft.lots ?? (await numbered(draft.uris, lots, decode(facts.secret)));
    const par = (draft.parents ?? []).map((parent) => (typeof parent === 'function' ? parent(signed.leaves) : parent));
    const content = typeof draft.content === 'function' ? draft.content(signed.leaves) : draft.content;
    const record = { iat: Math.floor(Date.now() / 1000), par, relay: draft.relay, lots: named };
    signed.places.push(seq);
    signed.named.push(named);
    const issued = await issuePrivate(signer, {
      log: own.origin, iss: own.iss, seq, prev, kind: draft.entryKind ?? 'event', content, record,
    });
    ({ seq, prev } = issued);
    signed.wires.push(issued.wires);
    signed.leaves.push(encode(prev));
    signed.parents.push(par);
    signed.content.push(Array.isArray(content) ? draft.contentText : text(content));
  }
  return { ...signed, seq, prev };
}

/** Key and number of each object, counted on; `lots` collects what is to be kept. */
async function numbered(uris, lots, secret) {
  const found = [];
  for (const id of uris) {
    const known = lots.get(id) ?? (await get('lots', id)) ?? { id, key: await objectKey(secret, id), n: 0 };
    found.push({ id, key: known.key, n: known.n });
    lots.set(id, { ...known, n: known.n + 1, at: Date.now() });
  }
  return found;
}

function recordOf(draft, signed, place, mends) {
  return {
    kid: signed.kid, seq: signed.places[place], wires: signed.wires[place], leaf: signed.leaves[place],
    parents: signed.parents[place], content: signed.content[place], kind: draft.kind, entryKind: draft.entryKind ?? 'event',
    uris: draft.uris, lots: signed.named[place], shown: draft.shown ?? {}, values: draft.values ?? null, happened: draft.happened, saved: Date.now(),
    state: 'phone', ...(mends === null ? {} : { mends }),
  };
}

function marked(stores, id) {
  const found = stores.records.get(id);
  found.onsuccess = () => stores.records.put({ ...found.result, mended: true });
}

/** What waits, lane by lane, in the order of each. */
function lanes(found) {
  const byKey = new Map();
  for (const record of found.filter(({ state }) => state === 'phone')) {
    byKey.set(record.kid, [...(byKey.get(record.kid) ?? []), record]);
  }
  return [...byKey.values()].map((lane) => lane.sort((one, other) => one.seq - other.seq));
}

/** As many records as one request takes. */
function portion(lane) {
  let [count, wires, size] = [0, 0, 0];
  for (const record of lane) {
    wires += record.wires.length;
    size += record.wires.reduce((sum, wire) => sum + wire.length, 0);
    if (count && (wires > AT_ONCE || size > MOST_BYTES)) break;
    count += 1;
  }
  return lane.slice(0, count);
}

async function submit(wires) {
  const request = { method: 'POST', body: JSON.stringify(wires), headers: { 'Content-Type': 'application/json' } };
  // Entries prove themselves. Shown who sends them, a server takes more; what a key that ended signed is judged all the same.
  const answers = await proven('/api/v1/entries', request).catch((error) => {
    if (error.code !== 'device-unknown') throw error;
    return asked('/api/v1/entries', request);
  });
  if (!Array.isArray(answers) || answers.length !== wires.length) throw new LedgerError('offline');
  return answers;
}

/** Keep what was answered; how many of the batch, from its beginning, are admitted. */
async function answered(batch, answers) {
  const own = await device();
  const received = Date.now() - ((await get('state', 'drift')) ?? 0);
  let [done, at] = [0, 0];
  for (const record of batch) {
    const mine = answers.slice(at, at + record.wires.length);
    at += record.wires.length;
    const wrong = mine.find((answer) => answer.problem)?.problem;
    if (wrong) {
      await refused(record, wrong, own);
      return done;
    }
    const last = mine.at(-1);
    const held = await heldAgainst(own.policy, record.wires.at(-1), last);
    await change(record.id, { state: held ? 'logged' : 'received', index: last.index, received, problem: null });
    done += 1;
  }
  return done;
}

async function refused(record, problem, own) {
  const said = { code: problem.code, detail: problem.detail };
  if (problem.code === 'lane-behind' && problem.expected < record.seq) {
    // The log lacks what it had answered for: it was set back. All of it is sent again.
    await write((stores) => {
      const found = stores.records.getAll();
      found.onsuccess = () => found.result
        .filter(({ kid, seq, state }) => kid === record.kid && seq >= problem.expected && !waits({ state }))
        .forEach((each) => stores.records.put({ ...each, state: 'phone' }));
    });
  }
  const waiting = WAITING.has(problem.code) || problem.status === 503 || problem.status === 429;
  await change(record.id, { state: waiting ? 'phone' : 'refused', problem: said });
  if (!waiting && record.kid === own.kid) await write((stores) => stores.state.put({ ...own, ended: said }, 'device'));
}

async function change(id, what) {
  await write((stores) => {
    const found = stores.records.get(id);
    found.onsuccess = () => stores.records.put({ ...found.result, ...what });
  });
}

/** A former record said again: its new place in the new lane; the leaf hash of it. */
async function replace(record, draft) {
  for (;;) {
    const signed = await sign([{ ...draft, contentText: record.content }]);
    const kept = await write((stores, answer) => {
      const lane = stores.state.get('lane');
      lane.onsuccess = () => {
        const moved = lane.result.kid === signed.kid && lane.result.seq === signed.from;
        answer(moved);
        if (!moved) return;
        stores.state.put({ kid: signed.kid, seq: signed.seq, prev: signed.prev }, 'lane');
        stores.records.put({
          ...record, kid: signed.kid, seq: signed.places[0], wires: signed.wires[0], leaf: signed.leaves[0],
          parents: signed.parents[0], state: 'phone', problem: null, before: [...(record.before ?? []), record.wires],
        });
      };
    });
    if (kept) return signed.leaves;
  }
}

async function readable(wire) {
  try {
    await parseWire(wire);
    return true;
  } catch {
    return false;
  }
}

/** Bring the pictures of what is in the register. */
async function bring() {
  for (const record of await all('records')) {
    if (record.index === undefined || record.entryKind !== 'document' || record.brought) continue;
    const photo = await get('photos', record.id);
    if (!photo) continue;
    const headers = { 'Content-Type': 'application/octet-stream' };
    await proven(`/api/v1/documents/${record.index}`, { method: 'PUT', body: photo, headers });
    await write((stores) => {
      const found = stores.records.get(record.id);
      found.onsuccess = () => stores.records.put({ ...found.result, brought: true });
      stores.photos.delete(record.id);
    });
  }
}
