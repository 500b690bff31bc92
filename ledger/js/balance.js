/* Amounts and stocks, exactly. As `ledger/lots/balance.py`, as far as a bundle's balance asks.
 *
 * An amount that is not shown, or that has no common unit with the others, makes its figure not known: never zero.
 */

import { ZERO } from './decimal.js';
import { based } from './units.js';

export const MASS = 'mass';
export const COUNT = 'count';
// UN/CEFACT codes that count pieces, as an amount without a code does (Recommendation 20).
const PIECES = [null, 'H87', 'C62', 'EA'];

/** The dimension of an amount and its quantity in the dimension's base: kilograms, cubic metres, pieces, or the code. */
export function dimensionOf({ quantity, uom }) {
  return PIECES.includes(uom) ? { dimension: COUNT, quantity } : based(quantity, uom);
}

/** An amount of a lot in the base of its dimension, pieces in kilograms where their product's net content is known. */
export function weighed(amount, uri, at, products) {
  const found = dimensionOf(amount);
  const content = found.dimension === COUNT ? products.netContent(uri, at) : null;
  const each = content === null ? null : dimensionOf(content);
  return each?.dimension === MASS ? { dimension: MASS, quantity: found.quantity.times(each.quantity) } : found;
}

/** What a member had of a lot and what became of it, by its lines {kind, dimension, quantity}; null where not known. */
export function stockOf(member, lines) {
  const received = lines.some(({ kind }) => kind === 'received');
  // Accepting follows receiving where both are recorded.
  const counted = lines.filter(({ kind }) => kind !== 'accepted' || !received);
  const [{ dimension }] = counted;
  if (counted.some((line) => line.quantity === null || line.dimension !== dimension)) return null;
  const total = (...kinds) => counted
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { quantity }) => sum.plus(quantity), ZERO);
  return {
    member,
    dimension,
    made: total('made'),
    received: total('received', 'accepted'),
    shipped: total('shipped'),
    came: total('made', 'received', 'accepted'),
    went: total('used', 'shipped', 'wasted'),
  };
}
