"""Shipments that do not close, each with a near miss."""

import pytest

from ledger.lots.findings.rules import DAY
from schemas.epcis.instant import microseconds
from tests.simulator.tale import Tale, at, lot, party, place, unit

FIELD, PACKED, PALLET, CARTON = lot("F-1"), lot("P-1", 2), unit(1), unit(2)


def here(member: str, number: int = 0) -> dict[str, object]:
    return {"bizLocation": {"id": place(member, number)}, "readPoint": {"id": place(member, number)}}


@pytest.mark.parametrize(("outsiders", "codes"), [("", ["shipment-not-received"]), ("P", [])])
def test_a_shipment_to_who_records_here_is_received(outsiders: str, codes: list[str]) -> None:
    tale = Tale(outsiders=outsiders)
    tale.made("G", FIELD, 100)
    tale.shipped("G", FIELD, 100, to="P")
    assert tale.codes() == codes


def test_it_is_asked_for_after_so_many_days_as_of_the_time_given() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100, hour=0)
    tale.shipped("G", FIELD, 100, to="P", hour=1)
    sent = microseconds(at(1)) or 0
    assert tale.codes(days=3, now=sent + 3 * DAY - 1) == []
    (found,) = tale.found(days=3, now=sent + 3 * DAY)
    assert (found.code, found.party) == ("shipment-not-received", party("P"))


def test_a_unit_may_be_received_as_what_is_in_it() -> None:
    tale = Tale()
    tale.made("P", PACKED, 100)
    tale.packed("P", PALLET, {PACKED: 100})
    tale.shipped("P", PALLET, None, to="R", paper="1")
    tale.received("R", PACKED, 100, paper="1", by="P")
    assert tale.codes() == []


def test_of_two_units_the_one_that_never_arrived_is_named() -> None:
    tale = Tale()
    tale.made("P", PACKED, 100)
    tale.packed("P", PALLET, {PACKED: 60})
    tale.packed("P", CARTON, {PACKED: 40})
    tale.tell("P", {**_sent(tale), "epcList": [PALLET, CARTON]})
    tale.received("R", PALLET, None, paper="1", by="P")
    assert [(found.code, found.subject) for found in tale.found()] == [
        ("shipment-not-received", CARTON),
        ("received-differs", PACKED),
    ]


def _sent(tale: Tale) -> dict[str, object]:
    tale.shipped("P", PALLET, None, to="R", paper="1")
    return tale.told.pop()[1]


def test_a_receipt_of_what_another_member_made_had_a_shipment() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100)
    taken = tale.received("P", FIELD, 100)
    assert [(found.code, found.index) for found in tale.found()] == [("receipt-without-shipment", taken)]


@pytest.mark.parametrize(("outsiders", "codes"), [("", ["receipt-without-shipment"]), ("G", [])])
def test_a_receipt_from_who_records_here_had_a_shipment(outsiders: str, codes: list[str]) -> None:
    tale = Tale(outsiders=outsiders)
    tale.received("P", FIELD, 100, by="G")
    assert tale.codes() == codes


def test_goods_from_outside_come_without_one_and_who_made_them_sees_its_own() -> None:
    tale = Tale()
    tale.received("P", FIELD, 100)
    tale.made("P", PACKED, 100)
    tale.received("P", PACKED, 100)
    assert tale.codes() == []


def test_a_carton_that_left_by_itself_is_not_on_the_pallet() -> None:
    tale = Tale(outsiders="RS")
    tale.packed("P", CARTON, {})
    tale.packed("P", PALLET, {CARTON: None})
    away = tale.shipped("P", CARTON, None, to="S")
    sent = tale.shipped("P", PALLET, None, to="R")
    (found,) = tale.found()
    assert (found.code, found.index, found.causes) == ("unit-elsewhere", sent, (away, sent))
    assert found.context == {"unit": PALLET, "content": CARTON}


def test_a_carton_that_was_taken_out_first_or_left_with_the_pallet_is_no_fault() -> None:
    tale = Tale(outsiders="RS")
    tale.packed("P", CARTON, {})
    tale.packed("P", PALLET, {CARTON: None})
    tale.packed("P", PALLET, {CARTON: None}, action="DELETE")
    tale.shipped("P", CARTON, None, to="S")
    tale.shipped("P", PALLET, None, to="R")
    assert tale.codes() == []


@pytest.mark.parametrize(("number", "codes"), [(1, ["unit-elsewhere"]), (0, [])])
def test_a_pallet_leaves_from_where_it_is(number: int, codes: list[str]) -> None:
    tale = Tale(outsiders="R")
    tale.made("P", PACKED, 10)
    tale.packed("P", PALLET, {PACKED: 10}, **here("P"))
    tale.shipped("P", PALLET, None, to="R", **here("P", number))
    assert tale.codes() == codes


def test_a_door_of_the_same_site_is_the_same_place() -> None:
    tale = Tale(outsiders="R")
    tale.made("P", PACKED, 10)
    tale.packed("P", PALLET, {PACKED: 10}, **here("P"))
    door = {"readPoint": {"id": f"{place('P')}/254/DOOR7"}}
    tale.shipped("P", PALLET, None, to="R", **door)
    assert tale.codes() == []
