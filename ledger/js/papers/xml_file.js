/* XML papers: bundles in elements of our own, or among the documents that a UBL document refers to, in base64.
 * As `exporters/files/own_element.py` and `ubl_reference.py`.
 *
 * - Nothing of the document is believed, so nothing of it is parsed: comments are left out, and what stands where bundles
 *   stand is taken out of it. `filiera verify` reads the whole document, and compares it.
 */

import { fromUtf8 } from '../bytes.js';
import { InputError } from '../errors.js';
import { VERSION } from './claim.js';

// Not written in one: in the one HTML file they would be comments of its own.
const [OPENS, CLOSES] = [`<!${'-'.repeat(2)}`, `${'-'.repeat(2)}>`];
const OWN = /<(?:[\w.-]+:)?bundle\s*>([A-Za-z0-9+/=\s]*)<\//g;
const URI = />\s*data:application\/json;base64,([A-Za-z0-9+/=\s]*)<\//g;
const FORMAT = /\sformat\s*=\s*["']([\w.-]+)["']/;

/** Does it begin as XML does, and speak of a paper? */
export function isXml(bytes, start, text) {
  return /^(?:ï»¿)?\s*</.test(start) && text.includes('filiera-paper');
}

/** The bundles that an XML paper carries; `InputError('paper-without-claim')`. */
export function fromXml(bytes) {
  const text = withoutComments(fromUtf8(bytes) ?? '');
  const paper = /<(?:[\w.-]+:)?paper\s[^<>]*>/.exec(text)?.[0] ?? '';
  const found = [...text.matchAll(paper ? OWN : URI)].map(([, base64]) => bytesOf(base64));
  if (!text.includes(VERSION) || !found.length) throw new InputError('paper-without-claim', { member: 'filiera:paper' });
  return { format: FORMAT.exec(paper)?.[1] ?? 'ubl-despatch', bundles: found };
}

/** A text without its comments; one that is not closed stays. */
function withoutComments(text) {
  const parts = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf(OPENS, at);
    const end = start < 0 ? -1 : text.indexOf(CLOSES, start + OPENS.length);
    if (end < 0) return [...parts, text.slice(at)].join('');
    parts.push(text.slice(at, start));
    at = end + CLOSES.length;
  }
}

function bytesOf(base64) {
  try {
    return Uint8Array.from(atob(base64.replace(/\s+/g, '')), (character) => character.charCodeAt(0));
  } catch {
    throw new InputError('paper-claim', { member: 'filiera:paper' });
  }
}
