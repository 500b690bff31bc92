/* Evidence of misconduct, `*.filiera-evidence.json`: a strict reader of the file. As `ledger/evidence_file.py`.
 *
 * Two signed artefacts that cannot both be honest, sorted as UTF-8, and the key that signed both.
 */

import { equal, hex, utf8 } from './bytes.js';
import { InputError } from './errors.js';
import { Fields } from './fields.js';
import { canonical, readIntegers } from './json_text.js';

const FORMAT = 'filiera-evidence/1';
const MAX_BYTES = 1024 * 1024;
const KINDS = ['log-fork', 'lane-fork', 'refused-inclusion'];

/** The evidence file these bytes are: {kind, origin, artefacts, vkey, jwk}; `InputError`. */
export function parseEvidence(bytes) {
  if (bytes.length > MAX_BYTES) throw new InputError('evidence-too-large', { limit: MAX_BYTES });
  const tree = readIntegers(bytes);
  const item = new Fields(tree, '', 'evidence');
  const format = item.text('format');
  if (format !== FORMAT) throw new InputError('evidence-format', { expected: FORMAT, found: format.slice(0, 40) });
  const kind = item.text('type');
  if (!KINDS.includes(kind)) throw new InputError('evidence-type', { found: kind.slice(0, 40) });
  const [origin, artefacts] = [item.text('origin'), item.texts('artefacts')];
  const [one, other] = artefacts.map((text) => hex(utf8(text)));
  if (artefacts.length !== 2 || !(one < other)) throw new InputError('evidence-artefacts');
  const jwk = kind === 'lane-fork' ? item.strings('jwk') : null;
  const vkey = kind === 'lane-fork' ? null : item.text('vkey');
  item.done();
  if (!equal(canonical(tree), bytes)) throw new InputError('evidence-not-canonical');
  return { kind, origin, artefacts, vkey, jwk };
}
