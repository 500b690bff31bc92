"""Master data of the products, places and parties that events name, as vocabularies in the header of a document.

- Each element is named as the events name it, under the field in which they do: EPCClass (a product, whatever its lot),
  ReadPoint, BusinessLocation, SourceDest. A place that lies in another brings that one, whose `children` say so.
- What is said is what held at the time of the newest event. Attributes are those of CBV.
  KNOWN LIMIT: what it has no name for (VAT numbers, approvals, brands) is in the bundle alone, and so is a text that is
  longer than CBV lets it be.

    vocabularies(paper)[0]["type"]  ->  "urn:epcglobal:epcis:vtype:EPCClass"

GS1 EPCIS 2.0 sections 6.1.1, 9.4; CBV 2.0 section 10 (trade item, location and party attributes).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from exporters.facts.history import Event, Facts
from exporters.format import Paper
from ledger.lots.products import Content
from ledger.lots.said import NOTHING
from ledger.lots.stock import product_of
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Json, Number

VTYPE = "urn:epcglobal:epcis:vtype:"
ATTRIBUTE = "urn:epcglobal:cbv:mda#"
Field = Literal["EPCClass", "ReadPoint", "BusinessLocation", "SourceDest"]
_FIELDS: tuple[Field, ...] = ("EPCClass", "ReadPoint", "BusinessLocation", "SourceDest")
_PRODUCT = "https://id.gs1.org/01/"
_DEEPEST = 16
# Attribute of CBV, where our master data has it, and the most characters that CBV gives it.
_OF_PRODUCT = (
    ("descriptionShort", ("name",), 35),
    ("labelDescription", ("name",), 500),
    ("functionalName", ("functionalName",), 35),
    ("netContentDescription", ("packaging", "size"), 500),
    ("speciesForFisheryStatisticsPurposesName", ("species", "scientificName"), 500),
    ("speciesForFisheryStatisticsPurposesCode", ("species", "faoCode"), 3),
)
_OF_PLACE = (
    ("name", ("name",), 500),
    ("streetAddressOne", ("address", "street"), 500),
    ("city", ("address", "municipality"), 500),
    ("state", ("address", "region"), 500),
    ("postalCode", ("address", "postalCode"), 80),
    ("countryCode", ("address", "country"), 2),
    ("latitude", ("coordinates", "latitude"), 80),
    ("longitude", ("coordinates", "longitude"), 80),
    ("contact", ("contacts", "name"), 500),
    ("telephone", ("contacts", "phone"), 500),
    ("email", ("contacts", "email"), 500),
)
# The species of fish alone is what these two are for.
_FISH = frozenset({"speciesForFisheryStatisticsPurposesName", "speciesForFisheryStatisticsPurposesCode"})


@dataclass(frozen=True, slots=True)
class _Element:
    """One thing: its name in the events, and what is said of it."""

    name: str
    content: Content


def vocabularies(paper: Paper) -> list[Json]:
    """The vocabularies, in the order of the fields and of the events; none for fields of which nothing is known."""
    found = _found(paper)
    return [_vocabulary(field, found[field]) for field in _FIELDS if found[field]]


def _vocabulary(field: Field, known: Mapping[str, _Element]) -> Json:
    listed: list[Json] = [_element(each, known) for each in known.values()]
    return {"type": VTYPE + field, "vocabularyElementList": listed}


def _found(paper: Paper) -> Mapping[Field, dict[str, _Element]]:
    """Everything that is named and described, by the field it is in and its canonical URI."""
    found: dict[Field, dict[str, _Element]] = {field: {} for field in _FIELDS}
    for facts in paper.facts:
        at = max((event.at for event in facts.events if event.at is not None), default=None)
        for event in facts.events:
            for field, name in _named(event):
                _add(found[field], field, name, facts, at, event.member)
    return found


def _named(event: Event) -> Iterator[tuple[Field, str]]:
    for flow in event.step.flows:
        if (product := product_of(flow.uri)).startswith(_PRODUCT):
            yield "EPCClass", product
    places: tuple[tuple[Field, str], ...] = (("ReadPoint", "readPoint"), ("BusinessLocation", "bizLocation"))
    for field, member in places:
        place = event.content.get(member)
        if isinstance(place, Mapping) and isinstance(place.get("id"), str):
            yield field, place["id"]
    for member in ("source", "destination"):
        listed = event.content.get(f"{member}List")
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, Mapping) and isinstance(item.get(member), str):
                yield "SourceDest", item[member]


def _add(into: dict[str, _Element], field: Field, name: str, facts: Facts, at: int | None, member: str) -> None:
    """The thing, and the places it lies in."""
    for _ in range(_DEEPEST):
        uri = canonical_uri(name)
        if uri in into:
            return
        content = _said(field, uri, facts, at, member)
        if not content:
            return
        into[uri] = _Element(name, content)
        name = content.get("parent", "")
        if not isinstance(name, str) or not name:
            return


def _said(field: Field, uri: str, facts: Facts, at: int | None, member: str) -> Content:
    masters = facts.masters
    if field == "EPCClass":
        return masters.product(uri, at, member)
    if field != "SourceDest":
        return masters.site(uri, at, member)
    return masters.site(uri, at, member) or masters.party(uri, at, member) or NOTHING


def _element(each: _Element, beside: Mapping[str, _Element]) -> dict[str, Json]:
    attributes: list[Json] = list(_attributes(each.content))
    inside: list[Json] = [other.name for other in beside.values() if _lies_in(other, each)]
    return {"id": each.name, "attributes": attributes, **({"children": inside} if inside else {})}


def _lies_in(other: _Element, each: _Element) -> bool:
    parent = other.content.get("parent")
    return isinstance(parent, str) and canonical_uri(parent) == canonical_uri(each.name)


def _attributes(content: Content) -> Iterator[Json]:
    of_fish = content.get("legalCategory") == "fish"
    for name, path, most in _OF_PRODUCT if content.get("type") == "product" else _OF_PLACE:
        text = _text(content, path)
        if text and len(text) <= most and (of_fish or name not in _FISH):
            yield {"id": ATTRIBUTE + name, "attribute": text}


def _text(content: Content, path: tuple[str, ...]) -> str:
    value: Any = content
    for name in path:
        if isinstance(value, list):
            value = next((item for item in value if isinstance(item, Mapping) and name in item), None)
        value = value.get(name) if isinstance(value, Mapping) else None
    return value.text if isinstance(value, Number) else value if isinstance(value, str) else ""
