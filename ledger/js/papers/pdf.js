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
import { MOST_BYTES, inflated } from './archive.js';
import { VERSION, readClaim } from './claim.js';

const STREAM = /<<((?:(?!\bendobj\b)[^])*?)>>\s*stream\r?\n/g;
const BUNDLE = '"format":"filiera-bundle/';

/** Does it begin as a PDF does, and have something attached that may be ours? */
export function isPdf(bytes, start, text) {
  return start.includes('%PDF-') && text.includes('/EmbeddedFile');
}

/** The bundles that a PDF carries, null where none of its attachments is ours; `InputError`. */
export async function fromPdf(bytes, start, text) {
  const attached = [];
  for (const found of text.matchAll(STREAM)) {
    if (/\/EmbeddedFile\b/.test(lastDictionary(found[1]))) {
      attached.push(await unpacked(bytes, text, found.index + found[0].length, lastDictionary(found[1])));
    }
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
  return text.slice(text.lastIndexOf(' obj') + 1);
}

async function unpacked(bytes, text, begins, dictionary) {
  const stated = /\/Length\s+([0-9]+)(?!\s+[0-9]+\s+R)/.exec(dictionary);
  const end = stated ? begins + Number(stated[1]) : text.indexOf('endstream', begins);
  const packed = bytes.subarray(begins, end);
  if (/\/FlateDecode\b/.test(dictionary)) return inflated(packed, 'deflate', MOST_BYTES);
  return packed;
}
