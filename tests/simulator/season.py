"""A season of three cooperatives and their buyer, a day a chain, all right; and thirty faults, a day each.

Growers harvest, ship and hand over the papers; a packhouse receives, packs, builds pallets and ships them; the buyer's
platform receives. Some days are odd and yet right: a delivery in two parts, tonnes and kilograms, a harvest typed wrong
and corrected, a pallet received as its contents, fruit that came back and left again.

    season = Season();  faults = plant(season)
    season.documents()          # member -> its events, in any order

Fault n is on day n; what it touches names that day's lots or units, or the events in `Fault.events`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.simulator.tale import kilos, lot, party, place, unit

GROWERS, PACKER, BUYER = "G", "P", "R"
FIELD, PACKED, BIO = 1, 2, 3
DAYS = 30
CERTIFICATE = "https://dop.example/certificate/bio-1"
Event = dict[str, Any]
FIRST = date(2026, 6, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """What was planted on a day: the code that must be found, and the day's lots and units that it may be about."""

    day: int
    code: str


class Day:
    """One day's chain; `events` by name, so that a fault finds what it spoils."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.fields = [lot(f"F{number}-{field}", BIO if field == 2 else FIELD) for field in range(3)]
        self.packed = lot(f"P{number}", PACKED)
        self.pallets = [unit(number * 10 + n) for n in range(2)]
        self.events: dict[str, tuple[str, Event]] = {}
        self._grown()
        self._handed_over()
        self._packed()
        self._sold()

    def time(self, hour: int, day: int = 0) -> str:
        """An hour of this day, or of one after it."""
        return f"{FIRST + timedelta(days=self.number + day)}T{hour:02d}:00:00Z"

    def tell(self, name: str, member: str, hour: int, content: Event, day: int = 0, site: int = 0) -> None:
        """Add an event."""
        here = {"bizLocation": {"id": place(member, site)}, "readPoint": {"id": place(member, site)}}
        when = {"eventTime": self.time(hour, day), "eventTimeZoneOffset": "+02:00"}
        id = {"eventID": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{self.number} {name}')}"}
        self.events[name] = (member, {**when, **id, **here, **content})

    def _grown(self) -> None:
        for field, uri in enumerate(self.fields):
            ilmd = {"own:harvestDate": self.time(6)[:10]}
            what = {"quantityList": [kilos(uri, 100 + 10 * field)], "ilmd": ilmd}
            self.tell(f"harvest{field}", GROWERS, 6, _object("ADD", "commissioning", what), site=10 + field)
        if self.number % 5 == 3:
            # Typed wrong, declared wrong, and said again as it was.
            _, event = self.events.pop("harvest1")
            wrong = {**event, "quantityList": [kilos(self.fields[1], 11)]}
            error = {"declarationTime": self.time(20), "reason": "incorrect_data"}
            self.events["typed"] = GROWERS, wrong
            self.events["declared"] = GROWERS, {**wrong, "errorDeclaration": error}
            self.events["harvest1"] = GROWERS, {**event, "eventID": f"{event['eventID'][:-4]}ffff"}

    def _handed_over(self) -> None:
        amounts = [kilos(uri, 100 + 10 * field) for field, uri in enumerate(self.fields)]
        sent = [kilos(self.fields[0], 0.1, "TNE"), *amounts[1:]] if self.number % 5 == 2 else amounts
        way = {**_way(GROWERS, PACKER), **_paper(f"G{self.number}")}
        self.tell("ship", GROWERS, 8, _object("OBSERVE", "shipping", {"quantityList": sent, **way}))
        if self.number % 5 == 1:
            # It came in two parts.
            parts = [kilos(self.fields[0], 40)], [kilos(self.fields[0], 60), *amounts[1:]]
            self.tell("receive-first", PACKER, 9, _object("OBSERVE", "receiving", {"quantityList": parts[0], **way}))
            amounts = parts[1]
        self.tell("receive", PACKER, 10, _object("OBSERVE", "receiving", {"quantityList": amounts, **way}))

    def _packed(self) -> None:
        used = [kilos(uri, 100 + 10 * field) for field, uri in enumerate(self.fields)]
        made = {"inputQuantityList": used, "outputQuantityList": [kilos(self.packed, 320)]}
        self.tell("pack", PACKER, 13, {"type": "TransformationEvent", "bizStep": "packing", **made})
        for number, pallet in enumerate(self.pallets):
            content = {"parentID": pallet, "childQuantityList": [kilos(self.packed, 160)]}
            packing = {"type": "AggregationEvent", "action": "ADD", "bizStep": "packing", **content}
            self.tell(f"pallet{number}", PACKER, 15 + number, packing)

    def _sold(self) -> None:
        way = {**_way(PACKER, BUYER), **_paper(f"P{self.number}")}
        self.tell("dispatch", PACKER, 18, _object("OBSERVE", "shipping", {"epcList": self.pallets, **way}))
        arrived: Event = {"epcList": self.pallets}
        if self.number % 5 == 4:
            arrived = {"quantityList": [kilos(self.packed, 320)]}
        self.tell("arrive", BUYER, 5, _object("OBSERVE", "receiving", {**arrived, **way}), day=1)
        if self.number % 10 == 0:
            # One pallet was refused, and went again.
            for name, member, step, (source, target), day in (
                ("refused", BUYER, "shipping", (BUYER, PACKER), 2), ("back", PACKER, "receiving", (BUYER, PACKER), 3),
                ("again", PACKER, "shipping", (PACKER, BUYER), 4), ("taken", BUYER, "receiving", (PACKER, BUYER), 5),
            ):  # fmt: skip
                papers = _paper(f"B{self.number}" if source == BUYER else f"Q{self.number}")
                what = {"epcList": self.pallets[:1], **_way(source, target), **papers}
                self.tell(name, member, 12, _object("OBSERVE", step, what), day=day)

    def change(self, name: str, **members: Any) -> None:
        """Spoil members of an event."""
        member, event = self.events[name]
        self.events[name] = member, {**event, **members}


class Season:
    """Thirty days, and the master data that the growers and the packhouse keep."""

    def __init__(self, days: int = DAYS) -> None:
        self.days = [Day(number) for number in range(days)]

    def documents(self) -> dict[str, list[Event]]:
        """What each member captures."""
        told: dict[str, list[Event]] = {GROWERS: [], PACKER: [], BUYER: []}
        for day in self.days:
            for member, event in day.events.values():
                told[member].append(event)
        return told

    def masters(self) -> dict[str, list[dict[str, Any]]]:
        """Versions by member: products, sites and a certificate of the growers; products and sites of the packer."""
        growers = [_product(FIELD), _product(BIO), *(_site(GROWERS, number) for number in (0, 10, 11, 12))]
        bio = {
            "type": "certificate", "id": CERTIFICATE, "validFrom": "2026-01-01", "validTo": "2026-12-31",
            "scheme": "organic", "number": "BIO-1", "body": {"name": "Ente di prova"}, "holder": party(GROWERS),
            "scope": {"products": [_gtin(BIO)]},
        }  # fmt: skip
        return {GROWERS: [*growers, bio], PACKER: [_product(PACKED), _site(PACKER, 0), _site(PACKER, 1)]}


def plant(season: Season) -> list[Fault]:
    """Spoil each day in its own way."""
    for day, (_, spoil) in zip(season.days, FAULTS, strict=True):
        spoil(day)
    return [Fault(number, code) for number, (code, _) in enumerate(FAULTS)]


def _amounts(name: str, list_: str, field: int, quantity: float, uom: str = "KGM") -> Callable[[Day], None]:
    def spoil(day: Day) -> None:
        listed = list(day.events[name][1][list_])
        listed[field] = kilos(listed[field]["epcClass"], quantity, uom)
        day.change(name, **{list_: listed})

    return spoil


def _both(*spoils: Callable[[Day], None]) -> Callable[[Day], None]:
    def spoil(day: Day) -> None:
        for each in spoils:
            each(day)

    return spoil


def _late(name: str, hour: int, days: int = 0) -> Callable[[Day], None]:
    return lambda day: day.change(name, eventTime=day.time(hour, days))


def _lost(*names: str) -> Callable[[Day], None]:
    def spoil(day: Day) -> None:
        for name in names:
            day.events.pop(name, None)

    return spoil


def _at(name: str, member: str, site: int) -> Callable[[Day], None]:
    here = {"id": place(member, site)}
    return lambda day: day.change(name, bizLocation=here, readPoint=here)


def _carton(day: Day) -> None:
    """A carton that is on the pallet left an hour before it, for the same buyer."""
    carton = unit(900 + day.number)
    _, packing = day.events["pallet0"]
    day.change("pallet0", childEPCs=[carton])
    way = {**_way(PACKER, BUYER), **_paper(f"C{day.number}")}
    day.tell("carton", PACKER, 17, _object("OBSERVE", "shipping", {"epcList": [carton], **way}))
    day.tell("carton-there", BUYER, 6, _object("OBSERVE", "receiving", {"epcList": [carton], **way}), day=1)
    assert packing["parentID"] == day.pallets[0]


def _reused(day: Day) -> None:
    """The first pallet has the number of the second one that left the day before."""
    day.pallets[0] = unit((day.number - 1) * 10 + 1)
    day.change("pallet0", parentID=day.pallets[0])
    for name in ("dispatch", "arrive"):
        day.change(name, epcList=day.pallets)


def _renamed(old: str, item: int, *names: str) -> Callable[[Day], None]:
    """A lot under another GTIN, in these events."""

    def spoil(day: Day) -> None:
        was = day.packed if old == "packed" else day.fields[0]
        now = lot(was.rpartition("/")[2], item)
        for name in names:
            if name in day.events:
                member, event = day.events[name]
                day.events[name] = member, _replaced(event, was, now)
        if old == "packed":
            day.packed = now
        else:
            day.fields[0] = now

    return spoil


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(item, old, new) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return new if value == old else value


def _harvested(field: int, on: str) -> Callable[[Day], None]:
    return lambda day: day.change(f"harvest{field}", ilmd={"own:harvestDate": on})


_PALLETS = ("pallet0", "pallet1", "dispatch", "arrive", "refused", "back", "again", "taken")
FAULTS: tuple[tuple[str, Callable[[Day], None]], ...] = (
    ("lot-overdrawn", _both(_amounts("ship", "quantityList", 0, 130), _amounts("receive", "quantityList", 0, 130))),
    ("lot-overdrawn", _amounts("pallet1", "childQuantityList", 0, 170)),
    ("lot-overdrawn", _amounts("pack", "inputQuantityList", 1, 150)),
    ("received-differs", _amounts("receive", "quantityList", 2, 118)),
    ("received-differs", _amounts("receive", "quantityList", 0, 101)),
    ("received-differs", _amounts("receive", "quantityList", 1, 0.1, "TNE")),
    ("yield-above-band", _amounts("pack", "outputQuantityList", 0, 335)),
    ("yield-above-band", _amounts("pack", "outputQuantityList", 0, 3200)),
    ("lot-before-birth", _late("harvest2", 7, 3)),
    ("lot-before-birth", _late("pallet1", 12)),
    ("time-backwards", _late("receive", 7)),
    ("time-backwards", _late("arrive", 17)),
    ("time-backwards", _late("pack", 9)),
    ("lot-without-origin", _lost("harvest0")),
    ("lot-without-origin", _lost("pack")),
    ("receipt-without-shipment", _lost("ship")),
    ("receipt-without-shipment", _lost("dispatch")),
    ("shipment-not-received", _lost("arrive")),
    ("shipment-not-received", _lost("receive", "receive-first")),
    ("shipment-not-received", lambda day: day.change("arrive", epcList=day.pallets[1:], quantityList=[])),
    ("unit-elsewhere", _at("dispatch", PACKER, 1)),
    ("unit-elsewhere", _carton),
    ("sscc-reused", _reused),
    ("sscc-reused", _reused),
    ("gtin-unknown", _renamed("packed", 77, "pack", *_PALLETS)),
    ("gtin-unknown", _renamed("field", 78, "harvest0", "ship", "receive", "receive-first", "pack")),
    ("gln-unknown", _at("harvest1", GROWERS, 99)),
    ("certificate-not-valid", _harvested(2, "2025-12-31")),
    ("certificate-not-valid", _harvested(2, "2027-01-01")),
    ("wrong-check-digit", lambda day: None),
)


def _object(action: str, step: str, what: Event) -> Event:
    return {"type": "ObjectEvent", "action": action, "bizStep": step, **what}


def _way(source: str, target: str) -> Event:
    return {
        "sourceList": [{"type": "possessing_party", "source": party(source)}],
        "destinationList": [{"type": "possessing_party", "destination": party(target)}],
    }


def _paper(number: str) -> Event:
    paper = {"type": "desadv", "bizTransaction": f"urn:epcglobal:cbv:bt:9521001000017:{number}"}
    return {"bizTransactionList": [paper]}


def _gtin(item: int) -> str:
    return lot("x", item).partition("/10/")[0]


def _product(item: int) -> dict[str, Any]:
    gtin = _gtin(item)
    listed = [{"gtin": gtin.rpartition("/")[2], "level": "unit"}]
    return {
        "type": "product", "id": gtin, "validFrom": "2025-01-01", "name": f"Pesche {item}", "quantityType": "variable",
        "gtins": listed,
    }  # fmt: skip


def _site(member: str, number: int) -> dict[str, Any]:
    uri = place(member, number)
    return {
        "type": "site", "id": uri, "validFrom": "2025-01-01", "name": f"Luogo {number}", "kind": "farm",
        "gln": uri.rpartition("/")[2], "address": {"municipality": "Faenza", "country": "IT"},
    }  # fmt: skip
