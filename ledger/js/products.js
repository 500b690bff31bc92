/* What versions of master data say of products: how much one piece holds, as of a time. As `ledger/lots/products.py`.
 *
 * A product is known by its own identifier and by the GTIN of every level it lists; a level that contains so many of
 * another holds so many times its content.
 */

import { canonicalUri } from './canonical.js';
import { withinCalendar } from './instant.js';
import { Num } from './json_text.js';
import { holding } from './master.js';
import { decimal } from './own_terms.js';
import { productOf } from './stock.js';

const DEEPEST = 8;
const GTIN = 'https://id.gs1.org/01/';

/** Products by versions with what they say: pairs [version, content]. */
export class Products {
  constructor(said) {
    this.versions = said.map(([version, content]) => {
      return { ...version, content, names: new Set([version.id, ...levels(content).map(uriOf)]) };
    });
  }

  /** How much one piece of a lot, item or product holds at a time {quantity, uom}; null where nobody says it. */
  netContent(uri, at) {
    const product = productOf(uri);
    // All versions of a thing: one that no longer lists a GTIN takes the place of those that did.
    const found = holding(this.versions, withinCalendar(at ?? 0n)).filter(({ names }) => names.has(product));
    const version = found.reduce((newest, each) => (newest !== null && newest.index > each.index ? newest : each), null);
    return version === null ? null : held(version.content, product, DEEPEST);
  }
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
