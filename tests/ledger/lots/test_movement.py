"""The one meaning of an event."""

from typing import Any

import pytest

from ledger.entry.shown import HIDDEN
from ledger.lots.movement import Movement, movement, objects

GROWER = "https://id.gs1.org/01/09521234543213/10/"
A, B, C = (f"{GROWER}{letter}" for letter in "ABC")
UNIT = "https://id.gs1.org/00/095212345678912349"
CRATE = "https://id.gs1.org/8003/09521234987655CRATE1"
CLASS = "https://id.gs1.org/01/09521234543213"


def quantities(*uris: str) -> list[dict[str, Any]]:
    return [{"epcClass": uri, "quantity": 1} for uri in uris]


def transformation(**members: Any) -> Movement:
    return movement({"type": "TransformationEvent", **members})


def test_a_transformation_uses_inputs_and_makes_outputs() -> None:
    found = transformation(
        inputQuantityList=quantities(A, B), inputEPCList=[UNIT], outputQuantityList=quantities(C), bizStep="receiving"
    )
    assert (found.used, found.made, found.born) == ({A, B, UNIT}, {C}, {C})
    assert found.birth(C)
    assert not found.birth(A)
    assert not found.receipt
    assert found.objects == (UNIT, A, B, C)


def test_a_transformation_id_stands_between_the_events_that_share_it() -> None:
    run = "urn:uuid:run"
    first = transformation(transformationID=run, inputQuantityList=quantities(A))
    last = transformation(transformationID=run, outputQuantityList=quantities(C))
    assert (first.used, first.made) == ({A}, {run})
    assert (last.used, last.made) == ({run}, {C})
    assert first.objects == (A,)
    assert first.touched == {A, run}


def test_a_transformation_id_alone_does_nothing() -> None:
    assert transformation(transformationID="urn:uuid:run").touched == frozenset()


@pytest.mark.parametrize(("action", "part"), [("ADD", "made"), ("OBSERVE", "moved"), ("DELETE", "used")])
def test_an_object_event_makes_moves_or_uses_up(action: str, part: str) -> None:
    found = movement({"type": "ObjectEvent", "action": action, "epcList": [UNIT], "quantityList": quantities(A)})
    parts = {name: getattr(found, name) for name in ("made", "moved", "used")}
    assert parts == {"made": set(), "moved": set(), "used": set(), part: {UNIT, A}}
    assert found.born == ({UNIT, A} if action == "ADD" else frozenset())


@pytest.mark.parametrize(
    "step",
    [
        "receiving",
        "urn:epcglobal:cbv:bizstep:receiving",
        "https://ref.gs1.org/cbv/BizStep-receiving",
        "cbv:BizStep-accepting",
        "accepting",
    ],
)
def test_receiving_is_a_receipt_in_every_spelling(step: str) -> None:
    assert movement({"type": "ObjectEvent", "action": "OBSERVE", "epcList": [UNIT], "bizStep": step}).receipt


@pytest.mark.parametrize("step", ["shipping", "", None, 7, "not-receiving"])
def test_other_steps_are_no_receipt(step: Any) -> None:
    assert not movement({"type": "ObjectEvent", "action": "OBSERVE", "epcList": [UNIT], "bizStep": step}).receipt


@pytest.mark.parametrize("kind", ["AggregationEvent", "AssociationEvent"])
def test_packing_moves_parent_and_children_and_begins_the_unit(kind: str) -> None:
    event = {"type": kind, "action": "ADD", "parentID": UNIT, "childEPCs": [CRATE], "childQuantityList": quantities(A)}
    found = movement(event)
    assert (found.parent, found.children, found.moved) == (UNIT, {CRATE, A}, {UNIT, CRATE, A})
    assert found.born == {UNIT}
    assert movement({**event, "action": "DELETE"}).born == frozenset()


def test_a_transaction_moves_all_it_names() -> None:
    found = movement({"type": "TransactionEvent", "action": "ADD", "parentID": UNIT, "epcList": [CRATE]})
    assert (found.moved, found.parent, found.born) == ({UNIT, CRATE}, None, frozenset())


def test_an_error_declaration_moves_nothing_and_still_names_its_objects() -> None:
    found = movement(
        {
            "type": "TransformationEvent",
            "inputQuantityList": quantities(A),
            "outputQuantityList": quantities(C),
            "errorDeclaration": {},
        }
    )
    assert found.correction
    assert found.touched == {A, C}
    assert {found.made, found.used, found.moved, found.born} == {frozenset()}


def test_an_event_is_found_by_all_that_it_touches_and_by_nothing_else() -> None:
    for content in (
        {"type": "TransformationEvent", "transformationID": "urn:uuid:run", "inputQuantityList": quantities(A)},
        {"type": "AggregationEvent", "action": "ADD", "parentID": UNIT, "childEPCs": [CRATE]},
        {"type": "ObjectEvent", "action": "DELETE", "epcList": [CRATE], "errorDeclaration": {}},
    ):
        found = movement(content)
        assert all(found.touches(uri) for uri in found.touched)
        assert not any(found.touches(uri) for uri in {A, C, UNIT, CRATE, "urn:uuid:run"} - found.touched)


def test_bare_classes_and_patterns_and_hidden_elements_are_no_objects() -> None:
    event = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "epcList": [HIDDEN, "urn:epc:idpat:sgtin:9521234.*.*", UNIT, 5, None],
        "quantityList": [HIDDEN, *quantities(CLASS, A), {"quantity": 1}, "x"],
    }
    assert movement(event).objects == (UNIT, A)


def test_urns_and_links_of_one_lot_are_one_object() -> None:
    urn = "urn:epc:class:lgtin:9521234.054321.A"
    assert objects({"epcList": [urn, A], "quantityList": quantities(A)}) == (A,)


def test_objects_come_in_document_order_whatever_the_order_of_members() -> None:
    event = {"outputQuantityList": quantities(C), "inputQuantityList": quantities(B, A), "parentID": UNIT}
    assert objects(event) == (UNIT, B, A, C)


@pytest.mark.parametrize("content", [{}, {"type": 5}, {"type": []}, {"type": "New", "epcList": "x"}, {"epcList": {}}])
def test_what_is_no_event_moves_nothing(content: dict[str, Any]) -> None:
    assert movement(content).touched == frozenset()


def test_an_unknown_type_moves_what_it_names() -> None:
    assert movement({"type": ["example:Weighing"], "epcList": [UNIT]}).moved == {UNIT}
