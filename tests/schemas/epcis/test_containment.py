"""Parents and children of aggregations and associations: what is refused, and what is not."""

from typing import Any

import pytest

from ledger.capture.document import read_document
from ledger.capture.judge import judge
from schemas.epcis.containment import problems
from schemas.wording import LANGUAGES, catalogue, sentence
from tests.official import walk

UNIT = "https://id.gs1.org/00/095212340000001119"
CHILD = "https://id.gs1.org/01/19521234543210/21/7"
CLASS = "https://id.gs1.org/01/19521234543210/10/L7"
CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"


def packing(kind: str = "AggregationEvent", **more: Any) -> dict[str, Any]:
    event = {
        "@context": CONTEXT,
        "type": kind,
        "eventTime": "2026-08-14T07:30:00+02:00",
        "eventTimeZoneOffset": "+02:00",
        "action": "ADD",
        "parentID": UNIT,
        "childEPCs": [CHILD],
        **more,
    }
    return {name: value for name, value in event.items() if value is not None}


def codes(event: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.code, problem.member) for problem in judge(event)]


@pytest.mark.parametrize("kind", ["AggregationEvent", "AssociationEvent"])
@pytest.mark.parametrize("action", ["ADD", "OBSERVE", "DELETE"])
def test_a_parent_with_children_is_right(kind: str, action: str) -> None:
    assert codes(packing(kind, action=action)) == []
    assert codes(packing(kind, action=action, childEPCs=None, childQuantityList=[{"epcClass": CLASS}])) == []


@pytest.mark.parametrize(
    ("kind", "action", "found"),
    [
        ("AggregationEvent", "ADD", [("parent-missing", "/parentID")]),
        ("AggregationEvent", "DELETE", [("parent-missing", "/parentID")]),
        ("AggregationEvent", "OBSERVE", []),
        ("AssociationEvent", "ADD", [("missing-member", "/parentID")]),
        ("AssociationEvent", "DELETE", [("missing-member", "/parentID")]),
        ("AssociationEvent", "OBSERVE", [("missing-member", "/parentID")]),
    ],
)
def test_without_a_parent(kind: str, action: str, found: list[tuple[str, str]]) -> None:
    assert codes(packing(kind, action=action, parentID=None)) == found


@pytest.mark.parametrize("kind", ["AggregationEvent", "AssociationEvent"])
@pytest.mark.parametrize("children", [{}, {"childEPCs": []}, {"childEPCs": [], "childQuantityList": []}])
def test_only_what_takes_everything_out_may_name_no_child(kind: str, children: dict[str, Any]) -> None:
    for action, found in (("ADD", ["no-children"]), ("OBSERVE", ["no-children"]), ("DELETE", [])):
        event = packing(kind, action=action, **{"childEPCs": None, **children})
        assert [code for code, _ in codes(event)] == found


@pytest.mark.parametrize("kind", ["AggregationEvent", "AssociationEvent"])
@pytest.mark.parametrize("action", ["ADD", "OBSERVE", "DELETE"])
def test_nothing_stands_inside_itself_however_it_is_written(kind: str, action: str) -> None:
    children = [CHILD, "urn:epc:id:sscc:9521234.0000000111"]
    assert codes(packing(kind, action=action, childEPCs=children)) == [("parent-is-child", "/childEPCs/1")]
    classes = [{"epcClass": CLASS, "quantity": 1}]
    event = packing(kind, action=action, parentID=CLASS, childEPCs=None, childQuantityList=classes)
    assert codes(event) == [("parent-is-child", "/childQuantityList/0/epcClass")]


def test_other_events_have_other_rules() -> None:
    transaction = packing("TransactionEvent", parentID=None, childEPCs=None, epcList=[CHILD])
    transaction["bizTransactionList"] = [{"type": "po", "bizTransaction": "urn:coop:po:7"}]
    assert codes(transaction) == []


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [7], [[]], [{"epcClass": 7}]])
def test_whatever_stands_in_place_of_parents_and_children_nothing_breaks(value: Any) -> None:
    names = ("parentID", "childEPCs", "childQuantityList", "action", "type")
    for name in names:
        problems({**packing(), name: value})
    problems({"type": "AggregationEvent", **dict.fromkeys(names[:3], value)})


@pytest.mark.parametrize("code", ["parent-missing", "parent-is-child"])
def test_each_is_said_in_both_languages(code: str) -> None:
    found = problems(packing(parentID=None)) + problems(packing(childEPCs=[UNIT]))
    (problem,) = [problem for problem in found if problem.code == code]
    for language in LANGUAGES:
        assert problem.code in catalogue(language)
        assert "{" not in sentence(problem.code, problem.context, language)


def test_no_official_document_breaks_a_rule_of_these() -> None:
    checked = 0
    for file in walk("gs1/gs1-epcis/JSON/**/*.jsonld", "gs1/openepcis-test-resources/2.0/EPCIS/JSON/Capture/*s/*.json"):
        for sent in read_document(file.read_bytes()).events:
            assert problems(sent.event) == []
            checked += sent.event["type"] in ("AggregationEvent", "AssociationEvent")
    assert checked > 20
