"""Events as they are answered: what was sent, read back from entries and disclosures, with what the log adds.

- The content is the one that was signed, number text kept, with its `@context`. Where something was erased, what is
  left is shown; a hidden element of a list is left out.
- An eventID that was not sent is the event hash; the record time is when the log took the entry.
- One read for all: entries, disclosures and times of a page together.

    answers(node, found.indexes, seen_by=audience)[0].event["type"]  ->  "ObjectEvent"

ARCHITECTURE.md 3.1; EPCIS 2.0 section 7.4.1 (recordTime, eventID).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ledger.audience import Audience
from ledger.entry.parse import Entry, read_record, with_disclosures
from ledger.entry.shown import plain
from ledger.keys.keyring import Keyring
from ledger.store import disclosures, entries, events, logged
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.events import EventRow
from schemas.epcis.instant import instant


class Opened(Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    @property
    def store(self) -> Store:
        """Its store."""
        ...

    @property
    def keyring(self) -> Keyring:
        """The keys that open disclosures."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """One event. `event` as it was sent, `event_id` sent or derived (empty where it was erased), `record_time` in UTC,
    `member` the iss of who signed."""

    index: int
    event: dict[str, Any]
    event_id: str
    record_time: datetime
    member: str


def answers(opened: Opened, indexes: Sequence[int], *, seen_by: Audience) -> list[Answer]:
    """The events at these indexes, in this order, as far as `seen_by` may see them; an index that holds none is left
    out. Whether it may know of them at all was asked when they were found (`ledger.store.visibility`)."""
    with opened.store.read() as connection:
        rows = events.get_many(connection, indexes)
        found = _entries(opened, connection, rows)
        times = logged.times(connection, list(rows))
    asked = [index for index in indexes if index in rows and index in found]
    return [_answer(rows[index], found[index], times.get(index), seen_by) for index in asked]


def with_repository_members(answer: Answer) -> dict[str, Any]:
    """The event as EPCIS returns it: with the log's `recordTime`, and its `eventID` where it was sent without one."""
    event = dict(answer.event)
    event["recordTime"] = answer.record_time.replace(tzinfo=None).isoformat("T", "auto") + "Z"
    if answer.event_id and not event.get("eventID"):
        event["eventID"] = answer.event_id
    return event


def _entries(opened: Opened, connection: Connection, rows: dict[int, EventRow]) -> dict[int, Entry]:
    """The entries with the disclosures that are still held."""
    keys = {index: opened.keyring.wrapping_key(row.member) for index, row in rows.items()}
    jwts = entries.get_many(connection, list(rows))
    texts = disclosures.get_many(opened.store, connection, keys)
    return {index: with_disclosures(jwt, texts.get(index, [])) for index, jwt in jwts.items()}


def _answer(row: EventRow, entry: Entry, at: int | None, seen_by: Audience) -> Answer:
    if at is None:
        # Logged before times were noted, in a store whose read side nobody made again yet.
        at = (read_record(entry).iat or 0) * logged.MICROSECONDS
    if seen_by.opens(entry):
        return Answer(row.index, plain(entry.content or {}), row.event_id, instant(at), row.member)
    # Of who sees a part: a hash would confirm guesses about the rest (ARCHITECTURE.md 3.1).
    shown = plain(seen_by.shown(entry).content or {})
    return Answer(row.index, shown, str(shown.get("eventID", "")), instant(at), row.member)
