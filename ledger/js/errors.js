/* What can go wrong, as `schemas/errors.py` has it: a stable code and the values that explain it.
 *
 * - `InputError`: the text is not of its form. `EvidenceError`: it does not prove what it claims.
 * - `UnavailableError`: this browser cannot tell. It never makes a verdict `no`, and never `yes`.
 * - Sentences are made at the face only (`wording.js`), from the tables that Python reads.
 */

export class LedgerError extends Error {
  constructor(code, context = {}) {
    super(code);
    this.code = code;
    this.context = context;
  }

  /** The same error with more of its place known. */
  within(context) {
    this.context = { ...context, ...this.context };
    return this;
  }
}

export class InputError extends LedgerError {}
export class EvidenceError extends LedgerError {}
export class UnavailableError extends LedgerError {}
