"""SimpleEventQuery as a value: parsed once from a URL or a JSON body, then asked of events or of the read side.

- Conditions are joined by *and*; the values of one condition by *or*. Each condition is met by any occurrence of its
  field in the event, whatever occurrence meets another (EPCIS 2.0 section 8.2.7.1).
- A parameter the standard does not name is an error, and so is a value that does not fit: nothing is left out in
  silence.
- `|` sets the values of a list apart in a URL; a parameter may also stand there more than once.
- What belongs to paging (`perPage`, `nextPageToken`) is the interface's own and passed over here.

    query = parse_query({"MATCH_epc": ["urn:epc:id:sscc:9521234.0000000111"], "EQ_bizStep": ["shipping|receiving"]})
    query_from_json({"eventType": ["ObjectEvent"], "GE_value_KEL": Number("280")})

EPCIS 2.0 sections 8.2.7.1 (SimpleEventQuery) and 12 (REST).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from schemas.epcis.namespaces import namespaces
from schemas.epcis.query_name import ANY_LISTS, Field, Op, Parameter, extension_field, parameter
from schemas.epcis.query_value import Value, Values, refused, unknown_word
from schemas.errors import InputError
from schemas.gs1.pattern import Pattern, pattern
from schemas.syntax.json_text import Json, Number
from schemas.units import based

PAGING = frozenset(("perPage", "nextPageToken"))
MOST_CONDITIONS = 100
MOST_VALUES = 1000
MOST_RANGES = 200
"""Beginnings by which patterns, in each of their lists, and sub-locations are looked for: a database reads them all."""
_CONTROLS = ("orderBy", "orderDirection", "eventCountLimit", "maxEventCount")
_PRESENT = frozenset((None, "", "true", "1", True, 1))
_ABSENT = frozenset(("false", "0", False, 0))
_LARGEST_COUNT = 2**53
Resource = Literal["eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions"]


@dataclass(frozen=True, slots=True)
class Span:
    """A place (canonical URI) from one moment to another (microseconds since 1970; None: always). `inside`: what its
    GLN extensions name too."""

    uri: str
    start: int | None = None
    stop: int | None = None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One parameter with its values, read. `patterns` and `lists` are MATCH's, `attribute` is EQATTR's.

    What depends on master data (`WD`, `HASATTR`, `EQATTR`) becomes `AMONG`, with the `spans` it comes down to, where
    somebody knows it; the parser writes none.
    """

    parameter: str
    op: Op
    field: Field
    values: Values = ()
    patterns: tuple[Pattern, ...] = ()
    lists: tuple[str, ...] = ()
    attribute: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What the results are ordered by: `eventTime`, `recordTime`, or a field of an extension."""

    field: Field
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One query. `event_count_limit`: only the first so many; `max_event_count`: more than so many are an error."""

    conditions: tuple[Condition, ...] = ()
    order: Order | None = None
    event_count_limit: int | None = None
    max_event_count: int | None = None
    said: tuple[tuple[str, Json], ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The query in its JSON form, as `query_from_json` takes it (EPCIS 2.0 query-schema.json)."""
        return dict(self.said)


def parse_query(parameters: Mapping[str, Sequence[str]], *, prefixes: Mapping[str, str] | None = None) -> Query:
    """The query of a URL: each parameter with the texts given for it; `prefixes`: what `GS1-Extensions` explains.

    `InputError`: `query-parameter-unknown`, `query-parameter-value`, `query-parameter-word`,
    `query-parameter-repeated`,
    `query-parameters-exclusive`, `query-needs-order`, `query-pattern`, `query-too-complex`.
    """
    reading = _Reading(dict(prefixes or {}))
    for name, texts in parameters.items():
        if name in PAGING:
            continue
        if name in _CONTROLS:
            reading.control(name, _only(name, texts))
            continue
        known = parameter(name, reading.known)
        if known.many:
            reading.add(known, [part for text in texts for part in text.split("|")])
        else:
            reading.add(known, [_only(name, texts)])
    return reading.query()


def query_from_json(tree: Json) -> Query:
    """The query of a JSON body, its prefixes explained by its `@context`; errors as those of `parse_query`."""
    if not isinstance(tree, dict):
        raise InputError("query-not-object")
    context = tree.get("@context")
    reading = _Reading(namespaces(context))
    if context is not None:
        reading.said.append(("@context", context))
    for name, value in tree.items():
        if name == "@context" or name in PAGING:
            continue
        if name in _CONTROLS:
            reading.control(name, value)
            continue
        known = parameter(name, reading.known)
        if isinstance(value, list) and not known.many:
            raise refused(name, value, "query-one")
        reading.add(known, value if isinstance(value, list) else [value])
    return reading.query()


def narrowed(query: Query, resource: Resource, value: str) -> Query:
    """The query kept to one top-level resource: the events of `/bizSteps/shipping`, of `/epcs/…` in any list."""
    if resource == "epcs":
        condition = Condition("MATCH_any", "MATCH", Field("any"), patterns=(pattern(value),), lists=ANY_LISTS)
    else:
        known = parameter(_OF_RESOURCE[resource], {})
        condition = Condition(known.name, "EQ", known.field, known.read(known.name, value))
    return replace(query, conditions=(*query.conditions, condition))


_OF_RESOURCE: dict[Resource, str] = {
    "eventTypes": "eventType",
    "bizSteps": "EQ_bizStep",
    "bizLocations": "EQ_bizLocation",
    "readPoints": "EQ_readPoint",
    "dispositions": "EQ_disposition",
}


def _only(name: str, texts: Sequence[str]) -> str:
    if len(texts) != 1:
        raise InputError("query-parameter-repeated", parameter=name[:120])
    return texts[0]


class _Reading:
    """A query while it is read: the prefixes it explains, its conditions so far, and what it says of order."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known
        self.said: list[tuple[str, Json]] = []
        self._conditions: list[Condition] = []
        self._controls: dict[str, Any] = {}
        self._values = 0
        self._ranges = 0

    def add(self, known: Parameter, given: Sequence[Any]) -> None:
        """One parameter with the values given for it."""
        self._values += len(given)
        if self._values > MOST_VALUES or len(self._conditions) >= MOST_CONDITIONS:
            raise _too_complex()
        if not given:
            raise refused(known.name, "", "query-text")
        if known.op == "EXISTS":
            self._exists(known, given[0])
            return
        values = tuple(dict.fromkeys(read for item in given for read in _read(known, item)))
        self.said.append((known.name, _said(known, given)))
        patterns = tuple(_pattern(known.name, item) for item in given) if known.op == "MATCH" else ()
        self._ranges += sum(len(each.beginnings) for each in patterns) * len(known.lists)
        self._ranges += len(values) if known.op == "WD" else 0
        if self._ranges > MOST_RANGES:
            raise _too_complex()
        self._conditions.append(
            Condition(known.name, known.op, known.field, values, patterns, known.lists, known.attribute)
        )

    def _exists(self, known: Parameter, given: Any) -> None:
        """A presence; `false` and 0 ask for nothing. Its value is void, and official texts write it in four ways."""
        value = int(given.text) if isinstance(given, Number) and given.text in "01" else given
        if isinstance(value, list | dict | Number) or value not in _PRESENT | _ABSENT:
            raise refused(known.name, given, "query-boolean")
        absent = value is not None and value in _ABSENT
        self.said.append((known.name, Number("0" if absent else "1")))
        if not absent:
            self._conditions.append(Condition(known.name, "EXISTS", known.field))

    def control(self, name: str, value: Any) -> None:
        """What says how many events are returned, and in which order."""
        if name == "orderDirection" and value not in ("ASC", "DESC"):
            raise unknown_word(name, value, "ASC, DESC")
        if name in ("eventCountLimit", "maxEventCount"):
            value = _count(name, value)
            self.said.append((name, Number(str(value))))
        else:
            self.said.append((name, value))
        self._controls[name] = value

    def query(self) -> Query:
        """The query, once everything was read."""
        said = self._controls
        limit, most = said.get("eventCountLimit"), said.get("maxEventCount")
        if limit is not None and most is not None:
            raise InputError("query-parameters-exclusive", one="eventCountLimit", other="maxEventCount")
        if limit is not None and "orderBy" not in said:
            raise InputError("query-needs-order", parameter="eventCountLimit")
        order = None
        if "orderBy" in said:
            order = Order(self._ordered(said["orderBy"]), said.get("orderDirection", "DESC") == "DESC")
        return Query(tuple(self._conditions), order, limit, most, tuple(self.said))

    def _ordered(self, value: Any) -> Field:
        if value in ("eventTime", "recordTime"):
            return Field(value)
        field = extension_field(value, "EXTENSION", self.known) if isinstance(value, str) else None
        if field is None:
            raise unknown_word("orderBy", value, "eventTime, recordTime, prefix:name")
        return field


def _too_complex() -> InputError:
    return InputError("query-too-complex", conditions=MOST_CONDITIONS, values=MOST_VALUES, ranges=MOST_RANGES)


def _count(name: str, value: Any) -> int:
    text = value.text if isinstance(value, Number) else value
    if isinstance(text, str) and text.isascii() and text.isdigit() and 0 < int(text[:17]) <= _LARGEST_COUNT:
        return int(text)
    raise refused(name, value, "query-count")


def _read(known: Parameter, item: Any) -> Values:
    try:
        values = known.read(known.name, item)
    except InputError as error:
        raise error.within(parameter=known.name) from None
    return tuple(_in_base(known, value) for value in values) if known.unit else values


def _in_base(known: Parameter, value: Value) -> Value:
    assert isinstance(value.value, Decimal)
    _, base = based(value.value, known.unit, difference=known.field.name.startswith("sensor.sDev"))
    if base is None:
        raise refused(known.name, value.value, "query-number")
    return Value("number", base)


def _pattern(name: str, item: Any) -> Pattern:
    try:
        return pattern(str(item).strip())
    except InputError as error:
        raise InputError("query-pattern", parameter=name, value=str(item)[:200], problem=error.code) from None


def _said(known: Parameter, given: Iterable[Any]) -> Json:
    items: list[Json] = [Number(str(item)) if isinstance(item, int | float) else item for item in given]
    return items if known.many else items[0]
