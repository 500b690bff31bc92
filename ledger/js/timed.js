/* `timed`: a time-stamping authority saw the checkpoint. Not shown yet: tokens are carried, not checked.
 * As `ledger/verify/timed.py`.
 *
 * KNOWN LIMIT: this verdict is always `not_shown`.
 */

import { Opinion } from './account.js';

/** The verdict, never shown by this version; it says whether the bundle carries tokens. */
export function timed(opened) {
  const opinion = new Opinion('timed');
  const carried = opened.bundle.logs.some(({ timestamps }) => timestamps.length);
  opinion.miss(carried ? 'timestamps-not-checked' : 'no-timestamps');
  return opinion;
}
