/* An account as a page shows it: the result in words, what it is about, whose log it is, each verdict with its reasons.
 *
 * - Everything a file says of itself goes in as text, never as markup.
 * - What is said is said by words and signs, not by colour alone (WCAG 2.1, 1.4.1).
 */

import { VERDICTS } from '../ledger/account.js';
import { reasonLines, sentence } from '../ledger/wording.js';

const RESULTS = {
  true: ['good', '✓', 'page-valid'], false: ['bad', '✗', 'page-not-valid'], null: ['unsure', '?', 'page-undecided'],
};
const ANSWERS = { yes: ['good', '✓', 'page-yes'], no: ['bad', '✗', 'page-no'], not_shown: ['unsure', '?', 'page-not-shown'] };

/** The elements that show an account. `meeting`: how each log's key is known here; `file`: {name, digest}. */
export function shownAccount(words, account, { meeting, file }) {
  const t = (code, context) => sentence(words, code, context);
  return [
    strip(t, account),
    ...(carriesProof(account) ? [make('p', { class: 'strip unsure' }, t('page-paper', { format: account.paper || '-' }))] : []),
    facts(t, account, file),
    make('h2', {}, t('page-logs')),
    ...(account.logs.length ? account.logs.map((log) => shownLog(t, log, meeting)) : [make('p', {}, t('page-no-log'))]),
    make('h2', {}, t('page-verdicts')),
    make('ul', { class: 'verdicts' }, ...order(account).map((verdict) => shownVerdict(words, t, account, verdict))),
  ];
}

/** An element with attributes, and texts or elements in it. */
export function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...inside);
  return element;
}

/** A file of another kind, in which a proof was found. */
function carriesProof({ paper, entries }) {
  return paper !== null && Boolean(paper || entries);
}

/** Only the file's own figures were left to be compared: then the bundle in it is what the result is about. */
function isPaperThatHolds({ valid, paper, verdicts, demanded }) {
  const others = demanded.filter((name) => name !== 'faithful');
  return valid === null && Boolean(paper) && others.every((name) => verdicts[name] === 'yes');
}

function strip(t, account) {
  const [look, sign, code] = RESULTS[account.valid];
  const text = isPaperThatHolds(account) ? 'page-paper-holds' : code;
  return make('p', { class: `strip result ${look}` }, make('span', { 'aria-hidden': 'true' }, `${sign} `), t(text));
}

function facts(t, { subject, entries }, { name, digest }) {
  const rows = [['page-file', name], ['page-digest', digest]];
  if (subject !== null) rows.push(['page-subject', subject]);
  if (entries) rows.push(['page-entries', String(entries)]);
  return make('dl', { class: 'facts' }, ...rows.flatMap(([code, value]) => [
    make('dt', {}, t(code)), make('dd', { class: 'code' }, t('page-as-written', { value })),
  ]));
}

function shownLog(t, log, meeting) {
  const how = meeting(log);
  const look = { pinned: 'good', opened: 'good', served: 'good', changed: 'bad' }[how] ?? 'unsure';
  return make('div', { class: `card ${look}` },
    make('p', {}, t('page-log', { origin: log.origin, size: log.size })),
    make('p', {}, t(`page-key-${how}`)),
    make('p', {}, `${t('page-fingerprint')} `, make('code', { class: 'fingerprint' }, log.fingerprint || '-')));
}

function order({ verdicts }) {
  return Object.keys(verdicts).sort((one, other) => place(one) - place(other));
}

function place(verdict) {
  return (VERDICTS.indexOf(verdict) + 1) || VERDICTS.length + 1;
}

function shownVerdict(words, t, { verdicts, reasons }, verdict) {
  const [look, sign, code] = ANSWERS[verdicts[verdict]];
  const lines = reasonLines(words, reasons.filter((reason) => reason.verdict === verdict));
  const why = lines.length ? [make('ul', {}, ...lines.map((line) => make('li', {}, line)))] : [];
  return make('li', { 'data-verdict': verdict, 'data-answer': verdicts[verdict] },
    make('span', { class: `answer ${look}` }, make('span', { 'aria-hidden': 'true' }, `${sign} `), t(code)),
    ' ', t(`verdict-${verdict.replace('_', '-')}`), ...why);
}
