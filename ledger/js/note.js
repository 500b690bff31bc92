/* Signed notes (c2sp.org/signed-note): a text, and signature lines of named keys under it. As `ledger/log/note.py`.
 *
 * - A key is known by name and key ID together. Signatures of unknown keys are ignored; one of a known key that does
 *   not verify spoils the whole note; a note without any known key proves nothing.
 * - Base64 has one spelling, so that a note has one too.
 */

import { decodeStandard } from './base64url.js';
import { concat, equal, fromUtf8, hex, sha256, utf8 } from './bytes.js';
import { EvidenceError, InputError } from './errors.js';
import { PublicKey } from './signature.js';

export const ED25519 = 0x01;
export const COSIGNATURE_V1 = 0x04;
const MAX_SIGNATURES = 100;
const MAX_BYTES = 1 << 20;
const DASH = '\u2014 ';
// White space as Unicode and Python have it, the plus sign, and control characters.
// eslint-disable-next-line no-control-regex
const NOT_IN_NAMES = /[\x00-\x20+\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** A public key with the name and the signature type it is good for; its ID and fingerprint as hex. */
export class VerifierKey {
  constructor(name, type, key, id, fingerprint) {
    Object.assign(this, { name, type, key, id, fingerprint });
  }

  /** `name+hash+base64`, hash and material agreeing; `InputError('vkey')` says what is wrong, `vkey-type`. */
  static async parse(text) {
    const parts = text.split('+');
    if (parts.length < 3) throw new InputError('vkey', { problem: 'parts' });
    const [name, identifier] = parts;
    checkName(name);
    const raw = decodeStandard(parts.slice(2).join('+'), 'vkey');
    if (raw[0] !== ED25519 && raw[0] !== COSIGNATURE_V1) {
      throw new InputError('vkey-type', { name, type: hex(raw.subarray(0, 1)) });
    }
    if (raw.length !== 33) throw new InputError('vkey', { problem: 'length' });
    const vkey = await VerifierKey.of(name, raw[0], raw.subarray(1));
    if (vkey.id !== identifier) throw new InputError('vkey', { problem: 'id' });
    return vkey;
  }

  /** The key of these 32 raw bytes under a name. */
  static async of(name, type, raw) {
    checkName(name);
    const [key, named, fingerprint] = await Promise.all([
      PublicKey.fromEd25519(raw), sha256(concat(utf8(name), [0x0a, type], raw)), sha256(raw),
    ]);
    return new VerifierKey(name, type, key, hex(named.subarray(0, 4)), hex(fingerprint));
  }

  /** The same key, under the same name, of the same type? */
  equals(other) {
    return this.name === other.name && this.type === other.type && equal(this.key.raw, other.key.raw);
  }
}

/** `InputError('key-name')` unless the name is not empty, without white space, plus or control characters. */
export function checkName(name) {
  if (!name || NOT_IN_NAMES.test(name)) throw new InputError('key-name', { name: name.slice(0, 80) });
}

/** The note in these bytes: its `text` with the last newline, and its `signatures` {name, id, signature}. */
export function parse(bytes) {
  if (bytes.length > MAX_BYTES) throw wrong('too long');
  const whole = fromUtf8(bytes);
  if (whole === null) throw wrong('not UTF-8');
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x09\x0b-\x1f]/.test(whole)) throw wrong('control character');
  const cut = whole.lastIndexOf('\n\n');
  const lines = whole.slice(cut + 2);
  if (cut < 0 || !lines.endsWith('\n')) throw wrong('no signatures');
  const signatures = lines.slice(0, -1).split('\n');
  if (signatures.length > MAX_SIGNATURES) throw wrong('too many signatures');
  return { text: whole.slice(0, cut + 1), signatures: signatures.map(signatureOf) };
}

/** The signatures whose name and key ID are those of a key: claimed, not yet checked. */
export function signedBy(note, vkey) {
  return note.signatures.filter(({ name, id }) => name === vkey.name && id === vkey.id).map(({ signature }) => signature);
}

/** Check a note by one key of type 0x01. `EvidenceError`: `note-signature`, `note-unsigned`. */
export async function verify(note, vkey) {
  const claimed = vkey.type === ED25519 ? signedBy(note, vkey) : [];
  for (const signature of claimed) {
    try {
      await vkey.key.verify(signature, utf8(note.text));
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      throw new EvidenceError('note-signature', { name: vkey.name, problem: error.code });
    }
  }
  if (!claimed.length) throw new EvidenceError('note-unsigned');
}

function signatureOf(line) {
  const space = line.indexOf(' ', DASH.length);
  if (!line.startsWith(DASH) || space < 0) throw wrong('signature line');
  const name = line.slice(DASH.length, space);
  checkName(name);
  const raw = decodeStandard(line.slice(space + 1), 'note');
  if (raw.length < 5) throw wrong('signature too short');
  return { name, id: hex(raw.subarray(0, 4)), signature: raw.subarray(4) };
}

function wrong(problem) {
  return new InputError('note', { problem });
}
