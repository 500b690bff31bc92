/* The signed half of an entry: strict text of `header.payload.signature`. As `ledger/entry/jwt.py`.
 *
 * - A leaf is ASCII, three base64url segments, at most 4,096 bytes.
 * - The header holds exactly `alg`, `kid` and `typ`; the payload is one JSON object with integers only.
 * - Nothing here looks at a key: `parse.js` does, in `verifyEntry`.
 *
 * RFC 7515 sections 3.1 and 4.1, RFC 9901 section 4.
 */

import { decode } from './base64url.js';
import { concat, sha256, utf8 } from './bytes.js';
import { InputError } from './errors.js';
import { readIntegers } from './json_text.js';

const MAX_LEAF = 4096;
const TYP = 'filiera-entry+sd-jwt';
const SIGNATURE_BYTES = 64;
const DIGEST_BYTES = 32;
const HEADER = ['alg', 'kid', 'typ'];

/** The parts of a leaf (ASCII text): `alg`, `kid`, `payload`, `signature`, and the text that was signed. */
export function parseJwt(raw) {
  if (raw.length > MAX_LEAF) throw new InputError('entry-too-large', { size: raw.length, limit: MAX_LEAF });
  const segments = raw.split('.');
  if (segments.length !== 3) throw new InputError('entry-segments', { count: segments.length });
  const [head, body, tail] = segments;
  const { alg, kid } = header(head);
  const payload = jsonObject(decode(body, 'payload'), 'payload');
  const signature = decode(tail, 'signature');
  if (signature.length !== SIGNATURE_BYTES) {
    throw new InputError('entry-signature-length', { size: signature.length, expected: SIGNATURE_BYTES });
  }
  return { raw, alg, kid, payload, signature, signed: `${head}.${body}` };
}

/** The RFC 6962 leaf hash of a leaf: SHA-256 of 0x00 and its bytes. */
export async function leafHash(raw) {
  return sha256(concat([0], utf8(raw)));
}

function header(segment) {
  const said = jsonObject(decode(segment, 'header'), 'header');
  for (const name of said.keys()) {
    if (!HEADER.includes(name)) throw new InputError('entry-header-member', { member: name });
  }
  for (const name of HEADER) {
    if (!said.has(name)) throw new InputError('entry-header-missing', { member: name });
  }
  const [alg, kid, typ] = HEADER.map((name) => said.get(name));
  if (typ !== TYP) throw new InputError('entry-type', { value: String(typ).slice(0, 80), expected: TYP });
  if (alg !== 'ES256' && alg !== 'Ed25519') throw new InputError('entry-algorithm', { value: String(alg).slice(0, 40) });
  if (typeof kid !== 'string' || decode(kid, 'kid').length !== DIGEST_BYTES) throw new InputError('entry-kid');
  return { alg, kid };
}

function jsonObject(bytes, part) {
  let value;
  try {
    value = readIntegers(bytes);
  } catch (error) {
    throw error instanceof InputError ? error.within({ part }) : error;
  }
  if (!(value instanceof Map)) throw new InputError('entry-not-object', { part });
  return value;
}
