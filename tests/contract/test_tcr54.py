"""TCR-54 (AssociationEvent) of the official conformance requirements, its steps in their order.

Its pre-test conditions call for documents that schemas let pass. The official JSON schema does refuse these, so its
codes are met here; of an aggregation it says nothing about the parent, and the rule is ours.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.capture.document import read_document
from ledger.node import Node
from ledger.store import events
from ledger.writer.gateway import DocumentRefused
from schemas.epcis.validate import problems
from tests.official import official
from tests.simulator.phones import made

PLACE = "urn:epc:id:sgln:9521234.00001.A"
CHILD = "urn:epc:id:giai:9521234.SENSOR-7"
ASSOCIATION: dict[str, Any] = {
    "type": "AssociationEvent",
    "eventTime": "2026-08-14T07:30:00+02:00",
    "eventTimeZoneOffset": "+02:00",
    "action": "ADD",
    "parentID": PLACE,
    "childEPCs": [CHILD],
    "bizStep": "assembling",
}


def document(*sent: dict[str, Any]) -> bytes:
    whole = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-08-14T08:00:00Z",
        "epcisBody": {"eventList": list(sent)},
    }
    return json.dumps(whole).encode()


def without(*names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ASSOCIATION, **more}.items() if name not in names}


@pytest.fixture
def node(tmp_path: Path) -> Any:
    with made(str(tmp_path / "store"), tmp_path) as node:
        yield node


def test_the_procedure_is_the_one_tested_here() -> None:
    folder = official("gs1/gs1-epcis/Conformance_Requirements/2_Test_Case_Requirements")
    text = (folder / "TCR54_AssociationEvent.md").read_text("utf-8")
    assert [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")][2:] == [
        "1",
        "2",
        "3",
        "4",
    ]


def test_step_1_the_documents_are_in_a_form_that_can_be_captured(node: Node) -> None:
    sets = [
        ASSOCIATION,
        without("childEPCs", childQuantityList=[{"epcClass": "urn:epc:class:lgtin:9521234.154321.L7"}]),
    ]
    assert problems(document(*sets)) == []
    assert read_document(document(*sets)).problems == ()


def test_step_2_a_parent_that_is_a_place_is_captured_and_kept(node: Node) -> None:
    (captured,) = node.capture(read_document(document(ASSOCIATION)))
    node.settled()
    kept = node.entry(captured.index).content
    assert kept is not None
    assert {name: kept[name] for name in ASSOCIATION} == ASSOCIATION
    with node.store.read() as connection:
        row = events.get(connection, captured.index)
    assert row is not None
    assert row.type == "AssociationEvent"


@pytest.mark.parametrize("action", ["ADD", "DELETE"])
def test_step_3_without_a_parent_it_is_not_accepted(node: Node, action: str) -> None:
    assert refused(node, without("parentID", action=action)) == [("missing-member", "/parentID")]


@pytest.mark.parametrize("action", ["ADD", "OBSERVE"])
@pytest.mark.parametrize("empty", [{}, {"childEPCs": []}, {"childEPCs": [], "childQuantityList": []}])
def test_step_4_without_any_child_it_is_not_accepted(node: Node, action: str, empty: dict[str, Any]) -> None:
    assert refused(node, {**without("childEPCs", action=action), **empty}) == [("no-children", "/")]


def test_step_4_is_about_those_two_actions_alone(node: Node) -> None:
    (captured,) = node.capture(read_document(document(without("childEPCs", action="DELETE"))))
    assert node.entry(captured.index).content is not None


@pytest.mark.parametrize("action", ["ADD", "DELETE"])
def test_the_same_holds_of_an_aggregation_where_the_schema_is_silent(node: Node, action: str) -> None:
    event = without("parentID", action=action, type="AggregationEvent")
    assert problems(document(event)) == []
    assert refused(node, event) == [("parent-missing", "/parentID")]


def refused(node: Node, event: dict[str, Any]) -> list[tuple[str, str]]:
    """Why a document with a good event and this one is not accepted, whole."""
    size = node.registry.size
    with pytest.raises(DocumentRefused) as raised:
        node.capture(read_document(document(ASSOCIATION, event)))
    assert node.registry.size == size
    assert {error.context["event"] for error in raised.value.errors} == {1}
    return [(error.code, error.context["member"]) for error in raised.value.errors]
