"""A chain to recall: two fields into one packing lot, on pallets to two shops, a rest in the store; and its papers.

story = Story.told(node);  recall(node, story.field, audience=full())
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.verbs.master import add
from ledger.node import Node
from schemas.gs1.check_digit import check_digit
from tests.simulator.cooperatives import document, harvested, lot
from tests.simulator.master import PARTY, PRODUCT, SITE, party, product, site, written

SHOP, OTHER = "https://id.gs1.org/417/9521003000015", "https://id.gs1.org/417/9521004000014"
HERE = {"id": SITE}


def pallet(number: int) -> str:
    """A pallet."""
    digits = f"09521001{number:09d}"
    return f"https://id.gs1.org/00/{digits}{check_digit(digits)}"


def happened(kind: str, day: int, step: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    """An event of July 2026."""
    time = f"2026-07-{day:02d}T{9 + minute // 60:02d}:{minute % 60:02d}:00Z"
    return {"type": kind, "eventTime": time, "eventTimeZoneOffset": "+02:00", "bizStep": step, **more}


def kilos(uri: str, amount: float) -> dict[str, Any]:
    """So many kilograms of a lot."""
    return {"epcClass": uri, "quantity": amount, "uom": "KGM"}


def packed(made: str, *fields: tuple[str, float], amount: float, day: int = 3) -> dict[str, Any]:
    """Fields' lots into a packing lot."""
    return happened(
        "TransformationEvent", day, "commissioning", inputQuantityList=[kilos(uri, much) for uri, much in fields],
        outputQuantityList=[kilos(made, amount)], readPoint=HERE, bizLocation=HERE,
        ilmd={"cbvmda:bestBeforeDate": "2026-07-20"},
    )  # fmt: skip


def loaded(unit: str, uri: str, amount: float, minute: int = 0) -> dict[str, Any]:
    """Some of a lot onto a pallet."""
    return happened(
        "AggregationEvent", 4, "packing", minute, action="ADD", parentID=unit, childQuantityList=[kilos(uri, amount)],
        readPoint=HERE, bizLocation=HERE,
    )  # fmt: skip


def sent(*units: str, to: str, day: int = 5, minute: int = 0) -> dict[str, Any]:
    """Pallets on their way."""
    return happened(
        "ObjectEvent", day, "shipping", minute, action="OBSERVE", epcList=list(units), readPoint=HERE,
        destinationList=[{"type": "owning_party", "destination": to}],
    )  # fmt: skip


def papers() -> bytes:
    """Master data of the product, the packhouse, and one of the two shops."""
    shop = party(
        id=SHOP, name="Bottega", gln="9521003000015", vatNumber=None, taxCode=None, ggn=None,
        contacts=[
            {"role": "sales", "name": "Acquisti", "phone": "+39 02 5550101"},
            {"role": "recall", "name": "Qualità", "phone": "+39 02 5550102", "email": "q@bottega.example"},
        ],
    )  # fmt: skip
    return written(product(), party(), site(), shop)


@dataclass(frozen=True, slots=True)
class Story:
    """Names of what happened."""

    field: str = lot("F-1")
    neighbour: str = lot("F-2")
    packing: str = lot("P-1")
    other: str = lot("P-2")
    pallets: tuple[str, ...] = tuple(pallet(number) for number in range(4))

    def events(self) -> Iterator[dict[str, Any]]:
        """1,000 kg of two fields become 900 kg; 700 leave on three pallets, 180 stay; the other field's are apart."""
        yield harvested("F-1", kilos=600)
        yield harvested("F-2", kilos=700)
        yield packed(self.packing, (self.field, 600), (self.neighbour, 400), amount=900)
        yield packed(self.other, (self.neighbour, 300), amount=280)
        for number, amount in enumerate((300, 250, 150)):
            yield loaded(self.pallets[number], self.packing, amount, number)
        yield loaded(self.pallets[3], self.other, 200, 9)
        yield sent(self.pallets[0], self.pallets[1], to=SHOP)
        yield sent(self.pallets[2], to=OTHER, minute=5)
        yield sent(self.pallets[3], to=OTHER, minute=6)
        yield happened(
            "ObjectEvent", 6, "destroying", action="DELETE", quantityList=[kilos(self.packing, 15)], readPoint=HERE,
            disposition="destroyed",
        )  # fmt: skip
        yield happened(
            "ObjectEvent", 7, "stock_taking", action="OBSERVE", quantityList=[kilos(self.packing, 180)],
            readPoint=HERE, bizLocation=HERE,
        )  # fmt: skip

    @classmethod
    def told(cls, node: Node, member: str | None = None) -> "Story":
        """The story, captured, with its master data."""
        story = cls()
        add(node, papers(), member=member)
        node.capture(document(*story.events()), member=member)
        return story


PAPERS = PARTY, PRODUCT, SITE
