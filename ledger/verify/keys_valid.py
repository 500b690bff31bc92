"""`keys_valid`: every entry's key was valid at the entry's index, and nothing declared it suspect since.

- Each key used has its row in the snapshot that ends the checkpoint; the row's RFC 6962 path leads to the snapshot's
  root over `keys` rows. A row says what all entries before the snapshot leave of the key.
- The row speaks of the key that an entry here introduces: same member, same role, in effect not before it.
- A key is valid at an index greater than `add` (or at `add`, where the entry introduces it) and smaller than `end`.
- Its role may sign the entry's kind.
- From `suspect` on its entries are not believed, unless another entry of the member, of a key in good standing,
  re-attests them.
- The row ends the lane: no entry before the snapshot lies beyond its `seq`, and the one at `seq` is its `head`.

ARCHITECTURE.md 3.3, 3.7.
"""

from collections.abc import Iterable, Mapping, Sequence

from ledger.bundle import StandingPart
from ledger.entry.parse import Entry, read_record
from ledger.registry.bodies import Genesis, Rotate
from ledger.registry.rules import MAY_SIGN
from ledger.registry.snapshot import KeyRow, read_row, verify_row
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened, Shown
from ledger.verify.snapshots import snapshot_at
from schemas.errors import EvidenceError, LedgerError

Rows = Mapping[tuple[int, str], KeyRow]
Reattesting = Mapping[tuple[int, bytes], Sequence[Shown]]


def keys_valid(opened: Opened) -> Opinion:
    """The verdict over every entry of the bundle."""
    opinion = Opinion("keys_valid")
    rows = standing_rows(opened, opinion)
    again_by = _reattesting(opened)
    missing: set[tuple[int, str]] = set()
    for shown, entry in opened.readable():
        row = rows.get((shown.log, shown.kid))
        if row is not None:
            _judge(opened, rows, shown, entry, row, opinion, again_by)
        elif (shown.log, shown.kid) not in missing:
            missing.add((shown.log, shown.kid))
            opinion.miss("standing-missing", shown.index, kid=shown.kid)
    return opinion


def standing_rows(opened: Opened, opinion: Opinion) -> Rows:
    """The rows that their snapshots prove, by log and kid; what they do not prove is the opinion's."""
    rows: dict[tuple[int, str], KeyRow] = {}
    refused: set[tuple[int, int]] = set()
    for part in opened.bundle.standing:
        if (part.log, part.at) in refused:
            continue
        row = _row(opened, part, opinion)
        if row is None:
            refused.add((part.log, part.at))
            continue
        rows[part.log, row.kid] = row
    return rows


def _row(opened: Opened, part: StandingPart, opinion: Opinion) -> KeyRow | None:
    snapshot = snapshot_at(opened, part.log, part.at, opinion)
    if snapshot is None:
        return None
    try:
        verify_row(part.row, part.n, part.path, snapshot.root, snapshot.keys)
        row = read_row(part.row)
        _matches_introduction(opened, part.log, row)
    except LedgerError as error:
        opinion.refuse(error, part.at)
        return None
    return row


def _matches_introduction(opened: Opened, log: int, row: KeyRow) -> None:
    introduction = opened.key(log, row.kid)
    if introduction is None:
        raise EvidenceError("key-not-introduced", kid=row.kid)
    if (introduction.iss, introduction.role) != (row.iss, row.role) or row.add < introduction.index:
        raise EvidenceError("standing-of-another-key", kid=row.kid)


def _judge(
    opened: Opened, rows: Rows, shown: Shown, entry: Entry, row: KeyRow, opinion: Opinion, again_by: Reattesting
) -> None:
    try:
        row.check_standing(shown.index, introduces=_introduces(shown))
    except EvidenceError as error:
        opinion.refuse(error, shown.index)
    if entry.claims.known and row.role not in MAY_SIGN[entry.claims.kind] and not isinstance(shown.body, Genesis):
        opinion.deny("role-may-not-sign", shown.index, kid=row.kid, role=row.role, kind=entry.claims.kind)
    if row.suspects(shown.index):
        again = _reattested(rows, shown, entry, again_by.get((shown.log, shown.leaf), ()))
        if again is None:
            opinion.deny("entry-suspect", shown.index, kid=row.kid, since=row.suspect)
        else:
            opinion.note("entry-reattested", shown.index, by=again)
    _lane_end(opened, shown, entry, row, opinion)


def _introduces(shown: Shown) -> bool:
    """Genesis and `rotate` are the only entries whose key they introduce."""
    return isinstance(shown.body, Genesis | Rotate)


def _reattesting(opened: Opened) -> Reattesting:
    """The entries that re-attest a leaf, rising; gathered once, for a bundle may hold ten thousand suspect ones."""
    found: dict[tuple[int, bytes], list[Shown]] = {}
    for shown, entry in opened.readable():
        leaf = read_record(entry).reattests if entry.claims.private else None
        if leaf is not None:
            found.setdefault((shown.log, leaf), []).append(shown)
    return found


def _reattested(rows: Rows, suspect: Shown, entry: Entry, others: Iterable[Shown]) -> int | None:
    """The index of a later entry of the same member, of a key not suspect there, that vouches for this one."""
    for shown in others:
        row = rows.get((shown.log, shown.kid))
        if shown.index <= suspect.index or row is None or row.iss != entry.claims.iss:
            continue
        if not row.suspects(shown.index):
            return shown.index
    return None


def _lane_end(opened: Opened, shown: Shown, entry: Entry, row: KeyRow, opinion: Opinion) -> None:
    if shown.index + 1 == opened.bundle.logs[shown.log].size:
        return  # the snapshot itself stands after what its rows describe
    if row.seq is None or entry.claims.seq > row.seq:
        opinion.deny("lane-beyond-standing", shown.index, kid=row.kid, seq=entry.claims.seq)
    elif entry.claims.seq == row.seq and shown.leaf != row.head:
        opinion.deny("lane-head-differs", shown.index, kid=row.kid, seq=row.seq)
