/* Issue entries on a device: content and record become salted disclosures, their digests are signed.
 * As `ledger/entry/issue.py`, which lists the rules.
 *
 * - Every wire is read again by `parse.js` before it is given back: a device never signs what a log would refuse for its
 *   form, so nothing in its lane is ever signed twice.
 * - Salts come from `salt(16)`; a signer, its `seq` and `prev` are the caller's to keep.
 *
 *     const { wires, seq, prev } = await issuePrivate(signer, { log, iss, seq: 0, prev: null, kind: 'event', content, record });
 *
 * docs/spec/entry.md; RFC 9901 section 4.
 */

import { decode, encode } from './base64url.js';
import { utf8 } from './bytes.js';
import { RESERVED, refuseReserved } from './claims.js';
import { digestTexts } from './disclosure.js';
import { InputError } from './errors.js';
import { treeOf, write } from './json_write.js';
import { leafHash } from './jwt.js';
import { parseWire } from './parse.js';
import { split } from './shape.js';
import { tag } from './tags.js';

const MAX_LEAF = 4096;
const MAX_TAGS = 48;
const MAX_OBJECTS = MAX_TAGS * 256;
// A signature of 64 bytes, and the full stop before it.
const SIGNATURE_TEXT = 87;

/** Sixteen bytes that nobody can guess. */
export function randomSalt(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

/** The wires of one private entry, `tags` entries first, and the lane after them: the next `seq`, and its `prev`.
 *
 * `content`: a tree (`Map`), or the disclosures of another entry's content, its own first, which are taken unchanged:
 * that is how an entry is relayed. `record`: `{iat, par, relay, lots: [{id, key, n}]}`, keys as bytes, `par` as text.
 */
export async function issuePrivate(signer, { log, iss, seq, prev, kind, content, record, salt = randomSalt }) {
  const tags = await tagsOf(record.lots);
  const paper = new Paper(salt);
  const said = Array.isArray(content) ? await paper.take(content) : await paper.branch('content', content);
  const digests = [said, await paper.branch('record', recordTree(record))].sort();
  const lane = new Lane(signer, { log, iss, seq, prev });
  const wires = [];
  const more = Math.max(0, Math.ceil(tags.length / MAX_TAGS) - 1);
  const claims = { _sd_alg: 'sha-256', _sd: digests, tag: tags.slice(0, MAX_TAGS), more };
  lane.check(kind, claims);
  for (let at = MAX_TAGS; at < tags.length; at += MAX_TAGS) {
    wires.push(`${await lane.sign('tags', { body: { tag: tags.slice(at, at + MAX_TAGS) } })}~`);
  }
  wires.push(`${[await lane.sign(kind, claims), ...paper.texts].join('~')}~`);
  for (const wire of wires) await parseWire(wire);
  return { wires, seq: lane.seq, prev: lane.prev };
}

/** The disclosures of an entry's content, as they stand on its wire: what a relay takes unchanged. */
export async function contentOf(wire) {
  const [, ...texts] = wire.slice(0, -1).split('~');
  const digests = await digestTexts(texts);
  const byDigest = new Map(digests.map((digest, place) => [digest, texts[place]]));
  const top = texts.find((text) => JSON.parse(plainText(text))[1] === 'content');
  return below(top, byDigest);
}

function below(text, byDigest) {
  const inside = [...plainText(text).matchAll(/"([A-Za-z0-9_-]{43})"/g)].map(([, digest]) => byDigest.get(digest));
  return [text, ...inside.filter((found) => found !== undefined && found !== text).flatMap((found) => below(found, byDigest))];
}

function plainText(disclosure) {
  return new TextDecoder().decode(decode(disclosure));
}

/** The tags of all lots, sorted as text. */
async function tagsOf(lots) {
  if (lots.length > MAX_OBJECTS) throw new InputError('too-many-objects', { count: lots.length, limit: MAX_OBJECTS });
  const tags = await Promise.all(lots.map(async ({ key, n }) => encode(await tag(key, n))));
  const distinct = [...new Set(tags)].sort();
  if (distinct.length !== lots.length) throw new InputError('lot-repeated', { count: lots.length - distinct.length });
  return distinct;
}

function recordTree({ iat, par = [], relay, lots }) {
  const listed = lots.map(({ id, key, n }) => ({ id, key: encode(key), n }));
  return treeOf({ iat, par, relay, lots: listed });
}

/** The disclosures of one entry, in the order in which they travel. */
class Paper {
  constructor(salt) {
    this.salt = salt;
    this.texts = [];
  }

  /** Disclosures that were made before: the digest of the first. */
  async take(texts) {
    this.texts.push(...texts);
    return (await digestTexts(texts.slice(0, 1)))[0];
  }

  /** Disclose a whole branch; its digest. */
  async branch(branch, tree) {
    const place = this.reserve();
    const digests = [];
    for (const [name, value] of tree) digests.push(await this.member(branch, name, value));
    return this.put(place, branch, members(digests));
  }

  async member(branch, name, value) {
    const place = this.reserve();
    const kind = split(branch, name, value);
    if (kind === null) return this.put(place, name, plain(value));
    const digests = [];
    for (const [key, item] of kind === 'members' ? value : value.map((each) => [null, each])) {
      digests.push(await this.put(this.reserve(), key, plain(item)));
    }
    const elements = digests.map((digest) => `{"...":"${digest}"}`).join(',');
    return this.put(place, name, kind === 'members' ? members(digests) : `[${elements}]`);
  }

  reserve() {
    return this.texts.push('') - 1;
  }

  /** The disclosure of a value already written as JSON, at its place; its digest. `name`: null of a list's element. */
  async put(place, name, text) {
    if (RESERVED.has(name)) throw new InputError('entry-reserved-name', { member: name });
    const start = name === null ? '' : `${write(name)},`;
    this.texts[place] = encode(utf8(`["${encode(this.salt(16))}",${start}${text}]`));
    return (await digestTexts([this.texts[place]]))[0];
  }
}

/** `{"_sd":[…]}` sorted as text, so that the order says nothing; an empty object stays `{}`. */
function members(digests) {
  return digests.length ? `{"_sd":["${digests.sort().join('","')}"]}` : '{}';
}

function plain(value) {
  refuseReserved(value);
  return write(value);
}

/** The next places of one key's lane. */
class Lane {
  constructor(signer, place) {
    this.signer = signer;
    Object.assign(this, place);
  }

  /** What the next entry signs: `header.payload`. */
  signed(kind, claims) {
    const { log, iss, seq, signer } = this;
    const header = { alg: signer.alg, kid: signer.kid, typ: 'filiera-entry+sd-jwt' };
    const prev = this.prev === null ? undefined : encode(this.prev);
    const payload = { v: 1, log, iss, seq, prev, kind, ...claims };
    return [header, payload].map((part) => encode(utf8(write(treeOf(part))))).join('.');
  }

  /** Refuse what is too large before the first signature. */
  check(kind, claims) {
    const size = this.signed(kind, claims).length + SIGNATURE_TEXT;
    if (size > MAX_LEAF) throw new InputError('entry-too-large', { size, limit: MAX_LEAF });
  }

  /** The leaf of the next entry; the lane moves on. */
  async sign(kind, claims) {
    const signed = this.signed(kind, claims);
    const leaf = `${signed}.${encode(await this.signer.sign(utf8(signed)))}`;
    this.seq += 1;
    this.prev = await leafHash(leaf);
    return leaf;
  }
}
