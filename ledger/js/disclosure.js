/* One disclosure: base64url of the JSON array `[salt, name, value]`, or `[salt, value]` for a list element.
 * As `ledger/entry/disclosure.py`.
 *
 * - The digest is SHA-256 over the ASCII of the disclosure as it was sent, never over a re-encoding.
 * - The salt is 128 bits; a name is never `_sd`, `_sd_alg` or `...`.
 *
 * RFC 9901 sections 4.2.1 to 4.2.3.
 */

import { decode, encode } from './base64url.js';
import { sha256, utf8 } from './bytes.js';
import { RESERVED } from './claims.js';
import { InputError } from './errors.js';

// 16 bytes are 22 characters, and the last one has four bits that must be zero.
const SALT = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** The digests of disclosures, as they stand in `_sd`, all at once. */
export async function digestTexts(texts) {
  return Promise.all(texts.map(async (text) => encode(await sha256(utf8(text)))));
}

/** Name (null of an element) and value of a disclosure; `numbers` is `read` below `content`, else `readIntegers`. */
export function opened(text, named, numbers) {
  const body = decode(text, 'disclosure');
  let parts;
  try {
    parts = numbers(body);
  } catch (error) {
    throw error instanceof InputError ? error.within({ part: 'disclosure' }) : error;
  }
  const expected = named ? 3 : 2;
  if (!Array.isArray(parts) || parts.length !== expected) throw new InputError('disclosure-shape', { expected });
  const [salt, name, value] = named ? parts : [parts[0], null, parts[1]];
  if (typeof salt !== 'string' || !SALT.test(salt)) throw new InputError('disclosure-salt');
  if (named && (typeof name !== 'string' || RESERVED.has(name))) {
    throw new InputError('disclosure-name', { member: String(name).slice(0, 80) });
  }
  return [name, value];
}
