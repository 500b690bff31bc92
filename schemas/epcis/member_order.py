"""An event with its members in the order in which EPCIS names them, at any depth: how people expect to read one.

- The order is that of the table of holders, which is the sequence of the XML schema; `@context` and `type` come first.
- What EPCIS does not name (extensions, ILMD) follows, by name. Nothing but order changes: JSON gives it no meaning.
- An event of somebody else's type has the members of all types in the order of theirs.

    list(in_order({"action": "ADD", "type": "ObjectEvent"}))  ->  ["type", "action"]

GS1 EPCIS 2.0 sections 7.4, 9.5.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from schemas.epcis.event import EventDict
from schemas.epcis.holders import EVENT_TYPES, EVENTS, OBJECTS, holder
from schemas.syntax.json_text import Json

_OBJECTS = frozenset(row.name for row in OBJECTS)


def in_order(event: Mapping[str, Json]) -> EventDict:
    """A copy of the event."""
    kind = event.get("type")
    return _members(event, _inside(kind if isinstance(kind, str) and kind in EVENT_TYPES else ""))


@cache
def _inside(name: str) -> Mapping[str, str]:
    """The members of an event type or object in order, each with the object that it holds, if any."""
    rows = holder(name).terms() if name else (row for event in EVENTS for row in event.terms())
    return MappingProxyType({row.name: row.shape if row.shape in _OBJECTS else "" for row in rows})


def _members(value: Mapping[str, Json], order: Mapping[str, str]) -> dict[str, Json]:
    known = (name for name in order if name in value)
    further: Iterable[str] = sorted(name for name in value if name not in order)
    return {name: _value(value[name], order.get(name, "")) for name in (*known, *further)}


def _value(value: Json, held: str) -> Json:
    if isinstance(value, list):
        return [_value(item, held) for item in value]
    if isinstance(value, dict):
        return _members(value, _inside(held) if held else {})
    return value
