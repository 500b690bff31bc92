/* `balanced`: no more left a lot, or came out of a process, than went into it. As `ledger/verify/balanced.py`, which
 * lists the rules.
 *
 * KNOWN LIMIT: of a process it is asked only that no more came out than went in, whatever its yield.
 */

import { Opinion } from './account.js';
import { stockOf, weighed } from './balance.js';
import { Books } from './books.js';
import { counted, hides } from './counted.js';
import { ZERO } from './decimal.js';
import { goods } from './goods.js';
import { isUnit } from './stock.js';
import { movements } from './told.js';
import { Edges, history } from './trace.js';
import { yielded } from './yielded.js';

// Packings looked at and lines made of them, before a file made to last for ever is given up.
const MOST_WORK = 2_000_000;

/** The verdict; `seen` from `subject.js`. */
export function balanced(opened, seen) {
  const opinion = new Opinion('balanced');
  const told = tell(opened, opinion);
  // Lots first: of them nothing is certain where an event, a correction or a unit hides something.
  const lots = new Lots(opened, told, seen, opinion).judge();
  const processes = judgeProcesses(opened, told, opinion);
  if (!processes && !lots) opinion.miss('nothing-to-balance');
  return opinion;
}

/** The steps that stand, those that hide something, what is followed, and what is said of products. */
function tell(opened, opinion) {
  const moves = movements(opened);
  const steps = counted(opened, moves, opinion);
  const hiding = new Set([...steps.keys()].filter((position) => hides(opened, position, moves.get(position))));
  for (const position of hiding) opinion.miss('quantities-hidden', opened.entries[position].index);
  const { subject, direction } = opened.bundle;
  const edges = new Edges(moves);
  const nothing = { entries: new Set(), followed: new Set() };
  const back = subject === null || direction === 'forward' ? nothing : history(edges, subject, true);
  const ahead = subject === null || direction === 'back' ? nothing : history(edges, subject, false);
  const followed = new Set([...back.followed, ...ahead.followed]);
  return { steps, hiding, back: back.entries, followed, goods: goods(opened) };
}

/** Judge every process: a transformation, or all that share a `transformationID`; how many there were. */
function judgeProcesses(opened, told, opinion) {
  const runs = new Map();
  for (const [position, { type, moves }] of told.steps) {
    if (type !== 'TransformationEvent') continue;
    const named = new Set(moves.objects);
    const run = [...moves.touched].find((uri) => !named.has(uri)) ?? position;
    if (!runs.has(run)) runs.set(run, []);
    runs.get(run).push(position);
  }
  for (const [run, positions] of runs) {
    if (positions.some((position) => told.hiding.has(position))) continue;
    const { index } = opened.entries[positions[0]];
    if (typeof run === 'string' && !positions.every((position) => told.back.has(position))) {
      opinion.miss('run-not-whole', index);
      continue;
    }
    const found = yielded(positions.map((position) => told.steps.get(position)), told.goods);
    if (found === null) opinion.miss('process-not-weighed', index);
    else if (found.over) opinion.deny('more-out-than-in', index, { used: `${found.used}`, made: `${found.made}` });
  }
  return runs.size;
}

/** The lots of a bundle, being judged. */
class Lots {
  constructor(opened, told, seen, opinion) {
    Object.assign(this, { opened, told, seen, opinion });
    this.books = new Books(told.steps.values(), MOST_WORK);
  }

  /** Judge every lot that is followed; how many there were. */
  judge() {
    const posted = new Map();
    for (const step of this.told.steps.values()) {
      for (const line of this.lines(step)) {
        if (!this.told.followed.has(line.uri)) continue;
        if (!posted.has(line.uri)) posted.set(line.uri, new Map());
        const members = posted.get(line.uri);
        if (!members.has(step.member)) members.set(step.member, []);
        members.get(step.member).push(this.post(line, step));
      }
      if (this.books.work > MOST_WORK) {
        this.opinion.miss('balance-too-large');
        return 0;
      }
    }
    const sure = this.opinion.lacking.length === 0;
    for (const uri of [...posted.keys()].sort()) this.lot(uri, posted.get(uri), sure && this.isWhole(uri));
    return posted.size;
  }

  lines(step) {
    return this.books.lines(step).filter(({ uri, amount }) => {
      const closed = isUnit(uri) && amount === null;
      if (closed) {
        this.opinion.miss('unit-contents-not-shown', this.opened.entries[step.position].index, { unit: uri });
      }
      return !closed;
    });
  }

  post({ uri, kind, amount }, { at }) {
    const none = { dimension: '', quantity: null };
    return { kind, ...(amount === null ? none : weighed(amount, uri, at, this.told.goods)) };
  }

  /** Whether every entry about a lot is here and opened, as far as the numbers that are proved go. */
  isWhole(uri) {
    const proved = this.seen.get(uri) ?? [];
    const numbers = new Set(proved.map(({ n }) => n));
    const oneKey = new Set(proved.map(({ key }) => key)).size === 1;
    const opened = proved.every(({ shown }) => shown.entry.content !== null);
    return oneKey && opened && [...numbers].every((n) => n < numbers.size);
  }

  lot(uri, posted, whole) {
    const stocks = [...posted.keys()].sort().map((member) => stockOf(member, posted.get(member)));
    if (stocks.includes(null) || new Set(stocks.map(({ dimension }) => dimension)).size > 1) {
      this.opinion.miss('lot-not-weighed', null, { object: uri });
      return;
    }
    for (const { member, came, went } of stocks) {
      if (came.sign && went.compare(came) > 0 && this.isCertain(whole, uri)) {
        this.opinion.deny('more-left-than-came', null, { object: uri, came: `${came}`, went: `${went}`, member });
      }
    }
    this.strangers(uri, stocks, whole);
    this.onTheWay(uri, stocks, whole);
  }

  /** Whether more than there was is a contradiction: only where everything that came in must be here. */
  isCertain(whole, uri) {
    if (!whole) this.opinion.miss('stock-not-shown', null, { object: uri });
    return whole;
  }

  /** Who never recorded how it came to have it took it from what was under way, or from what others still have. */
  strangers(uri, stocks, whole) {
    const holders = stocks.filter(({ came }) => came.sign);
    const taken = total(stocks.filter(({ came }) => !came.sign).map(({ went }) => went));
    const underWay = total(holders.map(({ shipped }) => shipped)).minus(total(holders.map(({ received }) => received)));
    const left = total(holders.map(({ came, went }) => atLeastNothing(came.minus(went))));
    const there = atLeastNothing(underWay).plus(left);
    if (taken.compare(there) > 0 && this.isCertain(whole && holders.length > 0, uri)) {
      this.opinion.deny('more-taken-than-left', null, { object: uri, left: `${there}`, taken: `${taken}` });
    }
  }

  /** Of a lot that began here: what all members received, held against what all of them shipped. */
  onTheWay(uri, stocks, whole) {
    const [sent, came] = ['shipped', 'received'].map((name) => total(stocks.map((stock) => stock[name])));
    const begun = stocks.some(({ made }) => made.sign);
    if (begun && came.compare(sent) > 0 && this.isCertain(whole && sent.sign > 0, uri)) {
      const context = { object: uri, shipped: `${sent}`, received: `${came}` };
      this.opinion.deny('more-received-than-shipped', null, context);
    }
  }
}

function total(values) {
  return values.reduce((sum, value) => sum.plus(value), ZERO);
}

function atLeastNothing(value) {
  return value.sign < 0 ? ZERO : value;
}
