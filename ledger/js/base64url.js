/* Base64url without padding (RFC 4648 section 5), one spelling per value: as `schemas/syntax/base64url.py`.
 *
 * What is not the re-encoding of its own value is refused: stray bits, padding, white space, the standard alphabet.
 */

import { InputError } from './errors.js';

/** Bytes to base64url without padding. */
export function encode(bytes) {
  return encodeStandard(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Base64url to bytes; `InputError('base64url')` unless the text is its own re-encoding. */
export function decode(text, member = 'value') {
  const bytes = /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1 ? loose(text) : null;
  if (bytes === null || encode(bytes) !== text) throw new InputError('base64url', { member });
  return bytes;
}

/** Standard base64 with padding in its one spelling, as notes write it; `InputError(code)`. */
export function decodeStandard(text, code) {
  const bytes = loose(text);
  if (bytes === null || encodeStandard(bytes) !== text) throw new InputError(code, { problem: 'base64' });
  return bytes;
}

/** Bytes to standard base64 with padding. */
export function encodeStandard(bytes) {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function loose(text) {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
