"""Events of the read side, a row each (ARCHITECTURE.md 3.1, 4). Derived: `rebuild` makes them again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event: `kind` event|correction; `event_time` as sent; `event_id` sent, or derived with `revision` of the
    hash algorithm (None when sent); `member` iss."""

    index: int
    kind: str
    type: str
    event_time: str
    event_id: str
    revision: str | None
    member: str


def put(connection: Connection, rows: Sequence[EventRow]) -> None:
    """Keep event rows."""
    raise NotImplementedError


def get(connection: Connection, index: int) -> EventRow | None:
    """The event at an index, or None."""
    raise NotImplementedError


def by_event_id(connection: Connection, event_id: str) -> list[EventRow]:
    """Events of one eventID, by index."""
    raise NotImplementedError


def listing(connection: Connection, *, after: int = -1, limit: int = 100, type: str | None = None) -> list[EventRow]:
    """A page of events by index."""
    raise NotImplementedError


def every(connection: Connection) -> Iterator[EventRow]:
    """All events by index, streamed."""
    raise NotImplementedError
