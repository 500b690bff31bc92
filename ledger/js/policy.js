/* Trust policies (c2sp.org/tlog-policy): which logs and witnesses are known, and how many must agree.
 * As `ledger/log/policy.py`.
 *
 * - Lines `log`, `witness`, `group`, `quorum`, and comments; a name is defined once, above the line that uses it, and
 *   is a member of one group at most. Exactly one `quorum`. Anything else is refused, never skipped.
 * - Our comment `# filiera-genesis <leaf hash>` ties a log's key to its first entry.
 *
 *     const known = await knownLog(text); known.origin; known.vkey.fingerprint;
 */

import { decode, encodeStandard } from './base64url.js';
import { concat, equal } from './bytes.js';
import { cosignedAt } from './cosignature.js';
import { EvidenceError, InputError, LedgerError } from './errors.js';
import { HASH_SIZE } from './merkle.js';
import { COSIGNATURE_V1, ED25519, VerifierKey } from './note.js';

const NONE = 'none';
const MAX_LINES = 4096;
const GENESIS = 'filiera-genesis';

/** The one log of a policy that names its genesis, with the last head {size, root} seen of it, if any. */
export async function knownLog(text, last = null) {
  const policy = await parsePolicy(text);
  if (policy.logs.length !== 1) throw new InputError('policy-one-log', { logs: policy.logs.length });
  if (policy.genesis === null) throw new InputError('policy-genesis');
  const [vkey] = policy.logs;
  return { origin: vkey.name, vkey, genesis: policy.genesis, policy, last };
}

/** The policy in a text; `InputError('policy')` names the line and what is wrong with it. */
export async function parsePolicy(text) {
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) throw new InputError('policy', { line: 0, problem: 'control character' });
  const lines = text.split('\n');
  if (lines.pop()) throw new InputError('policy', { line: lines.length + 1, problem: 'no newline at the end' });
  if (lines.length > MAX_LINES) throw new InputError('policy', { line: MAX_LINES, problem: 'too long' });
  const policy = new Policy();
  for (const [at, line] of lines.entries()) {
    try {
      await policy.take(line.split(/[ \t]/).filter((item) => item));
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      throw new InputError('policy', { line: at + 1, problem: String(error.context.problem ?? error.code) });
    }
  }
  return policy.whole();
}

class Policy {
  constructor() {
    this.logs = [];
    this.witnesses = new Map();
    this.groups = new Map();
    this.genesis = null;
    this.named = [];
    this.grouped = new Set();
  }

  /** Whom a note needs: the name of a witness or group, null for nobody. */
  get quorum() {
    return this.named[0] === NONE ? null : this.named[0];
  }

  /** Names of the witnesses that cosigned, with their times; `EvidenceError('cosignature-wrong')`. */
  async cosigned(note) {
    const found = new Map();
    for (const [name, vkey] of this.witnesses) {
      const time = await cosignedAt(note, vkey);
      if (time !== null) found.set(name, time);
    }
    return found;
  }

  /** `EvidenceError('quorum-not-met')` where those that cosigned are not enough. */
  checkQuorum(cosigned) {
    // Groups only name what stands above them, so one pass in the order of the file settles all of them.
    const seen = new Set(cosigned.keys());
    for (const [name, { threshold, members }] of this.groups) {
      if (members.filter((member) => seen.has(member)).length >= threshold) seen.add(name);
    }
    if (this.quorum !== null && !seen.has(this.quorum)) {
      throw new EvidenceError('quorum-not-met', {
        quorum: this.quorum, cosigned: [...cosigned.keys()].sort().join(', ') || '-',
      });
    }
  }

  async take([directive, ...items]) {
    if (directive === undefined) return;
    if (directive.startsWith('#')) this.comment([directive, ...items]);
    else if (directive === 'log') await this.log(items);
    else if (directive === 'witness') await this.witness(items);
    else if (directive === 'group') this.group(items);
    else if (directive === 'quorum') this.takeQuorum(items);
    else throw wrong('unknown directive');
  }

  whole() {
    if (!this.named.length) throw new InputError('policy', { line: 0, problem: 'no quorum' });
    return this;
  }

  comment(items) {
    if (items[0] !== '#' || items[1] !== GENESIS) return;
    if (items.length !== 3 || this.genesis !== null) throw wrong('genesis');
    this.genesis = decode(items[2], 'genesis');
    if (this.genesis.length !== HASH_SIZE) throw wrong('genesis');
  }

  async log(items) {
    const vkey = await this.key(items, ED25519);
    if (this.logs.some((other) => equal(other.key.raw, vkey.key.raw))) throw wrong('duplicate key');
    this.logs.push(vkey);
  }

  async witness(items) {
    const name = this.newName(items);
    const vkey = await this.key(items.slice(1), COSIGNATURE_V1);
    if ([...this.witnesses.values()].some((other) => equal(other.key.raw, vkey.key.raw))) throw wrong('duplicate key');
    this.witnesses.set(name, vkey);
  }

  group(items) {
    const name = this.newName(items);
    const members = items.slice(2);
    if (!members.length) throw wrong('no members');
    for (const member of members) {
      this.defined(member);
      if (this.grouped.has(member)) throw wrong('member twice');
      this.grouped.add(member);
    }
    this.groups.set(name, { threshold: threshold(items[1], members.length), members });
  }

  takeQuorum(items) {
    if (items.length !== 1 || this.named.length) throw wrong('quorum');
    if (items[0] !== NONE) this.defined(items[0]);
    this.named.push(items[0]);
  }

  async key(items, type) {
    if (items.length !== 1 && items.length !== 2) throw wrong('items');
    const vkey = await VerifierKey.parse(items[0]);
    if (vkey.type !== type) throw wrong('key of another type');
    return vkey;
  }

  newName(items) {
    if (items.length < 2) throw wrong('items');
    if (items[0] === NONE || this.witnesses.has(items[0]) || this.groups.has(items[0])) throw wrong('duplicate name');
    return items[0];
  }

  defined(name) {
    if (!this.witnesses.has(name) && !this.groups.has(name)) throw wrong('undefined name');
  }
}

function threshold(text, members) {
  if (text === 'any' || text === 'all') return text === 'any' ? 1 : members;
  if (!/^[1-9][0-9]{0,3}$/.test(text) || Number(text) > members) throw wrong('threshold');
  return Number(text);
}

function wrong(problem) {
  return new InputError('policy', { problem });
}

/** `InputError('policy')` unless these witness lines are a policy of the log with this key. */
export async function checkLines(vkey, lines) {
  const material = encodeStandard(concat([vkey.type], vkey.key.raw));
  const text = [`log ${vkey.name}+${vkey.id}+${material}`, ...(lines.length ? lines : [`quorum ${NONE}`])];
  await parsePolicy(text.map((line) => `${line}\n`).join(''));
}
