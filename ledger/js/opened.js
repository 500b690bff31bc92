/* A parsed bundle with its entries opened: read once here, judged by every verdict. As `ledger/verify/opened.py`.
 *
 * - An entry that cannot be read is kept with its error: one verdict says so, the others go on with the rest.
 * - Keys are known only from the entries that introduce them.
 * - Nothing here is believed: signatures are `authentic`'s, places in the log `included`'s, standing `keys_valid`'s.
 *
 *     const opened = await openBundle(await parse(bytes)); opened.at(0, 12); opened.key(0, kid);
 */

import { hex } from './bytes.js';
import { LedgerError } from './errors.js';
import { leafHash } from './jwt.js';
import { withDisclosures } from './parse.js';
import { readBody } from './read_body.js';

/** Every entry of a bundle; nothing is thrown, what cannot be read keeps its error. */
export async function openBundle(bundle) {
  return new Opened(bundle, await Promise.all(bundle.entries.map(open)));
}

/** A bundle, its entries in order, where each leaf stands, and the keys that they introduce. */
export class Opened {
  constructor(bundle, entries) {
    this.bundle = bundle;
    this.entries = entries;
    this.readable = entries.filter(({ entry }) => entry !== null);
    this.places = new Map(entries.map((shown) => [`${shown.log}/${shown.index}`, shown]));
    this.leaves = new Map(entries.map((shown) => [`${shown.log}/${hex(shown.leaf)}`, shown]));
    this.lanes = new Map();
    this.keys = new Map();
    for (const shown of this.readable) {
      const { log, kid, entry } = shown;
      setDefault(this.lanes, `${log}/${kid}/${entry.claims.seq}`, shown);
      for (const found of introduced(shown)) setDefault(this.keys, `${log}/${found.key.kid}`, found);
    }
  }

  /** The entry at one place of a log. */
  at(log, index) {
    return this.places.get(`${log}/${index}`) ?? null;
  }

  /** The entry with this leaf hash in a log. */
  leaf(log, leaf) {
    return this.leaves.get(`${log}/${hex(leaf)}`) ?? null;
  }

  /** The entry of a key with this place in its lane. */
  lane(log, kid, seq) {
    return this.lanes.get(`${log}/${kid}/${seq}`) ?? null;
  }

  /** The key of that kid {index, iss, role, key}, null where no entry of the bundle introduces it. */
  key(log, kid) {
    return this.keys.get(`${log}/${kid}`) ?? null;
  }

  /** The genesis of a log as it is read, null where entry 0 is not here or is none. */
  genesis(log) {
    const body = this.at(log, 0)?.body;
    return body?.what === 'genesis' ? body : null;
  }
}

async function open({ log, index, entry: raw, disclosures }, position) {
  const shown = { log, index, position, leaf: await leafHash(raw), kid: '', entry: null, body: null, error: null };
  try {
    const entry = await withDisclosures(raw, disclosures);
    Object.assign(shown, { entry, kid: entry.jwt.kid });
    const { private: isPrivate, known, kind, body } = entry.claims;
    if (known && !isPrivate) shown.body = await readBody(kind, body);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    shown.error = error;
  }
  return shown;
}

/** The keys that one entry introduces. */
function introduced({ index, entry, body }) {
  const one = (iss, role, key) => ({ index, iss, role, key });
  switch (body?.what) {
    case 'genesis': {
      const founders = body.members.map(({ iss, key }) => one(iss, 'admin', key));
      return [...founders, one(body.operator.iss, 'operator', body.operator.key)];
    }
    case 'member':
    case 'recover':
      return [one(body.founding.iss, 'admin', body.founding.key)];
    case 'add':
      return [one(entry.claims.iss, body.role, body.key)];
    case 'rotate':
      return [one(entry.claims.iss, 'admin', body.key)];
    default:
      return [];
  }
}

function setDefault(map, key, value) {
  if (!map.has(key)) map.set(key, value);
}
