"""Where every kilogram is: events played in time, closed to the gram, and what is not said is not invented."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.lots.balance import NoProducts, kilograms
from ledger.lots.figures import KILOGRAMS, Figures, Played
from ledger.lots.step import Step, step
from ledger.lots.whereabouts import play

SOLE, LUNA, COOP = "urn:uuid:sole", "urn:uuid:luna", "urn:uuid:coop"
LOT, PACK = "https://id.gs1.org/01/09521001002011/10/L", "https://id.gs1.org/01/09521001002011/10/P"
PALLET, CRATE = "https://id.gs1.org/00/095210010000000017", "https://id.gs1.org/00/095210010000000024"
SHOP = "https://id.gs1.org/417/9521003000015"


def event(kind: str, minute: int, step: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind, "eventTime": f"2026-07-01T{8 + minute // 60:02d}:{minute % 60:02d}:00Z", "bizStep": step,
        "eventTimeZoneOffset": "+00:00", **more,
    }  # fmt: skip


def of(uri: str, kilos: str | None, uom: str | None = "KGM") -> dict[str, Any]:
    from schemas.syntax.json_text import Number

    said: dict[str, Any] = {"epcClass": uri}
    if kilos is not None:
        said["quantity"] = Number(kilos)
    return {**said, "uom": uom} if uom else said


def made(minute: int, uri: str = LOT, kilos: str | None = "100") -> dict[str, Any]:
    return event("ObjectEvent", minute, "commissioning", action="ADD", quantityList=[of(uri, kilos)])


def shipped(minute: int, *objects: Any, to: str | None = SHOP, **more: Any) -> dict[str, Any]:
    return moved(minute, "shipping", *objects, **({"destinationList": to_list(to)} if to else {}), **more)


def to_list(uri: str) -> list[dict[str, str]]:
    return [{"type": "owning_party", "destination": uri}]


def moved(minute: int, step: str, *objects: Any, **more: Any) -> dict[str, Any]:
    lots = [item for item in objects if isinstance(item, dict)]
    units = [item for item in objects if isinstance(item, str)]
    what = {**({"quantityList": lots} if lots else {}), **({"epcList": units} if units else {})}
    return event("ObjectEvent", minute, step, action="OBSERVE", **what, **more)


def packed(minute: int, parent: str, *children: Any, action: str = "ADD") -> dict[str, Any]:
    lots = [item for item in children if isinstance(item, dict)]
    units = [item for item in children if isinstance(item, str)]
    return event(
        "AggregationEvent", minute, "packing", action=action, parentID=parent, childQuantityList=lots, childEPCs=units
    )


def played(*events: dict[str, Any] | tuple[str, dict[str, Any]], lots: Sequence[str] = (LOT,)) -> Played:
    told: list[Step] = []
    for index, item in enumerate(events):
        member, content = item if isinstance(item, tuple) else (SOLE, item)
        told.append(step(index, member, content))
    return play(told, lots, (PALLET, CRATE), partial(kilograms, products=NoProducts()))


def kilos(found: Played, lot: str = LOT) -> Figures:
    return found.positions[lot][KILOGRAMS]


def test_what_was_made_is_shipped_in_stock_or_destroyed() -> None:
    destroyed = event("ObjectEvent", 30, "destroying", action="DELETE", quantityList=[of(LOT, "5")])
    found = played(made(0), shipped(20, of(LOT, "60")), destroyed)
    item = kilos(found)
    assert (item.born, item.shipped, item.destroyed, item.in_stock) == (100, 60, 5, 35)
    assert item.unaccounted == 0
    assert found.deliveries[SHOP].amounts == {(LOT, KILOGRAMS): Decimal(60)}


def test_masses_in_any_unit_meet_in_kilograms() -> None:
    found = played(made(0), shipped(20, of(LOT, "1500", "GRM")))
    assert kilos(found).shipped == Decimal("1.500")


def test_a_pallet_takes_what_is_in_it_however_deep() -> None:
    found = played(
        made(0), packed(1, CRATE, of(LOT, "20")), packed(2, PALLET, CRATE, of(LOT, "10")), shipped(3, PALLET)
    )
    assert (kilos(found).shipped, kilos(found).in_stock) == (30, 70)
    assert found.units == {PALLET: ("shipped", SHOP), CRATE: ("shipped", SHOP)}
    assert found.deliveries[SHOP].units == {PALLET, CRATE}


def test_what_was_taken_out_before_does_not_go_along() -> None:
    found = played(
        made(0), packed(1, PALLET, of(LOT, "30")), packed(2, PALLET, of(LOT, "10"), action="DELETE"),
        shipped(3, PALLET),
    )  # fmt: skip
    assert (kilos(found).shipped, kilos(found).in_stock) == (20, 80)


def test_amounts_stated_beside_the_pallet_that_holds_them_are_shipped_and_received_once() -> None:
    found = played(
        made(0), packed(1, PALLET, of(LOT, "30")), shipped(2, PALLET, of(LOT, "30")),
        (LUNA, moved(3, "receiving", PALLET, of(LOT, "30"))),
    )  # fmt: skip
    item = kilos(found)
    assert (item.born, item.shipped, item.in_stock, item.unaccounted) == (100, 30, 70, 0)
    assert found.deliveries[SHOP].received == {(LOT, KILOGRAMS): Decimal(30)}


def test_what_is_stated_beyond_what_the_pallet_holds_went_loose() -> None:
    found = played(made(0), packed(1, PALLET, of(LOT, "30")), shipped(2, PALLET, of(LOT, "45")))
    assert (kilos(found).shipped, kilos(found).in_stock) == (45, 55)


def test_a_lot_named_without_amount_beside_the_pallet_that_holds_it_misses_none() -> None:
    found = played(made(0), packed(1, PALLET, of(LOT, "30")), shipped(2, PALLET, of(LOT, None)))
    assert kilos(found).shipped == 30
    assert found.missing == []


def test_a_pallet_of_unknown_content_beside_amounts_carries_just_these() -> None:
    found = played(made(0), shipped(2, PALLET, of(LOT, "45")))
    assert kilos(found).shipped == 45
    assert found.missing == []


def test_a_pallet_named_beside_its_content_ships_it_once() -> None:
    found = played(made(0), packed(1, CRATE, of(LOT, "20")), packed(2, PALLET, CRATE), shipped(3, PALLET, CRATE))
    assert kilos(found).shipped == 20


def test_a_crate_that_is_used_again_carries_its_new_load_only() -> None:
    found = played(
        made(0), packed(1, CRATE, of(LOT, "20")), shipped(2, CRATE), packed(3, CRATE, of(LOT, "5")), shipped(4, CRATE)
    )
    assert kilos(found).shipped == 25


def test_order_of_arrival_does_not_matter() -> None:
    late = played(shipped(3, PALLET), packed(2, PALLET, of(LOT, "30")), made(0))
    assert (kilos(late).shipped, kilos(late).in_stock) == (30, 70)


def test_what_a_customer_received_here_is_shipped_and_confirmed() -> None:
    found = played(made(0), shipped(1, of(LOT, "60")), (COOP, moved(2, "receiving", of(LOT, "60"))))
    assert (kilos(found).shipped, kilos(found).in_stock) == (60, 40)
    assert found.deliveries[SHOP].received == {(LOT, KILOGRAMS): Decimal(60)}


def test_what_a_member_received_and_works_on_is_its_stock() -> None:
    used = event(
        "TransformationEvent",
        3,
        "commissioning",
        inputQuantityList=[of(LOT, "50")],
        outputQuantityList=[of(PACK, "45")],
    )
    found = played(
        made(0), shipped(1, of(LOT, "60")), (LUNA, moved(2, "receiving", of(LOT, "60"))), (LUNA, used),
        lots=(LOT, PACK),
    )  # fmt: skip
    assert (kilos(found).used, kilos(found).shipped, kilos(found).in_stock) == (50, 0, 50)
    assert found.stock[LOT, KILOGRAMS, LUNA, None] == 10
    assert kilos(found, PACK).in_stock == 45


def test_a_return_is_in_stock_again() -> None:
    found = played(made(0), shipped(1, of(LOT, "60")), moved(2, "receiving", of(LOT, "25")))
    assert (kilos(found).shipped, kilos(found).in_stock) == (35, 65)


def test_what_comes_from_outside_begins_with_its_receipt() -> None:
    found = played(moved(0, "receiving", of(LOT, "40")), shipped(1, of(LOT, "15")))
    assert (kilos(found).born, kilos(found).shipped, kilos(found).in_stock) == (40, 15, 25)


def test_a_stock_taking_shows_what_the_books_miss() -> None:
    found = played(made(0), shipped(1, of(LOT, "60")), moved(2, "stock_taking", of(LOT, "37.5")))
    assert (kilos(found).in_stock, kilos(found).unaccounted) == (Decimal("37.5"), Decimal("2.5"))
    assert kilos(found).percent == Decimal("97.5")


def test_more_shipped_than_there_was_is_unaccounted_with_a_minus() -> None:
    found = played(made(0), shipped(1, of(LOT, "130")))
    assert (kilos(found).shipped, kilos(found).unaccounted) == (130, -30)


def test_an_amount_that_was_not_said_is_missing_and_not_zero() -> None:
    found = played(made(0, kilos=None), shipped(1, of(LOT, "10")))
    assert [(item.code, item.uri, item.index) for item in found.missing] == [("amount", LOT, 0)]


def test_a_shipment_to_nobody_is_not_traced() -> None:
    found = played(made(0), shipped(1, of(LOT, "40"), to=None))
    assert [item.code for item in found.missing] == ["destination"]
    assert kilos(found).percent == 60


def test_a_pallet_of_which_nothing_was_recorded_has_unknown_content() -> None:
    found = played(made(0), shipped(1, PALLET))
    assert [(item.code, item.uri) for item in found.missing] == [("content", PALLET)]


def test_counts_stay_counts_where_nothing_says_how_heavy_they_are() -> None:
    pieces = event("ObjectEvent", 0, "commissioning", action="ADD", quantityList=[of(LOT, "200", None)])
    found = played(pieces, shipped(1, of(LOT, "50", None)))
    assert (found.positions[LOT]["pieces"].shipped, found.positions[LOT]["pieces"].in_stock) == (50, 150)
    assert KILOGRAMS not in found.positions[LOT]


AMOUNTS = st.decimals(min_value=0, max_value=500, places=3, allow_nan=False).map(lambda value: format(value, "f"))
ACTS = st.lists(
    st.tuples(st.sampled_from(["ship", "unit", "receive", "return", "destroy", "count"]), AMOUNTS), max_size=9
)


@given(AMOUNTS, ACTS)
def test_nothing_comes_from_nowhere_and_nothing_vanishes(born: str, acts: list[tuple[str, str]]) -> None:
    events: list[Any] = [made(0, kilos=born)]
    for minute, (act, amount) in enumerate(acts, 1):
        if act == "ship":
            events.append(shipped(minute, of(LOT, amount)))
        elif act == "unit":
            events += [packed(minute, PALLET, of(LOT, amount)), shipped(minute, PALLET)]
        elif act == "receive":
            events.append((COOP, moved(minute, "receiving", of(LOT, amount), PALLET)))
        elif act == "return":
            events.append(moved(minute, "receiving", of(LOT, amount)))
        elif act == "destroy":
            gone = event("ObjectEvent", minute, "destroying", action="DELETE", quantityList=[of(LOT, amount)])
            events.append(gone)
        else:
            events.append(moved(minute, "stock_taking", of(LOT, amount)))
    item = kilos(played(*events))
    assert item.born == item.used + item.shipped + item.destroyed + item.in_stock + item.unaccounted
