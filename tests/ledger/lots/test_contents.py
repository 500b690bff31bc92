"""What is in a unit at a moment."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.contents import Contents, Units, along, does, renewals
from ledger.lots.residence import residences
from ledger.lots.step import Amount, Step, step
from ledger.lots.timeline import END, Timeline, order
from ledger.lots.whereabouts import play
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


def test_a_unit_that_is_used_up_holds_nothing_when_its_number_is_used_again() -> None:
    pressed = step(2, "m", {"type": "TransformationEvent", "eventTime": "2026-09-01T10:02:00Z", "inputEPCList": [BOX],
                            "outputQuantityList": [kilos(OIL, 3)]})  # fmt: skip
    steps = [packed(1, kilos(LOT, 40)), pressed, packed(3, kilos(OIL, 7))]
    assert asked(steps, BOX, 2) == {LOT: Amount(Decimal(40), "KGM")}
    assert set(asked(steps, BOX, 9)) == {OIL}


def test_one_reading_of_events_says_what_each_does_to_a_unit() -> None:
    shown = told(4, action="OBSERVE", parentID=BOX, childEPCs=[PALLET])
    emptied, taken = packed(2, action="DELETE"), packed(3, kilos(LOT, 1), action="DELETE")
    ended = step(5, "m", {"type": "ObjectEvent", "action": "DELETE", "epcList": [BOX]})
    read = [does(each, BOX) for each in (packed(1, kilos(LOT, 4)), emptied, taken, shown, ended, told(6, parentID=BOX))]
    assert read == ["puts", "empties", "takes", "shows", "ends", None]
    assert does(shown, PALLET) is None


def test_one_thing_is_in_one_place_and_a_lot_may_be_in_many() -> None:
    other, item = "https://id.gs1.org/00/095200010000000030", "https://id.gs1.org/01/09520001000011/21/7"
    steps = [packed(1, kilos(LOT, 40))]
    steps += [told(2, parentID=PALLET, childEPCs=[BOX, item], childQuantityList=[kilos(OIL, 9)])]
    steps += [told(3, parentID=other, childEPCs=[BOX], childQuantityList=[kilos(OIL, 9)])]
    steps += [step(4, "m", {"type": "ObjectEvent", "action": "DELETE", "epcList": [item],
                            "eventTime": "2026-09-01T10:04:00Z"})]  # fmt: skip
    assert set(asked(steps, PALLET, 3)) == {BOX, LOT, OIL, item}
    assert set(asked(steps, PALLET, 4)) == {OIL, item}
    assert set(asked(steps, PALLET, 9)) == {OIL}
    assert set(asked(steps, other, 9)) == {BOX, LOT, OIL}
    back = told(5, parentID=PALLET, childEPCs=[BOX])
    assert set(asked([*steps, back], PALLET, 9)) == {BOX, LOT, OIL}


def test_a_crate_leaves_with_its_pallet_and_begins_anew_when_it_is_packed_again() -> None:
    left = step(4, "m", {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "epcList": [PALLET],
                         "eventTime": "2026-09-01T10:04:30Z"})  # fmt: skip
    loaded = [packed(1, kilos(LOT, 40)), told(2, parentID=PALLET, childEPCs=[BOX]), left]
    assert set(asked([*loaded, packed(6, kilos(OIL, 7))], BOX, 9)) == {OIL}
    # Taken off before, it stayed; and somebody else who adds to it got it with what is in it.
    off = [*loaded[:2], told(3, parentID=PALLET, childEPCs=[BOX], action="DELETE"), left, packed(6, kilos(OIL, 7))]
    assert set(asked(off, BOX, 9)) == {LOT, OIL}
    assert set(asked([*loaded, packed(6, kilos(OIL, 7), member="n")], BOX, 9)) == {LOT, OIL}
    # Back on its pallet, by the word of who had sent it, it is still the same.
    back = step(5, "m", {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "receiving", "epcList": [PALLET],
                         "eventTime": "2026-09-01T10:05:00Z"})  # fmt: skip
    assert set(asked([*loaded, back, packed(6, kilos(OIL, 7))], BOX, 9)) == {LOT, OIL}


@pytest.mark.parametrize("seed", range(40))
def test_moments_spans_and_figures_agree_on_what_is_in_a_unit(seed: int) -> None:
    """Three ways of asking, one containment: `Units` at a moment, `residences` over time, `play` by measures."""
    chain = Chain(random.Random(seed))
    steps = sorted(chain.steps(), key=order)
    inner = [
        (unit, thing)
        for units, things in ((CRATES, chain.stock), (PALLETS, CRATES))
        for unit in units
        for thing in things
    ]
    about = {uri: Timeline(uri, [each for each in steps if each.moves.touches(uri)]) for pair in inner for uri in pair}
    units = Units(lambda uri: [each for each in steps if each.stands and each.moves.touches(uri)])
    for line in about.values():
        line.renewals = renewals(line.uri, along(line.uri, line.steps, lambda uri: about[uri].steps))
    stays = {(unit, thing): residences(about[unit], about[thing]) for unit, thing in inner}
    for each in steps:
        before, at = order(each), (each.at or 0) - 1
        for (unit, thing), stay in stays.items():
            then = any(one.start <= at <= one.end for one in stay)
            assert then == (thing in units.directly(unit, before)), (unit, thing, each.index)
    for unit in (*CRATES, *PALLETS):
        held = units.directly(unit, (END, END))
        assert {uri: 1 if amount is None else amount.quantity for uri, amount in held.items()} == chain.inside[unit]


@pytest.mark.parametrize("seed", range(40))
def test_what_leaves_in_a_unit_is_what_was_in_it(seed: int) -> None:
    chain = Chain(random.Random(seed), length=25)
    steps = sorted(chain.steps(), key=order)
    units = Units(lambda uri: [each for each in steps if each.stands and each.moves.touches(uri)])
    left: dict[tuple[str, str], Decimal] = {}
    for each in (each for each in steps if each.dealing == "ships"):
        for flow in each.flows:
            alone = {flow.uri: flow.amount} if flow.amount else units.inside(flow.uri, order(each))
            for uri, amount in alone.items():
                if amount is not None:
                    left[uri, "KGM"] = left.get((uri, "KGM"), Decimal(0)) + amount.quantity
    played = play(steps, chain.stock, (*CRATES, *PALLETS), lambda amount, uri, at: amount.quantity)
    assert left == (played.deliveries[None].amounts if left else {})


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
