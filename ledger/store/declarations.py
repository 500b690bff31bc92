"""Which entries declare which events wrong, by member and eventID: found from either side, whichever was logged first.

    put(connection, [(9, event_id_digest(iss, event_id))]);  correcting(connection, [digest])  ->  {digest: 9}

ARCHITECTURE.md 3.4 (`correction`); EPCIS 2.0 section 7.4.1.2.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, func, or_, select, update

from ledger.store.bulk import insert
from ledger.store.tables import declaration, movement

_BATCH = 400


def put(connection: Connection, rows: Sequence[tuple[int, bytes]]) -> None:
    """Keep declarations: (index, `event_id_digest` of what is declared wrong)."""
    insert(connection, declaration, list(rows))


def remove(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out declarations, and that they corrected anything. Reads the whole table: only erasure asks."""
    for start in range(0, len(indexes), _BATCH):
        gone = list(indexes[start : start + _BATCH])
        connection.execute(delete(declaration).where(declaration.c.idx.in_(gone)))
        connection.execute(update(movement).where(movement.c.corrected_by.in_(gone)).values(corrected_by=None))


def correcting(connection: Connection, digests: Collection[bytes]) -> dict[bytes, int]:
    """The first declaration of each event; what nobody declared wrong is left out."""
    found: dict[bytes, int] = {}
    wanted = sorted(digests)
    for start in range(0, len(wanted), _BATCH):
        query = select(declaration.c.digest, func.min(declaration.c.idx)).group_by(declaration.c.digest)
        query = query.where(declaration.c.digest.in_(wanted[start : start + _BATCH]))
        found.update((bytes(digest), index) for digest, index in connection.execute(query))
    return found


def declared(connection: Connection, indexes: Collection[int]) -> set[int]:
    """Those of these entries that are declarations."""
    wanted = select(declaration.c.idx).where(declaration.c.idx.in_(sorted(indexes)))
    return set(connection.execute(wanted).scalars())


def correct(connection: Connection, index: int, originals: Collection[int]) -> None:
    """Note that the entry at `index` declares these wrong, unless an earlier one did."""
    later = or_(movement.c.corrected_by.is_(None), movement.c.corrected_by > index)
    connection.execute(update(movement).where(movement.c.idx.in_(sorted(originals)), later).values(corrected_by=index))
