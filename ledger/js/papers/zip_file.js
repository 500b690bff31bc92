/* Papers in archives: a file with its proof beside it, the package of everything, a spreadsheet.
 * As `exporters/files/zip_file.py`, `package_file.py` and `xlsx.py`.
 *
 * KNOWN LIMIT: of a spreadsheet that another program saved again the proof stands in a hidden sheet, which is not read
 * here: `filiera verify` and a server do.
 */

import { fromUtf8 } from '../bytes.js';
import { InputError } from '../errors.js';
import { read } from '../json_text.js';
import { isArchive, openArchive, partOf } from './archive.js';
import { carried, claimOf, readClaim } from './claim.js';

const [BESIDE, MANIFEST, OWN_PART] = ['filiera-paper.json', 'manifest.json', 'filiera/paper.json'];
const WORKBOOK = 'xl/workbook.xml';
const CLAIMED = ['version', 'format', 'profile', 'language', 'document', 'bundles'];

export function isZip(bytes) {
  return isArchive(bytes);
}

/** The bundles that a paper in an archive carries, null where it is another archive; `InputError`. */
export async function fromZip(bytes) {
  const archive = openArchive(bytes);
  if (archive.parts.has(OWN_PART)) return carried(readClaim(await partOf(archive, OWN_PART)));
  if (archive.parts.has(BESIDE)) return named(archive, read(await partOf(archive, BESIDE)));
  if (archive.parts.has(WORKBOOK)) throw new InputError('sheet-proof-not-read');
  const manifest = archive.parts.has(MANIFEST) ? read(await partOf(archive, MANIFEST)) : null;
  return manifest instanceof Map && manifest.has('bundles') ? named(archive, manifest) : null;
}

/** The claim that names its bundles, which stand beside it. */
async function named(archive, tree) {
  const said = tree instanceof Map ? new Map([...tree].filter(([name]) => CLAIMED.includes(name))) : tree;
  const claim = claimOf(said);
  const missing = claim.bundles.find((name) => !archive.parts.has(name));
  if (missing !== undefined) throw new InputError('zip-without-bundle', { name: missing.slice(0, 80) });
  // Each is unpacked once, however often it is named.
  const names = [...new Set(claim.bundles)];
  const whole = new Map(await Promise.all(names.map(async (name) => [name, await partOf(archive, name)])));
  const parts = claim.bundles.map((name) => whole.get(name));
  if (parts.some((part) => fromUtf8(part) === null)) throw new InputError('archive-damaged');
  return { format: claim.format, bundles: parts };
}
