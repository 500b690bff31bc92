/* Who may say what: the roles of keys, as `ledger/registry/rules.py` has them. */

const RECORDERS = ['device', 'gateway'];
const ADMIN = ['admin'];
const OPERATOR = ['operator'];

/** The roles that may sign each kind. */
export const MAY_SIGN = new Map([
  ...['event', 'correction', 'master', 'document', 'drill', 'tags'].map((kind) => [kind, RECORDERS]),
  ...['key', 'member', 'approval', 'erasure'].map((kind) => [kind, ADMIN]),
  ...['snapshot', 'evidence'].map((kind) => [kind, OPERATOR]),
  ['policy', [...ADMIN, ...OPERATOR]],
]);

/** `key-not-yet-valid` or `key-ended` unless add < index (or introduces and =) and index < end. */
export function standingProblem({ kid, add, end }, index, introduces = false) {
  if (index < add || (index === add && !introduces)) return ['key-not-yet-valid', { kid, index, add }];
  return end !== null && index >= end ? ['key-ended', { kid, index, end }] : null;
}
