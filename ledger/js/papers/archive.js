/* ZIP archives, opened so that none of them can hurt or deceive. As `exporters/files/archive.py`.
 *
 * - A name that stands twice, an encrypted part, a part that unpacks to more than it says, and an archive that unpacks
 *   to more than a phone can hold are refused.
 *
 * APPNOTE 6.3; the platform's DecompressionStream (RFC 1951).
 */

import { fromUtf8 } from '../bytes.js';
import { InputError } from '../errors.js';

export const MOST_BYTES = 256 * 1024 * 1024;
const MOST_PARTS = 20_000;
const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];

/** Does a file begin as an archive does? */
export function isArchive(bytes) {
  return bytes.length > 22 && view(bytes).getUint32(0, true) === LOCAL;
}

/** The parts of an archive by name; `InputError` (`archive-…`). */
export function openArchive(bytes) {
  try {
    return partsOf(bytes);
  } catch (error) {
    // A place that lies outside of the file.
    throw error instanceof RangeError ? damaged() : error;
  }
}

/** One part whole; `InputError('archive-damaged')` where it is not there or is not what was packed. */
export async function partOf(archive, name) {
  const part = archive.parts.get(name);
  if (part === undefined) throw damaged();
  const at = view(archive.bytes);
  let begins = NaN;
  if (part.at + 30 <= archive.bytes.length && at.getUint32(part.at, true) === LOCAL) {
    begins = part.at + 30 + at.getUint16(part.at + 26, true) + at.getUint16(part.at + 28, true);
  }
  const packed = archive.bytes.subarray(begins, begins + part.packed);
  if (packed.length !== part.packed) throw damaged();
  const whole = part.method === STORED ? packed : await inflated(packed, 'deflate-raw', part.size);
  if (whole.length !== part.size) throw damaged();
  return whole;
}

/** What packed bytes unpack to, at most `most` of them; `InputError('archive-damaged')`. */
export async function inflated(packed, format, most) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format));
  const found = [];
  let size = 0;
  try {
    for (const reader = stream.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) throw damaged();
      found.push(value);
    }
  } catch {
    throw damaged();
  }
  return new Uint8Array(await new Blob(found).arrayBuffer());
}

function partsOf(bytes) {
  const at = view(bytes);
  let end = bytes.length - 22;
  while (end >= 0 && at.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw damaged();
  const count = at.getUint16(end + 10, true);
  if (count > MOST_PARTS) throw tooLarge();
  const parts = new Map();
  let place = at.getUint32(end + 16, true);
  let total = 0;
  for (let number = 0; number < count; number += 1) {
    const { name, part, next } = entryAt(bytes, at, place);
    if (parts.has(name)) throw new InputError('archive-part-twice', { part: name.slice(0, 80) });
    total += part.size;
    if (total > MOST_BYTES) throw tooLarge();
    parts.set(name, part);
    place = next;
  }
  return { bytes, parts };
}

function entryAt(bytes, at, place) {
  if (at.getUint32(place, true) !== ENTRY) throw damaged();
  const [flags, method] = [at.getUint16(place + 8, true), at.getUint16(place + 10, true)];
  const [packed, size] = [at.getUint32(place + 20, true), at.getUint32(place + 24, true)];
  const [long, extra, comment] = [28, 30, 32].map((offset) => at.getUint16(place + offset, true));
  const name = fromUtf8(bytes.subarray(place + 46, place + 46 + long));
  if (name === null) throw damaged();
  if (flags & 1 || ![STORED, DEFLATED].includes(method)) {
    throw new InputError('archive-part-sealed', { part: name.slice(0, 80) });
  }
  return { name, part: { method, packed, size, at: at.getUint32(place + 42, true) }, next: place + 46 + long + extra + comment };
}

function view(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged() {
  return new InputError('archive-damaged');
}

/** The refusal of what unpacks to more than a phone can hold. */
export function tooLarge() {
  return new InputError('archive-too-large', { parts: MOST_PARTS, bytes: MOST_BYTES });
}
