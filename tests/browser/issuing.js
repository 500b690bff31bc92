/* What the tests ask of the signing half: entries issued with given salts, and signed by a fresh key of the platform, or
 * "signed" by what a vector's key signed.
 */

import { decode, encode } from '../../ledger/js/base64url.js';
import { utf8 } from '../../ledger/js/bytes.js';
import { contentOf, issuePrivate } from '../../ledger/js/issue.js';
import { read } from '../../ledger/js/json_text.js';
import { objectKey } from '../../ledger/js/object_key.js';
import { Signer, lowS } from '../../ledger/js/signer.js';

export const ISSUING = {
  /** The wires of an entry; `content`: JSON text, or disclosures; `salts`: in the order they are asked for. */
  issue: async ({ content, record, salts, signer, prev, ...place }) => {
    const left = salts.map((text) => decode(text));
    const keys = signer ? { ...signer, sign: async () => decode(signer.signature) } : await Signer.generate();
    const issued = await issuePrivate(keys, {
      ...place,
      prev: prev === null ? null : decode(prev),
      content: Array.isArray(content) ? content : read(utf8(content)),
      record: { ...record, lots: record.lots.map((lot) => ({ ...lot, key: decode(lot.key) })) },
      salt: () => left.shift(),
    });
    return { wires: issued.wires, seq: issued.seq, prev: encode(issued.prev), jwk: keys.jwk ?? null, left: left.length };
  },
  content: async ({ wire }) => contentOf(wire),
  key: async ({ secret, uri }) => encode(await objectKey(decode(secret), uri)),
  lowS: async ({ signature }) => encode(lowS(decode(signature))),
};
