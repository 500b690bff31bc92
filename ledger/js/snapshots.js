/* The snapshot that standing and completeness lean on: which one a bundle may use. As `ledger/verify/snapshots.py`. */

/** The snapshot at index `at`, or null with the opinion saying why it cannot be used. */
export function snapshotAt(opened, log, at, opinion) {
  const { size } = opened.bundle.logs[log];
  if (at + 1 !== size) {
    opinion.miss('snapshot-not-at-checkpoint', at, { at, size });
    return null;
  }
  const shown = opened.at(log, at);
  if (shown?.body?.what !== 'snapshot') {
    opinion.deny('snapshot-missing', at, { at });
    return null;
  }
  const introduction = opened.key(log, shown.kid);
  if (introduction?.role !== 'operator' || introduction.iss !== opened.genesis(log)?.operator.iss) {
    opinion.deny('snapshot-not-by-operator', at, { role: introduction?.role ?? '-' });
    return null;
  }
  if (shown.body.size !== at) {
    opinion.deny('snapshot-of-another-size', at, { expected: at, found: shown.body.size });
    return null;
  }
  return shown.body;
}
