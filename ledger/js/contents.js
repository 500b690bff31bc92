/* What is in a unit at a moment: packed before it and not taken out since. As `ledger/lots/contents.py`.
 *
 * - ADD packs what it names; DELETE takes it out, or everything where it names nothing.
 * - Of a lot taken out without an amount, all of it goes.
 * - What is packed under the number of a unit that its packer sent away, and that did not come back, is in another unit.
 */

/** What is in the unit itself, uri -> amount, after these steps, which are in the order of time. */
export function contentsOf(unit, steps) {
  let held = new Map();
  let gone = null;
  for (const { dealing, moves, member, flows } of steps) {
    const children = flows.filter(({ role }) => role === 'child');
    const packed = moves.parent === unit ? moves.action : null;
    if (dealing === 'ships') {
      gone = member;
    } else if (moves.receipt && member === gone) {
      gone = null;
    } else if (packed === 'ADD') {
      // It left and did not come back: another unit has its number now.
      if (member === gone) [held, gone] = [new Map(), null];
      for (const { uri, amount } of children) held.set(uri, held.has(uri) ? sum(held.get(uri), amount) : amount);
    } else if (packed === 'DELETE') {
      if (!moves.children.size) held = new Map();
      for (const { uri, amount } of children) takeOut(held, uri, amount);
    }
  }
  return held;
}

/** The sum where both are in one unit of measure. */
function sum(one, other) {
  if (one === null || other === null || one.uom !== other.uom) return null;
  return { quantity: one.quantity.plus(other.quantity), uom: one.uom };
}

function takeOut(held, uri, amount) {
  const had = held.get(uri) ?? null;
  const some = had !== null && amount !== null && had.uom === amount.uom && amount.quantity.compare(had.quantity) < 0;
  if (some) held.set(uri, { quantity: had.quantity.minus(amount.quantity), uom: had.uom });
  else held.delete(uri);
}
