"""What a step says of an event: flows with exact amounts, bare words, canonical places, and whether it stands."""

from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.step import Amount, Flow, Step, as_known, step, word
from schemas.syntax.json_text import Number, read

LOT = "https://id.gs1.org/01/09520001000011/10/A"
OIL = "https://id.gs1.org/01/09520001000028/10/B"
SSCC = "https://id.gs1.org/00/095200010000000016"
ME = "urn:uuid:9f1e9aa2-6bd4-4d4c-8f1c-6d1d3d7f8e01"


def quantity(uri: str, number: Any, uom: str | None = "KGM") -> dict[str, Any]:
    return {"epcClass": uri, "quantity": number, **({"uom": uom} if uom else {})}


def told(**members: Any) -> Step:
    return step(7, ME, {"type": "ObjectEvent", "eventTime": "2026-09-01T10:00:00+02:00", **members})


def test_a_transformation_uses_and_makes_by_amounts() -> None:
    made = told(
        type="TransformationEvent",
        inputQuantityList=[quantity(LOT, Number("900.50"))],
        outputQuantityList=[quantity(OIL, 120, "LTR")],
        outputEPCList=[SSCC],
    )
    assert made.flows == (
        Flow(LOT, "used", Amount(Decimal("900.50"), "KGM")),
        Flow(SSCC, "made"),
        Flow(OIL, "made", Amount(Decimal(120), "LTR")),
    )
    assert made.amounts(LOT, "used") == (Amount(Decimal("900.50"), "KGM"),)
    assert made.amounts(LOT, "made") == ()


@pytest.mark.parametrize(("action", "role"), [("ADD", "made"), ("OBSERVE", "moved"), ("DELETE", "used")])
def test_an_object_event_does_by_its_action(action: str, role: str) -> None:
    found = told(action=action, quantityList=[quantity(LOT, 3, None)]).flows
    assert found == (Flow(LOT, role, Amount(Decimal(3))),)  # type: ignore[arg-type]


def test_packing_names_parent_and_children() -> None:
    found = told(type="AggregationEvent", action="ADD", parentID=SSCC, childQuantityList=[quantity(LOT, 40)])
    assert [(flow.uri, flow.role) for flow in found.flows] == [(SSCC, "parent"), (LOT, "child")]


@pytest.mark.parametrize("number", [-1, Number("1e40"), Number("1e-40"), Number("1" * 40), "12", None, True])
def test_what_cannot_be_added_up_is_no_amount(number: Any) -> None:
    assert told(action="OBSERVE", quantityList=[quantity(LOT, number)]).flows == (Flow(LOT, "moved"),)


def test_time_place_parties_and_documents_are_read_in_one_spelling() -> None:
    found = told(
        action="OBSERVE",
        bizStep="https://ref.gs1.org/cbv/BizStep-shipping",
        disposition="urn:epcglobal:cbv:disp:in_transit",
        readPoint={"id": "urn:epc:id:sgln:9520001.00001.0"},
        sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:9520001.00001"}],
        bizTransactionList=[{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:9520001000016:DDT-1"}],
        quantityList=[quantity(LOT, 1)],
    )
    assert (found.at, found.biz_step, found.disposition) == (1788249600000000, "shipping", "in_transit")
    assert found.read_point == "https://id.gs1.org/414/9520001000010"
    assert [kind for kind, _ in (*found.sources, *found.transactions)] == ["owning_party", "desadv"]


def test_a_word_of_somebody_elses_stays_as_written() -> None:
    assert word("https://voc.example/bizstep-cooling") == "https://voc.example/bizstep-cooling"
    assert word("receiving") == "receiving"
    assert word(" ") is None


def test_numbers_of_a_document_keep_every_digit() -> None:
    listed = b'[{"epcClass":"%s","quantity":1.50}]' % LOT.encode()
    event: Any = read(b'{"type":"ObjectEvent","action":"ADD","quantityList":%s}' % listed)
    (flow,) = step(0, ME, event).flows
    assert flow.amount is not None
    assert str(flow.amount.quantity) == "1.50"


def test_what_was_declared_wrong_later_stood_then() -> None:
    wrong = Step(3, ME, told(action="ADD", quantityList=[quantity(LOT, 1)]).moves, corrected_by=9)
    assert not wrong.stands
    assert as_known(wrong, 9).stands
    assert not as_known(wrong, 10).stands
    assert not told(errorDeclaration={"declarationTime": "2026-09-02T10:00:00Z"}).stands
    assert not Step(4, ME, wrong.moves, repeats=3).stands
