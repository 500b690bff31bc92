/* A key that signs and never leaves the device: WebCrypto, ES256, not extractable. As `ledger/keys/signer.py`.
 *
 * - The platform may answer either of the two spellings of a signature; the one with s <= n/2 is the signature.
 * - A `Signer` keeps the platform's key object, which a browser's database holds without showing its bytes to anybody.
 *
 *     const signer = await Signer.generate(); await signer.sign(utf8('header.payload'));   // 64 bytes, r || s
 *
 * RFC 7518 section 3.4; W3C Web Cryptography API section 23 (ECDSA).
 */

import { encode } from './base64url.js';
import { bigEndian, concat, toBigInt, utf8 } from './bytes.js';
import { PublicKey } from './signature.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export class Signer {
  /** `privateKey`: the platform's; `jwk`: the public key, exactly the members of RFC 7638. */
  constructor(privateKey, jwk, kid) {
    this.privateKey = privateKey;
    this.jwk = jwk;
    this.kid = kid;
    this.alg = 'ES256';
  }

  /** A new key; nobody can take it out of this browser. */
  static async generate() {
    const pair = await crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
    const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    return Signer.of(pair.privateKey, { crv, kty, x, y });
  }

  /** A key that was kept. */
  static async of(privateKey, jwk) {
    const { kid } = await PublicKey.fromJwk(new Map(Object.entries(jwk)));
    return new Signer(privateKey, jwk, kid);
  }

  /** The signature of a message, 64 bytes. */
  async sign(message) {
    return lowS(new Uint8Array(await crypto.subtle.sign(ES256, this.privateKey, message)));
  }

  /** The proof that whoever offers this key for a place in a log holds it (ARCHITECTURE.md 3.3). */
  async possession({ origin, iss, role }) {
    const lines = ['filiera/pop', origin, iss, this.kid, role, '-'];
    return encode(await this.sign(utf8(lines.map((line) => `${line}\n`).join(''))));
  }
}

/** The one spelling of a signature r || s that readers take: s no more than half the order. */
export function lowS(signature) {
  const s = toBigInt(signature.subarray(32));
  return s > ORDER / 2n ? concat(signature.subarray(0, 32), bigEndian(ORDER - s, 32)) : signature;
}
