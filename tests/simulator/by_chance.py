"""Lots made by chance beside the season of `paperwork`, each with what is true of it: what every paper must say.

- A lot is packed from harvests of whole and broken kilograms, in cases of 5 kg, put on pallets, and shipped under its
  own delivery notes to the season's two buyers. Kilograms are kept: what goes in is packed or wasted.

    truths = [record(season, random.Random(seed), seed) for seed in range(3)]

No two of one season have the same number.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.syntax.json_text import Number
from tests.simulator.paperwork import (
    BUYER,
    CARRIER,
    CASE,
    COOP,
    FARMS,
    FOREIGN,
    HARVESTERS,
    LINK,
    PACKHOUSE,
    RAW,
    Season,
    _checked,
    capture,
    document,
    event,
    party,
    place,
)

CASE_KILOGRAMS = 5
CUSTOMERS = {BUYER: "Esperia Distribuzione", FOREIGN: "Esperia Foods Inc"}
COOLING = "https://filiera.invalid/voc/cooling"


@dataclass(frozen=True, slots=True)
class Harvest:
    """One harvest: the lot's code, kilograms, the day (ISO 8601)."""

    code: str
    kilograms: Decimal
    day: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """One delivery note: its number, the day, the customer's GLN, cases, the SSCCs of its pallets, gross kilograms."""

    note: str
    day: str
    customer: str
    cases: int
    pallets: tuple[str, ...]
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so of one lot. `packed`, `before`: days (ISO 8601)."""

    uri: str
    code: str
    harvests: tuple[Harvest, ...]
    cases: int
    packed: str
    before: str
    waste: Decimal
    shipments: tuple[Shipment, ...]

    @property
    def kilograms(self) -> Decimal:
        """What went in."""
        return sum((harvest.kilograms for harvest in self.harvests), Decimal(0))


def record(season: Season, chance: random.Random, number: int) -> Truth:
    """Make a lot up and record it."""
    truth = _truth(chance, number)
    capture(season.node, list(_events(truth, number)), season.members[0])
    return truth


def _truth(chance: random.Random, number: int) -> Truth:
    pallets = [chance.randint(1, 60) for _ in range(chance.randint(1, 4))]
    cases, waste = sum(pallets), Decimal(chance.randint(0, 400)) / 10
    going_in = cases * CASE_KILOGRAMS + waste
    count = chance.randint(1, 3)
    parts = [(going_in / count).quantize(Decimal("0.1")) for _ in range(count - 1)]
    kilograms = [*parts, going_in - sum(parts, Decimal(0))]
    day = chance.randint(1, 12)
    harvests = tuple(
        Harvest(f"B{number}-{place}", kilos, f"2026-07-{day:02d}") for place, kilos in enumerate(kilograms)
    )
    return Truth(
        f"{LINK}/01/{CASE}/10/L{number}", f"L{number}", harvests, cases, f"2026-07-{day + 1:02d}",
        f"2026-07-{day + 11:02d}", waste, tuple(_shipments(chance, number, day, pallets)),
    )  # fmt: skip


def _shipments(chance: random.Random, number: int, day: int, pallets: list[int]) -> Iterator[Shipment]:
    """The first pallets go to one customer, the others to the other."""
    cut = chance.randint(1, len(pallets))
    codes = [_checked(f"39521001{number * 10 + serial + 1000:09d}") for serial in range(len(pallets))]
    for which, (customer, span) in enumerate(zip(CUSTOMERS, (slice(cut), slice(cut, None)), strict=True), 1):
        if loaded := pallets[span]:
            cases = sum(loaded)
            gross = Decimal(cases) * Decimal("5.4") + 22 * len(loaded)
            yield Shipment(f"N{number}-{which}", f"2026-07-{day + 2:02d}", customer, cases, tuple(codes[span]), gross)


def _events(truth: Truth, number: int) -> Iterator[dict[str, Any]]:
    day = int(truth.packed[-2:])
    for harvest in truth.harvests:
        yield from _harvested(harvest)
    yield _packed(truth, number, day)
    for shipment in truth.shipments:
        share, rest = divmod(shipment.cases, len(shipment.pallets))
        for serial, code in enumerate(shipment.pallets):
            yield _loaded(truth, day, 14 + serial, code, share + (rest if serial == 0 else 0))
        yield _shipped(truth, shipment)


def _raw(harvest: Harvest) -> dict[str, Any]:
    uri = f"{LINK}/01/{RAW}/10/{harvest.code}"
    return {"epcClass": uri, "quantity": Number(str(harvest.kilograms)), "uom": "KGM"}


def _harvested(harvest: Harvest) -> Iterator[dict[str, Any]]:
    farm, field = FARMS[0], "11"
    day = int(harvest.day[-2:])
    where = {"destinationList": [{"type": "location", "destination": PACKHOUSE}]}
    yield event(
        day, 6, action="ADD", bizStep="commissioning", disposition="active", quantityList=[_raw(harvest)],
        readPoint={"id": place(farm, field)}, bizLocation={"id": place(farm)},
        bizTransactionList=[document("prodorder", f"RACCOLTA-{harvest.code}")],
        sourceList=[{"type": "possessing_party", "source": party(HARVESTERS)}],
        ilmd={
            "cbvmda:harvestStartDate": harvest.day, "cbvmda:harvestEndDate": harvest.day,
            "cbvmda:countryOfOrigin": "IT", "filiera:fieldName": "Campo 11", "filiera:variety": "San Marzano",
        },
        **where,
    )  # fmt: skip
    yield event(
        day, 9, action="OBSERVE", bizStep=COOLING, disposition="active", quantityList=[_raw(harvest)],
        readPoint={"id": PACKHOUSE}, bizLocation={"id": PACKHOUSE},
        bizTransactionList=[document("prodorder", f"FREDDO-{harvest.code}")],
        **where, **{"filiera:harvestLocation": place(farm)},
    )  # fmt: skip


def _packed(truth: Truth, number: int, day: int) -> dict[str, Any]:
    return event(
        day, 8, type="TransformationEvent", bizStep="commissioning", disposition="active",
        inputQuantityList=[_raw(harvest) for harvest in truth.harvests],
        outputQuantityList=[{"epcClass": truth.uri, "quantity": Number(str(truth.cases))}],
        readPoint={"id": PACKHOUSE}, bizLocation={"id": PACKHOUSE},
        bizTransactionList=[document("prodorder", f"LAV-{number}")],
        ilmd={
            "cbvmda:productionDate": truth.packed, "cbvmda:bestBeforeDate": truth.before,
            "cbvmda:countryOfOrigin": "IT", "filiera:tlcSource": PACKHOUSE, "filiera:qualityClass": "I",
            "filiera:size": "47-57", "filiera:variety": "San Marzano",
        },
        **{"filiera:wasteKg": Number(str(truth.waste))},
    )  # fmt: skip


def _loaded(truth: Truth, day: int, hour: int, code: str, cases: int) -> dict[str, Any]:
    return event(
        day, hour, type="AggregationEvent", action="ADD", bizStep="packing", disposition="in_progress",
        parentID=f"{LINK}/00/{code}",
        childQuantityList=[{"epcClass": truth.uri, "quantity": Number(str(cases))}],
        readPoint={"id": PACKHOUSE}, bizLocation={"id": PACKHOUSE},
    )  # fmt: skip


def _shipped(truth: Truth, shipment: Shipment) -> dict[str, Any]:
    customer = shipment.customer
    return event(
        int(shipment.day[-2:]), 5, action="OBSERVE", bizStep="shipping", disposition="in_transit",
        epcList=[f"{LINK}/00/{code}" for code in shipment.pallets],
        quantityList=[{"epcClass": truth.uri, "quantity": Number(str(shipment.cases))}],
        readPoint={"id": PACKHOUSE}, bizLocation={"id": PACKHOUSE},
        bizTransactionList=[
            document("desadv", shipment.note),
            {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:{customer}:PO-{shipment.note}"},
        ],
        sourceList=[{"type": "owning_party", "source": party(COOP)}, {"type": "location", "source": PACKHOUSE}],
        destinationList=[
            {"type": "owning_party", "destination": party(customer)},
            {"type": "location", "destination": place(customer)},
        ],
        **{
            "filiera:carrier": party(CARRIER), "filiera:packages": Number(str(shipment.cases)),
            "filiera:grossWeightKg": Number(str(shipment.gross)), "filiera:tlcSource": PACKHOUSE,
        },
    )  # fmt: skip
