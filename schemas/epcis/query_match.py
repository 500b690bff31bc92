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
from operator import ge, gt, le, lt
from typing import Any

from schemas.epcis.holders import EVENTS, EXTENDED, holder
from schemas.epcis.instant import microseconds
from schemas.epcis.namespaces import extension_name, namespaces
from schemas.epcis.query import Condition, Query, Span
from schemas.epcis.query_field import Event, Found, objects, standard
from schemas.epcis.query_name import meant
from schemas.epcis.query_value import Value, decimal
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Number

STANDARD = frozenset(name for event in (*EVENTS, EXTENDED) for name in event.members)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"GT": gt, "GE": ge, "LT": lt, "LE": le}
_SUBLOCATION = "/254/"


@dataclass(frozen=True, slots=True)
class Known:
    """What a repository knows of an event beside its content: `record_time` in microseconds since 1970, the
    `event_id` it was sent with or got, and `namespaces`: what the events of the log mean by a prefix."""

    record_time: int = 0
    event_id: str = ""
    namespaces: Mapping[str, Collection[str]] = field(default_factory=dict)


def matches(query: Query, event: Event, known: Known) -> bool:
    """Whether the event meets every condition."""
    return all(_meets(condition, event, known) for condition in query.conditions)


def _meets(condition: Condition, event: Event, known: Known) -> bool:
    if condition.op in ("HASATTR", "EQATTR"):
        return False  # An event alone says no attributes of its places; who has master data makes it AMONG.
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
    if condition.op == "AMONG":
        at = next((item.at for item in standard(event, "eventTime")), None)
        return any(_spanned(str(item.text), at, span) for item in found for span in condition.spans)
    if condition.field.name == "type" and not condition.field.family:
        types = {name for value in condition.values for name in meant(str(value.value), known.namespaces)}
        return any(item.text in types for item in found)
    if condition.op == "EQ":
        return any(item.equals(value) for item in found for value in condition.values)
    return any(_compared(condition.op, item, value) for item in found for value in condition.values)


def _spanned(uri: str, at: int | None, span: Span) -> bool:
    if uri != span.uri and not (span.inside and uri.startswith(span.uri + _SUBLOCATION)):
        return False
    return (span.start is None or (at is not None and at >= span.start)) and (
        span.stop is None or (at is not None and at < span.stop)
    )


def _compared(op: str, item: Found, value: Value) -> bool:
    own = item.number if value.kind == "number" else item.at
    return own is not None and _COMPARE[op](own, value.value)


def _named(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        uri = item.get("epcClass") if isinstance(item, dict) else item
        if isinstance(uri, str):
            yield canonical_uri(uri.strip())


def _occurrences(condition: Condition, event: Event, known: Known) -> Iterator[Found]:
    wanted = condition.field
    if wanted.family:
        yield from extensions(event, wanted.family, frozenset(wanted.names(known.namespaces)))
        return
    if wanted.name == "recordTime":
        yield Found(at=known.record_time)
    elif wanted.name == "eventID":
        yield Found(known.event_id)
    else:
        yield from standard(event, wanted.name)


# Extensions.


def extensions(event: Event, family: str, names: Collection[str]) -> Iterator[Found]:
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
    for element in objects(event.get("sensorElementList")):
        if family == "SENSORELEMENT":
            yield _without(element, (*holder("sensorElement").members, "type"))
        elif family == "SENSORMETADATA":
            yield _without(element.get("sensorMetadata"), holder("sensorMetadata").members)
        elif family == "SENSORREPORT":
            for report in objects(element.get("sensorReport")):
                yield _without(report, holder("sensorReport").members)


def _without(value: Any, standard: Iterable[str]) -> Mapping[str, Any]:
    members = value.items() if isinstance(value, dict) else ()
    return {name: item for name, item in members if name not in standard and name[:1] != "@"}


def _inner(value: Any, family: str, names: Collection[str], known: Mapping[str, str]) -> Iterator[Found]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _inner(item, family, names, known)
        for name, within in item.items() if isinstance(item, dict) else ():
            if name[:1] != "@":
                if f"{family} {extension_name(name, known)}" in names:
                    yield from _scalars(within)
                yield from _inner(within, family, names, known)


def _scalars(value: Any) -> Iterator[Found]:
    """The occurrences in a value of any shape; what is empty is not there."""
    if isinstance(value, list):
        for item in value:
            yield from _scalars(item)
    elif isinstance(value, dict):
        literal = value.get("@value", value.get("@id"))
        if literal is not None:
            yield from _scalars(literal)
        elif value:
            yield Found()
    elif isinstance(value, bool):
        yield Found("true" if value else "false")
    elif isinstance(value, Number | int | float):
        yield Found(None if decimal(value) is not None else str(value), decimal(value))
    elif isinstance(value, str) and value.strip():
        yield Found(value, decimal(value), microseconds(value))
