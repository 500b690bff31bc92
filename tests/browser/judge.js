/* What the tests ask of the verifier in JavaScript, in Node and in a page alike: one case in, one plain answer out. */

import { decode, encode } from '../../ledger/js/base64url.js';
import { hex } from '../../ledger/js/bytes.js';
import { canonicalUri, taggedObject } from '../../ledger/js/canonical.js';
import { LedgerError } from '../../ledger/js/errors.js';
import { bundlesOf } from '../../ledger/js/papers/opened.js';
import { parseWire, verifyEntry } from '../../ledger/js/parse.js';
import { Registry, rowsRoot } from '../../ledger/js/replay.js';
import { PublicKey } from '../../ledger/js/signature.js';
import { readRow, verifyRow } from '../../ledger/js/snapshot.js';
import { rootOf, verifyAbsent, verifyPresent } from '../../ledger/js/tag_tree.js';
import { verify } from '../../ledger/js/verify.js';
import { ISSUING } from './issuing.js';

const ASKED = {
  ...ISSUING,
  file: async ({ file, ...known }) => verify(bytes(file), known),
  bundles: async ({ file }) => {
    const paper = await bundlesOf(bytes(file));
    return paper && { format: paper.format, bundles: paper.bundles.map(encode) };
  },
  entry: async ({ entry, jwk }) => verifyEntry(await parseWire(entry), await PublicKey.fromJwk(new Map(Object.entries(jwk)))),
  row: async ({ row, n, path, root, keys }) => {
    readRow(row);
    await verifyRow(row, n, path.map((text) => decode(text)), decode(root), keys);
  },
  present: async (vector) => verifyPresent(...placed(vector)),
  absent: async ({ absent, ...vector }) => {
    const [tag, indexes, path, ...rest] = placed(vector);
    await verifyAbsent(decode(absent), { tag, indexes, path }, ...rest);
  },
  root: async ({ items }) => {
    const pairs = items.map(({ tag, indexes }) => ({ tag: decode(tag), indexes }));
    const inOrder = pairs.sort((one, other) => (hex(one.tag) < hex(other.tag) ? -1 : 1));
    return encode(await rootOf(inOrder));
  },
  registry: async ({ leaves }) => {
    const [first, ...others] = leaves;
    const registry = await Registry.genesis(first);
    for (const leaf of others) await registry.take(leaf);
    const rows = registry.rows();
    const members = [...registry.state.members.keys()];
    return { rows, keysRoot: encode(await rowsRoot(rows)), members, votes: registry.state.terms.votes };
  },
  identifier: async ({ uri }) => [canonicalUri(uri), taggedObject(uri)],
};

/** `{said}` or `{code}` of the refusal. */
export async function judge({ asked, ...given }) {
  try {
    return { said: (await ASKED[asked](given)) ?? null };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { code: error.code };
  }
}

/** The answers to many cases, in their order. */
export async function judgeAll(cases) {
  const answers = [];
  for (const each of cases) answers.push(await judge(each));
  return answers;
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function placed({ tag, indexes, path, root, size }) {
  return [decode(tag), indexes, path.map(([bit, text]) => [bit, decode(text)]), decode(root), size];
}
