"""Master data into the log: each version signed with the member's gateway key, as an entry of kind `master`.

- `prepare_master` refuses a file with a bad version, or leaves the bad ones out with `proceed`, as capture does.
- What the member said last of this thing and beginning, said again, is answered with the entry that says it.
- `record.par` names what the member said last of the thing: its history is a chain in the log, too.

    log_master(turn, prepare_master(document, proceed=False), gateway)

ARCHITECTURE.md 3.2, 3.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.capture.master import MasterDocument
from ledger.entry.issue import Record
from ledger.entry.parse import parse_wire
from ledger.readside.derive import version_of
from ledger.store import master
from ledger.store.duplicates import content_digest
from ledger.writer.answers import Captured
from ledger.writer.gateway import DocumentRefused, Gateway
from ledger.writer.turn import Turn

KIND = "master"


@dataclass(frozen=True, slots=True)
class PreparedVersion:
    """A version fit to be signed: its place in the file, and what it says."""

    place: int
    content: dict[str, Any]


def prepare_master(document: MasterDocument, *, proceed: bool) -> list[PreparedVersion]:
    """The versions that may be signed; `DocumentRefused` where there is a bad one and `proceed` was not asked."""
    errors = document.errors
    if errors and not proceed:
        raise DocumentRefused(errors)
    return [PreparedVersion(item.place, item.content) for item in document.items if not item.problems]


def log_master(turn: Turn, prepared: Sequence[PreparedVersion], gateway: Gateway) -> list[Captured]:
    """Sign and append each version that is not a repeat; one answer each, in the order of the file."""
    iss = gateway.lane.iss
    said = [version_of(-1, iss, item.content) for item in prepared]
    # Asked once, before the first append: repeats count against earlier submissions, never within one file.
    known = [None if version is None else master.latest(turn.connection, version) for version in said]
    logged: dict[tuple[str, str], int] = {}
    answers = []
    for item, version, found in zip(prepared, said, known, strict=True):
        assert version is not None
        thing = version.type, version.id
        digest = None if gateway.allow_repeat else content_digest(iss, item.content)
        if found is not None and digest is not None and found[1] == digest:
            index, repeated = found[0], True
        else:
            before = logged[thing] if thing in logged else master.newest(turn.connection, version)
            index, repeated = _sign(turn, item, before, gateway), False
            logged[thing] = index
        answers.append(Captured(item.place, version.id, index, turn.leaf_at(index), repeated))
    return answers


def _sign(turn: Turn, item: PreparedVersion, before: int | None, gateway: Gateway) -> int:
    lane = gateway.lane
    record = Record(iat=gateway.now, par=() if before is None else (turn.leaf_at(before),))
    (wire,) = lane.private(turn.origin, turn.lane(lane.kid), KIND, item.content, record, gateway.salt)
    entry = parse_wire(wire)
    turn.may_sign(entry)
    return turn.append(entry)
