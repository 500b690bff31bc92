/* Strict JSON: number text kept, names unique, depth bounded; and RFC 8785 out. As `schemas/syntax/json_text.py`.
 *
 * `JSON.parse` passes over repeated names and rounds numbers, so what is signed is read here instead.
 *
 * - Objects are `Map`s: no name of a file can be mistaken for one of the language's own.
 * - `read` keeps the text of numbers (`Num`); `readIntegers` knows only the integers 0..2^53.
 * - Refused: repeated names, lone surrogates, NaN and infinities, nesting over 32, a byte order mark.
 *
 *     read(utf8('{"quantity": 1.50}')).get('quantity').text   // '1.50'
 *
 * RFC 8259; RFC 8785 section 3.2.
 */

import { fromUtf8, utf8 } from './bytes.js';
import { InputError } from './errors.js';

const MAX_DEPTH = 32;
const MAX_NUMBER_TEXT = 64;
const MAX_INTEGER = 2n ** 53n;
// Deeper than any reader goes before it gives up: what is deeper than MAX_DEPTH is refused at the end.
const GIVE_UP = 900;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
// Python's reader takes these for numbers, and refuses them by name.
const NOT_NUMBERS = ['NaN', 'Infinity', '-Infinity'];
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** A JSON number as it was written. */
export class Num {
  constructor(text) {
    this.text = text;
  }
}

/** One JSON value of these bytes with the text of its numbers kept. */
export function read(bytes) {
  return new Reader(bytes, exact).whole();
}

/** One JSON value of these bytes whose only numbers are `0|[1-9][0-9]*` up to 2^53. */
export function readIntegers(bytes) {
  return new Reader(bytes, integer).whole();
}

/** RFC 8785 of a tree whose numbers are integers. */
export function canonical(value) {
  return utf8(inOrder(value));
}

function inOrder(value) {
  if (value instanceof Map) {
    // The default order of `sort` is that of UTF-16 code units, which RFC 8785 wants.
    const members = [...value.keys()].sort().map((name) => `${JSON.stringify(name)}:${inOrder(value.get(name))}`);
    return `{${members.join(',')}}`;
  }
  return Array.isArray(value) ? `[${value.map(inOrder).join(',')}]` : JSON.stringify(value);
}

function exact(text) {
  if (text.length > MAX_NUMBER_TEXT) throw new InputError('json-number-too-long', { limit: MAX_NUMBER_TEXT });
  return new Num(text);
}

function integer(text, fraction) {
  if (fraction || text[0] === '-' || text.length > 16 || BigInt(text) > MAX_INTEGER) {
    throw new InputError('json-not-integer', { value: text.slice(0, 40) });
  }
  return Number(text);
}

class Reader {
  constructor(bytes, number) {
    this.text = fromUtf8(bytes);
    if (this.text === null) throw new InputError('json-not-utf8', {});
    if (this.text.startsWith('\ufeff')) throw new InputError('json-byte-order-mark');
    this.number = number;
    this.at = 0;
    this.deepest = 0;
    this.escaped = false;
  }

  /** The one value of the text; depth and surrogates are judged once it is known to be JSON. */
  whole() {
    this.space();
    const value = this.value(1);
    this.space();
    if (this.at !== this.text.length) throw this.wrong();
    if (this.deepest > MAX_DEPTH) throw new InputError('json-too-deep', { limit: MAX_DEPTH });
    if (this.escaped) refuseLoneSurrogates(value);
    return value;
  }

  value(depth) {
    const character = this.text[this.at];
    if (character === '"') return this.string();
    if (character === '{' || character === '[') {
      this.deepest = Math.max(this.deepest, depth);
      if (depth > GIVE_UP) throw new InputError('json-too-deep', { limit: MAX_DEPTH });
      return character === '{' ? this.object(depth) : this.list(depth);
    }
    for (const [word, value] of [['true', true], ['false', false], ['null', null]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.numeral();
  }

  numeral() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) {
      const word = NOT_NUMBERS.find((name) => this.text.startsWith(name, this.at));
      throw word ? new InputError('json-not-a-number', { value: word }) : this.wrong();
    }
    this.at += found[0].length;
    return this.number(found[0], found[1] !== undefined || found[2] !== undefined);
  }

  object(depth) {
    const members = new Map();
    let repeated = null;
    this.each('}', () => {
      if (this.text[this.at] !== '"') throw this.wrong();
      const name = this.string();
      this.space();
      if (this.text[this.at] !== ':') throw this.wrong();
      this.at += 1;
      this.space();
      const value = this.value(depth + 1);
      if (members.has(name)) repeated ??= name;
      members.set(name, value);
    });
    if (repeated !== null) throw new InputError('json-duplicate-name', { member: repeated });
    return members;
  }

  list(depth) {
    const items = [];
    this.each(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  /** What stands between an opening sign and `end`, with commas between. */
  each(end, one) {
    this.at += 1;
    this.space();
    if (this.text[this.at] === end) {
      this.at += 1;
      return;
    }
    for (;;) {
      one();
      this.space();
      const sign = this.text[this.at];
      if (sign !== end && sign !== ',') throw this.wrong();
      this.at += 1;
      if (sign === end) return;
      this.space();
    }
  }

  string() {
    let text = '';
    this.at += 1;
    for (;;) {
      PLAIN.lastIndex = this.at;
      const plain = PLAIN.exec(this.text)[0];
      text += plain;
      this.at += plain.length;
      const character = this.text[this.at];
      if (character === '"') {
        this.at += 1;
        return text;
      }
      if (character !== '\\') throw this.wrong();
      text += this.escape();
    }
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (Object.hasOwn(ESCAPES, letter ?? '')) {
      this.at += 2;
      return ESCAPES[letter];
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (letter !== 'u' || !/^[0-9A-Fa-f]{4}$/.test(digits)) throw this.wrong();
    this.escaped = true;
    this.at += 6;
    return String.fromCharCode(parseInt(digits, 16));
  }

  space() {
    while (' \t\n\r'.includes(this.text[this.at] ?? '-')) this.at += 1;
  }

  wrong() {
    const before = this.text.slice(0, this.at);
    const column = this.at - before.lastIndexOf('\n');
    return new InputError('json-syntax', { line: before.split('\n').length, column, problem: 'not JSON' });
  }
}

/** A lone surrogate has no UTF-8 form, so two readers would hash two different texts (RFC 7493 section 2.1). */
function refuseLoneSurrogates(value) {
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) throw new InputError('json-lone-surrogate');
  } else if (Array.isArray(value)) {
    value.forEach(refuseLoneSurrogates);
  } else if (value instanceof Map) {
    for (const [name, item] of value) {
      refuseLoneSurrogates(name);
      refuseLoneSurrogates(item);
    }
  }
}
