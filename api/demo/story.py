"""`story.toml` told as EPCIS 2.0 documents: what each cooperative would have captured, in order of time.

Pure: the same story and seed give the same documents to the byte. Every quantity that leaves a step was there before
it; the two exceptions are the story's honest mistakes, and the correction of the first stands in the log beside it.

    for step in tell(read_story()):
        print(step.at, step.member, len(step.events))
"""

import math
import random
import tomllib
import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

from api.demo import identifiers as ids
from schemas.epcis.own_terms import NAMESPACE, PREFIX
from schemas.syntax.json_text import Number, write

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_CENT = Decimal("0.1")
# What is picked travels in bins: the kilograms that one takes, and those of an empty one.
_BIN, _BIN_TARE = Decimal(300), Decimal(38)
_NAMESPACE = uuid.UUID("6f1d3c1e-52a1-5c0b-9d2e-7d6a1c0952ab")


@dataclass(frozen=True, slots=True)
class Step:
    """What one member captures at one time: a document's events, and the finished lots it completes."""

    at: datetime
    member: str
    events: tuple[dict[str, Any], ...]
    finished: tuple[str, ...] = ()

    def document(self) -> bytes:
        """The step as an EPCIS 2.0 document in JSON-LD."""
        return write(
            {
                "@context": [CONTEXT, {PREFIX: NAMESPACE}],
                "type": "EPCISDocument",
                "schemaVersion": "2.0",
                "creationDate": _time(self.at),
                "epcisBody": {"eventList": list(self.events)},
            }
        )


@dataclass(frozen=True, slots=True)
class Parcel:
    """A lot with what is in it."""

    lot: str
    kilograms: Decimal


def read_story() -> dict[str, Any]:
    """The story that comes with the program."""
    return tomllib.loads(files("api.demo").joinpath("story.toml").read_text("utf-8"))


def tell(story: dict[str, Any], seed: int = 952) -> list[Step]:
    """Every step of every season, in order of time."""
    teller = _Teller(story, random.Random(seed))
    steps = [step for season in story["seasons"] for step in teller.season(season)]
    return _by_day(sorted(steps, key=lambda step: step.at))


def _by_day(steps: list[Step]) -> list[Step]:
    """What one member did in a row on one day is one document, as an office captures it."""
    days: list[Step] = []
    for step in steps:
        last = days[-1] if days else None
        if last is not None and last.member == step.member and last.at.date() == step.at.date():
            days[-1] = Step(step.at, step.member, last.events + step.events, last.finished + step.finished)
        else:
            days.append(step)
    return days


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _number(value: Decimal) -> Number:
    return Number(str(value))


class _Teller:
    def __init__(self, story: dict[str, Any], chance: random.Random) -> None:
        self.story = story
        self.chance = chance
        self.prefix = {name: member["prefix"] for name, member in story["members"].items()}
        self.units = 0
        self.orders = 0
        self.papers: dict[tuple[str, int], int] = {}

    # -- seasons ---------------------------------------------------------------------------------------------------

    def season(self, year: int) -> Iterator[Step]:
        for number in range(self.story["nectarines"]["packing_days"]):
            yield from self.packing_day(year, number)
        for number in range(self.story["olives"]["milling_days"]):
            yield from self.milling_day(year, number)

    def day(self, year: int, chapter: str, number: int) -> datetime:
        month, day = map(int, self.story[chapter]["first_day"].split("-"))
        start = datetime(year, month, day, 4, 30, tzinfo=UTC)
        return start + timedelta(days=number * int(self.story[chapter]["every_days"]))

    def packing_day(self, year: int, number: int) -> Iterator[Step]:
        """Harvest in the morning, receipt before noon, packing in the afternoon, shipping the next morning."""
        plan = self.story["nectarines"]
        day = self.day(year, "nectarines", number)
        fields = [field for field in self.story["fields"] if field["crop"] == "nectarine"]
        chosen = [fields[(number + offset) % len(fields)] for offset in range(plan["fields_a_day"])]
        wrong = self.told_of("mistake", year, number)
        short = self.told_of("shortfall", year, number)
        parcels = yield from self.harvest(day, chosen, plan["field_item"], "packer", wrong, short)
        total = sum((parcel.kilograms for parcel in parcels), Decimal(0))
        loss = total * Decimal(str(round(self.chance.uniform(*plan["loss"]), 3)))
        cases = int((total - loss) / plan["case_kg"])
        packed = ids.lot(self.prefix["packer"], plan["packed_item"], f"F{year % 100}{day:%j}")
        at = day + timedelta(hours=9)
        sorted_out = total - cases * Decimal(plan["case_kg"])
        packing = self.transform(at, "packer", "packing", parcels, packed, Decimal(cases), None, sorted_out)
        yield Step(at, "packer", (packing,))
        yield from self.dispatch(at, "packer", packed, cases, plan["cases_a_pallet"])

    def milling_day(self, year: int, number: int) -> Iterator[Step]:
        """Olives in, oil out the same night; bottled after three weeks of rest."""
        plan = self.story["olives"]
        day = self.day(year, "olives", number)
        fields = [field for field in self.story["fields"] if field["crop"] == "olive"]
        parcels = yield from self.harvest(day, fields, plan["field_item"], "mill")
        total = sum((parcel.kilograms for parcel in parcels), Decimal(0))
        oil_kg = (total * Decimal(str(round(self.chance.uniform(*plan["yield_kg"]), 4)))).quantize(_CENT)
        bulk = Parcel(ids.lot(self.prefix["mill"], plan["oil_item"], f"S{year % 100}{day:%j}"), oil_kg)
        at = day + timedelta(hours=14)
        yield Step(at, "mill", (self.transform(at, "mill", "milling", parcels, bulk.lot, oil_kg, "KGM"),))
        bottles = int(oil_kg / Decimal(str(plan["litre_kg"])) / Decimal(str(plan["bottle_l"])))
        bottled = ids.lot(self.prefix["mill"], plan["bottle_item"], f"B{year % 100}{day:%j}")
        at += timedelta(days=21)
        yield Step(at, "mill", (self.transform(at, "mill", "bottling", [bulk], bottled, Decimal(bottles), None),))
        yield from self.dispatch(at, "mill", bottled, bottles, plan["bottles_a_pallet"])

    def told_of(self, chapter: str, year: int, number: int) -> dict[str, Any] | None:
        """The story's own incident, where it falls on this packing day."""
        incident: dict[str, Any] = self.story[chapter]
        return incident if (year, number) == (incident["season"], incident["packing_day"]) else None

    # -- the links of the chain ------------------------------------------------------------------------------------

    def harvest(
        self,
        day: datetime,
        fields: list[dict[str, Any]],
        item: int,
        buyer: str,
        wrong: dict[str, Any] | None = None,
        short: dict[str, Any] | None = None,
    ) -> Generator[Step, None, list[Parcel]]:
        """Harvest of each field, one shipment, one receipt; returns what arrived."""
        parcels = []
        for position, field in enumerate(fields):
            at = day + timedelta(minutes=25 * position)
            kilograms = Decimal(self.chance.randrange(*field["harvest_kg"])) + Decimal(self.chance.randrange(10)) / 10
            mistaken = wrong if position == 0 else None
            if mistaken:
                kilograms = Decimal(str(mistaken["was"]))
            name = f"{field['number']}-{day:%y%m%d}"
            parcel = Parcel(ids.lot(self.prefix["growers"], item, name), kilograms)
            typed = Decimal(mistaken["typed_as"]) if mistaken else kilograms
            event = self.harvested(at, field, parcel.lot, typed)
            yield Step(at, "growers", (event,))
            if mistaken:
                yield self.correction(at + timedelta(hours=27), field, parcel, event)
            parcels.append(parcel)
        shipped = day + timedelta(hours=3)
        yield Step(shipped, "growers", (self.move(shipped, "shipping", "growers", "growers", buyer, parcels),))
        if short:
            first = parcels[0]
            parcels[0] = Parcel(first.lot, first.kilograms - Decimal(str(short["missing_kg"])))
        received = day + timedelta(hours=5)
        yield Step(received, buyer, (self.move(received, "receiving", buyer, "growers", buyer, parcels),))
        return parcels

    def harvested(self, at: datetime, field: dict[str, Any], lot: str, kilograms: Decimal) -> dict[str, Any]:
        site = ids.place(self.prefix["growers"], field["number"])
        return self.event(at, "ObjectEvent", "commissioning", "active", site, lot) | {
            "action": "ADD",
            "quantityList": [self.quantity(lot, kilograms, "KGM")],
            "ilmd": {
                "filiera:harvestDate": f"{at:%Y-%m-%d}",
                "filiera:variety": field["variety"],
                "filiera:grower": field["grower"],
            },
        }

    def correction(self, at: datetime, field: dict[str, Any], parcel: Parcel, original: dict[str, Any]) -> Step:
        """The declaration of the error, with the original event's content, and the event as it should have been."""
        corrected = self.harvested(datetime.fromisoformat(original["eventTime"]), field, parcel.lot, parcel.kilograms)
        corrected["eventID"] = self.event_id("corrected", parcel.lot)
        declaration = original | {
            "errorDeclaration": {
                "declarationTime": _time(at),
                "reason": "incorrect_data",
                "correctiveEventIDs": [corrected["eventID"]],
            }
        }
        return Step(at, "growers", (declaration, corrected))

    def move(
        self, at: datetime, step: str, member: str, source: str, destination: str, parcels: list[Parcel]
    ) -> dict[str, Any]:
        first = parcels[0].lot
        disposition = "in_transit" if step == "shipping" else "in_progress"
        if step == "shipping":
            self.next_paper(source, at.year)
        total = sum((parcel.kilograms for parcel in parcels), Decimal(0))
        bins = sum(math.ceil(parcel.kilograms / _BIN) for parcel in parcels)
        sent, taken = ids.place(self.prefix[source], 1), ids.place(self.prefix[destination], 1)
        return self.event(at, "ObjectEvent", step, disposition, ids.place(self.prefix[member], 1), first) | {
            "action": "OBSERVE",
            "quantityList": [self.quantity(parcel.lot, parcel.kilograms, "KGM") for parcel in parcels],
            "bizTransactionList": [self.despatch_advice(source, at.year)],
            "sourceList": [
                {"type": "possessing_party", "source": ids.party(self.prefix[source])},
                {"type": "location", "source": sent},
            ],
            "destinationList": [
                {"type": "possessing_party", "destination": ids.party(self.prefix[destination])},
                {"type": "location", "destination": taken},
            ],
            **self.transport(step, bins, total + bins * _BIN_TARE),
            # Whose goods they are does not change: the note says why they travel.
            **({"filiera:transportReason": "Conferimento"} if step == "shipping" else {}),
        }

    def transform(
        self,
        at: datetime,
        member: str,
        process: str,
        inputs: list[Parcel],
        output: str,
        quantity: Decimal,
        unit: str | None,
        loss: Decimal = Decimal(0),
    ) -> dict[str, Any]:
        step = "commissioning" if process != "packing" else "packing"
        site = ids.place(self.prefix[member], 1)
        return self.event(at, "TransformationEvent", step, "active", site, output) | {
            "inputQuantityList": [self.quantity(parcel.lot, parcel.kilograms, "KGM") for parcel in inputs],
            "outputQuantityList": [self.quantity(output, quantity, unit)],
            "ilmd": {
                "cbvmda:countryOfOrigin": "IT",
                "cbvmda:productionDate": f"{at:%Y-%m-%d}",
                "cbvmda:bestBeforeDate": f"{at + timedelta(days=self.story['keeps_days'][process]):%Y-%m-%d}",
                "filiera:process": process,
            },
            **({"filiera:wasteKg": _number(loss)} if loss else {}),
        }

    def dispatch(self, at: datetime, member: str, lot: str, count: int, a_pallet: int) -> Iterator[Step]:
        """Pallets built the same evening, shipped to one customer the next morning."""
        customer = self.chance.choice(self.story["customers"])
        pallets, events = [], []
        evening, site = at + timedelta(hours=3), ids.place(self.prefix[member], 1)
        for position, start in enumerate(range(0, count, a_pallet)):
            self.units += 1
            pallet = ids.sscc(self.prefix[member], self.units)
            pallets.append(pallet)
            on_it = Decimal(min(a_pallet, count - start))
            moment = evening + timedelta(minutes=6 * position)
            events.append(
                self.event(moment, "AggregationEvent", "packing", "in_progress", site, pallet)
                | {"action": "ADD", "parentID": pallet, "childQuantityList": [self.quantity(lot, on_it, None)]}
            )
        yield Step(evening + timedelta(minutes=6 * len(pallets)), member, tuple(events))
        morning = at + timedelta(hours=19)
        self.next_paper(member, morning.year)
        gln = ids.gln(customer["prefix"], customer["number"])
        shipment = self.event(morning, "ObjectEvent", "shipping", "in_transit", site, pallets[0]) | {
            "action": "OBSERVE",
            "epcList": pallets,
            "quantityList": [self.quantity(lot, Decimal(count), None)],
            "bizTransactionList": [self.despatch_advice(member, morning.year), self.order(gln, morning.year)],
            "sourceList": [
                {"type": "owning_party", "source": ids.party(self.prefix[member])},
                {"type": "location", "source": site},
            ],
            "destinationList": [
                {"type": "owning_party", "destination": f"{ids.DIGITAL_LINK}/417/{gln}"},
                {"type": "location", "destination": f"{ids.DIGITAL_LINK}/414/{gln}"},
            ],
            **self.transport("shipping", count, count * self.gross(lot)),
        }
        yield Step(morning, member, (shipment,), finished=(lot,))

    # -- the parts of an event -------------------------------------------------------------------------------------

    def event(self, at: datetime, kind: str, step: str, disposition: str, site: str, subject: str) -> dict[str, Any]:
        return {
            "type": kind,
            "eventID": self.event_id(kind, step, subject, _time(at)),
            "eventTime": _time(at),
            "eventTimeZoneOffset": "+02:00",
            "bizStep": step,
            "disposition": disposition,
            "readPoint": {"id": site},
            "bizLocation": {"id": site},
        }

    def event_id(self, *parts: str) -> str:
        return f"urn:uuid:{uuid.uuid5(_NAMESPACE, '|'.join(parts))}"

    def quantity(self, lot: str, amount: Decimal, unit: str | None) -> dict[str, Any]:
        element: dict[str, Any] = {"epcClass": lot, "quantity": _number(amount)}
        return element | {"uom": unit} if unit else element

    def transport(self, step: str, packages: int, gross: Decimal) -> dict[str, Any]:
        """Who carried it, in how many packages, how heavy: said by who ships."""
        if step != "shipping":
            return {}
        carrier = self.story["carriers"][0]
        return {
            "filiera:carrier": f"{ids.DIGITAL_LINK}/417/{ids.gln(carrier['prefix'], carrier['number'])}",
            "filiera:packages": _number(Decimal(packages)),
            "filiera:grossWeightKg": _number(gross.quantize(_CENT)),
        }

    def gross(self, lot: str) -> Decimal:
        """What one piece of a lot weighs with its packing, in kilograms."""
        gtin = lot.split("/01/")[1][:14]
        made = {ids.gtin(self.prefix[found["member"]], found["item"]): found for found in self.story["products"]}
        return Decimal(str(made[gtin]["gross_kg"]))

    def next_paper(self, member: str, year: int) -> None:
        """Each member numbers its transport documents by the year, without gaps (DPR 472/1996)."""
        self.papers[member, year] = self.papers.get((member, year), 0) + 1

    def despatch_advice(self, member: str, year: int) -> dict[str, str]:
        number = f"{ids.gln(self.prefix[member], 1)}:DDT-{year}-{self.papers[member, year]}"
        return {"type": "desadv", "bizTransaction": f"urn:epcglobal:cbv:bt:{number}"}

    def order(self, gln: str, year: int) -> dict[str, str]:
        self.orders += 1
        return {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:{gln}:ORD-{year}-{self.orders:04d}"}
