/* PDF papers: the claim and its bundles are attachments. As `exporters/files/pdf.py`.
 *
 * - Attached files are streams of type EmbeddedFile, found one after the other; the pages are not read.
 * - A file with more, or other, bundles than its one claim names (one that was appended to) is refused: two readers
 *   could take two of them.
 *
 * ISO 32000-1 sections 7.3.8 and 7.11.4.
 */

import { fromUtf8 } from '../bytes.js';
import { InputError } from '../errors.js';
import { MOST_BYTES, inflated, tooLarge } from './archive.js';
import { VERSION, readClaim } from './claim.js';

const STREAM = />>\s*stream\r?\n/g;
const BUNDLE = '"format":"filiera-bundle/';

/** Does it begin as a PDF does, and have something attached that may be ours? */
export function isPdf(bytes, start, text) {
  return start.includes('%PDF-') && text.includes('/EmbeddedFile');
}

/** The bundles that a PDF carries, null where none of its attachments is ours; `InputError`. */
export async function fromPdf(bytes, start, text) {
  const attached = [];
  let [before, left] = [0, MOST_BYTES];
  for (const found of text.matchAll(STREAM)) {
    const dictionary = lastDictionary(text.slice(before, found.index));
    before = found.index + found[0].length;
    if (!dictionary.includes('<<') || !/\/EmbeddedFile\b/.test(dictionary)) continue;
    const each = await unpacked(bytes, text, before, dictionary, left);
    // All of them together: a stream may say that it goes on over all that follow.
    left -= each.length;
    if (left < 0) throw tooLarge();
    attached.push(each);
  }
  const claims = attached.filter((each) => fromUtf8(each)?.includes(`"${VERSION}"`) && !isBundle(each));
  const bundles = attached.filter(isBundle);
  if (!claims.length && !bundles.length) return null;
  if (claims.length !== 1) throw new InputError('pdf-attachments-unclear', { claims: claims.length, bundles: bundles.length });
  const claim = readClaim(claims[0]);
  if (claim.bundles.length !== bundles.length) {
    throw new InputError('pdf-attachments-unclear', { claims: 1, bundles: bundles.length });
  }
  return { format: claim.format, bundles };
}

function isBundle(bytes) {
  return fromUtf8(bytes)?.includes(BUNDLE) ?? false;
}

/** Of all that stands before a stream since the last one, the dictionary of its own object. */
function lastDictionary(text) {
  return text.slice(Math.max(text.lastIndexOf(' obj'), text.lastIndexOf('endobj')) + 1);
}

async function unpacked(bytes, text, begins, dictionary, most) {
  const stated = /\/Length\s+([0-9]+)\b(?!\s+[0-9]+\s+R)/.exec(dictionary);
  const end = stated ? begins + Number(stated[1]) : text.indexOf('endstream', begins);
  const packed = bytes.subarray(begins, end);
  if (/\/FlateDecode\b/.test(dictionary)) return inflated(packed, 'deflate', most);
  return packed;
}
