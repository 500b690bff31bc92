"""The event graph from tables: what `ledger.lots.movement` said of each entry, kept as it was said.

- `put` keeps movements; `StoreEdges` answers `ledger.lots.genealogy.Edges` from them, as a bundle's edges would.
- Every entry whose content is shown is in the graph, well-formed or not: a verifier sees it too (rule 6).

    trace.closure(StoreEdges(connection), "https://id.gs1.org/01/…/10/P-0107", "back")

ARCHITECTURE.md 2, rule 6.
"""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from ledger.lots.movement import Movement
from ledger.store.bulk import insert
from ledger.store.row_json import writer
from ledger.store.tables import movement, object_, object_entry

_write = writer()
_MADE, _USED, _MOVED, _CHILD, _BORN, _NAMED = 1, 2, 4, 8, 16, 32


def put(connection: Connection, movements: Sequence[tuple[int, Movement]]) -> None:
    """Keep what entries do: (index, movement)."""
    insert(connection, movement, [(index, pack(moves)) for index, moves in movements])


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

    def having(bit: int) -> frozenset[str]:
        return frozenset(uri for uri, bits in flags if bits & bit)

    return Movement(
        objects=tuple(uri for uri, bits in flags if bits & _NAMED),
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


def _sets(moves: Movement) -> tuple[tuple[int, frozenset[str]], ...]:
    return (
        (_MADE, moves.made),
        (_USED, moves.used),
        (_MOVED, moves.moved),
        (_CHILD, moves.children),
        (_BORN, moves.born),
    )


class StoreEdges:
    """`Edges` over one read transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def entries_of(self, uri: str) -> list[tuple[int, Movement]]:
        """The entries about an object in rising index, corrections included; those that move nothing left out."""
        query = (
            select(movement.c.idx, movement.c.packed)
            .join(object_entry, object_entry.c.idx == movement.c.idx)
            .join(object_, object_.c.id == object_entry.c.object)
            .where(object_.c.uri == uri)
            .order_by(movement.c.idx)
        )
        found = [(index, unpack(packed)) for index, packed in self._connection.execute(query)]
        return [(index, moves) for index, moves in found if uri in moves.touched]

    def movement(self, index: int) -> Movement:
        """What the entry at an index does; an empty movement where it moves nothing or is not there."""
        packed = self._connection.execute(select(movement.c.packed).where(movement.c.idx == index)).scalar()
        return Movement() if packed is None else unpack(packed)
