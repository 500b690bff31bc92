"""Lanes: every entry of a key names the one before it, so one that was dropped, added or moved leaves a gap that shows.

- Two entries of one key at one `seq` are a fork; the same one twice is no lane either.
- Where a bundle holds neighbours (`seq`, `seq` + 1), the later names the leaf hash of the earlier, at a lower index.

ARCHITECTURE.md 3.2.
"""

from ledger.entry.parse import Entry
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened, Shown


def check_lanes(opened: Opened, opinion: Opinion) -> None:
    """Deny the opinion for every break in a lane that the bundle shows."""
    for shown, entry in opened.readable():
        lane, seq = (shown.log, shown.kid), entry.claims.seq
        first = opened.lanes[(*lane, seq)]
        if first is not shown:
            opinion.deny("lane-forks", shown.index, kid=shown.kid, seq=seq, other=first.index)
            continue
        before = opened.lanes.get((*lane, seq - 1))
        if before is not None:
            _link(before, shown, entry, opinion)


def _link(before: Shown, shown: Shown, entry: Entry, opinion: Opinion) -> None:
    if entry.claims.prev != before.leaf:
        opinion.deny("lane-broken", shown.index, kid=shown.kid, seq=entry.claims.seq, other=before.index)
    elif before.index >= shown.index:
        opinion.deny("lane-order", shown.index, kid=shown.kid, seq=entry.claims.seq, other=before.index)
