"""Where each field of the standard stands in an event, and how its values are read for a query.

- A field has one name (`bizStep`, `sensor.time`) and one or more places; a place may be inside lists of objects.
- Read so: identifiers canonical, words bare, numbers exact (in the base of their unit where the query names one),
  instants in microseconds. What is not of the shape that the standard says is not there.

    list(standard(event, "sensor.value in temperature"))

EPCIS 2.0 sections 7.3, 7.4 and 8.2.7.1.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.epcis.instant import microseconds
from schemas.epcis.namespaces import namespaces
from schemas.epcis.query_value import Value, decimal, type_name
from schemas.epcis.vocabulary import bare
from schemas.gs1.canonical import canonical_uri
from schemas.units import based

Event = Mapping[str, Any]
QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


@dataclass(frozen=True, slots=True)
class Found:
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


_Reader = Callable[[Event, str, tuple[str, ...]], Iterator[Found]]


def standard(event: Event, name: str) -> Iterator[Found]:
    """The occurrences of a field of the standard, by the name that queries have for it."""
    for reader, path in _FIELDS.get(name.partition(" ")[0], ()):
        yield from reader(event, name, path)


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects that a value is or lists."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _texts(value: Any, spell: Callable[[str], str] = str) -> Iterator[Found]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield Found(spell(item))


def _word(code_list: str) -> Callable[[str], str]:
    return lambda text: bare(code_list, text) or canonical_uri(text.strip())


def _member(event: Event, path: tuple[str, ...]) -> Iterator[Any]:
    """The values at a path, through lists of objects."""
    for item in objects(event):
        if path[0] not in item:
            continue
        if len(path) == 1:
            yield item[path[0]]
        else:
            for within in objects(item[path[0]]):
                yield from _member(within, path[1:])


def _spelled(spell: Callable[[str], str]) -> _Reader:
    return lambda event, name, path: (item for value in _member(event, path) for item in _texts(value, spell))


def _time(event: Event, name: str, path: tuple[str, ...]) -> Iterator[Found]:
    for value in _member(event, path):
        if isinstance(value, str) and (at := microseconds(value)) is not None:
            yield Found(at=at)


def _number(event: Event, name: str, path: tuple[str, ...]) -> Iterator[Found]:
    """A number as written, or (`… in DIMENSION`) in the base of its unit's dimension."""
    wanted = name.partition(" in ")[2]
    for item in _member(event, path[:-1]):
        for holding in objects(item):
            value = decimal(holding.get(path[-1]))
            if value is None or isinstance(holding[path[-1]], str):
                continue
            if not wanted:
                yield Found(number=value)
            elif isinstance(code := holding.get("uom"), str):
                dimension, base = based(value, code, difference=path[-1] == "sDev")
                if dimension == wanted and base is not None:
                    yield Found(number=base)


def _related(code_list: str, value_name: str) -> _Reader:
    def read(event: Event, name: str, path: tuple[str, ...]) -> Iterator[Found]:
        wanted = name.partition(" ")[2]
        for item in objects(event.get(path[0])):
            kind = item.get("type", "")
            if isinstance(kind, str) and (bare(code_list, kind) or kind) == wanted:
                yield from _texts(item.get(value_name), _canonical)

    return read


def _there(event: Event, name: str, path: tuple[str, ...]) -> Iterator[Found]:
    yield from (Found() for value in _member(event, path) if value)


def _type(event: Event, name: str, path: tuple[str, ...]) -> Iterator[Found]:
    yield from _texts(event.get("type"), lambda said: type_name(said, namespaces(event.get("@context"))))


def _boolean(event: Event, name: str, path: tuple[str, ...]) -> Iterator[Found]:
    yield from (Found("true" if value else "false") for value in _member(event, path) if isinstance(value, bool))


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
