"""`unbroken`: the history has no hole that the bundle itself shows.

- Lanes link, wherever the bundle holds neighbours; the subject is proved by an entry that discloses its key and tag.
- Back: every object whose history this is has the entry where it was born, or where it was received from outside.
  Without one, an object that was in the log before its first entry here (its lowest n is above 0) had its upstream
  left out: `no`. One that was never there before has an origin that nobody recorded: not shown (docs/adr/0011).
- Back: every parent that an entry of the history names is here, at a lower index. It need not be opened.
- Forward: every opened event here is reached from the subject through entries here; other inputs count as outside.
- What is hidden is never taken for absent: hidden parents, or tags for more objects than are shown, leave the verdict
  not shown.

- Without a subject there is no history to follow: where the events name objects the verdict is not shown.

*History*: the closure of `ledger.lots.trace` over the events the bundle opens.

ARCHITECTURE.md 3.2, 3.7.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.entry.parse import Entry
from ledger.entry.shown import HIDDEN
from ledger.lots.genealogy import MemoryEdges
from ledger.lots.movement import Movement
from ledger.lots.trace import history
from ledger.verify.account import Opinion
from ledger.verify.lanes import check_lanes
from ledger.verify.opened import Opened, Shown
from ledger.verify.subject import Sighting
from ledger.verify.told import hidden_objects, movements, tags_left_out
from schemas.syntax import base64url


@dataclass(frozen=True, slots=True)
class Told:
    """The events a bundle opens, by their position in it: across logs a position orders them, an index does not.

    `arrived`: every object that an event of receipt is about.
    """

    movements: Mapping[int, Movement]
    edges: MemoryEdges
    arrived: frozenset[str]


def unbroken(opened: Opened, seen: Mapping[str, list[Sighting]]) -> Opinion:
    """The verdict; `seen` from `ledger.verify.subject.sightings`."""
    opinion = Opinion("unbroken")
    check_lanes(opened, opinion)
    told = _told(opened)
    subject, direction = opened.bundle.subject, opened.bundle.direction
    if subject is not None and subject not in seen:
        opinion.deny("subject-not-proved", subject=subject)
        return opinion
    if not told.movements:
        opinion.miss("history-not-shown")
        return opinion
    reached: set[int] = set()
    if direction in ("back", "both"):
        reached |= _back(opened, told, seen, opinion)
    if direction in ("forward", "both") and subject is not None:
        reached |= history(told.edges, subject, back=False).entries
        _forward(opened, told, reached, opinion)
    return opinion


def _told(opened: Opened) -> Told:
    found = movements(opened)
    arrived = frozenset(uri for moves in found.values() if moves.receipt for uri in moves.touched)
    return Told(found, MemoryEdges(found.items()), arrived)


def _back(opened: Opened, told: Told, seen: Mapping[str, list[Sighting]], opinion: Opinion) -> frozenset[int]:
    subject = opened.bundle.subject
    if subject is None:
        entries: frozenset[int] = frozenset(told.movements)
        followed: frozenset[str] = frozenset()
        if any(moves.objects for moves in told.movements.values()):
            opinion.miss("no-subject")
    else:
        found = history(told.edges, subject, back=True)
        entries, followed = found.entries, found.followed
    for uri in sorted(followed):
        _origin(told, uri, seen.get(uri, ()), opinion)
    for position in sorted(entries):
        shown = opened.entries[position]
        if shown.entry is not None:
            _parents(opened, position, shown.entry, opinion)
            _hidden(opened, shown, shown.entry, told.movements[position], opinion)
    return entries


def _origin(told: Told, uri: str, sightings: Iterable[Sighting], opinion: Opinion) -> None:
    entries = [moves for _, moves in told.edges.entries_of(uri)]
    if any(moves.birth(uri) for moves in entries):
        return
    numbers = [sighting.n for sighting in sightings]
    if numbers and min(numbers) > 0:
        opinion.deny("upstream-left-out", object=uri, n=min(numbers))
    elif not _received(told, uri, entries):
        opinion.miss("origin-not-recorded", object=uri)


def _received(told: Told, uri: str, entries: Iterable[Movement]) -> bool:
    """Whether the object, or a unit it travelled in, is received from outside here."""
    if any(moves.receipt and uri in moves.moved for moves in entries):
        return True
    return any(moves.parent in told.arrived and uri in moves.children for moves in entries)


def _parents(opened: Opened, position: int, entry: Entry, opinion: Opinion) -> None:
    shown = opened.entries[position]
    parents = None if entry.record is None else entry.record.get("par")
    if not isinstance(parents, list) or HIDDEN in parents:
        opinion.miss("parents-hidden", shown.index)
        return
    for text in parents:
        leaf = base64url.decode(text)
        parent = _find(opened, shown.log, leaf)
        if parent is None:
            opinion.deny("parent-left-out", shown.index, parent=text)
        elif (parent.log, parent.index) >= (shown.log, shown.index):
            opinion.deny("parent-not-earlier", shown.index, parent=parent.index)


def _find(opened: Opened, log: int, leaf: bytes) -> Shown | None:
    """An entry by its leaf hash, in its own log or one before it."""
    found = (opened.leaves.get((number, leaf)) for number in range(log, -1, -1))
    return next((shown for shown in found if shown is not None), None)


def _hidden(opened: Opened, shown: Shown, entry: Entry, moves: Movement, opinion: Opinion) -> None:
    if not entry.hidden:
        return
    if tags_left_out(opened, shown, entry):
        opinion.miss("tags-left-out", shown.index, more=entry.claims.more)
    elif count := hidden_objects(opened, shown, entry, moves):
        opinion.miss("objects-hidden", shown.index, count=count)


def _forward(opened: Opened, told: Told, reached: set[int], opinion: Opinion) -> None:
    for position in sorted(set(told.movements) - reached):
        opinion.deny("not-from-the-subject", opened.entries[position].index)
