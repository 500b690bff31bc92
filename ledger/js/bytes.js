/* Bytes and their digests, by the platform: TextEncoder and WebCrypto.
 *
 * - Digests are promises, because the platform's are; whoever needs many asks for all of them at once.
 * - No secret passes through here, so bytes are compared in the plain way.
 */

const ENCODER = new TextEncoder();
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The UTF-8 of a text. */
export function utf8(text) {
  return ENCODER.encode(text);
}

/** The text of bytes that are strictly UTF-8, a byte order mark kept; null where they are not. */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Is every character of the text ASCII? */
export function isAscii(text) {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(text);
}

/** Several runs of bytes as one. */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Are both the same bytes? */
export function equal(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Bytes as hexadecimal digits: also the name under which bytes are looked up. */
export function hex(bytes) {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** A number as so many bytes, big endian. */
export function bigEndian(value, size) {
  const bytes = new Uint8Array(size);
  for (let at = size - 1, left = BigInt(value); at >= 0; at -= 1, left >>= 8n) bytes[at] = Number(left & 255n);
  return bytes;
}

/** Bytes as a number, big endian. */
export function toBigInt(bytes) {
  return bytes.length ? BigInt(`0x${hex(bytes)}`) : 0n;
}

/** SHA-256, 32 bytes. */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
