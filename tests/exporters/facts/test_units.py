"""What is in a unit: what was put in and not taken out, as its label tells it."""

from decimal import Decimal
from typing import Any

from exporters.facts.units import Content, Unit, unit
from ledger.lots.step import Amount
from schemas.syntax.json_text import Number
from tests.simulator.history import history
from tests.simulator.paperwork import BUYER, COOP, LOT, PALLETS, document, event, party, place

PALLET, OTHER = PALLETS
SECOND = LOT.replace("T-196", "T-197")


def packing(action: str, *children: tuple[str, int], hour: int = 14, **more: Any) -> dict[str, Any]:
    """Something into or out of the pallet."""
    said = [{"epcClass": lot, "quantity": Number(str(count))} for lot, count in children]
    kind = {"type": "AggregationEvent", "action": action, "parentID": PALLET, "bizLocation": {"id": place(COOP)}}
    return event(15, hour, **kind, **({"childQuantityList": said} if said else {}), **more)


def shipping(*units: str, **more: Any) -> dict[str, Any]:
    """Units on their way to the buyer."""
    to = [{"type": "owning_party", "destination": party(BUYER)}, {"type": "location", "destination": place(BUYER)}]
    moved = {"action": "OBSERVE", "bizStep": "shipping", "epcList": list(units), "destinationList": to}
    return event(16, 5, **moved, bizTransactionList=[document("desadv", "DDT-1")], **more)


def found(*events: dict[str, Any]) -> Unit:
    read = unit(history(*events), PALLET)
    assert read is not None
    return read


def held(*events: dict[str, Any]) -> dict[str, Amount | None]:
    return {each.uri: each.amount for each in found(*events).contents}


def pieces(count: int) -> Amount:
    return Amount(Decimal(count))


def test_what_was_put_in_adds_up() -> None:
    assert held(packing("ADD", (LOT, 60)), packing("ADD", (LOT, 36))) == {LOT: pieces(96)}
    assert found(packing("ADD", (LOT, 96))).homogeneous == Content(LOT, pieces(96))
    assert found(packing("ADD", (LOT, 60), (SECOND, 36))).homogeneous is None


def test_what_was_taken_out_is_not_in_it() -> None:
    assert held(packing("ADD", (LOT, 96)), packing("DELETE", (LOT, 6))) == {LOT: pieces(90)}
    assert held(packing("ADD", (LOT, 60), (SECOND, 36)), packing("DELETE", (SECOND, 36))) == {LOT: pieces(60)}
    assert held(packing("ADD", (LOT, 96)), packing("DELETE", (LOT, 200))) == {}


def test_one_that_was_emptied_is_told_as_it_was_filled_last() -> None:
    assert held(packing("ADD", (LOT, 96)), packing("DELETE")) == {LOT: pieces(96)}
    again = held(packing("ADD", (LOT, 96)), packing("DELETE"), packing("ADD", (SECOND, 80)))
    assert again == {SECOND: pieces(80)}


def test_one_that_went_away_and_has_its_number_again_is_another_unit() -> None:
    first, sent = packing("ADD", (LOT, 96)), shipping(PALLET)
    again = packing("ADD", (SECOND, 80)) | {"eventTime": "2026-07-18T08:00:00.000+02:00"}
    assert held(first, sent) == {LOT: pieces(96)}
    assert held(first, sent, again) == {SECOND: pieces(80)}
    assert found(first, sent, again).receiver is None


def test_amounts_that_cannot_be_added_are_not_said() -> None:
    loose = {"childQuantityList": [{"epcClass": LOT, "quantity": Number("50"), "uom": "KGM"}]}
    assert held(packing("ADD", (LOT, 96)), packing("ADD", **loose)) == {LOT: None}


def test_its_weight_is_that_of_its_filling_or_of_a_shipment_of_it_alone() -> None:
    weight = {"filiera:grossWeightKg": Number("520.5")}
    assert found(packing("ADD", (LOT, 96), **weight)).gross == Decimal("520.5")
    assert found(packing("ADD", (LOT, 96)), shipping(PALLET, **weight)).gross == Decimal("520.5")
    assert found(packing("ADD", (LOT, 96)), shipping(PALLET, OTHER, **weight)).gross is None


def test_it_goes_from_who_filled_it_to_whom_it_was_shipped() -> None:
    sent = found(packing("ADD", (LOT, 96)), shipping(PALLET))
    assert sent.sender.name == "Cooperativa Sole"
    assert sent.receiver is not None
    assert (sent.receiver.name, sent.receiver.address.municipality) == ("Esperia Distribuzione", "Ravenna")
    assert found(packing("ADD", (LOT, 96))).receiver is None


def test_one_that_nothing_fills_is_none() -> None:
    assert unit(history(shipping(PALLET)), PALLET) is None
    assert unit(history(packing("DELETE", (LOT, 1))), PALLET) is None
