"""The event hash of CBV 2.0 and 2.1: one name for an event, whoever computes it and in whatever order it is written.

- A pure function of one event and its own `@context`: no JSON-LD expansion, nothing taken from its siblings.
- The pre-hash string is the members in one order, `name=value` without separators, lists sorted by code point.
- Left out: `eventID`, `recordTime`, `errorDeclaration`, `certificationInfo`, comments, whatever is empty or null.
- Values: times in UTC with milliseconds (rounded half to even), numbers (also as text) without superfluous zeros,
  bare words and CBV URNs as web addresses, GS1 identifiers as canonical Digital Links, the rest trimmed.
- Further members are `{namespace}name`; 2.0 writes those of places and sensors behind `ilmd`, 2.1 where they stand,
  and only 2.1 names the list of sensor elements.
- Numbers are exact decimals here. The reference implementation goes through a binary double, which alters integers
  beyond 2^53 (an SSCC as text) and writes small numbers with an exponent; the standard asks for neither.

    event_hash(event)  ->  "ni:///sha-256;df7bb3c3…?ver=CBV2.0"

It is a name, not a commitment: it leaves members out, so it is never what is signed. It does not validate; what it
cannot hash at all is an `InputError`. CBV 2.0 section 8.9; revision of the algorithm: July 2026 (`REVISION`).
"""

import hashlib
from collections.abc import Callable, Mapping, Set
from typing import Any, Literal

from schemas.epcis.hash_values import CBV, VOC, instant, scalar, spelled_text
from schemas.errors import InputError
from schemas.syntax.json_text import Json

Version = Literal["2.0", "2.1"]
VERSIONS: tuple[Version, ...] = ("2.0", "2.1")
# The version string in the hash does not say by which revision of the rules it was made, so it is kept beside it.
REVISION = "2026-07"

_PREFIXES = {"cbvmda": "{urn:epcglobal:cbv:mda}", "gs1": f"{{{VOC}}}", "cbv": f"{{{CBV}}}"}
_PREFIXES["epcis"] = "{https://ref.gs1.org/epcis/}"
_CURIES = {"gs1": VOC, "cbv": CBV, "epcis": "https://ref.gs1.org/epcis/"}
_COMMENTS = frozenset({"rdfs:comment", "comment"})
_LEFT_OUT = frozenset(
    {"@context", "type", "eventID", "recordTime", "errorDeclaration", "certificationInfo", *_COMMENTS}
)


def event_hash(event: Mapping[str, Json], *, version: Version = "2.0", ignore: Set[str] = frozenset()) -> str:
    """The hash of an event as an `ni:` URI (RFC 6920), `ni:///sha-256;{hex}?ver=CBV2.0`; see `prehash`."""
    digest = hashlib.sha256(prehash(event, version=version, ignore=ignore).encode("utf-8")).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV{version}"


def prehash(event: Mapping[str, Json], *, version: Version = "2.0", ignore: Set[str] = frozenset()) -> str:
    """The string that is hashed.

    `ignore` are names (as written, with their prefix) a document asks to leave out of its events' hashes. Raises
    `InputError`: `hash-not-an-event`, `hash-member` (a known member of the wrong shape), `hash-time`, `hash-number`.
    """
    if version not in VERSIONS:
        raise InputError("hash-version", value=str(version))
    kind = event.get("type") if isinstance(event, dict) else None
    if not isinstance(kind, str) or not kind.strip():
        raise InputError("hash-not-an-event")
    names = _Names(event.get("@context"))
    late: list[str] | None = [] if version == "2.0" else None
    parts = ["eventType=", kind.strip().removeprefix("epcis:")]
    for name, write in _ORDER:
        if name in event and (value := event[name]) is not None and name not in ignore:
            parts.append(write(names, name, value, late))
    ilmd = event.get("ilmd")
    if ilmd is not None and "ilmd" not in ignore:
        inner = _further(names, _object("ilmd", ilmd), frozenset())
        parts.append(f"ilmd{inner}" if inner else "")
    parts.extend(late or ())
    parts.append(_further(names, event, _SETTLED | ignore if ignore else _SETTLED))
    return "".join(parts)


class _Names:
    """The names of one event: `prefix:local` becomes `{namespace}local` by the event's own context."""

    __slots__ = ("_context", "_known", "_prefixes")

    def __init__(self, context: Json) -> None:
        self._context = context
        self._prefixes: dict[str, str] | None = None
        self._known: dict[str, str] = {}

    def full(self, name: str) -> str:
        """The name with its namespace; a name without a known prefix as it is."""
        found = self._known.get(name)
        if found is None:
            prefix, colon, local = name.partition(":")
            space = self._read().get(prefix) if colon else None
            found = self._known[name] = name if space is None else space + local
        return found

    def _read(self) -> dict[str, str]:
        """The prefixes, read from the context at the first name that has one: most events have none."""
        if self._prefixes is None:
            prefixes = self._prefixes = dict(_PREFIXES)
            for part in self._context if isinstance(self._context, list) else [self._context]:
                for prefix, iri in part.items() if isinstance(part, dict) else ():
                    iri = iri.get("@id") if isinstance(iri, dict) else iri
                    if isinstance(iri, str) and not prefix.startswith("@"):
                        prefixes[prefix] = f"{{{_namespace(iri)}}}"
        return self._prefixes


def _namespace(iri: str) -> str:
    """CBV's own namespace ends in nothing in XML, in `:` or `#` in JSON-LD: one spelling, XML's."""
    return iri[:-1] if iri in ("urn:epcglobal:cbv:mda:", "urn:epcglobal:cbv:mda#") else iri


_Writer = Callable[[_Names, str, Any, list[str] | None], str]


def _further(names: _Names, holder: Mapping[str, Json], known: frozenset[str]) -> str:
    """Every member that is not known to the standard, sorted by what it is written as."""
    if known.issuperset(holder):
        return ""
    found: list[str] = []
    for name, value in holder.items():
        if name not in known:
            _extension(names, name, value, found)
    found.sort()
    return "".join(found)


def _extension(names: _Names, name: str, value: Json, found: list[str]) -> None:
    if value is None or name in _COMMENTS:
        return
    if isinstance(value, list):
        for item in value:
            _extension(names, name, _nested(item), found)
        return
    full = names.full(name)
    if isinstance(value, dict):
        text = scalar(name, value["#text"]) if "#text" in value else ""
        inner: list[str] = []
        for child, content in value.items():
            if child != "#text":
                _extension(names, child, content, inner)
        inner.sort()
        found.append(f"{full}={text}{''.join(inner)}" if text else full + "".join(inner))
        return
    text = scalar(name, value)
    found.append(f"{full}={text}" if text else full)


def _nested(item: Json) -> Json:
    """A list within a list has no name of its own: an object whose one member is named by nothing."""
    return {"": item} if isinstance(item, list) else item


def _time(_: _Names, name: str, value: Json, late: list[str] | None = None) -> str:
    if not isinstance(value, str):
        raise InputError("hash-member", member=name, expected="text")
    text = value.strip()
    if not text:
        return ""
    try:
        return f"{name}={instant(text)}"
    except (ValueError, OverflowError):
        raise InputError("hash-time", member=name, value=text[:64]) from None


def _value(_: _Names, name: str, value: Json, late: list[str] | None = None) -> str:
    text = spelled_text(value) if type(value) is str else scalar(name, value)
    return f"{name}={text}" if text else ""


def _word(base: str) -> _Writer:
    """A writer for a member whose bare words are terms of a code list: `shipping` is `{base}shipping`."""

    def spell(text: str) -> str:
        text = text.strip()
        prefix, colon, local = text.partition(":")
        if not colon:
            return base + text if text else ""
        return _CURIES[prefix] + local if prefix in _CURIES else spelled_text(text)

    def write(_: _Names, name: str, value: Json, late: list[str] | None = None) -> str:
        if not isinstance(value, str):
            raise InputError("hash-member", member=name, expected="text")
        text = spell(value)
        return f"{name}={text}" if text else ""

    return write


def _list(name: str, value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise InputError("hash-member", member=name, expected="list")
    return value


def _object(name: str, value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise InputError("hash-member", member=name, expected="object")
    return value


def _listed(name: str, items: list[str]) -> str:
    """The name of a list once, then its elements sorted; nothing at all when it is empty."""
    items = [item for item in items if item]
    items.sort()
    return name + "".join(items) if items else ""


def _epcs(names: _Names, name: str, value: Json, late: list[str] | None) -> str:
    return _listed(name, [_value(names, "epc", item) for item in _list(name, value)])


def _known_members(names: _Names, holder: Mapping[str, Json], order: tuple[tuple[str, _Writer], ...]) -> str:
    return "".join(
        [
            write(names, name, value, None)
            for name, write in order
            if name in holder and (value := holder[name]) is not None
        ]
    )


def _quantities(names: _Names, name: str, value: Json, late: list[str] | None) -> str:
    inner = [_known_members(names, _object(name, item), _QUANTITY) for item in _list(name, value)]
    return _listed(name, [f"quantityElement{text}" if text else "" for text in inner])


def _pairs(member: str, base: str) -> _Writer:
    """A writer for transactions, sources and destinations: each its type, then what it names."""
    order: tuple[tuple[str, _Writer], ...] = (("type", _word(base)), (member, _value))

    def write(names: _Names, name: str, value: Json, late: list[str] | None) -> str:
        return _listed(name, [_known_members(names, _object(name, item), order) for item in _list(name, value)])

    return write


def _dispositions(names: _Names, name: str, value: Json, late: list[str] | None) -> str:
    holder = _object(name, value)
    words = [
        "".join(sorted(_DISPOSITION(names, side, word, None) for word in _list(side, holder[side])))
        for side in ("set", "unset")
        if holder.get(side) is not None
    ]
    return name + "".join(words) if any(words) else ""


def _place(names: _Names, name: str, value: Json, late: list[str] | None) -> str:
    holder = _object(name, value)
    own = _known_members(names, holder, _PLACE)
    further = _further(names, holder, _PLACE_NAMES)
    if late is not None and further:
        late.append(name + further)
        further = ""
    return name + own + further if own or further else ""


def _sensors(names: _Names, name: str, value: Json, late: list[str] | None) -> str:
    elements: list[str] = []
    behind: list[str] = []
    for item in _list(name, value):
        own, further = _sensor(names, _object(name, item), inline=late is None)
        elements.append(f"sensorElement{own}" if own else "")
        behind.append(f"sensorElement{further}" if further else "")
    if late is None:
        return _listed(name, elements)
    late.append(_listed("", behind))
    return _listed("", elements)


def _sensor(names: _Names, element: Mapping[str, Json], *, inline: bool) -> tuple[str, str]:
    """One sensor element: its known members and, where they are not written inline, its further ones."""
    own, behind = [], []
    reports: list[tuple[str, str]] = []
    metadata = element.get("sensorMetadata")
    if metadata is not None:
        text, further = _sensed(names, "sensorMetadata", metadata, _METADATA, inline=inline)
        own.append(text)
        behind.append(further)
    if element.get("sensorReport") is not None:
        for report in _list("sensorReport", element["sensorReport"]):
            reports.append(_sensed(names, "sensorReport", report, _REPORT, inline=inline))
    own.extend(sorted(text for text, _ in reports))
    behind.extend(sorted(further for _, further in reports))
    (own if inline else behind).append(_further(names, element, _ELEMENT_NAMES))
    return "".join(own), "".join(behind)


def _sensed(
    names: _Names, name: str, value: Json, order: tuple[tuple[str, _Writer], ...], *, inline: bool
) -> tuple[str, str]:
    holder = _object(name, value)
    own = _known_members(names, holder, order)
    further = _further(names, holder, _SENSED_NAMES[name])
    if inline:
        own, further = own + further, ""
    return (name + own if own else ""), (name + further if further else "")


_DISPOSITION = _word(f"{CBV}Disp-")
_QUANTITY: tuple[tuple[str, _Writer], ...] = (("epcClass", _value), ("quantity", _value), ("uom", _value))
_PLACE: tuple[tuple[str, _Writer], ...] = (("id", _value),)
_METADATA: tuple[tuple[str, _Writer], ...] = (
    ("time", _time),
    ("startTime", _time),
    ("endTime", _time),
    ("deviceID", _value),
    ("deviceMetadata", _value),
    ("rawData", _value),
    ("dataProcessingMethod", _value),
    ("bizRules", _value),
)
_REPORT: tuple[tuple[str, _Writer], ...] = (
    ("type", _word(VOC)),
    ("exception", _word(VOC)),
    ("deviceID", _value),
    ("deviceMetadata", _value),
    ("rawData", _value),
    ("dataProcessingMethod", _value),
    ("time", _time),
    ("microorganism", _value),
    ("chemicalSubstance", _value),
    ("value", _value),
    ("component", _word(f"{CBV}Comp-")),
    *((name, _value) for name in ("stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue")),
    *((name, _value) for name in ("meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem")),
)
_PLACE_NAMES = frozenset({"id", *_COMMENTS})
_ELEMENT_NAMES = frozenset({"sensorMetadata", "sensorReport", *_COMMENTS})
_SENSED_NAMES = {
    "sensorMetadata": frozenset(name for name, _ in _METADATA) | _COMMENTS,
    "sensorReport": frozenset(name for name, _ in _REPORT) | _COMMENTS,
}
# The order of the algorithm, which is neither that of the XML nor that of the JSON schema (CBV 2.0 section 8.9.2).
_ORDER: tuple[tuple[str, _Writer], ...] = (
    ("eventTime", _time),
    ("eventTimeZoneOffset", _value),
    ("epcList", _epcs),
    ("parentID", _value),
    ("inputEPCList", _epcs),
    ("childEPCs", _epcs),
    ("quantityList", _quantities),
    ("childQuantityList", _quantities),
    ("inputQuantityList", _quantities),
    ("outputEPCList", _epcs),
    ("outputQuantityList", _quantities),
    ("action", _value),
    ("transformationID", _value),
    ("bizStep", _word(f"{CBV}BizStep-")),
    ("disposition", _DISPOSITION),
    ("persistentDisposition", _dispositions),
    ("readPoint", _place),
    ("bizLocation", _place),
    ("bizTransactionList", _pairs("bizTransaction", f"{CBV}BTT-")),
    ("sourceList", _pairs("source", f"{CBV}SDT-")),
    ("destinationList", _pairs("destination", f"{CBV}SDT-")),
    ("sensorElementList", _sensors),
)
_SETTLED = _LEFT_OUT | {name for name, _ in _ORDER} | {"ilmd"}
