/* The bundle, `*.filiera.json`: a strict reader of the file. As `ledger/bundle.py`.
 *
 * - At most 64 MiB and 10,000 entries; strict JSON, integers only, no member that the format does not know.
 * - The bytes equal their own RFC 8785 form. `self` is the SHA-256 of that form without `self`.
 * - Entries rise strictly by (log, index); standing by (log, at, n); disclosures are sorted as ASCII.
 *
 * Whether it proves anything is decided in `verify.js`. Format: docs/spec/bundle.md.
 */

import { encode } from './base64url.js';
import { equal, sha256 } from './bytes.js';
import { InputError } from './errors.js';
import { Fields } from './fields.js';
import { canonical, readIntegers } from './json_text.js';

const FORMAT = 'filiera-bundle/1';
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 10_000;
const DIRECTIONS = ['back', 'forward', 'both'];

/** The bundle these bytes are; `InputError` with a code of its own for everything that they must not be. */
export async function parse(bytes) {
  if (bytes.length > MAX_BYTES) throw new InputError('bundle-too-large', { limit: MAX_BYTES });
  const tree = readIntegers(bytes);
  const top = new Fields(tree, '', 'bundle');
  // Asked first: a version we do not know is "cannot tell", while anything else wrong with it would be damage.
  const found = tree.get('format');
  if (found !== FORMAT) throw new InputError('bundle-format', { expected: FORMAT, found: String(found).slice(0, 40) });
  const bundle = whole(top);
  if (encode(await selfDigest(tree)) !== tree.get('self')) throw new InputError('bundle-self');
  if (!equal(canonical(tree), bytes)) throw new InputError('bundle-not-canonical');
  checkOrder(bundle);
  return bundle;
}

/** SHA-256 of the RFC 8785 bytes of the object without `self`. */
async function selfDigest(tree) {
  const rest = new Map(tree);
  rest.delete('self');
  return sha256(canonical(rest));
}

function checkOrder({ logs, entries, standing, completeness }) {
  if (!logs.length) throw new InputError('bundle-without-log');
  if (entries.length > MAX_ENTRIES) {
    throw new InputError('bundle-too-many-entries', { entries: entries.length, limit: MAX_ENTRIES });
  }
  rising(entries.map(({ log, index }) => [log, index]), 'entries');
  rising(standing.map(({ log, at, n }) => [log, at, n]), 'standing');
  for (const { log, index, disclosures } of entries) {
    rising(disclosures.map((text) => [text]), `disclosures of entry ${index}`);
    const { size } = logs[log];
    if (index >= size) throw new InputError('bundle-index-beyond-size', { index, size });
  }
  if (completeness) rising(completeness.present.map(({ n }) => [n]), 'completeness');
}

function rising(keys, member) {
  for (let at = 1; at < keys.length; at += 1) {
    if (!isBefore(keys[at - 1], keys[at])) throw new InputError('bundle-order', { member });
  }
}

function isBefore(one, other) {
  const at = one.findIndex((part, place) => part !== other[place]);
  return at >= 0 && one[at] < other[at];
}

function whole(top) {
  top.text('format');
  top.binary('self', 32);
  const direction = top.text('direction');
  if (!DIRECTIONS.includes(direction)) throw new InputError('bundle-direction', { found: direction.slice(0, 40) });
  const logs = top.objects('logs').map(logOf);
  const bundle = {
    subject: top.optionalText('subject'),
    direction,
    logs,
    entries: top.objects('entries').map((item) => entryOf(item, logs.length)),
    standing: top.objects('standing').map((item) => standingOf(item, logs.length)),
    completeness: completenessOf(top.optionalObject('completeness')),
  };
  top.done();
  return bundle;
}

function logOf(item) {
  const part = {
    origin: item.text('origin'),
    vkey: item.text('vkey'),
    checkpoint: item.text('checkpoint'),
    size: item.integer('size'),
    nodes: item.binaries('nodes', 32),
    timestamps: item.binaries('timestamps', null),
  };
  item.done();
  return part;
}

function entryOf(item, logs) {
  const part = {
    log: item.below('log', logs),
    index: item.integer('index'),
    entry: item.ascii('entry'),
    disclosures: item.asciis('disclosures'),
  };
  item.done();
  return part;
}

function standingOf(item, logs) {
  const part = {
    log: item.below('log', logs),
    at: item.integer('at'),
    n: item.integer('n'),
    row: item.ascii('row'),
    path: item.binaries('path', 32),
  };
  item.done();
  return part;
}

function completenessOf(item) {
  if (item === null) return null;
  const present = item.objects('present').map((each) => {
    const part = { n: each.integer('n'), indexes: each.integers('indexes'), path: each.steps('path') };
    each.done();
    return part;
  });
  const other = item.object('absent');
  const absent = { tag: other.binary('tag', 32), indexes: other.integers('indexes'), path: other.steps('path') };
  other.done();
  const at = item.integer('at');
  item.done();
  return { at, present, absent };
}
