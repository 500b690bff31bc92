"""Quantities that do not add up, each with a near miss: FORMATS section 6, no. 2."""

from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.step import Amount
from ledger.lots.yielded import NoGoods
from tests.simulator.tale import Tale, lot, unit

FIELD, OTHER, PACKED, PALLET, CARTON = lot("F-1"), lot("F-2"), lot("P-1", 2), unit(1), unit(2)


def test_no_more_comes_out_of_a_process_than_went_in() -> None:
    tale = Tale()
    tale.made("P", FIELD, 1000)
    tale.turned("P", {FIELD: 1000}, {PACKED: 1050})
    (found,) = tale.found()
    assert (found.code, found.causes) == ("yield-above-band", (1,))
    assert found.context == {"lot": PACKED, "in": "1000 KGM", "out": "1050 KGM", "most": "1000 KGM"}
    known = Tale()
    known.made("P", FIELD, 1000)
    known.turned("P", {FIELD: 1000}, {PACKED: 970})
    assert known.codes() == []


def test_more_was_shipped_than_there_was() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100)
    tale.shipped("G", FIELD, 60, to="P", paper="1")
    tale.shipped("G", FIELD, 41, to="P", paper="2")
    tale.received("P", FIELD, 60, paper="1")
    tale.received("P", FIELD, 41, paper="2")
    (found,) = tale.found()
    assert (found.code, found.index, found.causes) == ("lot-overdrawn", 2, (0, 1, 2))
    assert (found.context["out"], found.context["in"]) == ("101 KGM", "100 KGM")


def test_all_that_was_there_may_be_shipped_whatever_the_unit() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100)
    tale.shipped("G", FIELD, 60, to="P", paper="1")
    tale.tell("G", {**tale.told[1][1], "quantityList": [{"epcClass": FIELD, "quantity": 0.04, "uom": "TNE"}]})
    tale.received("P", FIELD, 100, paper="1")
    assert tale.codes() == []


def test_what_was_packed_is_shipped_once_though_the_event_names_the_lot_as_well() -> None:
    tale = Tale()
    tale.made("P", PACKED, 100)
    tale.packed("P", PALLET, {PACKED: 100})
    tale.tell(
        "P",
        {
            "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "epcList": [PALLET],
            "quantityList": [{"epcClass": PACKED, "quantity": 100, "uom": "KGM"}],
        },
    )  # fmt: skip
    assert tale.codes() == []


def test_pallets_that_hold_more_than_was_packed_are_found_when_they_leave() -> None:
    tale = Tale(outsiders="R")
    tale.made("P", PACKED, 100)
    tale.packed("P", CARTON, {PACKED: 60})
    tale.packed("P", PALLET, {CARTON: None, PACKED: 50})
    assert tale.codes() == []
    shipped = tale.shipped("P", PALLET, None, to="R")
    assert [(found.code, found.index) for found in tale.found()] == [("lot-overdrawn", shipped)]


def test_what_was_taken_out_again_does_not_leave() -> None:
    tale = Tale(outsiders="R")
    tale.made("P", PACKED, 100)
    tale.packed("P", PALLET, {PACKED: 100})
    tale.packed("P", PALLET, {PACKED: 40}, action="DELETE")
    tale.shipped("P", PALLET, None, to="R")
    tale.packed("P", CARTON, {PACKED: 40})
    tale.shipped("P", CARTON, None, to="R")
    assert tale.codes() == []


def test_what_came_back_may_be_sent_again() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100)
    tale.shipped("G", FIELD, 100, to="P", paper="1")
    tale.received("P", FIELD, 100, paper="1")
    tale.shipped("P", FIELD, 100, to="G", paper="2")
    tale.received("G", FIELD, 100, paper="2")
    tale.shipped("G", FIELD, 100, to="P", paper="3")
    tale.received("P", FIELD, 100, paper="3")
    assert tale.codes() == []


def test_two_trucks_on_the_road_arrive_each_as_it_left() -> None:
    tale = Tale()
    tale.made("G", FIELD, 1000)
    for kilos in (400, 300):
        tale.shipped("G", FIELD, kilos, to="P")
    tale.received("P", FIELD, 400)
    tale.received("P", FIELD, 300)
    assert tale.codes() == []


BACK: list[dict[str, Any]] = [
    {"disposition": "returned"},
    {"by": "R"},
    {"disposition": "returned", "paper": "1"},
]


@pytest.mark.parametrize("said", BACK)
@pytest.mark.parametrize("trader", ["G", "P"])
def test_what_comes_back_from_outside_is_no_other_amount_that_arrived(said: dict[str, Any], trader: str) -> None:
    tale = Tale(outsiders="R")
    tale.made("G", FIELD, 1000)
    if trader == "P":
        tale.shipped("G", FIELD, 1000, to="P")
        tale.received("P", FIELD, 1000)
    tale.shipped(trader, FIELD, 600, to="R", paper="1")
    tale.received(trader, FIELD, 200, **said)
    tale.shipped(trader, FIELD, 600, to="R", paper="3")
    assert tale.codes() == []
    tale.shipped(trader, FIELD, 1, to="R")
    assert tale.codes() == ["lot-overdrawn"]


def test_who_records_here_says_what_it_sends_back_and_what_it_took() -> None:
    tale = Tale()
    tale.made("G", FIELD, 600)
    tale.shipped("G", FIELD, 600, to="P", paper="1")
    tale.received("G", FIELD, 200, by="P", disposition="returned")
    assert tale.codes() == ["shipment-not-received"]
    tale.received("P", FIELD, 600, paper="1", hour=1.2)
    tale.shipped("P", FIELD, 200, to="G", hour=1.5)
    assert tale.codes() == []


def test_what_goes_from_one_place_of_a_member_to_another_does_not_come_back() -> None:
    tale = Tale()
    tale.made("G", FIELD, 600)
    tale.shipped("G", FIELD, 600, to="G")
    tale.received("G", FIELD, 590, by="G")
    assert tale.codes() == ["received-differs"]


@pytest.mark.parametrize(
    ("end", "codes"),
    [
        ({"type": "TransformationEvent", "inputEPCList": [PALLET]}, ["lot-overdrawn"]),
        ({"type": "ObjectEvent", "action": "DELETE", "bizStep": "destroying", "epcList": [PALLET]}, ["lot-overdrawn"]),
        ({"type": "ObjectEvent", "action": "DELETE", "bizStep": "decommissioning", "epcList": [PALLET]}, []),
    ],
)
def test_what_was_on_a_pallet_that_was_used_up_is_gone(end: dict[str, Any], codes: list[str]) -> None:
    tale = Tale(outsiders="R")
    tale.made("G", FIELD, 100)
    tale.packed("G", PALLET, {FIELD: 60})
    tale.tell("G", end)
    tale.shipped("G", FIELD, 40, to="R")
    assert tale.codes() == []
    tale.shipped("G", FIELD, 60, to="R")
    assert tale.codes() == codes


def test_a_correction_mends_it_and_what_is_unknown_is_not_shown() -> None:
    tale = Tale(outsiders="R")
    wrong = tale.made("G", FIELD, 10)
    tale.shipped("G", FIELD, 100, to="R")
    assert tale.codes() == ["lot-overdrawn"]
    tale.declared_wrong(wrong)
    tale.made("G", FIELD, 100, hour=0)
    assert tale.codes() == []
    cases = Tale(outsiders="R")
    cases.tell("G", {"type": "ObjectEvent", "action": "ADD", "quantityList": [{"epcClass": FIELD, "quantity": 3}]})
    cases.shipped("G", FIELD, 100, to="R")
    assert cases.codes() == []


def test_other_than_what_was_shipped_was_received() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100)
    tale.shipped("G", FIELD, 100, to="P")
    tale.received("P", FIELD, 98.5)
    (found,) = tale.found()
    assert (found.code, found.index, found.causes) == ("received-differs", 2, (1, 2))
    assert found.context["difference"] == "1.5 KGM"


def test_a_shipment_may_arrive_in_parts_and_an_acceptance_is_no_second_receipt() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100)
    tale.shipped("G", FIELD, 100, to="P", paper="1")
    tale.received("P", FIELD, 60, paper="1")
    tale.received("P", FIELD, 40, paper="1")
    tale.received("P", FIELD, 100, paper="1", bizStep="accepting")
    assert tale.codes() == []


class Mill(NoGoods):
    """Olives are milled; a bottle holds 458 grams of oil."""

    def commodity(self, uri: str, at: int | None) -> str | None:
        return "olive oil" if uri == PACKED else "olives"

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        return Amount(Decimal("0.458"), "KGM") if uri == PACKED else None


@pytest.mark.parametrize(("bottles", "codes"), [(567, []), (568, ["yield-above-band"])])
def test_the_band_of_a_process_and_the_content_of_a_product_count(bottles: int, codes: list[str]) -> None:
    tale = Tale(goods=Mill())
    tale.made("M", FIELD, 1000)
    content = {"outputQuantityList": [{"epcClass": PACKED, "quantity": bottles}]}
    tale.turned("M", {FIELD: 1000}, {}, **content)
    assert tale.codes() == codes
    if codes:
        assert tale.found()[0].context == {"lot": PACKED, "in": "1000 KGM", "out": "260.144 KGM", "most": "260 KGM"}


class Dairy(NoGoods):
    """Milk becomes cheese."""

    def commodity(self, uri: str, at: int | None) -> str | None:
        return "mozzarella" if uri == PACKED else "latte"


@pytest.mark.parametrize(("kilos", "codes"), [(25, []), (26, ["yield-above-band"])])
def test_a_band_counts_from_litres_to_kilograms(kilos: int, codes: list[str]) -> None:
    tale = Tale(goods=Dairy())
    milk = {"inputQuantityList": [{"epcClass": FIELD, "quantity": 1, "uom": "HLT"}]}
    tale.tell("M", {"type": "ObjectEvent", "action": "ADD", "quantityList": milk["inputQuantityList"]})
    tale.turned("M", {}, {PACKED: kilos}, **milk)
    assert tale.codes() == codes
    if codes:
        assert tale.found()[0].context == {"lot": PACKED, "in": "1 HLT", "out": "26 KGM", "most": "25 KGM"}


def test_what_was_lost_counts_with_what_came_out() -> None:
    tale = Tale()
    tale.made("P", FIELD, 1000)
    own = {"@context": [{"filiera": "https://filiera.invalid/voc/"}]}
    tale.turned("P", {FIELD: 1000}, {PACKED: 970}, **own, **{"filiera:wasteKg": 40})
    (found,) = tale.found()
    assert found.context == {"lot": PACKED, "in": "1000 KGM", "out": "970 KGM", "most": "960 KGM"}


def test_of_outputs_that_are_not_all_weighed_those_that_are_can_be_too_much() -> None:
    for weighed, codes in ((1000, []), (1001, ["yield-above-band"])):
        told = Tale()
        told.made("P", FIELD, 1000)
        pressed = {"outputQuantityList": [
            {"epcClass": PACKED, "quantity": weighed, "uom": "KGM"}, {"epcClass": OTHER, "quantity": 3},
            {"epcClass": lot("V-1", 4), "quantity": 10, "uom": "LTR"},
        ]}  # fmt: skip
        told.turned("P", {FIELD: 1000}, {}, **pressed)
        assert told.codes() == codes


def test_a_transformation_in_two_events_is_one() -> None:
    run = {"transformationID": "https://id.gs1.org/8004/9521001RUN1"}
    tale = Tale()
    tale.made("M", FIELD, 100)
    tale.tell("M", {"type": "TransformationEvent", "inputQuantityList": [
        {"epcClass": FIELD, "quantity": 100, "uom": "KGM"}], **run})  # fmt: skip
    tale.tell("M", {"type": "TransformationEvent", "outputQuantityList": [
        {"epcClass": PACKED, "quantity": 101, "uom": "KGM"}], **run})  # fmt: skip
    (found,) = tale.found()
    assert (found.code, found.causes, found.context["lot"]) == ("yield-above-band", (1, 2), PACKED)


def test_an_input_that_was_not_weighed_is_held_against_nothing() -> None:
    tale = Tale()
    tale.made("M", FIELD, 100)
    tale.tell("M", {"type": "ObjectEvent", "action": "ADD", "quantityList": [{"epcClass": OTHER, "quantity": 5}]})
    more = {
        "inputQuantityList": [{"epcClass": FIELD, "quantity": 100, "uom": "KGM"}, {"epcClass": OTHER, "quantity": 5}]
    }
    tale.turned("M", {}, {PACKED: 160}, **more)
    assert tale.codes() == []
