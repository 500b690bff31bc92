"""What one event does to a stock, and what is in a unit at a time."""

from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.step import Amount, Step, step
from ledger.lots.stock import Line, lines, product_of

LOT, OIL = "https://id.gs1.org/01/09520001000011/10/A", "https://id.gs1.org/01/09520001000028/10/B"
ITEM, UNIT = "https://id.gs1.org/01/09520001000011/21/7", "https://id.gs1.org/00/095200010000000016"
HALL, SHOP = "https://id.gs1.org/414/9520001000010", "https://id.gs1.org/414/9520001000027"


def quantity(uri: str, number: int, uom: str | None = "KGM") -> dict[str, Any]:
    return {"epcClass": uri, "quantity": number, **({"uom": uom} if uom else {})}


def told(index: int = 0, **members: Any) -> Step:
    time = f"2026-09-01T10:{index:02}:00Z"
    return step(index, "m", {"type": "ObjectEvent", "action": "OBSERVE", "eventTime": time, **members})


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"action": "ADD", "bizStep": "commissioning"}, "made"),
        ({"action": "ADD", "bizStep": "receiving"}, "received"),
        ({"action": "ADD", "bizStep": "accepting"}, "accepted"),
        ({"bizStep": "receiving"}, "received"),
        ({"bizStep": "accepting"}, "accepted"),
        ({"bizStep": "shipping"}, "shipped"),
        ({"bizStep": "cycle_counting"}, "counted"),
        ({"action": "DELETE", "bizStep": "destroying"}, "wasted"),
        ({"action": "DELETE", "bizStep": "retail_selling"}, "shipped"),
        ({"action": "DELETE", "bizStep": "consuming"}, "used"),
    ],
)
def test_each_step_has_its_line(members: dict[str, Any], kind: str) -> None:
    found = lines(told(quantityList=[quantity(LOT, 800)], **members))
    assert [(line.uri, line.kind, line.amount) for line in found] == [(LOT, kind, Amount(Decimal(800), "KGM"))]


@pytest.mark.parametrize("biz_step", ["storing", "transporting", "departing", "inspecting", None])
def test_what_stays_or_is_under_way_moves_no_stock(biz_step: str | None) -> None:
    assert lines(told(quantityList=[quantity(LOT, 800)], **({"bizStep": biz_step} if biz_step else {}))) == ()


def test_a_transformation_uses_and_makes() -> None:
    made = told(
        type="TransformationEvent", bizLocation={"id": HALL},
        inputQuantityList=[quantity(LOT, 900)], outputQuantityList=[quantity(OIL, 120, "LTR")],
    )  # fmt: skip
    assert lines(made) == (
        Line(LOT, "used", Amount(Decimal(900), "KGM"), HALL),
        Line(OIL, "made", Amount(Decimal(120), "LTR"), HALL),
    )


def test_a_kilogram_counts_once() -> None:
    both = told(bizStep="shipping", epcList=[UNIT], quantityList=[quantity(LOT, 800)])
    assert [line.uri for line in lines(both)] == [LOT]
    alone = told(bizStep="shipping", epcList=[UNIT])
    assert lines(alone) == (Line(UNIT, "shipped", None),)
    packed = told(type="AggregationEvent", bizStep="shipping", parentID=UNIT, childQuantityList=[quantity(LOT, 800)])
    assert [line.uri for line in lines(packed)] == [LOT]
    # A unit seen shipping without its children is a unit alone.
    assert [line.uri for line in lines(told(type="AggregationEvent", bizStep="shipping", parentID=UNIT))] == [UNIT]


def test_a_pallet_that_is_used_up_is_used_and_one_that_begins_is_empty() -> None:
    turned = told(type="TransformationEvent", inputEPCList=[UNIT], outputQuantityList=[quantity(OIL, 120, "LTR")])
    assert [(line.uri, line.kind) for line in lines(turned)] == [(UNIT, "used"), (OIL, "made")]
    beside = told(type="TransformationEvent", inputEPCList=[UNIT], inputQuantityList=[quantity(LOT, 900)])
    assert [line.uri for line in lines(beside)] == [LOT]
    assert lines(told(action="ADD", bizStep="commissioning", epcList=[UNIT])) == ()
    assert lines(told(action="DELETE", bizStep="decommissioning", epcList=[UNIT])) == ()
    assert lines(told(action="DELETE", bizStep="destroying", epcList=[UNIT])) == (Line(UNIT, "wasted", None),)
    assert lines(told(action="ADD", bizStep="receiving", epcList=[UNIT])) == (Line(UNIT, "received", None),)


def test_packing_moves_no_stock_and_an_item_counts_one() -> None:
    assert lines(told(type="AggregationEvent", action="ADD", bizStep="packing", parentID=UNIT, childEPCs=[ITEM])) == ()
    assert lines(told(bizStep="shipping", epcList=[ITEM])) == (Line(ITEM, "shipped", Amount(Decimal(1))),)


def test_goods_leave_from_where_they_were_read_and_come_to_where_they_stay() -> None:
    places = {"readPoint": {"id": HALL}, "bizLocation": {"id": SHOP}}
    (sent,) = lines(told(bizStep="shipping", quantityList=[quantity(LOT, 1)], **places))
    (come,) = lines(told(bizStep="receiving", quantityList=[quantity(LOT, 1)], **places))
    assert (sent.site, come.site) == (HALL, SHOP)


def test_a_declaration_of_error_moves_nothing() -> None:
    declared = {"declarationTime": "2026-09-02T10:00:00Z"}
    assert lines(told(bizStep="shipping", quantityList=[quantity(LOT, 1)], errorDeclaration=declared)) == ()


def test_the_product_of_a_lot_is_its_gtin() -> None:
    assert product_of(LOT) == product_of(ITEM) == "https://id.gs1.org/01/09520001000011"
    assert product_of("https://coop.example/field/7/2026") == "https://coop.example/field/7/2026"


LOSS = {"@context": {"f": "https://filiera.invalid/voc/"}, "f:wasteKg": 2.5}


def test_what_an_event_that_looks_at_a_lot_says_was_lost_is_wasted() -> None:
    def of(action: str, *uris: str) -> list[tuple[str, str]]:
        lots = [quantity(uri, 10) for uri in uris]
        found = lines(told(action=action, bizStep="inspecting", quantityList=lots, **LOSS))
        return [(line.kind, str(line.amount.quantity)) for line in found if line.amount]

    assert of("OBSERVE", LOT) == [("wasted", "2.5")]
    assert of("OBSERVE", LOT, OIL) == []
    assert of("ADD", LOT) == [("made", "10")]
    assert of("DELETE", LOT) == [("wasted", "10")]
