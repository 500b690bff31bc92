/* What versions of master data say of products: how much one piece holds, as of a time. As `ledger/lots/products.py`.
 *
 * A product is known by its own identifier and by the GTIN of every level it lists; a level that contains so many of
 * another holds so many times its content.
 */

import { canonicalUri } from './canonical.js';
import { Num } from './json_text.js';
import { asOf } from './master.js';
import { decimal } from './own_terms.js';
import { productOf } from './stock.js';

const DEEPEST = 8;
const GTIN = 'https://id.gs1.org/01/';

/** Products by versions with what they say: pairs [version, content]. */
export class Products {
  constructor(said) {
    this.versions = new Map();
    for (const [version, content] of said) {
      for (const name of new Set([version.id, ...levels(content).map(uriOf)])) {
        if (!this.versions.has(name)) this.versions.set(name, []);
        this.versions.get(name).push({ ...version, content });
      }
    }
  }

  /** How much one piece of a lot, item or product holds at a time {quantity, uom}; null where nobody says it. */
  netContent(uri, at) {
    const version = asOf(this.versions.get(productOf(uri)) ?? [], at ?? 0n);
    return version === null ? null : held(version.content, productOf(uri), DEEPEST);
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
  return each === null || count === null ? null : { quantity: each.quantity.times(count), uom: each.uom };
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
