/* The master data that a bundle opens: what its products weigh. As `ledger/verify/goods.py`.
 *
 * A version whose `type`, `id` or validity is hidden, or is none, says nothing.
 */

import { canonicalUri } from './canonical.js';
import { isMoment } from './instant.js';
import { Products } from './products.js';
import { plain } from './shown.js';

/** The products that a bundle describes. */
export function goods(opened) {
  return new Products(opened.readable.map(stated).filter((found) => found !== null));
}

/** The version of a product that an entry opens, its index the position in the bundle, with what is shown of it. */
function stated({ position, entry }) {
  if (entry.claims.kind !== 'master' || entry.content === null) return null;
  const content = plain(entry.content);
  const [type, id, validFrom, validTo] = ['type', 'id', 'validFrom', 'validTo'].map((name) => content.get(name) ?? null);
  const fits = type === 'product' && typeof id === 'string' && moment(validFrom) && (validTo === null || moment(validTo));
  if (!fits) return null;
  const withdrawn = content.get('withdrawn') === true;
  return [{ index: position, member: entry.claims.iss, id: canonicalUri(id), validFrom, validTo, withdrawn }, content];
}

function moment(value) {
  return typeof value === 'string' && isMoment(value);
}
