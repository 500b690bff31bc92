/* What a paper says of itself, and the bundles it was made from. As `exporters/claim.py`.
 *
 * A claim is believed in nothing: here it says only which bundles are to be verified.
 */

import { utf8 } from '../bytes.js';
import { InputError } from '../errors.js';
import { Fields } from '../fields.js';
import { read } from '../json_text.js';

export const VERSION = 'filiera-paper/1';
const LANGUAGES = ['it', 'en'];
const MOST_BUNDLES = 10_000;

/** The claim of a JSON tree: {format, profile, language, bundles}, the bundles as texts; `InputError`. */
export function claimOf(tree) {
  const item = new Fields(tree, '', 'paper');
  const version = item.text('version');
  if (version !== VERSION) throw new InputError('paper-version', { found: version.slice(0, 40), expected: VERSION });
  const [format, profile, language] = ['format', 'profile', 'language'].map((name) => item.text(name));
  item.optionalText('document');
  const bundles = item.texts('bundles');
  item.done();
  if (!LANGUAGES.includes(language)) {
    throw new InputError('paper-language', { found: language.slice(0, 40), allowed: LANGUAGES.join(', ') });
  }
  if (!bundles.length || bundles.length > MOST_BUNDLES) throw new InputError('paper-without-bundle', { limit: MOST_BUNDLES });
  return { format, profile, language, bundles };
}

/** The claim in the bytes of a JSON text. */
export function readClaim(bytes) {
  return claimOf(read(bytes));
}

/** A paper's format and the bytes of its bundles. */
export function carried({ format, bundles }) {
  return { format, bundles: bundles.map((bundle) => (typeof bundle === 'string' ? utf8(bundle) : bundle)) };
}
