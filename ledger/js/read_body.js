/* The clear body of a public kind, read strictly: as `ledger/registry/read_body.py`.
 *
 * - A body holds exactly the members of its kind (for `key`: of its `op`); each refusal names the member.
 * - What is read has a `what`: `genesis`, `policy`, `add`, `revoke`, `compromise`, `rotate`, `recover`, `member`,
 *   `approval`, `tags`, `erasure`, `evidence`, `snapshot`.
 */

import { decode } from './base64url.js';
import { ISSUER, isPrintable } from './claims.js';
import { InputError } from './errors.js';
import { PublicKey } from './signature.js';

export const ROLES = ['admin', 'device', 'gateway', 'operator', 'export'];
const MAX_MEMBERS = 64;
const MAX_WITNESS_LINES = 64;
const MAX_WITNESS_LINE = 512;
const MAX_GROUND = 500;
const MAX_TAGS = 48;
const ORIGIN = /^[!-*,-~]{1,128}$/;
const WITNESS_LINE = /^(?:witness|group|quorum)(?: [!-~]+)+$/;
const EVIDENCE_TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const OPS = { add, revoke, compromise, rotate, recover };
const READERS = { policy, key, member, approval, tags, erasure, evidence, snapshot };

/** The value of a public kind's body (a `Map`); `InputError`: `body-…`, `base64url`, `key-…`. */
export async function readBody(kind, body) {
  return READERS[kind](body);
}

async function policy(body) {
  if (body.has('origin')) return readGenesis(body);
  const closing = body.has('successor');
  names(body, ['votes', 'witnesses', 'gateway', ...(closing ? ['successor'] : [])]);
  if (!closing) return { what: 'policy', terms: terms(body), successor: null };
  const successor = object(body.get('successor'), 'successor', ['origin', 'logKey']);
  const named = { origin: origin(successor, 'origin'), logKey: bytes(successor, 'logKey') };
  return { what: 'policy', terms: terms(body), successor: named };
}

/** The body of entry 0. */
export async function readGenesis(body) {
  names(body, ['origin', 'logKey', 'members', 'operator', 'votes', 'witnesses', 'gateway', 'predecessor']);
  const founders = [];
  for (const item of list(body, 'members', MAX_MEMBERS)) {
    founders.push(await founding(object(item, 'members', ['iss', 'jwk', 'pop', 'next']), 'iss'));
  }
  const operator = object(body.get('operator'), 'operator', ['iss', 'jwk', 'pop']);
  return {
    what: 'genesis',
    origin: origin(body, 'origin'),
    logKey: bytes(body, 'logKey'),
    members: founders,
    operator: { iss: iss(operator, 'iss'), key: await jwk(operator), pop: bytes(operator, 'pop', 64), next: null },
    terms: terms(body),
    predecessor: predecessor(body.get('predecessor')),
  };
}

function predecessor(value) {
  if (value === null) return null;
  object(value, 'predecessor', ['origin', 'size', 'root']);
  return { origin: origin(value, 'origin'), size: integer(value, 'size'), root: bytes(value, 'root') };
}

function terms(body) {
  const lines = list(body, 'witnesses', MAX_WITNESS_LINES, 0);
  for (const line of lines) {
    if (typeof line !== 'string' || line.length > MAX_WITNESS_LINE || !WITNESS_LINE.test(line)) throw value('witnesses');
  }
  if (!['accept', 'refuse'].includes(body.get('gateway'))) throw value('gateway');
  return { votes: integer(body, 'votes'), witnesses: lines, gateway: body.get('gateway') };
}

async function key(body) {
  const op = body.get('op');
  if (typeof op !== 'string' || !Object.hasOwn(OPS, op)) {
    throw new InputError(body.has('op') ? 'body-value' : 'body-member-missing', { member: 'op' });
  }
  return OPS[op](body);
}

async function add(body) {
  // An admin key commits to its next one, the others are replaced by adding and revoking.
  const admin = body.get('role') === 'admin';
  names(body, ['op', 'kid', 'role', 'jwk', 'pop', ...(admin ? ['next'] : [])]);
  if (!ROLES.includes(body.get('role'))) throw value('role');
  const named = await jwk(body);
  if (kid(body, 'kid') !== named.kid) throw value('kid');
  const pop = bytes(body, 'pop', 64);
  return { what: 'add', role: body.get('role'), key: named, pop, next: admin ? nextKid(body, named) : null };
}

function revoke(body) {
  names(body, ['op', 'kid']);
  return { what: 'revoke', kid: kid(body, 'kid') };
}

function compromise(body) {
  names(body, ['op', 'kid', 'from']);
  return { what: 'compromise', kid: kid(body, 'kid'), since: integer(body, 'from') };
}

async function rotate(body) {
  // Without `seq` and `head` no entry of the old lane is vouched for.
  const vouched = body.has('seq') || body.has('head');
  names(body, ['op', 'kid', 'jwk', 'pop', 'next', ...(vouched ? ['seq', 'head'] : [])]);
  const named = await jwk(body);
  const [seq, head] = vouched ? [integer(body, 'seq'), bytes(body, 'head')] : [null, null];
  const old = kid(body, 'kid');
  return { what: 'rotate', kid: old, key: named, pop: bytes(body, 'pop', 64), next: nextKid(body, named), seq, head };
}

async function recover(body) {
  names(body, ['op', 'member', 'jwk', 'pop', 'next']);
  return { what: 'recover', founding: await founding(body, 'member') };
}

async function member(body) {
  names(body, ['iss', 'jwk', 'pop', 'next']);
  return { what: 'member', founding: await founding(body, 'iss') };
}

function approval(body) {
  names(body, ['of']);
  return { what: 'approval', of: bytes(body, 'of') };
}

function tags(body) {
  names(body, ['tag']);
  return { what: 'tags', tags: digests(body, 'tag', MAX_TAGS) };
}

function erasure(body) {
  names(body, ['erased', 'ground']);
  const erased = list(body, 'erased', Infinity).map((item) => {
    object(item, 'erased', ['entry', 'digests']);
    return { entry: bytes(item, 'entry'), digests: digests(item, 'digests', Infinity) };
  });
  const ground = body.get('ground');
  const fits = typeof ground === 'string' && ground !== '' && [...ground].length <= MAX_GROUND && isPrintable(ground);
  if (!fits) throw value('ground');
  return { what: 'erasure', erased, ground };
}

function evidence(body) {
  names(body, ['type', 'sha256']);
  const type = body.get('type');
  if (typeof type !== 'string' || type.length > 40 || !EVIDENCE_TYPE.test(type)) throw value('type');
  return { what: 'evidence', type, sha256: bytes(body, 'sha256') };
}

function snapshot(body) {
  names(body, ['size', 'keys', 'root', 'tags']);
  const [size, keys] = [integer(body, 'size'), integer(body, 'keys')];
  return { what: 'snapshot', size, keys, root: bytes(body, 'root'), tags: bytes(body, 'tags') };
}

function value(name) {
  return new InputError('body-value', { member: name });
}

function names(body, expected) {
  for (const name of expected) if (!body.has(name)) throw new InputError('body-member-missing', { member: name });
  for (const name of body.keys()) {
    if (!expected.includes(name)) throw new InputError('body-member-unknown', { member: name });
  }
}

function object(item, name, expected) {
  if (!(item instanceof Map)) throw value(name);
  names(item, expected);
  return item;
}

function list(body, name, most, least = 1) {
  const items = body.get(name);
  if (!Array.isArray(items) || items.length < least || items.length > most) throw value(name);
  return items;
}

function integer(body, name) {
  const number = body.get(name);
  if (typeof number !== 'number') throw value(name);
  return number;
}

function bytes(body, name, length = 32) {
  const text = body.get(name);
  const decoded = typeof text === 'string' ? decode(text, name) : null;
  if (decoded === null || decoded.length !== length) throw value(name);
  return decoded;
}

function digests(body, name, most) {
  const texts = list(body, name, most);
  const rising = texts.every((text, at) => typeof text === 'string' && (at === 0 || texts[at - 1] < text));
  if (!rising) throw value(name);
  return texts.map((text) => bytes(new Map([[name, text]]), name));
}

function iss(body, name) {
  const text = body.get(name);
  if (typeof text !== 'string' || !ISSUER.test(text)) throw value(name);
  return text;
}

function origin(body, name) {
  const text = body.get(name);
  if (typeof text !== 'string' || !ORIGIN.test(text)) throw value(name);
  return text;
}

function kid(body, name) {
  bytes(body, name);
  return body.get(name);
}

/** A key that commits to itself could never be rotated. */
function nextKid(body, own) {
  const committed = kid(body, 'next');
  if (committed === own.kid) throw value('next');
  return committed;
}

async function jwk(body) {
  if (!(body.get('jwk') instanceof Map)) throw value('jwk');
  return PublicKey.fromJwk(body.get('jwk'));
}

async function founding(body, owner) {
  const offered = await jwk(body);
  return { iss: iss(body, owner), key: offered, pop: bytes(body, 'pop', 64), next: nextKid(body, offered) };
}
