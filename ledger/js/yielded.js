/* What a process gave for what went in: nothing comes from nothing. As `ledger/lots/yielded.py`, without bands: the
 * table of yields is the reader's own.
 */

import { MASS, weighed } from './balance.js';
import { ZERO } from './decimal.js';

const BASES = ['mass', 'volume'];

/** What went in and came out of one process, given all its steps, and whether more came out than can; or null. */
export function yielded(process, products) {
  const [used, made] = [added(process, 'used', products), added(process, 'made', products)];
  if (used === null || made === null || used.dimension !== made.dimension) return null;
  const lost = process.reduce((sum, { wasted }) => (wasted === null ? sum : sum.plus(wasted)), ZERO);
  const out = used.dimension === MASS ? made.quantity.plus(lost) : made.quantity;
  return { used: used.quantity, made: made.quantity, over: out.compare(used.quantity) > 0 };
}

/** What went in, or came out: its dimension and sum; null where an amount is not shown or dimensions mix. */
function added(process, role, products) {
  let total = null;
  for (const { flows, at } of process) {
    for (const { uri, amount } of flows.filter((flow) => flow.role === role)) {
      const found = amount === null ? null : weighed(amount, uri, at, products);
      if (found === null || !BASES.includes(found.dimension)) return null;
      if (total !== null && total.dimension !== found.dimension) return null;
      total = { dimension: found.dimension, quantity: (total?.quantity ?? ZERO).plus(found.quantity) };
    }
  }
  return total;
}
