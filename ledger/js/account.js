/* What was checked and what came of it: verdicts, each with its reasons, and the result. As `ledger/verify/account.py`.
 *
 * - A verdict is `yes`, `no` or `not_shown`; every `no` and `not_shown` has at least one reason, a `yes` may have notes.
 * - Exit 1: a verdict other than `balanced` is `no`, or `balanced` is and was demanded. Exit 2: `authentic`,
 *   `included`, `keys_valid` or a demanded verdict is not shown. Else 0.
 */

import { LedgerError, UnavailableError } from './errors.js';

export const VERDICTS = ['authentic', 'included', 'keys_valid', 'unbroken', 'witnessed', 'complete', 'balanced', 'timed'];
export const ALWAYS_DEMANDED = ['authentic', 'included', 'keys_valid'];
const WORST = ['yes', 'not_shown', 'no'];
// Of one verdict and one kind: two for each entry that a bundle may hold.
const MOST_REASONS = 20_000;

/** One verdict being formed: what contradicts it, what it lacks, and what is worth knowing although it holds. */
export class Opinion {
  constructor(verdict) {
    this.verdict = verdict;
    this.wrong = [];
    this.lacking = [];
    this.notes = [];
  }

  /** Something contradicts it: the verdict is `no`. */
  deny(code, index = null, context = {}) {
    this.add(this.wrong, code, index, context);
  }

  /** A check threw: the verdict is `no` for the check's own code; or cannot be told here. A mistake of ours goes on. */
  refuse(error, index = null) {
    if (!(error instanceof LedgerError)) throw error;
    this.add(error instanceof UnavailableError ? this.lacking : this.wrong, error.code, index, error.context);
  }

  /** Something is not in the bundle: the verdict is `not_shown` unless something contradicts it. */
  miss(code, index = null, context = {}) {
    this.add(this.lacking, code, index, context);
  }

  /** Something to know that changes no verdict. */
  note(code, index = null, context = {}) {
    this.add(this.notes, code, index, context);
  }

  get answer() {
    return this.wrong.length ? 'no' : this.lacking.length ? 'not_shown' : 'yes';
  }

  /** All reasons, what contradicts first. */
  get reasons() {
    return [...this.wrong, ...this.lacking, ...this.notes];
  }

  /** Keep a reason, unless there are so many that a file made for it would fill the memory. */
  add(reasons, code, index, context) {
    if (reasons.length < MOST_REASONS) reasons.push({ verdict: this.verdict, code, index, context });
  }
}

/** The account of these opinions; verdicts that nobody formed are `not_shown`. */
export function accountOf(opinions, { demanded = [], about = {} } = {}) {
  const verdicts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 'not_shown']));
  for (const opinion of opinions) verdicts[opinion.verdict] = opinion.answer;
  return account(verdicts, opinions, [...ALWAYS_DEMANDED, ...demanded], about);
}

/** The account of an evidence file: two verdicts, and no others are given or asked for. */
export function evidenceAccountOf(opinions, about = {}) {
  const verdicts = Object.fromEntries(opinions.map((opinion) => [opinion.verdict, opinion.answer]));
  return account(verdicts, opinions, ['authentic', 'included'], about);
}

/** The account of a paper: of its bundles the worst answer to each question and every reason once, and its own. */
export function paperAccountOf(accounts, ...ofPaper) {
  const verdicts = {};
  for (const each of accounts) {
    for (const [name, answer] of Object.entries(each.verdicts)) {
      verdicts[name] = WORST[Math.max(WORST.indexOf(verdicts[name] ?? 'yes'), WORST.indexOf(answer))];
    }
  }
  const reasons = new Map(accounts.flatMap((each) => each.reasons).map((reason) => [JSON.stringify(reason), reason]));
  for (const opinion of ofPaper) verdicts[opinion.verdict] = opinion.answer;
  const [first] = accounts;
  const about = {
    subject: accounts.length === 1 ? first.subject : null,
    direction: first?.direction ?? null,
    entries: accounts.reduce((sum, each) => sum + each.entries, 0),
    logs: [...new Map(accounts.flatMap(({ logs }) => logs).map((log) => [`${log.size} ${log.origin}`, log])).values()],
    heads: accounts.flatMap(({ heads }) => heads),
  };
  const demanded = [...accounts.flatMap((each) => each.demanded), ...ofPaper.map(({ verdict }) => verdict)];
  const whole = account(verdicts, ofPaper, [...ALWAYS_DEMANDED, ...demanded], about);
  return { ...whole, reasons: [...reasons.values(), ...whole.reasons] };
}

function account(verdicts, opinions, demanded, about) {
  const exit = exitOf(verdicts, demanded);
  const reasons = opinions.flatMap((opinion) => opinion.reasons);
  const nothing = { subject: null, direction: null, entries: 0, logs: [], heads: [] };
  return { ...nothing, ...about, valid: [true, false, null][exit], exit, verdicts, reasons, demanded };
}

function exitOf(verdicts, demanded) {
  const denied = Object.keys(verdicts).filter((name) => verdicts[name] === 'no');
  if (denied.some((name) => name !== 'balanced' || demanded.includes('balanced'))) return 1;
  return demanded.some((name) => verdicts[name] === 'not_shown') ? 2 : 0;
}
