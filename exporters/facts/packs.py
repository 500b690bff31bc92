"""A lot as its pack says it: product, code, dates, origin, and who packed it.

- What the event that made the lot says of it is `exporters.facts.lots`'. A lot has a pack where GTIN and code name it.
- A lot is logged at one level of packing. Its product says which GTIN the consumer's unit has and which the case; the
  lot's code is the same at every level.
- Who packed: whose the place is, else the member who signed; at the address of the place.

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
from exporters.facts.lots import made_by, said_of
from exporters.facts.parties import Address, Who, place, signer
from schemas.epcis.instant import instant
from schemas.gs1.digital_link import parse
from schemas.master.validity import day

Level = Literal["unit", "case"]
_LOT = pattern(r"https://id\.gs1\.org/01/[0-9]{14}/10/[^/?#]+")
_PACKED = ("packagingDate", "productionDate")
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pack:
    """One lot. `index`: the entry that made it; `at`: when, in microseconds. Countries are two letters."""

    uri: str
    gtin: str
    lot: str
    index: int
    at: int | None
    product: Content
    packer: Who
    best_before: date | None = None
    use_by: date | None = None
    packed: date | None = None
    origin: str = ""
    variety: str = ""
    quality: str = ""
    size: str = ""

    def text(self, member: str) -> str:
        """A text of the product's master data; empty where it has none."""
        return _text(self.product.get(member))

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
    event = made_by(facts, uri)
    if event is None or not _LOT.fullmatch(uri):
        return None
    (_, gtin), (_, lot) = parse(uri).path
    said = said_of(facts, uri)
    product = facts.masters.product(uri, event.at, event.member)
    return Pack(
        uri, gtin, lot, event.index, event.at, product, packer(facts, event),
        best_before=_date(said.get("bestBeforeDate")),
        use_by=_date(said.get("itemExpirationDate")),
        packed=next(filter(None, (_date(said.get(name)) for name in _PACKED)), None) or _local_day(event),
        origin=_text(said.get("countryOfOrigin")),
        variety=_text(said.get("variety")) or _text(product.get("variety")),
        quality=_text(said.get("qualityClass")),
        size=_text(said.get("size")),
    )  # fmt: skip


def packer(facts: Facts, event: Event) -> Who:
    """Who packed, or did whatever the event says, at the address where that was."""
    uri = event.step.biz_location or event.step.read_point
    here = place(facts, event, uri) if uri else None
    if here is None or not here.owner.name:
        own = signer(facts, event)
        return own if here is None or here.address == Address() else replace(own, address=here.address)
    return replace(here.owner, address=here.address)


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
