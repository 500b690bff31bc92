/* A file opened for the bundles in it: by its content, whatever its name. As `exporters/verify_file.py`, but that nothing
 * of what the file itself says is compared: a verdict over that (`faithful`) is not shown here.
 *
 * KNOWN LIMIT: a browser does not compare a document with its proof; `filiera verify` and a server do.
 *
 *     const account = await verifyAny(bytes, { policies: [text] });
 *     account.paper; account.verdicts.faithful;    // 'fsma204', 'not_shown'
 *
 * docs/spec/paper.md.
 */

import { LedgerError } from '../errors.js';
import { Opinion, paperAccountOf } from '../account.js';
import { verify } from '../verify.js';
import { fromJson, fromJwt, isJson, isJwt } from './json_file.js';
import { fromPdf, isPdf } from './pdf.js';
import { fromXml, isXml } from './xml_file.js';
import { fromZip, isZip } from './zip_file.js';

const KINDS = [[isZip, fromZip], [isPdf, fromPdf], [isXml, fromXml], [isJwt, fromJwt], [isJson, fromJson]];

/** The account of a file, or of the bundles it carries. */
export async function verifyAny(bytes, known) {
  let paper;
  try {
    paper = await bundlesOf(bytes);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return unreadable(error);
  }
  if (paper === null) return { ...(await verify(bytes, known)), paper: null };
  const accounts = [];
  for (const bundle of paper.bundles) accounts.push(await verify(bundle, known));
  const faithful = new Opinion('faithful');
  faithful.miss('figures-not-compared-here');
  return { ...paperAccountOf(accounts, faithful), paper: paper.format };
}

/** The bundles in a file and the format it says it is of, null where it is no paper; `InputError`. */
export async function bundlesOf(bytes) {
  // Bytes as characters of the same number: for looking, not for reading.
  const text = new TextDecoder('latin1').decode(bytes);
  const start = text.slice(0, 1024);
  const found = KINDS.find(([recognises]) => recognises(bytes, start, text));
  return found === undefined ? null : found[1](bytes, start, text);
}

/** A paper whose claim cannot be read proves nothing, and is no other file either; some only a larger reader can read. */
function unreadable(error) {
  const [authentic, faithful] = [new Opinion('authentic'), new Opinion('faithful')];
  if (error.code === 'sheet-proof-not-read' || error.code === 'pdf-attachments-unclear') {
    authentic.miss(error.code, null, error.context);
  } else {
    authentic.refuse(error);
  }
  faithful.miss('paper-not-read');
  return { ...paperAccountOf([], faithful, authentic), paper: '' };
}
