"""What the events of a log speak of: the top-level resources of EPCIS, a page of each in order of code points.

- Listed is what some event says that the one who asks may see; nothing else is known to be here.
- Values are canonical identifiers and bare words, as events are found by.

    resources(connection, "bizSteps", seen_by=audience, after="", limit=30)  ->  ["packing", "shipping"]

EPCIS 2.0 section 12 (REST): /eventTypes, /epcs, /bizSteps, /bizLocations, /readPoints, /dispositions.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal, select

from ledger.audience import Audience
from ledger.store import fact_key
from ledger.store.events import COLUMNS, ROLES
from ledger.store.tables import event, event_fact, fact, object_, object_entry
from ledger.store.visibility import askable, visible
from schemas.epcis.query import Condition, Resource
from schemas.epcis.query_name import Field

_FIELDS = {
    "eventTypes": "type",
    "bizSteps": "bizStep",
    "bizLocations": "bizLocation",
    "readPoints": "readPoint",
    "dispositions": "disposition",
}


def resources(
    connection: Connection, kind: Resource, *, seen_by: Audience, after: str = "", limit: int = 30
) -> list[str]:
    """The resources of a kind beyond `after`, `limit` at most."""
    if not askable(seen_by, Condition(kind, "MATCH" if kind == "epcs" else "EQ", Field(_FIELDS.get(kind, kind)))):
        return []
    if kind != "epcs":
        return list(islice(_values(connection, _FIELDS[kind], seen_by, after, limit), limit))
    listed = [_objects(connection, seen_by, after, limit)]
    listed += [_values(connection, name, seen_by, after, limit) for name in ROLES]
    found: dict[str, None] = {}
    for uri in merge(*listed):
        found[uri] = None
        if len(found) == limit:
            break
    return list(found)


def _any(rows: Select[Any]) -> ColumnElement[bool]:
    """Are there such rows? Asked value by value (`ledger.store.query_sieve.probed`)."""
    return rows.limit(1).scalar_subquery().is_not(None)


def _objects(connection: Connection, seen_by: Audience, after: str, limit: int) -> Iterator[str]:
    """Objects that stand in a list of an event."""
    seen = visible(seen_by)
    named = select(literal(1)).join_from(object_entry, event, event.c.idx == object_entry.c.idx)
    named = named.where(object_entry.c.object == object_.c.id, object_entry.c.role != 0)
    named = named if seen is None else named.where(seen)
    query = select(object_.c.uri).where(object_.c.uri > after, _any(named.correlate(object_)))
    yield from connection.execute(query.order_by(object_.c.uri).limit(limit)).scalars()


def _values(connection: Connection, field: str, seen_by: Audience, after: str, limit: int) -> Iterator[str]:
    """Texts of a field; one that is too long to be kept whole cannot be listed."""
    low, high = fact_key.texts_from(field, "")
    if after:
        low = fact_key.text_key(field, after)
    seen = visible(seen_by)
    if field in COLUMNS:
        said = select(literal(1)).where(COLUMNS[field] == fact.c.id)
    else:
        said = select(literal(1)).join_from(event_fact, event, event.c.idx == event_fact.c.idx)
        said = said.where(event_fact.c.fact == fact.c.id)
    said = said if seen is None else said.where(seen)
    query = select(fact.c.key).where(fact.c.key > low, fact.c.key < high, _any(said.correlate(fact)))
    for key in connection.execute(query.order_by(fact.c.key).limit(limit)).scalars():
        text = fact_key.text_of(bytes(key))
        if text is not None:
            yield text
