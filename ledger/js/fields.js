/* The members of one JSON object, taken one by one with their types; what nobody took is refused.
 * As `ledger/fields.py`.
 *
 *     const item = new Fields(tree, 'logs/0', 'bundle'); const size = item.integer('size'); item.done();
 */

import { decode } from './base64url.js';
import { isAscii } from './bytes.js';
import { InputError } from './errors.js';

const IS = {
  string: (value) => typeof value === 'string',
  integer: (value) => typeof value === 'number',
  list: Array.isArray,
  object: (value) => value instanceof Map,
  pair: (value) => Array.isArray(value) && value.length === 2,
};

export class Fields {
  constructor(tree, place, noun) {
    this.place = place;
    this.noun = noun;
    this.check(tree, place, 'object');
    this.left = new Map(tree);
  }

  /** Refuse what was not taken: an unknown member. */
  done() {
    for (const name of this.left.keys()) throw this.wrong('file-unknown-member', this.path(name).slice(0, 80));
  }

  text(name) {
    return this.typed(name, 'string');
  }

  ascii(name) {
    return this.asAscii(this.text(name), this.path(name));
  }

  optionalText(name) {
    return this.left.has(name) ? this.text(name) : null;
  }

  integer(name) {
    return this.typed(name, 'integer');
  }

  /** An integer smaller than `limit`. */
  below(name, limit) {
    const value = this.integer(name);
    if (value >= limit) throw this.wrong('file-number-range', this.path(name), { limit });
    return value;
  }

  /** Base64url text of exactly `length` bytes. */
  binary(name, length) {
    return this.asBinary(this.text(name), this.path(name), length);
  }

  /** A list of base64url texts, each of `length` bytes, or of any length with null. */
  binaries(name, length) {
    return this.items(name).map(([item, place]) => this.asBinary(item, place, length));
  }

  asciis(name) {
    return this.items(name).map(([item, place]) => this.asAscii(item, place));
  }

  texts(name) {
    return this.items(name).map(([item, place]) => this.check(item, place, 'string'));
  }

  /** An object whose members are all strings, whatever their names. */
  strings(name) {
    const members = this.typed(name, 'object');
    for (const [key, value] of members) this.check(value, `${this.path(name)}/${key}`, 'string');
    return members;
  }

  integers(name) {
    return this.items(name).map(([item, place]) => this.check(item, place, 'integer'));
  }

  /** A list of pairs [bit, digest of 32 bytes]: a way through the tag tree. */
  steps(name) {
    return this.items(name).map(([item, place]) => {
      const [bit, digest] = this.check(item, place, 'pair');
      this.check(bit, place, 'integer');
      if (bit > 255) throw this.wrong('file-number-range', place, { limit: 256 });
      return [bit, this.asBinary(digest, place, 32)];
    });
  }

  object(name) {
    return new Fields(this.take(name), this.path(name), this.noun);
  }

  optionalObject(name) {
    return this.left.has(name) ? this.object(name) : null;
  }

  objects(name) {
    return this.items(name).map(([item, place]) => new Fields(item, place, this.noun));
  }

  items(name) {
    return this.typed(name, 'list').map((item, position) => [item, `${this.path(name)}/${position}`]);
  }

  take(name) {
    if (!this.left.has(name)) throw this.wrong('file-missing-member', this.path(name));
    const value = this.left.get(name);
    this.left.delete(name);
    return value;
  }

  typed(name, kind) {
    return this.check(this.take(name), this.path(name), kind);
  }

  check(value, place, expected) {
    if (!IS[expected](value)) throw this.wrong('file-member-type', place, { expected });
    return value;
  }

  asAscii(value, place) {
    if (!isAscii(this.check(value, place, 'string'))) throw this.wrong('file-not-ascii', place);
    return value;
  }

  asBinary(value, place, length) {
    const decoded = decode(this.check(value, place, 'string'), place);
    if (length !== null && decoded.length !== length) {
      throw this.wrong('file-digest-length', place, { expected: length, found: decoded.length });
    }
    return decoded;
  }

  path(name) {
    return this.place ? `${this.place}/${name}` : name;
  }

  wrong(code, place, context = {}) {
    return new InputError(code, { file: this.noun, member: place, ...context });
  }
}
