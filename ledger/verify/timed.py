"""`timed`: a time-stamping authority saw the checkpoint before a time. Not shown yet: tokens are carried, not checked.

KNOWN LIMIT: this verdict is always `not_shown` (docs/limits.md). A token would be a DER TimeStampToken (RFC 3161) over
SHA-256 of the note text with its last newline, without signatures.
"""

from ledger.verify.account import Opinion
from ledger.verify.opened import Opened


def timed(opened: Opened) -> Opinion:
    """The verdict, never shown by this version; it says whether the bundle carries tokens."""
    opinion = Opinion("timed")
    if any(part.timestamps for part in opened.bundle.logs):
        opinion.miss("timestamps-not-checked")
    else:
        opinion.miss("no-timestamps")
    return opinion
