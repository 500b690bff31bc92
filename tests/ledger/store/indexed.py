"""Events put into the tables of the read side as the log would put them, without signing anything."""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.lots.movement import movement
from ledger.lots.step import step
from ledger.readside import facts
from ledger.store import edges, events, logged, objects
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.events import EventRow
from ledger.store.objects import ObjectUse
from tests.simulator.queries import as_captured

STEP = 2
"""Events stand at every other index, as among entries that are none."""


def rows(index: int, event: Mapping[str, Any], member: str) -> tuple[EventRow, list[ObjectUse]]:
    """The rows of one event at an index."""
    sent = event.get("eventID")
    said = facts.said(event)
    event_id = sent if isinstance(sent, str) else f"urn:uuid:derived-{index}"
    row = EventRow(index, "event", event["type"], event["eventTime"], event_id, None, member, said)
    roles = facts.roles(event)
    return row, [ObjectUse(uri, index, None, None, roles.get(uri, 0)) for uri in sorted(movement(event).touched)]


def put(connection: Connection, index: int, event: Mapping[str, Any], *, now: float, member: str = "m") -> None:
    """Keep one event, a group of its own."""
    row, uses = rows(index, event, member)
    events.put(connection, [row])
    edges.put(connection, [step(index, member, event)])
    objects.put(connection, uses)
    logged.put(connection, index, now)


def kept(store: Store, told: Iterable[Mapping[str, Any]], *, now: float, member: str = "m", start: int = 0) -> None:
    """Keep events from index `start` on, each logged a second after the one before."""
    with store.begin() as connection:
        for place, event in enumerate(told):
            put(connection, start + place * STEP, as_captured(dict(event)), now=now + place, member=member)
