"""The event graph from tables: what `ledger.lots` said of each entry, kept as it was said.

- `put` keeps steps; `StoreEdges` answers `ledger.lots.genealogy.Edges` and `Steps` from them, as a bundle's would, as
  of a size of the log.
- Every entry whose content is shown is in the graph, well-formed or not: a verifier sees it too (rule 6).

    trace.closure(StoreEdges(connection), "https://id.gs1.org/01/…/10/P-0107", "back")
    StoreEdges(connection, size=900).steps_of(["https://id.gs1.org/01/…/10/P-0107"])

ARCHITECTURE.md 2, rule 6.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Table, bindparam, delete, select

from ledger.lots.movement import Movement
from ledger.lots.step import Step, as_known
from ledger.store.bulk import insert
from ledger.store.many import Many
from ledger.store.step_row import row_of, step_of, unpack
from ledger.store.tables import movement, object_, object_entry

_BATCH = 400
_FEW = 50


def put(connection: Connection, steps: Sequence[Step]) -> None:
    """Keep what entries do to lots."""
    insert(connection, movement, [row_of(step) for step in steps])


def remove(connection: Connection, index: int) -> None:
    """Take out what an entry does."""
    connection.execute(delete(movement).where(movement.c.idx == index))


class StoreEdges:
    """`Edges` and `Steps` over one read transaction, of the entries before `size` (None: of all)."""

    def __init__(self, connection: Connection, size: int | None = None) -> None:
        self._connection = connection
        self._size = size
        # A walk comes upon a step from each of its objects; whoever walks keeps them all anyway.
        self._read: dict[int, Step] = {}

    def entries_of(self, uri: str) -> list[tuple[int, Movement]]:
        """The entries about an object in rising index, corrections included; those that move nothing left out."""
        found = [(index, unpack(packed)) for _, index, packed in self._rows(_PACKED, [uri])]
        return [(index, moves) for index, moves in found if moves.touches(uri)]

    def movement(self, index: int) -> Movement:
        """What the entry at an index does; an empty movement where it moves nothing or is not there."""
        packed = self._connection.execute(select(movement.c.packed).where(movement.c.idx == index)).scalar()
        return Movement() if packed is None or not self._holds(index) else unpack(packed)

    def steps_of(self, uris: Collection[str]) -> dict[str, list[Step]]:
        """The steps about each of many objects in rising index, corrections included; unknown ones are left out."""
        found: dict[str, list[Step]] = {}
        wanted = sorted(uris)
        ask = self._whole if len(wanted) <= _FEW and len(self._read) <= _BATCH else self._indexes_first
        for start in range(0, len(wanted), _BATCH):
            for uri, step in ask(wanted[start : start + _BATCH]):
                if step.moves.touches(uri):
                    found.setdefault(uri, []).append(step)
        return found

    def _whole(self, uris: list[str]) -> Iterator[tuple[str, Step]]:
        """The steps about a few objects, in one query."""
        for uri, *row in self._rows(_WHOLE, uris):
            yield uri, self._step(row)

    def _indexes_first(self, uris: list[str]) -> Iterator[tuple[str, Step]]:
        """The same of many, which often stand in one event: its text is read once, not once for each of them."""
        pairs = self._rows(_PLACES, uris)
        self.steps({index for _, index in pairs if index not in self._read})
        for uri, index in pairs:
            step = self._read.get(index)
            if step is not None:
                yield uri, step

    def _rows(self, query: Many, asked: Collection[Any]) -> Sequence[Any]:
        return query.rows(self._connection, asked, size=_ALL if self._size is None else self._size)

    def steps(self, indexes: Collection[int]) -> dict[int, Step]:
        """The steps of entries; those that move nothing are left out."""
        found: dict[int, Step] = {}
        wanted = sorted(indexes)
        for start in range(0, len(wanted), _BATCH):
            rows = self._rows(_BY_INDEX, wanted[start : start + _BATCH])
            found.update([(row[0], self._step(row)) for row in rows])
        return found

    def _step(self, row: Sequence[Any]) -> Step:
        step = self._read.get(row[0])
        if step is None:
            step = self._read[row[0]] = self._known(step_of(row))
        return step

    def _holds(self, index: int) -> bool:
        return self._size is None or index < self._size

    def _known(self, found: Step) -> Step:
        return found if self._size is None else as_known(found, self._size)


_ALL = (1 << 63) - 1
_SIZE = bindparam("size", type_=BigInteger)


def _about(of: Table, *columns: Any) -> Many:
    """What is known of the entries about objects, in rising index; `of`: the table that has their indexes."""
    query = select(object_.c.uri, *columns).join(object_entry, object_entry.c.object == object_.c.id)
    if of is not object_entry:
        query = query.join(of, of.c.idx == object_entry.c.idx)
    query = query.where(of.c.idx < _SIZE).order_by(of.c.idx)
    return Many(object_.c.uri, query.where)


_WHOLE = _about(movement, *movement.c)
_PACKED = _about(movement, movement.c.idx, movement.c.packed)
_PLACES = _about(object_entry, object_entry.c.idx)
_BY_INDEX = Many(movement.c.idx, select(*movement.c).where(movement.c.idx < _SIZE).where)
