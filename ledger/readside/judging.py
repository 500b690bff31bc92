"""Lots are judged after the read side, in bites: in the pauses of capture, and what is left when somebody asks.

- What was found about an object is a pure function of the steps and the master data that its rules look at. So it does
  not matter in which order entries came, in how many bites they were judged, or by whom: an object whose surroundings
  changed is judged anew, from all there is.
- A bite is a stretch of entries with the objects that it may have changed; where these are many they are put into a
  queue, which is worked off first. Reading and judging hold nothing. Only what was found is written in a transaction,
  unless somebody else judged or forgot meanwhile: so capture waits for a few hundred rows at most.
- A version of master data changes what was found about the lots of the GTIN it names, and about what was made from
  them, for it says what a process may yield; of any other kind, and for the first of its kind, about whatever its
  member recorded; a certificate also about what went with that into one event.

    settle(store)

docs/adr/0039-where-findings-are-kept.md, 0047-judged-in-pauses.md.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.lots.findings.found import Found
from ledger.lots.findings.rules import judge
from ledger.lots.master import Version
from ledger.lots.step import Step
from ledger.readside.cases import Read, affected, cases
from ledger.store import events, judged, lot_findings, master, read_side
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store
from ledger.store.events import ROLES

STRETCH = 256
"""Entries of one bite."""
BITE = 400
"""Objects that are judged in one bite; a stretch that may have changed more puts them into the queue."""
USED = ROLES["inputEPCList"] | ROLES["inputQuantityList"]
"""The lists of an event that name what a process used."""
_TRADE_ITEM = "https://id.gs1.org/01/"
_Stated = Sequence[tuple[Version, bool, list[str]]]


@dataclass(slots=True)
class _Bite:
    """What is to be written: what was found about objects by id, those that are in the queue no more, those that come
    into it, and up to which entry all was looked at. `turn`: the one before it."""

    turn: int
    stop: int | None = None
    done: Collection[int] = ()
    found: Mapping[int, Sequence[tuple[Found, str]]] = field(default_factory=dict)
    queued: Collection[str] = ()
    stated: _Stated = ()


def settle(store: Store) -> None:
    """Return when every object was judged by all that the read side held when this was called."""
    with store.read() as connection:
        until = read_side.size(connection)
    while advance(store, until):
        pass


def advance(store: Store, until: int | None = None) -> bool:
    """Judge a bite, of the entries before `until` (None: of all that were followed); False with nothing left."""
    with store.read() as connection:
        bite = _next(connection, read_side.size(connection) if until is None else until)
    if bite is None:
        return False
    with store.begin() as connection:
        if judged.take(connection, bite.turn):
            _keep(connection, bite)
    return True


def forget(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out what was found about every object that these entries have to do with, so that it is judged again."""
    judged.hold(connection)
    for index in indexes:
        judged.queue(connection, _changed(connection, Read(StoreEdges(connection)), index, index + 1))
        _queue_stated(connection, master.stated_in(connection, index, index + 1))
    judged.clear(connection)


def _next(connection: Connection, until: int) -> _Bite | None:
    turn, start, waiting = judged.turn(connection), judged.size(connection), judged.next_objects(connection, BITE)
    read = Read(StoreEdges(connection))
    if waiting:
        ids = judged.uris_of(connection, waiting)
        return _Bite(turn, done=waiting, found=_found(connection, read, ids))
    if start >= until:
        return None
    stop = min(start + STRETCH, until)
    changed, stated = _changed(connection, read, start, stop), master.stated_in(connection, start, stop)
    if len(changed) > BITE:
        return _Bite(turn, stop, queued=changed, stated=stated)
    ids = judged.ids(connection, changed)
    return _Bite(turn, stop, ids.values(), _found(connection, read, ids), stated=stated)


def _found(connection: Connection, read: Read, ids: Mapping[str, int]) -> dict[int, list[tuple[Found, str]]]:
    return {
        ids[case.subject]: [(each, case.around.member(each.index)) for each in found]
        for case in cases(connection, list(ids), read=read)
        if (found := judge(case))
    }


def _keep(connection: Connection, bite: _Bite) -> None:
    judged.done(connection, bite.done)
    lot_findings.put(connection, bite.found)
    judged.queue(connection, bite.queued)
    _queue_stated(connection, bite.stated)
    if bite.stop is not None:
        judged.move(connection, bite.stop)


def _changed(connection: Connection, read: Read, start: int, stop: int) -> set[str]:
    """The objects whose findings the entries [start, stop) may have changed, but for what master data does."""
    steps = list(read.edges.steps(range(start, stop)).values())
    touched = judged.touched(connection, start, stop)
    # What is declared wrong may have been about other objects than the declaration is.
    wrong = list(_declared_wrong(connection, read.edges, steps))
    touched |= {uri for step in wrong for uri in step.moves.touched}
    return affected(read, touched, [*steps, *wrong])


def _declared_wrong(connection: Connection, edges: StoreEdges, steps: Sequence[Step]) -> Iterator[Step]:
    declarations = [step.index for step in steps if step.moves.correction]
    meant = [
        row.index
        for event in (events.get_many(connection, declarations).values() if declarations else ())
        if event.event_id
        for row in events.by_event_id(connection, event.event_id)
        if row.member == event.member
    ]
    yield from edges.steps(meant).values()


def _queue_stated(connection: Connection, stated: _Stated) -> None:
    for version, kept, names in stated:
        if version.type == "product":
            # What a process may yield is told by its inputs, too.
            for name in names:
                judged.queue_processed(connection, name, USED)
        if kept and version.type == "product":
            for name in names:
                if name.startswith(_TRADE_ITEM):
                    judged.queue_beginning(connection, f"{name}/")
        else:
            judged.queue_member(connection, version.member)
            if version.type == "certificate":
                judged.queue_made_from(connection, version.member)
