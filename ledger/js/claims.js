/* The claims of an entry: its kind, its place in its lane, and what each kind may carry. As `ledger/entry/claims.py`.
 *
 * - All kinds: `v` 1, `log`, `iss`, `seq`, `prev` (absent exactly when `seq` is 0), `kind`.
 * - Private kinds add exactly `_sd_alg`, `_sd` (two digests), `tag` and `more`; public kinds exactly `body`.
 * - Digests and tags are sorted as ASCII text and distinct.
 * - A leaf of unknown kind is read as far as the common claims: `known` is false, it confers nothing.
 */

import { decode } from './base64url.js';
import { utf8 } from './bytes.js';
import { InputError } from './errors.js';

export const PRIVATE_KINDS = new Set(['event', 'correction', 'master', 'document', 'drill']);
const PUBLIC_KINDS = new Set(['key', 'member', 'approval', 'policy', 'tags', 'erasure', 'evidence', 'snapshot']);
const VERSION = 1;
const SD_ALG = 'sha-256';
const MAX_ORIGIN = 128;
const MAX_TAGS = 48;
const MAX_MORE = 255;
export const RESERVED = new Set(['_sd', '_sd_alg', '...']);

const COMMON = ['v', 'log', 'iss', 'seq', 'kind'];
const PRIVATE = [...COMMON, '_sd_alg', '_sd', 'tag', 'more'];
const PUBLIC = [...COMMON, 'body'];
const MEMBER = [...PUBLIC, '_sd_alg', '_sd'];
const REPEATED = { _sd: 'entry-digest-repeated', tag: 'entry-tag-repeated' };
const UNSORTED = { _sd: 'entry-digests-unsorted', tag: 'entry-tags-unsorted' };
export const ISSUER = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const KIND = /^[a-z][a-z0-9-]{0,31}$/;
// What Python prints as it is: no control, format, private, unassigned or separating character but the space.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const IS = {
  int: (value) => typeof value === 'number',
  str: (value) => typeof value === 'string',
  list: Array.isArray,
  dict: (value) => value instanceof Map,
};

/** The claims of one payload; `InputError` with its own code for each rule that is broken. */
export function readClaims(payload) {
  const claims = { ...common(payload), known: true, private: false, sd: [], tags: [], more: 0, body: null, profile: null };
  if (PRIVATE_KINDS.has(claims.kind)) {
    names(payload, PRIVATE);
    return { ...claims, private: true, ...committed(payload) };
  }
  if (!PUBLIC_KINDS.has(claims.kind)) return { ...claims, known: false };
  if (claims.kind === 'member' && (payload.has('_sd') || payload.has('_sd_alg'))) {
    names(payload, MEMBER);
    [claims.profile] = digests(payload, 1);
  } else {
    names(payload, PUBLIC);
  }
  claims.body = typed(payload, 'body', 'dict');
  refuseReserved(claims.body);
  if (claims.kind === 'tags') claims.tags = tagsBody(claims.body);
  return claims;
}

/** A SHA-256 digest in base64url; `InputError('entry-digest')` for another type or length. */
export function digest(text, member) {
  if (typeof text !== 'string' || text.length !== 43) throw new InputError('entry-digest', { member });
  return decode(text, member);
}

/** `InputError('entry-reserved-name')` if data uses a name that belongs to RFC 9901, at any depth. */
export function refuseReserved(value) {
  if (Array.isArray(value)) {
    value.forEach(refuseReserved);
  } else if (value instanceof Map) {
    for (const [name, item] of value) {
      if (RESERVED.has(name)) throw new InputError('entry-reserved-name', { member: name });
      refuseReserved(item);
    }
  }
}

/** Is every character of the text one that is printed, the space among them? */
export function isPrintable(text) {
  return !UNPRINTABLE.test(text);
}

function common(payload) {
  const v = typed(payload, 'v', 'int');
  if (v !== VERSION) throw new InputError('entry-version', { value: v, expected: VERSION });
  const log = origin(typed(payload, 'log', 'str'));
  const iss = matching(typed(payload, 'iss', 'str'), ISSUER, 'entry-issuer');
  const kind = matching(typed(payload, 'kind', 'str'), KIND, 'entry-kind');
  const seq = typed(payload, 'seq', 'int');
  if (seq === 0 && payload.has('prev')) throw new InputError('entry-prev-unexpected');
  if (seq !== 0 && !payload.has('prev')) throw new InputError('entry-prev-missing', { seq });
  return { log, iss, seq, prev: seq === 0 ? null : digest(payload.get('prev'), 'prev'), kind };
}

function typed(payload, name, kind) {
  if (!payload.has(name)) throw new InputError('entry-claim-missing', { member: name });
  const value = payload.get(name);
  if (!IS[kind](value)) throw new InputError('entry-claim-type', { member: name, expected: kind });
  return value;
}

/** Exactly the claims of the kind; `prev` was settled with `seq`. */
function names(payload, expected) {
  for (const name of payload.keys()) {
    if (!expected.includes(name) && name !== 'prev') throw new InputError('entry-claim-unknown', { member: name });
  }
  const missing = expected.filter((name) => !payload.has(name)).sort();
  if (missing.length) throw new InputError('entry-claim-missing', { member: missing[0] });
}

/** A C2SP origin: not empty, no white space, no plus sign (signed-note, key name). */
function origin(text) {
  const { length } = utf8(text);
  if (length === 0 || length > MAX_ORIGIN || /[+ ]/.test(text) || !isPrintable(text)) {
    throw new InputError('entry-origin', { value: text.slice(0, MAX_ORIGIN), limit: MAX_ORIGIN });
  }
  return text;
}

function matching(text, form, code) {
  if (!form.test(text)) throw new InputError(code, { value: text.slice(0, 80) });
  return text;
}

/** The digests of an `_sd` or `tag` array: sorted as ASCII text (RFC 9901 section 4.2.4.1), none twice. */
function sortedDigests(texts, member) {
  const found = texts.map((text) => digest(text, member));
  texts.forEach((text, at) => {
    const before = at ? texts[at - 1] : '';
    if (text <= before) throw new InputError(text === before ? REPEATED[member] : UNSORTED[member]);
  });
  return found;
}

function digests(payload, count) {
  if (payload.get('_sd_alg') !== SD_ALG) {
    throw new InputError('entry-digest-algorithm', { value: String(payload.get('_sd_alg')).slice(0, 40), expected: SD_ALG });
  }
  const texts = typed(payload, '_sd', 'list');
  if (texts.length !== count) throw new InputError('entry-digest-count', { count: texts.length, expected: count });
  return sortedDigests(texts, '_sd');
}

function committed(payload) {
  const sd = digests(payload, 2);
  const tags = typed(payload, 'tag', 'list');
  const more = typed(payload, 'more', 'int');
  if (tags.length > MAX_TAGS) throw new InputError('entry-tag-count', { count: tags.length, limit: MAX_TAGS });
  if (more > MAX_MORE) throw new InputError('entry-more', { value: more, limit: MAX_MORE });
  return { sd, tags: sortedDigests(tags, 'tag'), more };
}

function tagsBody(body) {
  const tags = body.get('tag');
  if (body.size !== 1 || !Array.isArray(tags)) throw new InputError('entry-tags-body');
  if (tags.length === 0 || tags.length > MAX_TAGS) {
    throw new InputError('entry-tag-count', { count: tags.length, limit: MAX_TAGS });
  }
  return sortedDigests(tags, 'tag');
}
