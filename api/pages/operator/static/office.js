/* Recording by the office's key, where this browser can neither sign nor keep: over the network or not at all.
 *
 * Nothing is said to be saved here. What counts is the number that the register gives; what got no answer is not known
 * to be recorded, and the same record sent again is answered with the earlier one, for its event keeps its id.
 */

import { write } from '../ledger/json_write.js';
import { asked } from './device.js';

/** Record one event: {index, duplicate}. `token`: the office's, empty where a session serves. */
export async function record(event, token) {
  const document = new Map([
    ['@context', event.get('@context')],
    ['type', 'EPCISDocument'],
    ['schemaVersion', '2.0'],
    ['creationDate', event.get('eventTime')],
    ['epcisBody', new Map([['eventList', [event]]])],
  ]);
  const headers = { 'Content-Type': 'application/ld+json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const said = await asked('/api/v1/capture', { method: 'POST', body: write(document), headers });
  return said.captured[0];
}

/** What the form is filled from, as far as the office's credentials show it. */
export async function known(token) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const listed = async (type) => {
    const said = await asked(`/api/v1/master?type=${type}&limit=1000`, { headers }).catch(() => null);
    return (said?.things ?? []).map(({ content }) => ({ ...content, unit: content.quantityType === 'fixed' ? null : 'KGM' }));
  };
  return { products: await listed('product'), sites: await listed('site'), parties: await listed('party'), lots: [] };
}
