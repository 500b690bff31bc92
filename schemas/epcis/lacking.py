"""What an event lacks to be one: members that EPCIS demands, of the event and of every object in it.

- For events of which parts are hidden or cut away: what is there is not judged, only what is not.
- Derived from the table of holders: what is required, and of the alternatives of which one must hold the first member
  of the first.

    list(lacking({"type": "ObjectEvent", "readPoint": {}}))  ->  ["/eventTime", …, "/epcList", "/readPoint/id"]

GS1 EPCIS 2.0 section 7.4; JSON schema, section 10.3.
"""

from collections.abc import Iterator, Mapping

from schemas.epcis.event import Path, pointer
from schemas.epcis.holders import EVENT_TYPES, EXTENDED, OBJECTS, Holder, holder
from schemas.syntax.json_text import Json

_OBJECTS = frozenset(row.name for row in OBJECTS)


def lacking(event: Mapping[str, Json]) -> Iterator[str]:
    """The JSON pointer of each member that is not there and must be."""
    kind = event.get("type")
    yield from _lacking(event, holder(kind) if isinstance(kind, str) and kind in EVENT_TYPES else EXTENDED, ())


def _lacking(value: Mapping[str, Json], held: Holder, path: Path) -> Iterator[str]:
    for name in held.required:
        if name not in value:
            yield pointer(*path, name)
    if held.enough and not any(all(_holds(value, each) for each in way) for way in held.enough):
        yield pointer(*path, held.enough[0][0].rstrip("+").partition("=")[0])
    for row in held.terms():
        if row.shape in _OBJECTS and row.name not in held.unjudged:
            yield from _inside(value.get(row.name), holder(row.shape), (*path, row.name))


def _inside(value: Json, held: Holder, path: Path) -> Iterator[str]:
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _inside(item, held, (*path, place))
    elif isinstance(value, dict):
        yield from _lacking(value, held, path)


def _holds(value: Mapping[str, Json], condition: str) -> bool:
    """One condition of `schemas.epcis.holders.Holder.enough`."""
    name, equals, wanted = condition.partition("=")
    if equals:
        return value.get(name) == wanted
    return bool(value.get(name[:-1])) if name.endswith("+") else name in value
