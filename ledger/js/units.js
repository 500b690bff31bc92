/* Units of measure by UN/CEFACT code, converted exactly. As `schemas/units.py`.
 *
 * Each code belongs to one dimension; a value becomes the dimension's base by `value * factor + offset`. A code that
 * the list does not hold is a dimension of its own.
 *
 * UN/ECE Recommendation 20.
 */

import { CONVERSIONS } from './conversions.js';
import { Decimal, ZERO } from './decimal.js';

const UNITS = new Map(CONVERSIONS.map(([code, dimension, factor, offset]) => [
  code, { dimension, factor: exact(factor), offset: exact(offset) },
]));

/** The dimension of a code and the value in its base. */
export function based(value, code) {
  const { dimension, factor, offset } = UNITS.get(code) ?? { dimension: code, factor: new Decimal(1n), offset: ZERO };
  return { dimension, quantity: value.times(factor).plus(offset) };
}

/** A number of the list: finer than any amount may be. */
function exact(text) {
  const [whole, fraction = ''] = text.split('.');
  return new Decimal(BigInt(whole + fraction), -fraction.length);
}
