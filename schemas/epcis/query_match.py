"""Whether one event meets a query: the meaning of every parameter, read from the event itself, without a database.

- Pure: what only a repository knows (record time, a derived eventID, what prefixes mean in its other events) is given
  as `Known`. The read side must answer exactly as this does; a property test holds the two together.
- Each condition asks for any occurrence of its field, wherever in the event the standard lets it stand.
- An SGLN with an extension is a place inside the GLN it extends: what WD_ finds without master data.

    matches(parse_query({"GE_value_KEL": ["280"]}), event, Known(record_time=0, event_id="ni:///…"))

EPCIS 2.0 section 8.2.7.1.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from schemas.epcis.holders import EVENTS, EXTENDED, holder
from schemas.epcis.instant import microseconds
from schemas.epcis.namespaces import extension_name, namespaces
from schemas.epcis.query import Condition, Query
from schemas.epcis.query_name import meant
from schemas.epcis.query_value import Value, decimal, type_name
from schemas.epcis.vocabulary import bare
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Number
from schemas.units import based

Event = Mapping[str, Any]
STANDARD = frozenset(name for event in (*EVENTS, EXTENDED) for name in event.members)
QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"GT": gt, "GE": ge, "LT": lt, "LE": le}
_SUBLOCATION = "/254/"


@dataclass(frozen=True, slots=True)
class Known:
    """What a repository knows of an event beside its content: `record_time` in microseconds since 1970, the
    `event_id` it was sent with or got, and `namespaces`: what the events of the log mean by a prefix."""

    record_time: int = 0
    event_id: str = ""
    namespaces: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """One occurrence of a field: its text and the number or instant it is or reads as."""

    text: str | None = None
    number: Decimal | None = None
    at: int | None = None

    def equals(self, value: Value) -> bool:
        """Whether it is the value. A text is not found by the number it merely reads as."""
        if value.kind == "text":
            return self.text == value.value
        if value.kind == "number":
            return self.text is None and self.number == value.value
        return self.at == value.value


def matches(query: Query, event: Event, known: Known) -> bool:
    """Whether the event meets every condition."""
    return all(_meets(condition, event, known) for condition in query.conditions)


def _meets(condition: Condition, event: Event, known: Known) -> bool:
    if condition.op in ("HASATTR", "EQATTR"):
        return False  # KNOWN LIMIT: no master data is kept yet, so nothing has an attribute (docs/limits.md).
    if condition.op == "MATCH":
        named = [uri for name in condition.lists for uri in _named(event.get(name))]
        return any(pattern.covers(uri) for pattern in condition.patterns for uri in named)
    found = list(_occurrences(condition, event, known))
    if condition.op == "EXISTS":
        return bool(found)
    if condition.op == "WD":
        wanted = [str(value.value) for value in condition.values]
        return any(
            item.text == uri or str(item.text).startswith(uri + _SUBLOCATION) for item in found for uri in wanted
        )
    if condition.field.name == "type" and not condition.field.family:
        types = {name for value in condition.values for name in meant(str(value.value), known.namespaces)}
        return any(item.text in types for item in found)
    if condition.op == "EQ":
        return any(item.equals(value) for item in found for value in condition.values)
    return any(_compared(condition.op, item, value) for item in found for value in condition.values)


def _compared(op: str, item: _Found, value: Value) -> bool:
    own = item.number if value.kind == "number" else item.at
    return own is not None and _COMPARE[op](own, value.value)


def _named(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        uri = item.get("epcClass") if isinstance(item, dict) else item
        if isinstance(uri, str):
            yield canonical_uri(uri.strip())


def _occurrences(condition: Condition, event: Event, known: Known) -> Iterator[_Found]:
    wanted = condition.field
    if wanted.family:
        yield from extensions(event, wanted.family, frozenset(wanted.names(known.namespaces)))
        return
    if wanted.name == "recordTime":
        yield _Found(at=known.record_time)
    elif wanted.name == "eventID":
        yield from _texts(known.event_id)
    else:
        for reader, members in _FIELDS.get(wanted.name.partition(" ")[0], ()):
            yield from reader(event, wanted.name, members)


# Extensions.


def extensions(event: Event, family: str, names: Collection[str]) -> Iterator[_Found]:
    """The occurrences of extension fields of a family (`ILMD`, `INNER_SENSORREPORT`) that have one of the names."""
    known = namespaces(event.get("@context"))
    part = family.removeprefix("INNER_")
    for holding in _parts(event, part):
        for name, value in holding.items():
            if family != part:
                yield from _inner(value, family, names, known)
            elif f"{family} {extension_name(name, known)}" in names:
                yield from _scalars(value)


def _parts(event: Event, family: str) -> Iterator[Mapping[str, Any]]:
    """The objects of an event in which a family of extension fields stands, without the standard's own members."""
    if family == "EXTENSION":
        yield {name: value for name, value in event.items() if name not in STANDARD and name[:1] != "@"}
    elif family == "ILMD":
        yield _without(event.get("ilmd"), ())
    elif family == "ERROR_DECLARATION":
        yield _without(event.get("errorDeclaration"), holder("errorDeclaration").members)
    elif family in ("readPoint", "bizLocation"):
        yield _without(event.get(family), ("id",))
    for element in _objects(event.get("sensorElementList")):
        if family == "SENSORELEMENT":
            yield _without(element, (*holder("sensorElement").members, "type"))
        elif family == "SENSORMETADATA":
            yield _without(element.get("sensorMetadata"), holder("sensorMetadata").members)
        elif family == "SENSORREPORT":
            for report in _objects(element.get("sensorReport")):
                yield _without(report, holder("sensorReport").members)


def _without(value: Any, standard: Iterable[str]) -> Mapping[str, Any]:
    members = value.items() if isinstance(value, dict) else ()
    return {name: item for name, item in members if name not in standard and name[:1] != "@"}


def _inner(value: Any, family: str, names: Collection[str], known: Mapping[str, str]) -> Iterator[_Found]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _inner(item, family, names, known)
        for name, within in item.items() if isinstance(item, dict) else ():
            if name[:1] != "@":
                if f"{family} {extension_name(name, known)}" in names:
                    yield from _scalars(within)
                yield from _inner(within, family, names, known)


def _scalars(value: Any) -> Iterator[_Found]:
    """The occurrences in a value of any shape; what is empty is not there."""
    if isinstance(value, list):
        for item in value:
            yield from _scalars(item)
    elif isinstance(value, dict):
        literal = value.get("@value", value.get("@id"))
        if literal is not None:
            yield from _scalars(literal)
        elif value:
            yield _Found()
    elif isinstance(value, bool):
        yield _Found("true" if value else "false")
    elif isinstance(value, Number | int | float):
        yield _Found(None if decimal(value) is not None else str(value), decimal(value))
    elif isinstance(value, str) and value.strip():
        yield _Found(value, decimal(value), microseconds(value))


# Fields of the standard.

_Reader = Callable[[Event, str, tuple[str, ...]], Iterator[_Found]]


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _texts(value: Any, spell: Callable[[str], str] = str) -> Iterator[_Found]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield _Found(spell(item))


def _word(code_list: str) -> Callable[[str], str]:
    return lambda text: bare(code_list, text) or canonical_uri(text.strip())


def _member(event: Event, path: tuple[str, ...]) -> Iterator[Any]:
    """The values at a path, through lists of objects."""
    for item in _objects(event):
        if path[0] not in item:
            continue
        if len(path) == 1:
            yield item[path[0]]
        else:
            for within in _objects(item[path[0]]):
                yield from _member(within, path[1:])


def _spelled(spell: Callable[[str], str]) -> _Reader:
    return lambda event, name, path: (item for value in _member(event, path) for item in _texts(value, spell))


def _time(event: Event, name: str, path: tuple[str, ...]) -> Iterator[_Found]:
    for value in _member(event, path):
        if isinstance(value, str) and (at := microseconds(value)) is not None:
            yield _Found(at=at)


def _number(event: Event, name: str, path: tuple[str, ...]) -> Iterator[_Found]:
    """A number as written, or (`… in DIMENSION`) in the base of its unit's dimension."""
    wanted = name.partition(" in ")[2]
    for item in _member(event, path[:-1]):
        for holding in _objects(item):
            value = decimal(holding.get(path[-1]))
            if value is None or isinstance(holding[path[-1]], str):
                continue
            if not wanted:
                yield _Found(number=value)
            elif isinstance(code := holding.get("uom"), str):
                dimension, base = based(value, code, difference=path[-1] == "sDev")
                if dimension == wanted and base is not None:
                    yield _Found(number=base)


def _related(code_list: str, value_name: str) -> _Reader:
    def read(event: Event, name: str, path: tuple[str, ...]) -> Iterator[_Found]:
        wanted = name.partition(" ")[2]
        for item in _objects(event.get(path[0])):
            kind = item.get("type", "")
            if isinstance(kind, str) and (bare(code_list, kind) or kind) == wanted:
                yield from _texts(item.get(value_name), _canonical)

    return read


def _there(event: Event, name: str, path: tuple[str, ...]) -> Iterator[_Found]:
    yield from (_Found() for value in _member(event, path) if value)


def _type(event: Event, name: str, path: tuple[str, ...]) -> Iterator[_Found]:
    yield from _texts(event.get("type"), lambda said: type_name(said, namespaces(event.get("@context"))))


def _boolean(event: Event, name: str, path: tuple[str, ...]) -> Iterator[_Found]:
    yield from (_Found("true" if value else "false") for value in _member(event, path) if isinstance(value, bool))


def _canonical(text: str) -> str:
    return canonical_uri(text.strip())


_METADATA = ("sensorElementList", "sensorMetadata")
_REPORT = ("sensorElementList", "sensorReport")
_plain, _uri = _spelled(str), _spelled(_canonical)


def _both(name: str, reader: _Reader) -> tuple[tuple[_Reader, tuple[str, ...]], ...]:
    """What may stand for a whole sensor element or for one report."""
    return (reader, (*_METADATA, name)), (reader, (*_REPORT, name))


# Field -> the readers of its occurrences, each with the path it reads.
_FIELDS: dict[str, tuple[tuple[_Reader, tuple[str, ...]], ...]] = {
    "type": ((_type, ()),),
    "eventTime": ((_time, ("eventTime",)),),
    "action": ((_plain, ("action",)),),
    "bizStep": ((_spelled(_word("biz_steps")), ("bizStep",)),),
    "disposition": ((_spelled(_word("dispositions")), ("disposition",)),),
    **{
        f"persistentDisposition.{name}": ((_spelled(_word("dispositions")), ("persistentDisposition", name)),)
        for name in ("set", "unset")
    },
    "readPoint": ((_uri, ("readPoint", "id")),),
    "bizLocation": ((_uri, ("bizLocation", "id")),),
    "transformationID": ((_uri, ("transformationID",)),),
    "bizTransaction": ((_related("biz_transaction_types", "bizTransaction"), ("bizTransactionList",)),),
    "source": ((_related("source_dest_types", "source"), ("sourceList",)),),
    "destination": ((_related("source_dest_types", "destination"), ("destinationList",)),),
    "quantity": tuple((_number, (name, "quantity")) for name in QUANTITIES),
    "errorDeclaration": ((_there, ("errorDeclaration",)),),
    "errorDeclaration.declarationTime": ((_time, ("errorDeclaration", "declarationTime")),),
    "errorDeclaration.reason": ((_spelled(_word("error_reasons")), ("errorDeclaration", "reason")),),
    "errorDeclaration.correctiveEventIDs": ((_plain, ("errorDeclaration", "correctiveEventIDs")),),
    "sensorElementList": ((_there, ("sensorElementList",)),),
    "sensor.type": ((_spelled(_word("measurement_types")), (*_REPORT, "type")),),
    **{f"sensor.{name}": _both(name, _uri) for name in ("deviceID", "deviceMetadata", "rawData", "bizRules")},
    "sensor.dataProcessingMethod": _both("dataProcessingMethod", _uri),
    "sensor.time": _both("time", _time),
    "sensor.startTime": ((_time, (*_METADATA, "startTime")),),
    "sensor.endTime": ((_time, (*_METADATA, "endTime")),),
    **{f"sensor.{name}": ((_uri, (*_REPORT, name)),) for name in ("microorganism", "chemicalSubstance", "uriValue")},
    "sensor.stringValue": ((_plain, (*_REPORT, "stringValue")),),
    "sensor.booleanValue": ((_boolean, (*_REPORT, "booleanValue")),),
    "sensor.hexBinaryValue": ((_spelled(str.upper), (*_REPORT, "hexBinaryValue")),),
    **{
        f"sensor.{name}": ((_number, (*_REPORT, name)),)
        for name in ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
    },
}
