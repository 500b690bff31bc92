"""What is in a unit at a moment."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.contents import Contents, Units
from ledger.lots.step import Amount, Step, step
from ledger.lots.timeline import order
from tests.simulator.chains import CRATES, PALLETS, Chain

LOT, OIL = "https://id.gs1.org/01/09520001000011/10/A", "https://id.gs1.org/01/09520001000028/10/B"
BOX, PALLET = "https://id.gs1.org/00/095200010000000016", "https://id.gs1.org/00/095200010000000023"


def told(minute: int, member: str = "m", **members: Any) -> Step:
    time = f"2026-09-01T10:{minute:02}:00Z"
    return step(minute, member, {"type": "AggregationEvent", "action": "ADD", "eventTime": time, **members})


def kilos(uri: str, number: int) -> dict[str, Any]:
    return {"epcClass": uri, "quantity": number, "uom": "KGM"}


def packed(minute: int, *children: dict[str, Any], action: str = "ADD", unit: str = BOX, member: str = "m") -> Step:
    return told(minute, member, action=action, parentID=unit, childQuantityList=list(children))


def asked(steps: Sequence[Step], unit: str, minute: int) -> Contents:
    def of(uri: str) -> list[Step]:
        return sorted((each for each in steps if uri in each.moves.touched), key=order)

    return Units(of).inside(unit, order(told(minute)))


def test_it_is_what_was_put_in_less_what_was_taken_out() -> None:
    steps = [
        packed(1, kilos(LOT, 40)),
        packed(2, kilos(LOT, 10), kilos(OIL, 5)),
        packed(3, kilos(LOT, 20), action="DELETE"),
        packed(5, action="DELETE"),
        packed(6, kilos(OIL, 7)),
    ]
    assert asked(steps, BOX, 2) == {LOT: Amount(Decimal(40), "KGM")}
    assert asked(steps, BOX, 4) == {LOT: Amount(Decimal(30), "KGM"), OIL: Amount(Decimal(5), "KGM")}
    assert asked(steps, BOX, 6) == {}
    assert asked(steps, BOX, 9) == {OIL: Amount(Decimal(7), "KGM")}


def test_units_inside_units_count_with_what_is_in_them() -> None:
    steps = [packed(1, kilos(LOT, 40)), told(2, parentID=PALLET, childEPCs=[BOX]), packed(3, kilos(OIL, 5))]
    assert asked(steps, PALLET, 9) == {
        BOX: None, LOT: Amount(Decimal(40), "KGM"), OIL: Amount(Decimal(5), "KGM"),
    }  # fmt: skip
    assert set(Units(lambda _: [steps[1]]).directly(PALLET, order(told(9)))) == {BOX}


def test_a_unit_inside_itself_ends() -> None:
    around = [told(1, parentID=PALLET, childEPCs=[BOX]), told(2, parentID=BOX, childEPCs=[PALLET])]
    assert set(asked(around, PALLET, 9)) == {BOX, PALLET}


def test_a_number_used_again_by_its_packer_is_another_unit() -> None:
    sent = step(2, "m", {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "epcList": [BOX],
                         "eventTime": "2026-09-01T10:02:00Z"})  # fmt: skip
    steps = [packed(1, kilos(LOT, 40)), sent, packed(3, kilos(OIL, 7))]
    assert set(asked(steps, BOX, 9)) == {OIL}
    # Somebody else who adds to it has it before him.
    assert set(asked([packed(1, kilos(LOT, 40)), sent, packed(3, kilos(OIL, 7), member="n")], BOX, 9)) == {LOT, OIL}


@pytest.mark.parametrize("seed", range(10))
def test_in_whatever_order_moments_are_asked_for_they_are_as_if_asked_for_alone(seed: int) -> None:
    chance = random.Random(seed)
    chain = Chain(chance)
    steps = sorted(chain.steps(), key=order)

    def of(uri: str) -> list[Step]:
        return [each for each in steps if each.stands and each.moves.touches(uri)]

    asked = [(unit, order(each)) for unit in (*CRATES, *PALLETS) for each in steps]
    chance.shuffle(asked)
    units = Units(of)
    for unit, before in asked * 2:
        assert units.inside(unit, before) == Units(of).inside(unit, before)
        assert units.directly(unit, before) == Units(of).directly(unit, before)
