/* What one event does to somebody's stock: lines of a lot, each with its kind and amount. As `ledger/lots/stock.py`,
 * which lists the rules. Lines of an inventory are left out: a balance does not believe them.
 */

import { Decimal } from './decimal.js';

const BY_DEALING = { ships: 'shipped', receives: 'received', accepts: 'accepted' };
// What is taken out by these went to somebody, or into something; by any other it is lost.
const GIVEN = { ships: 'shipped', sells: 'shipped', consumes: 'used' };
const UNIT = 'https://id.gs1.org/00/';
const GTIN = 'https://id.gs1.org/01/';
const ONE = { quantity: new Decimal(1n), uom: null };

/** The lines {uri, kind, amount} of an event that counts. */
export function linesOf(step) {
  const found = step.flows
    .map((flow) => ({ uri: flow.uri, kind: kindOf(step, flow), amount: ownAmount(flow.uri, flow.amount) }))
    .filter(({ kind }) => kind !== null);
  // The units beside amounts hold what is stated; they have no amount of their own. One that begins holds nothing.
  const without = new Set(['made', ...found.filter(({ amount }) => amount !== null).map(({ kind }) => kind)]);
  if (step.onlyUnpacks) without.add('wasted');
  const lines = found.filter(({ uri, kind, amount }) => amount !== null || !isUnit(uri) || !without.has(kind));
  return [...lines.filter(({ kind }) => kind !== 'counted'), ...lost(step)];
}

/** The amount of an object where none is stated: a single item is one piece, of anything else none is known. */
export function ownAmount(uri, amount) {
  return amount === null && isItem(uri) ? ONE : amount;
}

/** Is it a logistic unit, whose weight is that of its contents? */
export function isUnit(uri) {
  return uri.startsWith(UNIT);
}

/** The product of a lot or item: its GTIN as a canonical URI; of any other object, itself. */
export function productOf(uri) {
  return uri.startsWith(GTIN) ? GTIN + uri.slice(GTIN.length).split('/')[0] : uri;
}

function isItem(uri) {
  return uri.startsWith(GTIN) && uri.includes('/21/');
}

/** What an event that only looks at one lot says was lost of it; the loss of a process is in what it used. */
function lost({ flows, wasted, type, moves }) {
  const lots = new Set(flows.map(({ uri }) => uri).filter((uri) => !isUnit(uri) && !isItem(uri)));
  const looked = type === 'ObjectEvent' && moves.action === 'OBSERVE' && lots.size === 1;
  if (!looked || wasted === null || !wasted.sign) return [];
  return [{ uri: [...lots][0], kind: 'wasted', amount: { quantity: wasted, uom: 'KGM' } }];
}

function kindOf({ type, dealing, moves }, { role }) {
  const byStep = dealing === 'counts' ? 'counted' : BY_DEALING[dealing] ?? null;
  if (type === 'TransformationEvent') return role === 'used' || role === 'made' ? role : null;
  if (role === 'made') return byStep === 'received' || byStep === 'accepted' ? byStep : 'made';
  if (role === 'used') return GIVEN[dealing] ?? 'wasted';
  // A parent that stands with its children is named with them, with or without amounts.
  return role === 'parent' && moves.children.size ? null : byStep;
}
