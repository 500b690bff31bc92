/* The books of some events: their lines, units replaced by what was in them when it happened. As `ledger/lots/books.py`.
 *
 * `work` counts what was looked at, for who has to give up a history that was made to last for ever.
 */

import { Units } from './contents.js';
import { compareSteps } from './step.js';
import { isUnit, linesOf, ownAmount } from './stock.js';

const DEEPEST = 8;

export class Books {
  constructor(steps, limit) {
    this.work = 0;
    this.limit = limit;
    this.about = new Map();
    for (const step of [...steps].sort(compareSteps)) {
      for (const uri of step.moves.touched) {
        if (!this.about.has(uri)) this.about.set(uri, []);
        this.about.get(uri).push(step);
      }
    }
    this.units = new Units((uri) => this.about.get(uri) ?? []);
  }

  /** The lines of one event. */
  lines(step) {
    const told = linesOf(step);
    const [opened, inner] = [new Map(), new Set()];
    for (const line of told.filter(isAlone)) {
      const key = keyOf(line);
      if (inner.has(key) || opened.has(key)) continue;
      const met = new Set();
      opened.set(key, this.opened(line, step, DEEPEST, met));
      met.delete(key);
      for (const each of met) inner.add(each);
    }
    // Of units inside one another the outermost counts what the inner one holds; one that is named twice counts once.
    return told.flatMap((line) => {
      if (!isAlone(line)) return [line];
      const key = keyOf(line);
      const found = inner.has(key) ? [] : opened.get(key) ?? [];
      opened.delete(key);
      return found;
    });
  }

  /** A line; or those of its contents, where it is a unit that is named alone. `met`: the units that were opened. */
  opened(line, step, deep, met) {
    if (!isAlone(line)) return [line];
    met.add(keyOf(line));
    const about = this.about.get(line.uri) ?? [];
    this.work += about.length + about.reduce((count, { flows }) => count + flows.length, 0);
    const packed = about.some((each) => each.moves.parent === line.uri && compareSteps(each, step) < 0);
    if (!packed || !deep || this.work > this.limit) return [line];
    return [...this.units.directly(line.uri, step)].flatMap(([uri, amount]) =>
      this.opened({ ...line, uri, amount: ownAmount(uri, amount) }, step, deep - 1, met));
  }
}

/** Is it a unit that was named without an amount? */
function isAlone({ uri, amount }) {
  return amount === null && isUnit(uri);
}

function keyOf({ kind, uri }) {
  return `${kind} ${uri}`;
}
