/* The `record` of a private entry: when it was written, what it builds on, which lots it is about.
 * As `ledger/entry/record.py`.
 */

import { decode } from './base64url.js';
import { isAscii } from './bytes.js';
import { keepable } from './canonical.js';
import { digest } from './claims.js';
import { InputError } from './errors.js';
import { HIDDEN } from './shown.js';
import { KEY_BYTES, MAX_N } from './tags.js';

/** What a record always has. */
export const REQUIRED = ['iat', 'par', 'lots'];

const MEMBERS = { iat: isCount, par: listOf(isLeaf), source: isSource, relay: isRelay, reattests: isLeaf, lots: listOf(isLot) };
const ELEMENTS = { par: isLeaf, lots: isLot };

/** `InputError` (`record-member`, `record-value`) unless the member is one of a record and its value fits. */
export function checkMember(name, value) {
  if (!Object.hasOwn(MEMBERS, name)) throw new InputError('record-member', { member: name });
  if (!MEMBERS[name](value)) throw new InputError('record-value', { member: name });
}

/** The same for one element of `par` or `lots`. */
export function checkElement(name, value) {
  if (!ELEMENTS[name](value)) throw new InputError('record-value', { member: name });
}

/** The lots of an entry that are shown: `{id, key, n}`, the key as bytes. */
export function shownLots(entry) {
  const lots = entry.record?.get('lots') ?? [];
  return lots
    .filter((lot) => lot !== HIDDEN)
    .map((lot) => ({ id: lot.get('id'), key: decode(lot.get('key')), n: lot.get('n') }));
}

/** The leaf that an entry re-attests, null where it shows none. */
export function reattested(entry) {
  const leaf = entry.record?.get('reattests');
  return leaf ? decode(leaf) : null;
}

function isCount(value) {
  return typeof value === 'number';
}

function isLeaf(value) {
  digest(value, 'record');
  return true;
}

function isSource(value) {
  if (!(value instanceof Map) || [...value.keys()].sort().join() !== 'mediaType,sha256') return false;
  const type = value.get('mediaType');
  return typeof type === 'string' && type.length > 0 && [...type].length <= 255 && isLeaf(value.get('sha256'));
}

function isRelay(value) {
  return typeof value === 'string' && isAscii(value) && value.split('.').length === 3 && value.length <= 4096;
}

function isLot(value) {
  if (!(value instanceof Map) || [...value.keys()].sort().join() !== 'id,key,n') return false;
  const [id, key, n] = [value.get('id'), value.get('key'), value.get('n')];
  if (typeof id !== 'string' || !keepable(id) || typeof key !== 'string' || typeof n !== 'number' || n > MAX_N) return false;
  return decode(key, 'key').length === KEY_BYTES;
}

function listOf(check) {
  return (value) => Array.isArray(value) && value.every((item) => item === HIDDEN || check(item));
}
