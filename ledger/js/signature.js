/* What a signature must be to count: ES256 and Ed25519, one spelling per signature. As `ledger/keys/signature.py`.
 *
 * Who can respell a signature makes a twin of an entry. So its bytes are judged here, before the platform is asked:
 *
 * - ES256 (RFC 7518 section 3.4) is the 64 bytes r || s with 1 <= r < n and 1 <= s <= n/2.
 * - Ed25519 (RFC 8032 section 5.1.7) needs S < L, and A and R canonical and not of small order.
 * - A key is a point of its curve in its only spelling; its `kid` is its RFC 7638 thumbprint.
 * - A platform without Ed25519 raises `UnavailableError`: what it cannot check it has not seen.
 *
 *     const key = await PublicKey.fromJwk(jwk); await key.verify(signature, message);
 */

import { decode, encode } from './base64url.js';
import { concat, hex, sha256, toBigInt, utf8 } from './bytes.js';
import { EvidenceError, InputError, UnavailableError } from './errors.js';

const SIGNATURE_SIZE = 64;
// SEC 2 section 2.4.2 (order, field and b of P-256); RFC 8032 section 5.1 (field and order of edwards25519).
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P256_FIELD = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const Y_MASK = 2n ** 255n - 1n;
const D = (-121665n * power(121666n, P - 2n, P)) % P + P;
// The y coordinates of the eight points of small order: of orders 4, 1, 2 and 8; the last solve d y^4 + 2 y^2 = 1.
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER_Y = [0n, 1n, P - 1n, ORDER_8, P - ORDER_8];
const MEMBERS = { EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'] };
const CURVES = { EC: 'P-256', OKP: 'Ed25519' };
const PLATFORM = {
  ES256: [{ name: 'ECDSA', namedCurve: 'P-256' }, { name: 'ECDSA', hash: 'SHA-256' }],
  Ed25519: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
};

/** A public key that may check entries; made by `fromJwk` or `fromEd25519`. */
export class PublicKey {
  constructor(alg, kid, raw) {
    this.alg = alg;
    this.kid = kid;
    this.raw = raw;
    this.imported = null;
  }

  /** The key of a JWK (a `Map`) that holds exactly the required members (RFC 7638 section 3.2). */
  static async fromJwk(jwk) {
    const kty = jwk.get('kty');
    const members = typeof kty === 'string' && Object.hasOwn(MEMBERS, kty) ? MEMBERS[kty] : null;
    if (members === null || jwk.get('crv') !== CURVES[kty]) {
      throw new InputError('key-type', { kty: shown(kty), crv: shown(jwk.get('crv')) });
    }
    const exact = [...jwk.keys()].sort().join() === members.join();
    if (!exact || [...jwk.values()].some((value) => typeof value !== 'string')) {
      throw new InputError('key-members', { expected: members.join(', ') });
    }
    const x = coordinate(jwk.get('x'), 'x');
    const raw = kty === 'EC' ? concat(x, coordinate(jwk.get('y'), 'y')) : x;
    kty === 'EC' ? checkP256(raw) : checkPoint(raw);
    return new PublicKey(kty === 'EC' ? 'ES256' : 'Ed25519', await thumbprint(jwk, members), raw);
  }

  /** The Ed25519 key of 32 raw bytes, as log keys and witnesses write it. */
  static async fromEd25519(raw) {
    return PublicKey.fromJwk(new Map([['crv', 'Ed25519'], ['kty', 'OKP'], ['x', encode(raw)]]));
  }

  /** `EvidenceError` unless this is the admissible signature of this key over the message. */
  async verify(signature, message) {
    this.alg === 'ES256' ? checkEs256(signature) : checkEd25519(signature);
    const [, algorithm] = PLATFORM[this.alg];
    const right = await crypto.subtle.verify(algorithm, await this.platformKey(), signature, message);
    if (!right) throw new EvidenceError('signature-wrong', { alg: this.alg });
  }

  platformKey() {
    const raw = this.alg === 'ES256' ? concat([4], this.raw) : this.raw;
    this.imported ??= crypto.subtle.importKey('raw', raw, PLATFORM[this.alg][0], false, ['verify']).catch(() => {
      // The point was found to be one of the curve, so it is the algorithm that is missing here.
      throw new UnavailableError('algorithm-not-in-browser', { alg: this.alg });
    });
    return this.imported;
  }
}

/** `EvidenceError('pop-wrong')` unless `pop` is this key's proof of possession for the place named. */
export async function verifyPop(key, pop, { origin, iss, role, next }) {
  const lines = ['filiera/pop', origin, iss, key.kid, role, next ?? '-'];
  try {
    await key.verify(pop, utf8(lines.map((line) => `${line}\n`).join('')));
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new EvidenceError('pop-wrong', { kid: key.kid, role, problem: error.code });
  }
}

function coordinate(text, member) {
  const value = decode(text, member);
  if (value.length !== 32) throw new InputError('key-length', { member, length: value.length });
  return value;
}

async function thumbprint(jwk, members) {
  // RFC 7638 section 3.3: members in order, no white space; base64url needs no escape.
  const text = members.map((name) => `"${name}":"${jwk.get(name)}"`).join(',');
  return encode(await sha256(utf8(`{${text}}`)));
}

/** Coordinates below the field, on the curve y^2 = x^3 - 3x + b: not every platform looks. */
function checkP256(raw) {
  const [x, y] = [toBigInt(raw.subarray(0, 32)), toBigInt(raw.subarray(32))];
  const right = (x * x * x - 3n * x + P256_B) % P256_FIELD;
  const difference = (y * y - right) % P256_FIELD;
  if (x >= P256_FIELD || y >= P256_FIELD || difference !== 0n) throw new InputError('key-not-on-curve', { curve: 'P-256' });
}

function checkEs256(signature) {
  if (signature.length !== SIGNATURE_SIZE) {
    throw new EvidenceError('signature-length', { alg: 'ES256', length: signature.length });
  }
  const [r, s] = [toBigInt(signature.subarray(0, 32)), toBigInt(signature.subarray(32))];
  if (r === 0n || r >= P256_ORDER || s === 0n || s >= P256_ORDER) throw new EvidenceError('signature-range', { alg: 'ES256' });
  if (s > P256_ORDER / 2n) throw new EvidenceError('signature-high-s', { alg: 'ES256' });
}

/** A is the canonical encoding of a point of the curve, not of small order (RFC 8032 section 5.1.3). */
function checkPoint(raw) {
  const y = littleEndian(raw) & Y_MASK;
  // x^2 = (y^2 - 1) / (d y^2 + 1) must be a square; Euler's criterion tells.
  const square = ((y * y - 1n) * (D * y * y + 1n)) % P;
  if (y >= P || power((square + P) % P, (P - 1n) / 2n, P) > 1n) throw new InputError('key-not-on-curve', { curve: 'Ed25519' });
  if (SMALL_ORDER_Y.includes(y)) throw new InputError('key-small-order');
}

function checkEd25519(signature) {
  if (signature.length !== SIGNATURE_SIZE) {
    throw new EvidenceError('signature-length', { alg: 'Ed25519', length: signature.length });
  }
  const y = littleEndian(signature.subarray(0, 32)) & Y_MASK;
  if (y >= P || littleEndian(signature.subarray(32)) >= L) throw new EvidenceError('signature-range', { alg: 'Ed25519' });
  if (SMALL_ORDER_Y.includes(y)) throw new EvidenceError('signature-small-order');
}

function littleEndian(bytes) {
  return BigInt(`0x${hex([...bytes].reverse())}`);
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (let left = exponent, square = base; left > 0n; left >>= 1n, square = (square * square) % modulus) {
    if (left & 1n) result = (result * square) % modulus;
  }
  return result;
}

function shown(value) {
  return String(value ?? null).slice(0, 40);
}
