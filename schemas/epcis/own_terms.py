"""Our own terms: what buyers and auditors ask of an event and EPCIS has no name for, each described once.

- All stand in one namespace, whatever prefix a document gives it (`filiera` by custom), and nothing else does: a name
  in it that is not here is a mistake of spelling, and refused at unsigned capture like an unknown word of CBV's.
- `on` says where a term may stand: on the event itself, among its ILMD, or both. Its value is one plain value, so that
  XML carries it too.
- Kilograms are weights as numbers, never negative; a place or party is a URI, and a GS1 one has the right check digit.
- `own_context` says the same in JSON-LD: who lists it after the context of EPCIS gives every value its type.

    own_name("filiera:wasteKg", namespaces(event["@context"]))  ->  "wasteKg"
    problems(event)  ->  [Problem("own-term-value", None, "/filiera:wasteKg", …)]

FORMATS section 4 (data elements by critical tracking event); docs/adr/0043-our-own-terms.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from schemas.epcis.event import EventDict, Problem, pointer
from schemas.epcis.namespaces import extension_name, joined, namespaces
from schemas.epcis.terms import PREFIXES, TERMS
from schemas.errors import InputError
from schemas.gs1.canonical import check
from schemas.master.validity import day
from schemas.syntax.json_text import Number

NAMESPACE = "https://filiera.invalid/voc/"
PREFIX = "filiera"
Place = Literal["event", "ilmd"]
Shape = Literal["kilograms", "number", "count", "uri", "text", "day"]
MOST_TEXT = 1000
MOST_DIGITS = 34
LARGEST = 18
"""A power of ten, and of a tenth: nothing that is grown or eaten is a billion billion of anything."""
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """One name: the shape of its value, and where it may stand."""

    name: str
    shape: Shape
    on: tuple[Place, ...]


_EVENT: tuple[Place, ...] = ("event",)
_ILMD: tuple[Place, ...] = ("ilmd",)
_BOTH: tuple[Place, ...] = ("event", "ilmd")
OWN_TERMS: Mapping[str, OwnTerm] = MappingProxyType(
    {
        term.name: term
        for term in (
            # what was lost, what was got, and what differed from the papers
            OwnTerm("wasteKg", "kilograms", _EVENT),
            OwnTerm("yieldPct", "number", _EVENT),
            OwnTerm("deltaQty", "number", _EVENT),
            # who gave the lot its code, where it grew, who carried it
            OwnTerm("tlcSource", "uri", _BOTH),
            OwnTerm("harvestLocation", "uri", _BOTH),
            # by which clause of a traceability rule the source of goods keeps no records of them
            OwnTerm("exemption", "text", _EVENT),
            OwnTerm("carrier", "uri", _EVENT),
            # what travels
            OwnTerm("packages", "count", _EVENT),
            OwnTerm("grossWeightKg", "kilograms", _EVENT),
            # why it travels, and at whose cost
            OwnTerm("transportReason", "text", _EVENT),
            OwnTerm("carriage", "text", _EVENT),
            # what a lot is, as its grower or packer says
            OwnTerm("fieldName", "text", _ILMD),
            OwnTerm("grower", "text", _ILMD),
            OwnTerm("variety", "text", _ILMD),
            OwnTerm("qualityClass", "text", _ILMD),
            OwnTerm("size", "text", _ILMD),
            OwnTerm("process", "text", _ILMD),
            OwnTerm("harvestDate", "day", _ILMD),
            OwnTerm("productionDate", "day", _ILMD),
            # fish: the trip or the unit it is from, where and with what it was caught, what of it is too small
            OwnTerm("tripId", "text", _ILMD),
            OwnTerm("aquacultureUnit", "text", _ILMD),
            OwnTerm("vesselId", "text", _ILMD),
            OwnTerm("catchArea", "text", _ILMD),
            OwnTerm("fishingGear", "text", _ILMD),
            OwnTerm("catchCertificate", "text", _ILMD),
            OwnTerm("belowMinimumSizeKg", "kilograms", _ILMD),
            OwnTerm("freshness", "text", _ILMD),
            OwnTerm("productionMethod", "text", _ILMD),
            # eggs: the code that is stamped on them, and their weight class
            OwnTerm("eggStamp", "text", _ILMD),
            OwnTerm("weightClass", "text", _ILMD),
            # what whoever recorded it noted besides
            OwnTerm("note", "text", _EVENT),
            # what a recall says
            OwnTerm("recallSubject", "uri", _EVENT),
            OwnTerm("recallReason", "text", _EVENT),
            OwnTerm("recallWarnings", "text", _EVENT),
        )
    }
)
_TYPES: Mapping[Shape, str] = {
    "kilograms": "xsd:decimal", "number": "xsd:decimal", "count": "xsd:nonNegativeInteger", "uri": "@id",
    "text": "xsd:string", "day": "xsd:date",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_START = joined(NAMESPACE, "")
_STANDARD = frozenset(term.name for term in TERMS)


@cache
def own_context() -> Mapping[str, Any]:
    """The JSON-LD context of our terms, to stand in a document after that of EPCIS; shared, so not to be changed."""
    typed = {
        f"{PREFIX}:{term.name}": {"@id": NAMESPACE + term.name, "@type": _TYPES[term.shape]}
        for term in OWN_TERMS.values()
    }
    return MappingProxyType({PREFIX: NAMESPACE, "xsd": PREFIXES["xsd"], **typed})


def own_name(name: str, known: Mapping[str, str]) -> str | None:
    """The bare name of a field in our namespace, `known` being what its context says; None for any other field."""
    said = extension_name(name, known)
    return said[len(_START) :] if said.startswith(_START) else None


def own_members(event: Mapping[str, Any]) -> Iterator[tuple[Place, str, str, Any]]:
    """Every field of ours on the event and among its ILMD: where, as written, its bare name, and its value."""
    ilmd = event.get("ilmd")
    held: tuple[tuple[Place, Any], ...] = (("event", event), ("ilmd", ilmd))
    extended = [
        (place, name, value)
        for place, members in held
        if isinstance(members, dict)
        for name, value in members.items()
        if name not in _STANDARD
    ]
    if extended:
        known = namespaces(event.get("@context"))
        for place, name, value in extended:
            if (bare := own_name(name, known)) is not None:
                yield place, name, bare, value


def problems(event: EventDict) -> list[Problem]:
    """Names of our namespace that it does not have, that stand elsewhere, or whose value is none."""
    return [problem for found in own_members(event) if (problem := _judged(*found)) is not None]


def _judged(place: Place, written: str, name: str, value: Any) -> Problem | None:
    member = pointer(*(("ilmd", written) if place == "ilmd" else (written,)))
    said = {"member": member, "name": written[:_SHOWN]}
    term = OWN_TERMS.get(name)
    if term is None:
        near = get_close_matches(name[:_SHOWN], OWN_TERMS, 5, 0.5) or sorted(OWN_TERMS)
        return Problem("own-term-unknown", None, member, {**said, "allowed": ", ".join(near)})
    if place not in term.on:
        return Problem("own-term-place", None, member, {**said, "expected": f"own-{term.on[0]}"})
    if not _IS[term.shape](value):
        return Problem(
            "own-term-value", None, member, {**said, "value": _shown(value), "expected": f"own-{term.shape}"}
        )
    return None


def _shown(value: Any) -> str:
    return " ".join((value.text if isinstance(value, Number) else str(value)).split())[:_SHOWN]


def own_value(event: Mapping[str, Any], name: str) -> Any:
    """The value of a term of ours on the event itself; None where it is not there (of two spellings, the first)."""
    known = namespaces(event.get("@context"))
    # A name of EPCIS is ours only where the event's own context says so.
    extended = sorted(written for written in event if written not in _STANDARD or written in known)
    return next((event[written] for written in extended if own_name(written, known) == name), None)


def decimal(value: Any) -> Decimal | None:
    """A number, or a text that is one as XML and typed JSON-LD write it; None for any other value, or an absurd one."""
    text = value.text if isinstance(value, Number) else str(value) if type(value) in (int, float) else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        text = value
    try:
        found = None if text is None else Decimal(text)
    except InvalidOperation:
        return None
    return found if found is not None and in_bounds(found) else None


def in_bounds(number: Decimal) -> bool:
    """Whether a number is one that an amount can be: so many digits, of such a size."""
    return number.is_finite() and len(number.as_tuple().digits) <= MOST_DIGITS and abs(number.adjusted()) <= LARGEST


def _is_weight(value: Any) -> bool:
    found = decimal(value)
    return found is not None and found >= 0


def _is_count(value: Any) -> bool:
    found = decimal(value)
    return found is not None and found >= 0 and found == found.to_integral_value()


def _is_uri(value: Any) -> bool:
    if not isinstance(value, str) or ":" not in value or not value.isprintable() or " " in value:
        return False
    try:
        check(value)
    except InputError:
        return False
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= MOST_TEXT


_IS: Mapping[Shape, Callable[[Any], bool]] = {
    "kilograms": _is_weight,
    "number": lambda value: decimal(value) is not None,
    "count": _is_count,
    "uri": _is_uri,
    "text": _is_text,
    "day": lambda value: isinstance(value, str) and day(value) is not None,
}
