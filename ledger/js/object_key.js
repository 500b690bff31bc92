/* The key of a tagged object: as `object_key` of `ledger/entry/tags.py`.
 *
 * It comes from the secret of the member that first logs the object, so that all devices of a member agree; it travels
 * with the object in disclosures and never stands in a leaf.
 */

import { utf8 } from './bytes.js';
import { KEY_BYTES } from './tags.js';

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** The 16-byte key of an object, from its canonical Digital Link, or its URI as written where it is not GS1's. */
export async function objectKey(secret, uri) {
  const key = await crypto.subtle.importKey('raw', secret, HMAC, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(uri))).slice(0, KEY_BYTES);
}
