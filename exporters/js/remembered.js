/* What this browser saw of logs before: the last head of each, and under which key. As `ledger/trust.py` keeps it for the
 * command line.
 *
 * - A head that is kept is only replaced by one that is proved to follow it; a bundle that cannot show it leaves it.
 * - A browser that refuses to keep anything (a private window, a file on a phone) is one that remembers nothing.
 *
 *     const memory = new Remembered(); verifyAny(bytes, { policies, checkpoints: memory.heads() });
 */

const PLACE = 'filiera-verifier/1';

export class Remembered {
  constructor(storage = ownStorage()) {
    this.storage = storage;
    this.logs = read(storage);
  }

  /** origin -> {size, root} of the last head seen. */
  heads() {
    return Object.fromEntries([...this.logs].filter(([, { size }]) => size).map(([origin, log]) => [origin, log]));
  }

  /** How a log's key is known here: `first` seen, `met` before, or `changed` since. */
  meeting({ origin, fingerprint }) {
    const before = this.logs.get(origin)?.fingerprint;
    return before === undefined ? 'first' : before === fingerprint ? 'met' : 'changed';
  }

  /** Keep what an account showed: keys of logs met for the first time, and heads that follow those that are kept. */
  keep({ logs, heads, reasons }) {
    const unproved = reasons.some(({ code }) => ['older-than-known', 'newer-than-known'].includes(code));
    for (const { origin, fingerprint } of logs) {
      if (fingerprint && !this.logs.has(origin)) this.logs.set(origin, { fingerprint, size: 0, root: '' });
    }
    for (const { origin, size, root } of heads) {
      const log = this.logs.get(origin);
      if (log !== undefined && (log.size === 0 || (size > log.size && !unproved))) this.logs.set(origin, { ...log, size, root });
    }
    this.write();
  }

  write() {
    try {
      this.storage?.setItem(PLACE, JSON.stringify([...this.logs]));
    } catch {
      this.storage = null;
    }
  }
}

function ownStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Whatever another program left there that is not of our form is not remembered. */
function read(storage) {
  try {
    const kept = JSON.parse(storage?.getItem(PLACE) ?? '[]');
    return new Map(kept.filter(([origin, log]) => typeof origin === 'string' && isLog(log)));
  } catch {
    return new Map();
  }
}

function isLog(log) {
  const texts = typeof log?.fingerprint === 'string' && /^[A-Za-z0-9_-]*$/.test(log.root);
  return texts && Number.isSafeInteger(log.size) && log.size >= 0 && (log.root.length === 43) === log.size > 0;
}
