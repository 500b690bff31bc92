"""When the log took each group of entries: what EPCIS calls the record time of its events.

- One row a group, kept for ever; times rise strictly, whatever the clock does, so a time is a place in the log and the
  order by record time is the order of the log.
- KNOWN LIMIT: a store that is older than this table has no row for its first entries. They are shown with the time at
  which their signer wrote them, and a query by record time takes them for older than any time it names.

    put(connection, 7, now);  times(connection, [7, 8])  ->  {7: 1777885200000000, 8: 1777885200000000}

EPCIS 2.0 section 7.4.1.2 (recordTime).
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from ledger.store.bulk import insert
from ledger.store.tables import logged

MICROSECONDS = 1_000_000


def put(connection: Connection, start: int, now: float) -> None:
    """Note that the group which begins at index `start` was logged now (seconds since 1970)."""
    last = connection.execute(select(logged.c.time).order_by(logged.c.start.desc()).limit(1)).scalar()
    at = int(now * MICROSECONDS)
    insert(connection, logged, [(start, at if last is None else max(at, last + 1))])


def times(connection: Connection, indexes: Sequence[int]) -> dict[int, int]:
    """The record time of entries in microseconds since 1970; those before the first row are left out."""
    found: dict[int, int] = {}
    for index in indexes:
        query = select(logged.c.time).where(logged.c.start <= index).order_by(logged.c.start.desc()).limit(1)
        at = connection.execute(query).scalar()
        if at is not None:
            found[index] = at
    return found


def size_at(connection: Connection, at: int) -> int | None:
    """How many entries the log had at a time, what was logged just then included; None: all that it has."""
    return index_at(connection, at + 1)


def index_at(connection: Connection, at: int) -> int | None:
    """The first index logged at `at` or later, None where nothing was."""
    query = select(logged.c.start).where(logged.c.time >= at).order_by(logged.c.time).limit(1)
    return connection.execute(query).scalar()
