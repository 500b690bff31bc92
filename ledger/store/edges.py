"""The event graph from tables: what `ledger.lots` said of each entry, kept as it was said.

- `put` keeps steps; `StoreEdges` answers `ledger.lots.genealogy.Edges` and `Steps` from them, as a bundle's would, as
  of a size of the log.
- Every entry whose content is shown is in the graph, well-formed or not: a verifier sees it too (rule 6).

    trace.closure(StoreEdges(connection), "https://id.gs1.org/01/…/10/P-0107", "back")
    StoreEdges(connection, size=900).steps_of(["https://id.gs1.org/01/…/10/P-0107"])

ARCHITECTURE.md 2, rule 6.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, Row, Text, any_, bindparam, column, delete, func, select

from ledger.lots.movement import Movement
from ledger.lots.step import Amount, Flow, Role, Step, as_known
from ledger.store.bulk import insert
from ledger.store.row_json import writer
from ledger.store.tables import movement, object_, object_entry

_write = writer()
_MADE, _USED, _MOVED, _CHILD, _BORN, _NAMED = 1, 2, 4, 8, 16, 32


_ROLES: tuple[Role, ...] = ("used", "made", "moved", "parent", "child")
_ROLE = {role: place for place, role in enumerate(_ROLES)}
_BATCH = 400
_FEW = 50
_NOTHING: frozenset[str] = frozenset()


def put(connection: Connection, steps: Sequence[Step]) -> None:
    """Keep what entries do to lots."""
    rows = [(step.index, pack(step.moves), tell(step), step.corrected_by, step.repeats) for step in steps]
    insert(connection, movement, rows)


def remove(connection: Connection, index: int) -> None:
    """Take out what an entry does."""
    connection.execute(delete(movement).where(movement.c.idx == index))


def pack(moves: Movement) -> str:
    """A movement as JSON: [action, receipt, correction, parent, [uri, flags]…], objects first and in their order."""
    flags: dict[str, int] = dict.fromkeys(moves.objects, _NAMED)
    for bit, uris in _sets(moves):
        for uri in sorted(uris) if len(uris) > 1 else uris:
            flags[uri] = flags.get(uri, 0) | bit
    head = [moves.action, int(moves.receipt), int(moves.correction), moves.parent]
    return _write([*head, *flags.items()])


def unpack(packed: str) -> Movement:
    """The movement again."""
    action, receipt, correction, parent, *flags = json.loads(packed)
    # Most objects of an event do the same: a set for each combination, then few unions.
    alike: dict[int, list[str]] = {}
    for uri, bits in flags:
        alike.setdefault(bits, []).append(uri)

    def having(bit: int) -> frozenset[str]:
        found = [uris for bits, uris in alike.items() if bits & bit]
        return _NOTHING.union(*found) if found else _NOTHING

    return Movement(
        objects=tuple([uri for uri, bits in flags if bits & _NAMED]),
        made=having(_MADE),
        used=having(_USED),
        moved=having(_MOVED),
        parent=parent,
        children=having(_CHILD),
        born=having(_BORN),
        receipt=bool(receipt),
        action=action,
        correction=bool(correction),
    )


def tell(step: Step) -> str:
    """What a step says besides its movement, as JSON; flows name their objects by their place in it."""
    place = {uri: at for at, uri in enumerate(step.moves.objects)}
    flows = [
        [place[flow.uri], _ROLE[flow.role], *([str(flow.amount.quantity), flow.amount.uom] if flow.amount else [])]
        for flow in step.flows
    ]
    related = step.sources, step.destinations, step.transactions
    where = step.read_point, step.biz_location
    said = step.persistent, step.harvested, step.claims, None if step.wasted is None else str(step.wasted)
    # Few events say it: what is not said takes no room.
    seldom = [step.item_lot, step.recall_subject, step.recall_reason]
    seldom = seldom if any(seldom) else []
    return _write(
        [step.member, step.at, step.type, step.biz_step, step.disposition, *where, *related, flows, *said, *seldom]
    )


def _step(row: Row[Any]) -> Step:
    moves = unpack(row.packed)
    member, at, type, biz_step, disposition, read_point, biz_location, *more = json.loads(row.told)
    flows, persistent, harvested, claims, wasted, *seldom = more[3:]
    sources, destinations, transactions = (tuple([(kind, uri) for kind, uri in pairs]) for pairs in more[:3])
    return Step(
        row.idx, member, moves, tuple([_flow(moves.objects, flow) for flow in flows]), at, type, biz_step, disposition,
        read_point, biz_location, sources, destinations, transactions, row.corrected_by, row.repeats,
        tuple([(change, said) for change, said in persistent]), tuple(harvested), tuple(claims),
        None if wasted is None else Decimal(wasted), *seldom,
    )  # fmt: skip


def _flow(objects: Sequence[str], kept: Sequence[Any]) -> Flow:
    place, role, *amount = kept
    return Flow(objects[place], _ROLES[role], Amount(Decimal(amount[0]), amount[1]) if amount else None)


def _sets(moves: Movement) -> tuple[tuple[int, frozenset[str]], ...]:
    return (
        (_MADE, moves.made),
        (_USED, moves.used),
        (_MOVED, moves.moved),
        (_CHILD, moves.children),
        (_BORN, moves.born),
    )


class StoreEdges:
    """`Edges` and `Steps` over one read transaction, of the entries before `size` (None: of all)."""

    def __init__(self, connection: Connection, size: int | None = None) -> None:
        self._connection = connection
        self._size = size
        # A walk comes upon a step from each of its objects; whoever walks keeps them all anyway.
        self._read: dict[int, Step] = {}

    def entries_of(self, uri: str) -> list[tuple[int, Movement]]:
        """The entries about an object in rising index, corrections included; those that move nothing left out."""
        query = _about(movement.c.idx, movement.c.packed).where(object_.c.uri == uri)
        if self._size is not None:
            query = query.where(movement.c.idx < self._size)
        found = [(index, unpack(packed)) for index, packed in self._connection.execute(query)]
        return [(index, moves) for index, moves in found if uri in moves.touched]

    def movement(self, index: int) -> Movement:
        """What the entry at an index does; an empty movement where it moves nothing or is not there."""
        packed = self._connection.execute(select(movement.c.packed).where(movement.c.idx == index)).scalar()
        return Movement() if packed is None or not self._holds(index) else unpack(packed)

    def steps_of(self, uris: Collection[str]) -> dict[str, list[Step]]:
        """The steps about each of many objects in rising index, corrections included; unknown ones are left out."""
        found: dict[str, list[Step]] = {}
        wanted = sorted(uris)
        ask = self._rows if len(wanted) <= _FEW and len(self._read) <= _BATCH else self._indexes_first
        for start in range(0, len(wanted), _BATCH):
            for uri, step in ask(wanted[start : start + _BATCH]):
                if uri in step.moves.touched:
                    found.setdefault(uri, []).append(step)
        return found

    def _rows(self, uris: list[str]) -> Iterator[tuple[str, Step]]:
        """The steps about a few objects, in one query."""
        for row in self._of_many(_WHOLE, uris):
            yield row.uri, self._step(row)

    def _indexes_first(self, uris: list[str]) -> Iterator[tuple[str, Step]]:
        """The same of many, which often stand in one event: its text is read once, not once for each of them."""
        pairs = list(self._of_many(_PLACES, uris))
        self.steps({index for _, index in pairs if index not in self._read})
        for uri, index in pairs:
            yield uri, self._read[index]

    def _of_many(self, queries: dict[bool, Any], uris: list[str]) -> Iterator[Any]:
        postgresql = self._connection.dialect.name == "postgresql"
        asked = {"uris": uris if postgresql else json.dumps(uris), "size": _ALL if self._size is None else self._size}
        return iter(self._connection.execute(queries[postgresql], asked))

    def steps(self, indexes: Collection[int]) -> dict[int, Step]:
        """The steps of entries; those that move nothing are left out."""
        found: dict[int, Step] = {}
        wanted = sorted(index for index in indexes if self._holds(index))
        for start in range(0, len(wanted), _BATCH):
            query = select(*movement.c).where(movement.c.idx.in_(wanted[start : start + _BATCH]))
            found.update((row.idx, self._step(row)) for row in self._connection.execute(query))
        return found

    def _step(self, row: Row[Any]) -> Step:
        step = self._read.get(row.idx)
        if step is None:
            step = self._read[row.idx] = self._known(_step(row))
        return step

    def _holds(self, index: int) -> bool:
        return self._size is None or index < self._size

    def _known(self, found: Step) -> Step:
        return found if self._size is None else as_known(found, self._size)


def _about(*columns: Any) -> Any:
    """Entries by the objects they are about, in rising index."""
    return (
        select(*columns)
        .select_from(movement)
        .join(object_entry, object_entry.c.idx == movement.c.idx)
        .join(object_, object_.c.id == object_entry.c.object)
        .order_by(movement.c.idx)
    )


# Made once, and of one text however many objects are asked for: a trace asks it once a level, and neither SQLAlchemy
# nor PostgreSQL plans it anew.
_ALL = (1 << 63) - 1
_JSON = select(column("value", Text)).select_from(func.json_each(bindparam("uris", type_=Text)).table_valued("value"))
_ASKED = {False: object_.c.uri.in_(_JSON), True: object_.c.uri == any_(bindparam("uris", type_=ARRAY(Text)))}


def _queries(*columns: Any) -> dict[bool, Any]:
    """The query for these columns, on SQLite and on PostgreSQL."""
    before = movement.c.idx < bindparam("size", type_=BigInteger)
    return {postgresql: _about(*columns).where(named, before) for postgresql, named in _ASKED.items()}


_WHOLE = _queries(object_.c.uri, *movement.c)
_PLACES = _queries(object_.c.uri, movement.c.idx)
