/* JSON papers and credentials in an envelope: the member `filiera:paper`. As `exporters/files/json_file.py` and
 * `jwt_file.py`.
 */

import { decode } from '../base64url.js';
import { fromUtf8 } from '../bytes.js';
import { InputError } from '../errors.js';
import { read } from '../json_text.js';
import { carried, claimOf } from './claim.js';

const MEMBER = 'filiera:paper';
const JWT = /^\s*([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\s*$/;

/** Is it the text of an object that has the member? `start`: the first characters of a file. */
export function isJson(bytes, start, text) {
  return start.trimStart().startsWith('{') && text.includes(`"${MEMBER}"`);
}

/** The bundles that a JSON paper carries; `InputError`. */
export function fromJson(bytes) {
  const tree = read(bytes);
  if (!(tree instanceof Map) || !tree.has(MEMBER)) throw new InputError('paper-without-claim', { member: MEMBER });
  return carried(claimOf(tree.get(MEMBER)));
}

/** Is it a JWT whose header says that it is a credential? */
export function isJwt(bytes, start, text) {
  const [, head] = JWT.exec(text) ?? [];
  try {
    return head !== undefined && (fromUtf8(decode(head)) ?? '').includes('"vc+jwt"');
  } catch {
    return false;
  }
}

/** The bundles among the claims of a JWT; `InputError`. */
export function fromJwt(bytes) {
  const [, , payload] = JWT.exec(fromUtf8(bytes) ?? '');
  return fromJson(decode(payload, 'payload'));
}
