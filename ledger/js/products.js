/* What versions of master data say of products: how much one piece holds, as of a time. As `ledger/lots/products.py`.
 *
 * A product is known by its own identifier and by the GTIN of every level it lists; a level that contains so many of
 * another holds so many times its content.
 */

import { canonicalUri } from './canonical.js';
import { begins, ends, withinCalendar } from './instant.js';
import { Num } from './json_text.js';
import { holding } from './master.js';
import { decimal } from './own_terms.js';
import { productOf } from './stock.js';

const DEEPEST = 8;
const GTIN = 'https://id.gs1.org/01/';

/** Products by versions with what they say: pairs [version, content]. */
export class Products {
  constructor(said) {
    this.things = new Map();
    this.named = new Map();
    this.known = new Map();
    for (const [version, content] of said) {
      const names = new Set([version.id, ...levels(content).map(uriOf)]);
      listed(this.things, version.id).push({ ...version, content, names });
      for (const name of names) listed(this.named, name).push(version.id);
    }
  }

  /** How much one piece of a lot, item or product holds at a time {quantity, uom}; null where nobody says it. */
  netContent(uri, at) {
    const product = productOf(uri);
    if (!this.named.has(product)) return null;
    const { versions, changes, answers } = this.about(product);
    const when = withinCalendar(at ?? 0n);
    // Between two moments at which a version begins or ends the answer is made once.
    const spell = countUpTo(changes, when);
    if (!answers.has(spell)) answers.set(spell, contentAt(versions, product, when));
    return answers.get(spell);
  }

  about(product) {
    if (!this.known.has(product)) {
      // All versions of a thing: one that no longer lists a GTIN takes the place of those that did.
      const versions = [...new Set(this.named.get(product))].flatMap((id) => this.things.get(id));
      const moments = versions.flatMap(({ validFrom, validTo }) => [begins(validFrom), ...(validTo === null ? [] : [ends(validTo)])]);
      const changes = [...new Set(moments)].sort((one, other) => (one < other ? -1 : 1));
      this.known.set(product, { versions, changes, answers: new Map() });
    }
    return this.known.get(product);
  }
}

function listed(map, name) {
  if (!map.has(name)) map.set(name, []);
  return map.get(name);
}

/** How many of the moments, rising, are not later than this one. */
function countUpTo(moments, at) {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function contentAt(versions, product, at) {
  const found = holding(versions, at).filter(({ names }) => names.has(product));
  const version = found.reduce((newest, each) => (newest !== null && newest.index > each.index ? newest : each), null);
  return version === null ? null : held(version.content, product, DEEPEST);
}

function levels(content) {
  const found = content.get('gtins');
  return Array.isArray(found) ? found.filter((level) => level instanceof Map) : [];
}

function uriOf(level) {
  const gtin = level.get('gtin');
  return canonicalUri(GTIN + (gtin instanceof Num ? `number ${gtin.text}` : String(gtin)).padStart(14, '0'));
}

/** The content of one piece of the level that has this identifier. */
function held(content, uri, deep) {
  const inner = levels(content).find((level) => uriOf(level) === uri)?.get('contains');
  if (!(inner instanceof Map)) return measure(content.get('netContent'));
  const each = deep ? held(content, uriOf(inner), deep - 1) : null;
  const count = positive(inner.get('count'));
  if (each === null || count === null) return null;
  const quantity = each.quantity.times(count).normal();
  return quantity.inBounds ? { quantity, uom: each.uom } : null;
}

function measure(value) {
  if (!(value instanceof Map) || typeof value.get('unit') !== 'string') return null;
  const quantity = positive(value.get('value'));
  return quantity === null ? null : { quantity, uom: value.get('unit') };
}

/** A number above zero, within the bounds of an amount. */
function positive(value) {
  const found = value instanceof Num ? decimal(value) : null;
  return found !== null && found.sign > 0 ? found : null;
}
