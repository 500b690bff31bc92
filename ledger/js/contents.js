/* What is in a unit at a moment. As `ledger/lots/contents.py`, which lists the rules.
 *
 * A moment is an event: what stands before it in the order of time has happened.
 */

import { compareSteps } from './step.js';

const GS1 = /^https:\/\/id\.gs1\.org\/([0-9]{2,4})\/[^/]+(?:\/([0-9]{2,4})\/)?/;
const ITEMS = ['21', '235'];

/** What is in units, by the steps about them; `of`: the steps about an object, in the order of time. */
export class Units {
  constructor(of) {
    this.of = of;
    this.told = new Map();
    this.anew = new Map();
    this.known = new Map();
  }

  /** What is in the unit itself, uri -> amount. */
  directly(unit, moment) {
    const moments = kept(this.known, unit, () => new Map());
    return kept(moments, moment, () => {
      const held = packed(unit, this.about(unit), moment);
      return new Map([...held].filter(([uri]) => isLot(uri) || !this.hasLeft(uri, unit, moment)));
    });
  }

  /** The steps about a unit, and of what it goes along with. */
  about(unit) {
    return kept(this.told, unit, () => along(unit, this.of(unit), this.of));
  }

  /** Did what was packed in a unit leave it without a word of that unit? */
  hasLeft(thing, unit, moment) {
    const last = this.of(thing).findLast((step) => isBefore(step, moment)
      && ((does(step, unit) === 'puts' && step.moves.children.has(thing)) || leaves(step, thing, unit)));
    if (last === undefined) return false;
    if (does(last, unit) !== 'puts' || !last.moves.children.has(thing)) return true;
    const anew = kept(this.anew, thing, () => renewals(thing, this.about(thing), null));
    return anew.some((step) => isBefore(last, step) && isBefore(step, moment));
  }
}

function kept(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

function isBefore(one, other) {
  return compareSteps(one, other) < 0;
}

/** Any URI that no GS1 key tells to be one thing is taken for a lot. */
function isLot(uri) {
  const found = GS1.exec(uri);
  return found === null || (found[1] === '01' && !ITEMS.includes(found[2]));
}

/** What an event does to what is in a unit: puts in or takes out what it names, takes out everything, or ends it. */
function does({ moves }, unit) {
  if (moves.used.has(unit)) return 'ends';
  if (moves.parent !== unit) return null;
  if (moves.action === 'DELETE') return moves.children.size ? 'takes' : 'empties';
  return moves.action === 'ADD' && moves.children.size ? 'puts' : null;
}

/** Whether it packs another unit under the number of one that is gone from the member who packs. */
function beginsAnew(step, unit, gone) {
  return step.member === gone && !travels(step, gone) && does(step, unit) === 'puts';
}

/** Whether it takes one thing, which is no lot, out of a unit that it does not name as its parent. */
function leaves({ moves }, thing, unit) {
  const packs = moves.parent !== null && moves.parent !== unit && moves.children.has(thing) && moves.action === 'ADD';
  return moves.used.has(thing) || packs;
}

/** Who sent a unit away and did not get it back, after one more event about it. */
function goneAfter(step, unit, gone) {
  if (step.dealing === 'ships') return step.member;
  if (step.member !== gone) return gone;
  return step.moves.receipt || beginsAnew(step, unit, gone) ? null : gone;
}

/** Does it send the unit away, or bring it back: then it packs nothing, whatever it names? */
function travels({ dealing, moves, member }, gone) {
  return dealing === 'ships' || (moves.receipt && member === gone);
}

/** The steps about a unit with those that send away or bring back another one that it lies in. */
function along(unit, steps, of) {
  // What never held anything is only a thing in many units: none of them is asked.
  if (!steps.some(({ moves }) => moves.parent === unit)) return steps;
  const taken = new Set();
  let riding = [];
  let gone = null;
  for (const [at, step] of steps.entries()) {
    while (riding.length && isBefore(riding[0], step)) gone = goneAfter(riding.shift(), unit, gone);
    gone = goneAfter(step, unit, gone);
    const carrier = step.moves.parent;
    if (carrier !== null && carrier !== unit && step.moves.children.has(unit) && does(step, carrier) === 'puts') {
      riding = rides(unit, steps.slice(at), carrier, of(carrier), gone);
      for (const ride of riding) taken.add(ride);
    }
  }
  return taken.size ? [...steps, ...taken].sort(compareSteps) : steps;
}

/** The journeys of a carrier from the first of the steps about a unit, which puts it in, until it is out or anew. */
function rides(unit, [put, ...later], carrier, steps, gone) {
  const out = later.findIndex((step) => leaves(step, unit, carrier)
    || (step.moves.children.has(unit) && does(step, carrier) === 'takes'));
  const [here, last] = out < 0 ? [later, null] : [later.slice(0, out), later[out]];
  const went = journeys(carrier, steps, put, last).filter(({ moves }) => !moves.touched.has(unit));
  const [anew] = went.length ? renewals(unit, [...here, ...went].sort(compareSteps), gone) : [];
  return anew === undefined ? went : went.filter((step) => isBefore(step, anew));
}

/** Where a carrier went with what was put into it by `first`, until `last`, or it is emptied, or another one. */
function journeys(carrier, steps, first, last) {
  const found = [];
  let gone = null;
  for (const step of steps.filter((each) => isBefore(first, each))) {
    const ended = ['empties', 'ends'].includes(does(step, carrier)) || beginsAnew(step, carrier, gone);
    if (ended || (last !== null && !isBefore(step, last))) break;
    if (step.dealing === 'ships' || step.moves.receipt) found.push(step);
    gone = goneAfter(step, carrier, gone);
  }
  return found;
}

/** Those of the steps that begin another unit under this number; `gone`: who had sent it away before them. */
function renewals(unit, steps, gone) {
  return steps.filter((step) => {
    const anew = beginsAnew(step, unit, gone);
    gone = goneAfter(step, unit, gone);
    return anew;
  });
}

/** What was packed in the unit and not taken out before a moment. */
function packed(unit, steps, moment) {
  let held = new Map();
  let gone = null;
  for (const step of steps) {
    if (!isBefore(step, moment)) break;
    const what = travels(step, gone) ? null : does(step, unit);
    if (what === 'empties' || what === 'ends' || beginsAnew(step, unit, gone)) held = new Map();
    const children = what === 'puts' || what === 'takes' ? step.flows.filter(({ role }) => role === 'child') : [];
    for (const { uri, amount } of children) {
      if (what === 'takes') takeOut(held, uri, amount);
      else held.set(uri, held.has(uri) ? sum(held.get(uri), amount) : amount);
    }
    gone = goneAfter(step, unit, gone);
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
