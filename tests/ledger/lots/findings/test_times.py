"""Times that cannot be, each with a near miss."""

from tests.simulator.tale import Tale, lot, unit

FIELD, PACKED, PALLET = lot("F-1"), lot("P-1", 2), unit(1)


def test_a_lot_is_not_used_before_it_exists() -> None:
    tale = Tale()
    tale.made("P", FIELD, 100, hour=10)
    used = tale.turned("P", {FIELD: 100}, {PACKED: 90}, hour=9)
    (found,) = tale.found()
    assert (found.code, found.index, found.causes) == ("lot-before-birth", used, (0, 1))
    same = Tale()
    same.made("P", FIELD, 100, hour=10)
    same.turned("P", {FIELD: 100}, {PACKED: 90}, hour=10)
    assert same.codes() == []


def test_it_is_said_once_and_of_units_too() -> None:
    tale = Tale(outsiders="R")
    tale.made("P", PACKED, 100, hour=1)
    tale.packed("P", PALLET, {PACKED: 100}, hour=5)
    tale.tell("P", {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "loading", "epcList": [PALLET]}, hour=3)
    tale.shipped("P", PALLET, None, to="R", hour=4)
    assert [(found.code, found.index, found.subject) for found in tale.found()] == [("lot-before-birth", 2, PALLET)]


def test_what_nobody_made_or_received_was_used_before_it_existed() -> None:
    tale = Tale()
    tale.turned("P", {FIELD: 100}, {PACKED: 90})
    assert tale.codes() == ["lot-without-origin"]
    arrived = Tale()
    arrived.received("P", FIELD, 100)
    arrived.turned("P", {FIELD: 100}, {PACKED: 90})
    assert arrived.codes() == []


def test_what_its_sender_never_had_began_nowhere_though_it_was_received() -> None:
    tale = Tale()
    tale.shipped("G", FIELD, 100, to="P", paper="1")
    tale.received("P", FIELD, 100, paper="1")
    tale.turned("P", {FIELD: 100}, {PACKED: 90})
    assert [(found.code, found.index) for found in tale.found()] == [("lot-without-origin", 0)]


def test_a_unit_that_nobody_recorded_the_packing_of_is_no_fault() -> None:
    tale = Tale(outsiders="R")
    tale.shipped("P", PALLET, None, to="R")
    assert tale.codes() == []


def test_what_arrives_was_sent_before() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100, hour=1)
    sent = tale.shipped("G", FIELD, 100, to="P", paper="1", hour=5)
    taken = tale.received("P", FIELD, 100, paper="1", hour=4)
    (found,) = tale.found()
    assert (found.code, found.index, found.causes) == ("time-backwards", taken, (sent, taken))
    in_order = Tale()
    in_order.made("G", FIELD, 100, hour=1)
    in_order.shipped("G", FIELD, 100, to="P", paper="1", hour=5)
    in_order.received("P", FIELD, 100, paper="1", hour=5)
    assert in_order.codes() == []


def test_without_a_paper_the_party_tells_which_shipment_it_was() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100, hour=1)
    tale.shipped("G", FIELD, 100, to="P", hour=5)
    tale.received("P", FIELD, 100, hour=4)
    assert tale.codes() == ["time-backwards"]


def test_who_received_a_lot_uses_it_afterwards() -> None:
    tale = Tale()
    tale.made("G", FIELD, 100, hour=1)
    tale.shipped("G", FIELD, 100, to="P", hour=2)
    tale.received("P", FIELD, 100, hour=6)
    tale.turned("P", {FIELD: 100}, {PACKED: 90}, hour=5)
    assert [(found.code, found.causes) for found in tale.found()] == [("time-backwards", (2, 3))]
