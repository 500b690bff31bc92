"""A lot as its pack says it: product, code, dates, origin, and who packed it.

- What the event that made the lot says of it stands in its ILMD; a name there is known by its last part, whatever its
  prefix. Of several events that made it, the first.
- A lot is logged at one level of packing. Its product says which GTIN the consumer's unit has and which the case; the
  lot's code is the same at every level.
- Who packed: the place of the event if master data says its owner, else who owns that GLN, else the member who signed.

    pack(facts, "https://id.gs1.org/01/19521001002018/10/T-196").best_before  ->  date(2026, 7, 25)

FORMATS sections 2.7 and 4 (CTE 3); Reg. (EU) 1169/2011 articles 9 and 24.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from re import compile as pattern
from typing import Any, Literal

from exporters.facts.figures import zone
from exporters.facts.history import Event, Facts
from schemas.epcis.instant import instant
from schemas.epcis.own_terms import NAMESPACE
from schemas.gs1.digital_link import parse
from schemas.master.validity import day

Level = Literal["unit", "case"]
_LOT = pattern(r"https://id\.gs1\.org/01/[0-9]{14}/10/[^/?#]+")
_LAST_PART = pattern(r"[:#/]")
_PARTY = "https://id.gs1.org/417/"
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Packer:
    """Who packed: its name, and its address in lines; empty where nobody said."""

    about: str
    name: str = ""
    address: tuple[str, ...] = ()
    town: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One lot. `index`: the entry that made it; `at`: when, in microseconds. Countries are two letters."""

    uri: str
    gtin: str
    lot: str
    index: int
    at: int | None
    product: Content
    packer: Packer
    best_before: date | None = None
    use_by: date | None = None
    packed: date | None = None
    origin: str = ""
    variety: str = ""
    quality: str = ""
    size: str = ""

    def text(self, member: str) -> str:
        """A text of the product's master data; empty where it has none."""
        found = self.product.get(member)
        return found if isinstance(found, str) else ""

    def level(self, level: Level) -> tuple[str, ...]:
        """The GTINs that this product has at a level, as far as the lot's own GTIN leads to them: what it contains, or
        what contains it. The lot's own where it is of that level, or no level is said."""
        levels = dict(_levels(self.product))
        own = levels.get(self.gtin)
        if own is None or own[0] == level:
            return (self.gtin,)
        if level == "unit":
            return _inside(self.gtin, levels)
        return tuple(gtin for gtin, (said, inner) in levels.items() if said == "case" and inner == self.gtin)


def pack(facts: Facts, uri: str) -> Pack | None:
    """What is said of a lot; None where the bundle holds no event that made it, or it is named by no GTIN and lot."""
    event = next((event for event in facts.standing if any(_makes(event, uri))), None)
    if event is None or not _LOT.fullmatch(uri):
        return None
    (_, gtin), (_, lot) = parse(uri).path
    said = dict(_said(event.content.get("ilmd")))
    dates = {name: _date(said.get(name)) for name in ("bestBeforeDate", "itemExpirationDate", *_PACKED)}
    product = facts.masters.product(uri, event.at, event.member)
    return Pack(
        uri, gtin, lot, event.index, event.at, product, packer(facts, event),
        best_before=dates["bestBeforeDate"],
        use_by=dates["itemExpirationDate"],
        packed=next((found for name in _PACKED if (found := dates[name])), None) or _local_day(event),
        origin=_text(said.get("countryOfOrigin")),
        variety=_text(said.get("variety")) or _text(product.get("variety")),
        quality=_text(said.get("qualityClass")),
        size=_text(said.get("size")),
    )  # fmt: skip


_PACKED = ("packagingDate", "productionDate")


def packer(facts: Facts, event: Event) -> Packer:
    """Who packed, or did whatever the event says."""
    gln = facts.members.get(event.member, {}).get("gln")
    place = event.step.biz_location or event.step.read_point or ""
    found = _found(facts, [place, f"{_PARTY}{gln}" if isinstance(gln, str) else "", event.member], event)
    return found if found.name else replace(found, name=_text(facts.members.get(event.member, {}).get("name")))


def party_at(facts: Facts, uri: str, event: Event) -> Packer:
    """Who is named as a source or destination: a party, or the party of a place; at the address of the place."""
    return _found(facts, [uri], event)


def _found(facts: Facts, named: list[str], event: Event) -> Packer:
    """The first that master data knows, or whose place it knows the owner of."""
    masters, names = facts.masters, [uri for uri in named if uri]
    site = next(filter(None, (masters.site(uri, event.at, event.member) for uri in names)), {})
    owner = _text(site.get("party"))
    party = next(
        (found for uri in (owner, *names) if uri and (found := masters.party(uri, event.at, event.member))), {}
    )
    about = _text(party.get("id")) or names[0]
    held = party.get("address") or site.get("address")
    return Packer(about, _text(party.get("name")), *_address(held if isinstance(held, Mapping) else {}))


def _address(address: Content) -> tuple[tuple[str, ...], str]:
    """The lines of an address, and the town with its country."""
    town, country = _text(address.get("municipality")), _text(address.get("country"))
    region = _text(address.get("region"))
    second = " ".join(filter(None, (_text(address.get("postalCode")), town, f"({region})" if region else "", country)))
    lines = tuple(filter(None, (_text(address.get("street")), second)))
    return lines, ", ".join(filter(None, (town, country)))


def _levels(product: Content) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each GTIN with its level and the GTIN that it contains."""
    listed = product.get("gtins")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("gtin"), str):
            inner = item.get("contains")
            held = _text(inner.get("gtin")) if isinstance(inner, Mapping) else ""
            yield item["gtin"].zfill(14), (_text(item.get("level")), held.zfill(14) if held else "")


def _inside(gtin: str, levels: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """The consumer's unit that something contains, through whatever is between."""
    seen: set[str] = set()
    while gtin in levels and gtin not in seen:
        seen.add(gtin)
        level, inner = levels[gtin]
        if level == "unit":
            return (gtin,)
        gtin = inner
    return ()


def _makes(event: Event, uri: str) -> Iterator[bool]:
    return (flow.role == "made" and flow.uri == uri for flow in event.step.flows)


def _said(ilmd: Any) -> Iterator[tuple[str, Any]]:
    """What is said of the lot by bare name; where a name stands twice, the standard's own spelling last."""
    items = sorted(ilmd.items()) if isinstance(ilmd, Mapping) else ()
    for name, value in sorted(items, key=lambda item: not item[0].startswith((NAMESPACE, "filiera:"))):
        yield _LAST_PART.split(name)[-1], value


def _date(value: Any) -> date | None:
    """The day of a date or a time."""
    return day(value[:10]) if isinstance(value, str) else None


def _local_day(event: Event) -> date | None:
    """The day of an event where it happened."""
    if event.at is None:
        return None
    return instant(event.at).astimezone(zone(_text(event.content.get("eventTimeZoneOffset")))).date()


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
