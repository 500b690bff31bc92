"""Events of the read side, a row each, with what queries find them by (ARCHITECTURE.md 3.1, 4).

- Derived: `rebuild` makes them again. Members with one value have a column, an integer that stands for a fact; other
  facts have a row each (`facts`), and so have the parties an event goes from and to.
- An eventID has a hundred characters and is random, so its index is of 8 bytes of its digest.

    put(connection, [EventRow(7, "event", "ObjectEvent", "2026-05-04T09:00:00Z", "ni:///…", "2026-07", member, said)])
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ledger.store import facts
from ledger.store.bulk import insert
from ledger.store.tables import event, event_party

_BATCH = 500
# Member of an event -> the column that holds its fact, in the order of the table.
COLUMNS = {
    "type": event.c.event_type,
    "action": event.c.action,
    "bizStep": event.c.biz_step,
    "disposition": event.c.disposition,
    "readPoint": event.c.read_point,
    "bizLocation": event.c.biz_location,
}
_LISTS = (
    "epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList",
    "quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList",
)  # fmt: skip
ROLES = {name: 1 << bit for bit, name in enumerate(_LISTS)}
"""Where an object stands in an event, as a bit."""


@dataclass(frozen=True, slots=True)
class Said:
    """What queries find an event by: `at` in microseconds since 1970, the keys of its `columns` (in the order of
    `COLUMNS`), all other `facts`, and the canonical URIs of its `parties`."""

    at: int = 0
    columns: tuple[bytes | None, ...] = (None,) * len(COLUMNS)
    facts: tuple[bytes, ...] = ()
    parties: tuple[str, ...] = ()


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event: `kind` event|correction; `event_time` and `type` as sent; `event_id` sent, or derived with the
    `revision` of the hash algorithm (None when sent); `member` is the iss of who signed. `said` is only written."""

    index: int
    kind: str
    type: str
    event_time: str
    event_id: str
    revision: str | None
    member: str
    said: Said = NOTHING


def id_digest(event_id: str) -> int:
    """8 bytes of an eventID's digest, as the integer a database keeps."""
    return int.from_bytes(sha256(event_id.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True)


def put(connection: Connection, rows: Sequence[EventRow]) -> None:
    """Keep event rows with all they are found by, in order of index."""
    if not rows:
        return
    ids = facts.interned(connection, (key for row in rows for key in (*row.said.columns, *row.said.facts) if key))
    insert(connection, event, [_values(row, ids) for row in rows])
    facts.put(connection, [(row.index, ids[key]) for row in rows for key in row.said.facts])
    insert(connection, event_party, [(row.index, uri) for row in rows for uri in row.said.parties])


def _values(r: EventRow, ids: dict[bytes, int]) -> tuple[Any, ...]:
    columns = [ids[key] if key else None for key in r.said.columns]
    digest = id_digest(r.event_id)
    return (r.index, r.kind, r.type, r.event_time, r.said.at, r.event_id, digest, r.revision, r.member, *columns)


def remove(connection: Connection, index: int) -> None:
    """Take out the event of one entry, and every fact that no other event says."""
    row = connection.execute(select(*COLUMNS.values()).where(event.c.idx == index)).one_or_none()
    named = [] if row is None else [number for number in row if number is not None]
    connection.execute(delete(event).where(event.c.idx == index))
    connection.execute(delete(event_party).where(event_party.c.idx == index))
    facts.remove(connection, index, named)


def get(connection: Connection, index: int) -> EventRow | None:
    """The event at an index, or None."""
    return get_many(connection, [index]).get(index)


def get_many(connection: Connection, indexes: Sequence[int]) -> dict[int, EventRow]:
    """The events at these indexes; those that are none are left out."""
    found: dict[int, EventRow] = {}
    for start in range(0, len(indexes), _BATCH):
        query = select(*_READ).where(event.c.idx.in_(list(indexes[start : start + _BATCH])))
        found.update((row.idx, _read(row)) for row in connection.execute(query))
    return found


def by_event_id(connection: Connection, event_id: str) -> list[EventRow]:
    """Events of one eventID, by index."""
    query = select(*_READ).where(event.c.id_digest == id_digest(event_id), event.c.event_id == event_id)
    return [_read(row) for row in connection.execute(query.order_by(event.c.idx))]


def listing(connection: Connection, *, after: int = -1, limit: int = 100, type: str | None = None) -> list[EventRow]:
    """A page of events by index: those beyond `after`, `limit` at most."""
    query = select(*_READ).where(event.c.idx > after)
    if type is not None:
        query = query.where(event.c.type == type)
    return [_read(row) for row in connection.execute(query.order_by(event.c.idx).limit(limit))]


def every(connection: Connection) -> Iterator[EventRow]:
    """All events by index, streamed."""
    after = -1
    while page := listing(connection, after=after, limit=_BATCH):
        yield from page
        after = page[-1].index


_READ = tuple(event.c[name] for name in ("idx", "kind", "type", "event_time", "event_id", "revision", "member"))


def _read(row: Row[Any]) -> EventRow:
    return EventRow(row.idx, row.kind, row.type, row.event_time, row.event_id, row.revision, row.member)
