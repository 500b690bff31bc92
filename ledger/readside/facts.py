"""What an event says, as the keys that queries look for: every field the standard lets a query name, and extensions.

- Pure: one event in, keys out. `schemas.epcis.query_match` says the same of an event that is asked directly.
- Identifiers are canonical and words bare. What is hidden is not there; what is empty says nothing.
- Objects that entries are tagged with (lots, items, units) are found by their own table, with the lists they stand in
  as a *role*; other identifiers of these lists (a GTIN alone, a pattern) are facts.
- A prefix is noted with what it means here, so that a query that does not explain it can be answered.

    said(event).facts;  roles(event)["https://id.gs1.org/00/095212340000001119"]  ->  ROLES["epcList"]

EPCIS 2.0 section 8.2.7.1; docs/adr/0021-what-queries-are-answered-from.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ledger.store.events import COLUMNS, ROLES, Said
from ledger.store.fact_key import number_key, presence_key, text_key, time_key
from schemas.epcis.holders import holder
from schemas.epcis.instant import microseconds
from schemas.epcis.namespaces import extension_name, namespace_of, namespaces, prefix_of
from schemas.epcis.query_field import QUANTITIES
from schemas.epcis.query_match import STANDARD
from schemas.epcis.query_value import decimal, type_name
from schemas.epcis.vocabulary import bare
from schemas.gs1.canonical import canonical_uri, tagged_object
from schemas.syntax.json_text import Number
from schemas.units import based

Event = Mapping[str, Any]
PREFIX = "@prefix "
"""Before a prefix: the field whose values are what it means in the events of this log."""
_DEVICE = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
_URIS = (*_DEVICE, "microorganism", "chemicalSubstance", "uriValue")
_MEASURED = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
# Numbers that a query may name without a unit.
_BARE = frozenset(("sDev", "percRank", "percValue"))
_MOST_FACTS = 10_000


def said(event: Event) -> Said:
    """The keys of one event: those of its own columns, all others, and the parties it goes from and to."""
    reading = _Reading(event)
    reading.why()
    reading.what()
    reading.declared()
    reading.sensed()
    reading.extended()
    columns = tuple(reading.column(name) for name in COLUMNS)
    at = microseconds(event["eventTime"]) if isinstance(event.get("eventTime"), str) else None
    return Said(at or 0, columns, tuple(reading.facts), tuple(reading.parties))


def roles(event: Event) -> dict[str, int]:
    """The tagged objects of an event with the lists they stand in, as bits of `ROLES`."""
    found: dict[str, int] = {}
    for name, role in ROLES.items():
        for uri in _named(event.get(name)):
            tagged = tagged_object(uri)
            if tagged is not None:
                found[tagged] = found.get(tagged, 0) | role
    return found


def _named(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        uri = item.get("epcClass") if isinstance(item, dict) else item
        if isinstance(uri, str):
            yield uri


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _texts(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield item


def _canonical(text: str) -> str:
    return canonical_uri(text.strip())


def _word(code_list: str, text: str) -> str:
    return bare(code_list, text) or _canonical(text)


class _Reading:
    """One event while it is read. `facts` keeps order and names nothing twice."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.facts: dict[bytes, None] = {}
        self.parties: dict[str, None] = {}
        self._known: dict[str, str] | None = None

    def known(self) -> dict[str, str]:
        """What the event's context says of prefixes, read when the first one is met."""
        if self._known is None:
            self._known = namespaces(self.event.get("@context"))
        return self._known

    def add(self, key: bytes) -> None:
        """One more fact; an event that says absurdly much is found by what it says first."""
        if len(self.facts) < _MOST_FACTS:
            self.facts[key] = None

    def texts(self, field: str, value: Any, spell: Callable[[str], str] = str) -> None:
        """The texts of a member."""
        for text in _texts(value):
            self.add(text_key(field, spell(text)))

    def times(self, field: str, value: Any) -> None:
        """The instants of a member."""
        for text in _texts(value):
            if (at := microseconds(text)) is not None:
                self.add(time_key(field, at))

    # The standard's own members.

    def column(self, name: str) -> bytes | None:
        """The key of a member that has one value and a column of its own."""
        value = self.event.get(name)
        if name in ("readPoint", "bizLocation"):
            value = value.get("id") if isinstance(value, dict) else None
        if not isinstance(value, str) or not value.strip():
            return None
        return text_key(name, _COLUMN[name](self, value))

    def type_name(self, value: str) -> str:
        """The one name of the event's type, its prefix noted."""
        if prefix_of(value):
            self.note_prefix(value)
        return type_name(value, self.known() if ":" in value else {})

    def what(self) -> None:
        """What is not tagged, and quantities, as written and in the base of their unit."""
        for name in ROLES:
            for uri in _named(self.event.get(name)):
                if tagged_object(uri) is None:
                    self.add(text_key(name, _canonical(uri)))
        for name in QUANTITIES:
            for element in _objects(self.event.get(name)):
                self.measured("quantity", element, "quantity", raw=True)
        self.texts("transformationID", self.event.get("transformationID"), _canonical)

    def measured(self, field: str, holding: Mapping[str, Any], member: str, *, raw: bool) -> None:
        """A number with the unit beside it."""
        value = None if isinstance(holding.get(member), str) else decimal(holding.get(member))
        if value is None:
            return
        if raw:
            self.add(number_key(field, value))
        code = holding.get("uom")
        if isinstance(code, str):
            dimension, base = based(value, code, difference=member == "sDev")
            if base is not None:
                self.add(number_key(f"{field} in {dimension}", base))

    def why(self) -> None:
        """Persistent dispositions, transactions, sources and destinations."""
        for persistent in _objects(self.event.get("persistentDisposition")):
            for name in ("set", "unset"):
                for text in _texts(persistent.get(name)):
                    self.add(text_key(f"persistentDisposition.{name}", _word("dispositions", text)))
        for member, name, code_list in _RELATED:
            for item in _objects(self.event.get(member)):
                kind = item.get("type", "")
                for text in _texts(item.get(name)) if isinstance(kind, str) else ():
                    uri = _canonical(text)
                    self.add(text_key(f"{name} {bare(code_list, kind) or kind}", uri))
                    if name != "bizTransaction":
                        self.parties[uri] = None

    def declared(self) -> None:
        """An error declaration."""
        for declaration in _objects(self.event.get("errorDeclaration")):
            if declaration:
                self.add(presence_key("errorDeclaration"))
            self.times("errorDeclaration.declarationTime", declaration.get("declarationTime"))
            for text in _texts(declaration.get("reason")):
                self.add(text_key("errorDeclaration.reason", _word("error_reasons", text)))
            self.texts("errorDeclaration.correctiveEventIDs", declaration.get("correctiveEventIDs"))

    def sensed(self) -> None:
        """Sensor elements: what stands for a whole element and what for one report is one field."""
        elements = self.event.get("sensorElementList")
        if elements:
            self.add(presence_key("sensorElementList"))
        for element in _objects(elements):
            for metadata in _objects(element.get("sensorMetadata")):
                self._device(metadata)
                for name in ("startTime", "endTime"):
                    self.times(f"sensor.{name}", metadata.get(name))
            for report in _objects(element.get("sensorReport")):
                self._device(report)
                self._report(report)

    def _device(self, holding: Mapping[str, Any]) -> None:
        for name in _DEVICE:
            self.texts(f"sensor.{name}", holding.get(name), _canonical)
        self.times("sensor.time", holding.get("time"))

    def _report(self, report: Mapping[str, Any]) -> None:
        for text in _texts(report.get("type")):
            self.add(text_key("sensor.type", _word("measurement_types", text)))
        for name in _URIS[len(_DEVICE) :]:
            self.texts(f"sensor.{name}", report.get(name), _canonical)
        self.texts("sensor.stringValue", report.get("stringValue"))
        self.texts("sensor.hexBinaryValue", report.get("hexBinaryValue"), str.upper)
        flag = report.get("booleanValue")
        for value in flag if isinstance(flag, list) else [flag]:
            if isinstance(value, bool):
                self.add(text_key("sensor.booleanValue", "true" if value else "false"))
        for name in _MEASURED:
            self.measured(f"sensor.{name}", report, name, raw=name in _BARE)

    # Extensions.

    def extended(self) -> None:
        """Every extension field, at the top of the event or in a part of it, and those inside them."""
        for family, holding, standard in self._parts():
            for name, value in holding.items():
                if name not in standard and name[:1] != "@":
                    self.scalars(f"{family} {self.name(name)}", value)
                    self.inner(f"INNER_{family}", value)

    def _parts(self) -> Iterator[tuple[str, Mapping[str, Any], Iterable[str]]]:
        yield "EXTENSION", self.event, STANDARD
        for member, (family, standard) in _PARTS.items():
            value = self.event.get(member)
            if isinstance(value, dict):
                yield family, value, standard
        for element in _objects(self.event.get("sensorElementList")):
            yield "SENSORELEMENT", element, _ELEMENT
            metadata = element.get("sensorMetadata")
            if isinstance(metadata, dict):
                yield "SENSORMETADATA", metadata, _METADATA
            for report in _objects(element.get("sensorReport")):
                yield "SENSORREPORT", report, _REPORT

    def name(self, written: str) -> str:
        """The one name of an extension field, its prefix noted."""
        self.note_prefix(written)
        return extension_name(written, self.known())

    def note_prefix(self, written: str) -> None:
        """What the prefix of a name means in this event."""
        prefix = prefix_of(written)
        if prefix:
            self.add(text_key(PREFIX + prefix, namespace_of(prefix, self.known())))

    def inner(self, family: str, value: Any) -> None:
        """The fields at any depth inside an extension field."""
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list):
                self.inner(family, item)
            for name, within in item.items() if isinstance(item, dict) else ():
                if name[:1] != "@":
                    self.scalars(f"{family} {self.name(name)}", within)
                    self.inner(family, within)

    def scalars(self, field: str, value: Any) -> None:
        """The values of an extension field, of any shape."""
        if isinstance(value, list):
            for item in value:
                self.scalars(field, item)
        elif isinstance(value, dict):
            literal = value.get("@value", value.get("@id"))
            if literal is not None:
                self.scalars(field, literal)
            elif value:
                self.add(presence_key(field))
        elif isinstance(value, bool):
            self.add(text_key(field, "true" if value else "false"))
        elif isinstance(value, Number | int | float):
            own = decimal(value)
            self.add(text_key(field, str(value)) if own is None else number_key(field, own))
        elif isinstance(value, str) and value.strip():
            self._read(field, value)

    def _read(self, field: str, text: str) -> None:
        """A text, also as the number or the instant it reads as."""
        self.add(text_key(field, text))
        if (own := decimal(text)) is not None:
            self.add(number_key(field, own, read=True))
        if (at := microseconds(text)) is not None:
            self.add(time_key(field, at))


_RELATED = (
    ("bizTransactionList", "bizTransaction", "biz_transaction_types"),
    ("sourceList", "source", "source_dest_types"),
    ("destinationList", "destination", "source_dest_types"),
)
_PARTS: dict[str, tuple[str, frozenset[str]]] = {
    "ilmd": ("ILMD", frozenset()),
    "errorDeclaration": ("ERROR_DECLARATION", frozenset(holder("errorDeclaration").members)),
    "readPoint": ("readPoint", frozenset(("id",))),
    "bizLocation": ("bizLocation", frozenset(("id",))),
}
_ELEMENT = frozenset((*holder("sensorElement").members, "type"))
_METADATA = frozenset(holder("sensorMetadata").members)
_REPORT = frozenset(holder("sensorReport").members)
_COLUMN: dict[str, Callable[[_Reading, str], str]] = {
    "type": _Reading.type_name,
    "action": lambda _, text: text,
    "bizStep": lambda _, text: _word("biz_steps", text),
    "disposition": lambda _, text: _word("dispositions", text),
    "readPoint": lambda _, text: _canonical(text),
    "bizLocation": lambda _, text: _canonical(text),
}
