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
    return linesOf(step).flatMap((line) => this.opened(line, step, DEEPEST));
  }

  /** A line; or those of its contents, where it is a unit that is named alone. */
  opened(line, step, deep) {
    if (line.amount !== null || !isUnit(line.uri)) return [line];
    const about = this.about.get(line.uri) ?? [];
    this.work += about.length + about.reduce((count, { flows }) => count + flows.length, 0);
    const packed = about.some((each) => each.moves.parent === line.uri && compareSteps(each, step) < 0);
    if (!packed || !deep || this.work > this.limit) return [line];
    return [...this.units.directly(line.uri, step)].flatMap(([uri, amount]) =>
      this.opened({ ...line, uri, amount: ownAmount(uri, amount) }, step, deep - 1));
  }
}
