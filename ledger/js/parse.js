/* Read an entry: the leaf, and the tree that its disclosures show. As `ledger/entry/parse.py`.
 *
 * - Every disclosure given is referenced exactly once, from the place where its kind of value may stand (`shape.js`);
 *   every digest occurs once; `_sd` arrays are sorted as text and are not empty; no names repeat or are reserved.
 * - Numbers keep their text below `content`; everywhere else they are integers.
 * - `type`, and for events `@context`, are shown whenever any member of a content is.
 * - Reading says nothing about the signer: `verifyEntry` does.
 *
 *     const entry = await parseWire(wire); await verifyEntry(entry, key); entry.content.get('bizStep');
 *
 * RFC 9901 section 7.1.
 */

import { utf8 } from './bytes.js';
import { digest, readClaims, refuseReserved } from './claims.js';
import { digestTexts, opened } from './disclosure.js';
import { EvidenceError, InputError } from './errors.js';
import { read, readIntegers } from './json_text.js';
import { parseJwt } from './jwt.js';
import { REQUIRED, checkElement, checkMember } from './record.js';
import { RECORD_LISTS, split } from './shape.js';
import { HIDDEN, Members } from './shown.js';

const MAX_WIRE = 8 * 2 ** 20;
const CONTEXT = { event: ['type', '@context'], correction: ['type', '@context'] };

/** An entry from its wire, `jwt~d1~d2~…~`; `InputError` with the code of the first rule it breaks. */
export async function parseWire(wire) {
  const size = utf8(wire).length;
  if (size > MAX_WIRE) throw new InputError('entry-wire-too-large', { size, limit: MAX_WIRE });
  const [leaf, ...texts] = wire.split('~');
  if (!texts.length) throw new InputError('entry-not-terminated');
  if (texts.pop()) throw new InputError('entry-trailing-bytes');
  return withDisclosures(leaf, texts);
}

/** An entry from its leaf and the disclosures that are at hand. `content`, `record`, `profile`: null where hidden. */
export async function withDisclosures(leaf, texts) {
  const jwt = parseJwt(leaf);
  const claims = readClaims(jwt.payload);
  const reader = new Reader(texts, await digestTexts(texts));
  const signed = claims.sd.length || claims.profile ? jwt.payload.get('_sd') : [];
  const trees = reader.top(signed, claims.private);
  if (new Set(reader.hidden).size !== reader.hidden.length) throw new InputError('disclosure-referenced-twice');
  const unreferenced = reader.shown.filter((said) => said === null).length;
  if (unreferenced) throw new InputError('disclosure-unreferenced', { count: unreferenced });
  refuseWithoutContext(claims.kind, trees.content);
  return { jwt, claims, content: null, record: null, profile: null, ...trees, hidden: reader.hidden.length };
}

/** Check the signature with the key the log has for `kid`; `EvidenceError` as `PublicKey.verify`. */
export async function verifyEntry(entry, key) {
  const { alg, kid, signature, signed } = entry.jwt;
  if (key.kid !== kid) throw new EvidenceError('entry-other-key', { expected: key.kid, found: kid });
  if (key.alg !== alg) throw new EvidenceError('entry-other-algorithm', { expected: key.alg, found: alg });
  await key.verify(signature, utf8(signed));
}

function refuseWithoutContext(kind, content) {
  if (!content || !content.size || !content.hidden) return;
  const missing = (CONTEXT[kind] ?? ['type']).find((name) => !content.has(name));
  if (missing) throw new InputError('disclosure-without-context', { member: missing });
}

/** One pass from the signed digests down. `shown`: name and value of each disclosure that was read, null before. */
class Reader {
  constructor(texts, digests) {
    this.texts = texts;
    this.places = new Map(digests.map((text, place) => [text, place]));
    if (this.places.size !== texts.length) throw new InputError('disclosure-repeated');
    this.shown = texts.map(() => null);
    this.hidden = [];
  }

  /** The branches by name: `content` and `record`, or `profile`. */
  top(references, isPrivate) {
    const trees = {};
    for (const reference of references) {
      const found = this.open(reference, true, readIntegers);
      if (found === null) continue;
      const [branch, value] = found;
      if (!(isPrivate ? ['content', 'record'] : ['profile']).includes(branch)) {
        throw new InputError('disclosure-branch', { member: branch.slice(0, 80) });
      }
      if (Object.hasOwn(trees, branch)) throw new InputError('disclosure-name-repeated', { member: branch });
      trees[branch] = branch === 'record' ? this.record(value) : this.branch(branch, value);
    }
    return trees;
  }

  /** The members of a content or a profile, each of the form that `shape.js` gives it. */
  branch(branch, value) {
    const numbers = branch === 'content' ? read : readIntegers;
    const members = this.members(value, branch, numbers);
    for (const [name, item] of members) members.set(name, this.value(branch, name, item, numbers));
    return members;
  }

  /** The members of a record: each one that a record may have, all that it must have. */
  record(value) {
    const members = this.members(value, 'record', readIntegers);
    for (const [name, item] of members) {
      if (Array.isArray(item) && RECORD_LISTS.has(name)) {
        members.set(name, item.map((one) => this.element(name, one, readIntegers)));
      } else {
        refuseReserved(item);
        checkMember(name, item);
      }
    }
    const missing = REQUIRED.find((name) => !members.has(name));
    if (!members.hidden && missing) throw new InputError('record-incomplete', { member: missing });
    return members;
  }

  /** The value of a member: elements and inner members opened where it is split, data without reserved names. */
  value(branch, name, value, numbers) {
    const kind = split(branch, name, value);
    if (kind === 'elements') return value.map((item) => this.element(name, item, numbers));
    if (kind === 'members') {
      const members = this.members(value, name, numbers);
      for (const item of members.values()) refuseReserved(item);
      return members;
    }
    refuseReserved(value);
    return value;
  }

  /** One element of a split list, or `HIDDEN`. */
  element(name, item, numbers) {
    if (!(item instanceof Map) || item.size !== 1 || !item.has('...')) {
      throw new InputError('disclosure-not-split', { member: name });
    }
    const reference = item.get('...');
    if (typeof reference !== 'string') throw new InputError('entry-digest', { member: '_sd' });
    const found = this.open(reference, false, numbers);
    if (found === null) return HIDDEN;
    refuseReserved(found[1]);
    if (RECORD_LISTS.has(name)) checkElement(name, found[1]);
    return found[1];
  }

  /** The shown members of `{"_sd":[…]}`, in the order in which their disclosures came. */
  members(value, place, numbers) {
    if (!(value instanceof Map) || (value.size && (value.size !== 1 || !value.has('_sd')))) {
      throw new InputError('disclosure-not-split', { member: place });
    }
    const references = value.size ? sorted(value.get('_sd'), place) : [];
    const order = [];
    for (const reference of references) {
      if (this.places.has(reference)) order.push(this.places.get(reference));
      else this.hide(reference);
    }
    const members = new Members(references.length - order.length);
    for (const at of order.sort((one, other) => one - other)) {
      const [name, said] = this.take(at, true, numbers);
      if (members.has(name)) throw new InputError('disclosure-name-repeated', { member: name });
      members.set(name, said);
    }
    return members;
  }

  /** The disclosure with this digest, read once; null and noted as hidden when it was not given. */
  open(reference, named, numbers) {
    if (this.places.has(reference)) return this.take(this.places.get(reference), named, numbers);
    this.hide(reference);
    return null;
  }

  hide(reference) {
    digest(reference, '_sd');
    this.hidden.push(reference);
  }

  take(place, named, numbers) {
    if (this.shown[place] !== null) throw new InputError('disclosure-referenced-twice');
    this.shown[place] = opened(this.texts[place], named, numbers);
    return this.shown[place];
  }
}

/** An `_sd` array: at least one digest, sorted as text, none twice. */
function sorted(references, place) {
  if (!Array.isArray(references) || !references.length) throw new InputError('entry-digest', { member: place });
  let last = '';
  for (const reference of references) {
    if (typeof reference !== 'string') throw new InputError('entry-digest', { member: place });
    if (reference <= last) {
      throw new InputError(reference === last ? 'entry-digest-repeated' : 'entry-digests-unsorted');
    }
    last = reference;
  }
  return references;
}
