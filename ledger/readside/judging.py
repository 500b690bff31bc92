"""Lots are judged after the read side: when somebody asks, in bites, and each object again when it may have changed.

- What was found about an object is a pure function of the steps and the master data that its rules look at. So it does
  not matter in which order entries came, in how many bites they were judged, or by whom: an object whose surroundings
  changed is judged anew, from all there is.
- A stretch of entries first puts the objects that it may have changed into a queue; then the queue is worked off. Each
  is a transaction of its own, so capture waits for a bite at most.
- A version of master data changes what was found about the lots of the GTIN it names, and about what was made from
  them, for it says what a process may yield; of any other kind, and for the
  first of its kind, about whatever its member recorded; a certificate also about what went with that into one event.

    settle(store)

docs/adr/0039-where-findings-are-kept.md.
"""

from collections.abc import Sequence

from ledger.lots.findings.rules import judge
from ledger.lots.step import Step
from ledger.readside.cases import affected, cases
from ledger.store import events, judged, lot_findings, master, read_side
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store
from ledger.store.events import ROLES

STRETCH = 256
"""Entries whose objects are put into the queue in one transaction."""
BITE = 200
"""Objects that are judged in one transaction."""
USED = ROLES["inputEPCList"] | ROLES["inputQuantityList"]
"""The lists of an event that name what a process used."""
_TRADE_ITEM = "https://id.gs1.org/01/"


def settle(store: Store) -> None:
    """Return when every object was judged by all that the read side held when this was called."""
    with store.read() as connection:
        until = read_side.size(connection)
    while advance(store, until):
        pass


def advance(store: Store, until: int) -> bool:
    """Work off a bite of the queue, or put a stretch of the entries before `until` into it; False with nothing left."""
    with store.read() as connection:
        if judged.settled(connection) or (judged.size(connection) >= until and not judged.count(connection)):
            return False
    with store.begin() as connection:
        start = judged.hold(connection)
        if _bite(connection):
            return True
        stop = min(start + STRETCH, until)
        if start < stop:
            _queue(connection, start, stop)
            judged.move(connection, stop)
        return start < stop


def forget(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out what was found about every object that these entries have to do with, so that it is judged again."""
    judged.hold(connection)
    for index in indexes:
        _queue(connection, index, index + 1)
    judged.clear(connection)


def _bite(connection: Connection) -> bool:
    ids = judged.next_objects(connection, BITE)
    if not ids:
        return False
    judged.done(connection, sorted(ids.values()))
    found = {}
    for case in cases(connection, list(ids)):
        member = {step.index: step.member for steps in case.about.values() for step in steps}
        found[ids[case.subject]] = [(each, member[each.index]) for each in judge(case)]
    lot_findings.put(connection, found)
    return True


def _queue(connection: Connection, start: int, stop: int) -> None:
    edges = StoreEdges(connection)
    steps = list(edges.steps(range(start, stop)).values())
    touched = judged.touched(connection, start, stop)
    # What is declared wrong may have been about other objects than the declaration is.
    wrong = _declared_wrong(connection, edges, steps)
    touched |= {uri for step in wrong for uri in step.moves.touched}
    judged.queue(connection, affected(edges, touched, [*steps, *wrong]))
    _masters(connection, start, stop)


def _declared_wrong(connection: Connection, edges: StoreEdges, steps: Sequence[Step]) -> list[Step]:
    declarations = [step.index for step in steps if step.moves.correction]
    meant = [
        row.index
        for event in events.get_many(connection, declarations).values()
        if event.event_id
        for row in events.by_event_id(connection, event.event_id)
        if row.member == event.member
    ]
    return list(edges.steps(meant).values())


def _masters(connection: Connection, start: int, stop: int) -> None:
    for version, kept, names in master.stated_in(connection, start, stop):
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
