"""Events of the read side, a row each (ARCHITECTURE.md 3.1, 4). Derived: `rebuild` makes them again.

put(connection, [EventRow(7, "event", "ObjectEvent", "2026-05-04T09:00:00Z", "ni:///…", "2026-07", member)])
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import event

_BATCH = 500


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event: `kind` event|correction; `event_time` and `type` as sent; `event_id` sent, or derived with the
    `revision` of the hash algorithm (None when sent); `member` is the iss of who signed."""

    index: int
    kind: str
    type: str
    event_time: str
    event_id: str
    revision: str | None
    member: str


def put(connection: Connection, rows: Sequence[EventRow]) -> None:
    """Keep event rows."""
    plain = [(r.index, r.kind, r.type, r.event_time, r.event_id, r.revision, r.member) for r in rows]
    insert(connection, event, plain)


def remove(connection: Connection, index: int) -> None:
    """Take out the event of one entry."""
    connection.execute(delete(event).where(event.c.idx == index))


def get(connection: Connection, index: int) -> EventRow | None:
    """The event at an index, or None."""
    row = connection.execute(select(event).where(event.c.idx == index)).one_or_none()
    return _read(row) if row else None


def by_event_id(connection: Connection, event_id: str) -> list[EventRow]:
    """Events of one eventID, by index."""
    query = select(event).where(event.c.event_id == event_id).order_by(event.c.idx)
    return [_read(row) for row in connection.execute(query)]


def listing(connection: Connection, *, after: int = -1, limit: int = 100, type: str | None = None) -> list[EventRow]:
    """A page of events by index: those beyond `after`, `limit` at most."""
    query = select(event).where(event.c.idx > after)
    if type is not None:
        query = query.where(event.c.type == type)
    return [_read(row) for row in connection.execute(query.order_by(event.c.idx).limit(limit))]


def every(connection: Connection) -> Iterator[EventRow]:
    """All events by index, streamed."""
    after = -1
    while page := listing(connection, after=after, limit=_BATCH):
        yield from page
        after = page[-1].index


def _read(row: Row[Any]) -> EventRow:
    return EventRow(row.idx, row.kind, row.type, row.event_time, row.event_id, row.revision, row.member)
