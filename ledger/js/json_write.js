/* JSON out, in the members' own order, number text kept: the writing half of `schemas/syntax/json_text.py`.
 *
 * - A tree is what `json_text.js` reads: `Map`s, arrays, strings, `Num`s, booleans, null; and whole numbers.
 * - `treeOf` makes one of plain objects, for what a page puts together itself; `undefined` members are left out.
 *
 *     write(treeOf({ quantity: new Num('1.50'), uom: 'KGM' }))   // '{"quantity":1.50,"uom":"KGM"}'
 *
 * RFC 8259.
 */

import { InputError } from './errors.js';
import { Num } from './json_text.js';

/** The text of a tree. */
export function write(value) {
  if (value instanceof Num) return value.text;
  if (value instanceof Map) return `{${[...value].map(([name, item]) => `${write(name)}:${write(item)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new InputError('json-not-integer', { value: `${value}` });
  // A lone surrogate has no UTF-8 form, so two readers would hash two different texts (RFC 7493 section 2.1).
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new InputError('json-lone-surrogate');
  return JSON.stringify(value);
}

/** The tree of plain objects. */
export function treeOf(value) {
  if (Array.isArray(value)) return value.map(treeOf);
  if (value === null || typeof value !== 'object' || value instanceof Num || value instanceof Map) return value;
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  return new Map(given.map(([name, item]) => [name, treeOf(item)]));
}
