"""Our schema and the ratified one give one verdict: on every document there is, and on mutilated ones."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.epcis import validate
from schemas.epcis.event import split, with_context
from schemas.epcis.json_schema import schema
from schemas.errors import InputError
from tests.official import DATA, not_run, official_files, present

RATIFIED = DATA / "gs1/epcis-schemas-2.0.1/json-schema/epcis-json-schema.json"
# Every folder whose documents are events and documents of EPCIS 2.0 JSON, valid or not.
DOCUMENTS = official_files(
    "gs1/gs1-epcis/JSON/**/*.json*",
    "gs1/gs1-epcis/JSON-simple-context/**/*.json*",
    "gs1/gs1-epcis/JSON-Schema/test/*.json*",
    "gs1/gs1-epcis/XML/WithEventHashID/*.json*",
    "gs1/openepcis-test-resources/2.0/EPCIS/JSON/Capture/**/*.json*",
    "gs1/openepcis-test-resources/2.0/EPCIS/JSON/Query/*.json*",
    "gs1/openepcis-test-resources/2.0/EPCIS/JSON/Query/Invalid/*.json*",
    "gs1/event-hash-vectors-2026-07/documents*/*.json*",
    "gs1/event-hash-legacy-2025/**/*.json*",
    "gs1/openepcis-dpp-ready/us/fsma204/epcis/*.json*",
    "gs1/openepcis-dpp-ready/us/fsma204/examples/*.json*",
    "gs1/openepcis-dpp-ready/eu/eudr/epcis/*.json*",
    "gs1/openepcis-dpp-ready/eu/eudr/examples/*.json*",
    "gs1/openepcis-event-sentry/examples/epcis-events/*.json*",
    "gs1/openepcis-event-sentry/test-data/events/*.json*",
    "gs1/opentraceability-gdst/test-data/*.json*",
    "gs1/fastnt/tests/v2_0/**/*.json*",
    "gs1/epcis-sanitisation/events/*.json*",
    "gs1/chains/*.json*",
)
SOUND = [param for param in DOCUMENTS if "/JSON/" in str(param.values[0])]
SEEDS = [param.values[0] for param in SOUND]


@cache
def ratified() -> Any:
    if not RATIFIED.exists():
        not_run("no official data: epcis-json-schema.json")
    return jsonschema_rs.Draft7Validator(json.loads(RATIFIED.read_text("utf-8")), validate_formats=True)


@cache
def ours_whole() -> Any:
    return jsonschema_rs.Draft7Validator(schema(), validate_formats=True)


def readable(file: Path) -> Any:
    """The document as any JSON reader has it, or None where it is no JSON."""
    try:
        return json.loads(present(file).read_text("utf-8-sig"))
    except ValueError:
        return None


def agree(tree: Any) -> bool:
    """Both verdicts, held equal; ours as one schema and event by event."""
    theirs = ratified().is_valid(tree)
    assert ours_whole().is_valid(tree) == theirs
    problems = validate.problems(json.dumps(tree).encode())
    assert (not problems) == theirs, problems
    return theirs


@pytest.mark.parametrize("file", DOCUMENTS)
def test_verdict_is_that_of_the_ratified_schema(file: Path) -> None:
    tree = readable(file)
    if tree is None:
        with pytest.raises(InputError, match="json"):
            validate.problems(file.read_bytes())
        return
    for each in tree if isinstance(tree, list) else [tree]:
        agree(each)


def test_the_corpus_holds_valid_and_invalid_documents() -> None:
    trees = [tree for param in DOCUMENTS if isinstance(tree := readable(param.values[0]), dict)]
    verdicts = [ratified().is_valid(tree) for tree in trees]
    assert verdicts.count(True) > 130
    assert verdicts.count(False) > 60


DROP = object()
NASTY: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "a:b",
    "urn:x:y",
    "urn:epc:id:sgtin:0614141.107346.2017",
    [],
    [[]],
    {},
    {"id": "urn:a:b"},
    ["urn:a:b", "urn:a:b"],
    ["urn:a:b", 7],
    [{}],
    "2020-01-01",
    "2020-01-01T00:00:00",
    "2020-01-01T00:00:00Z",
    "2020-02-30T00:00:00Z",
    "2020-01-01T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2020-01-01t00:00:00z",
    "2020-01-01 00:00:00Z",
    "+01:00",
    "-14:00",
    "+14:30",
    "+1:00",
    "shipping",
    "transforming",
    "urn:epcglobal:cbv:bizstep:shipping",
    "https://ref.gs1.org/cbv/BizStep-shipping",
    "https://ns.gs1.org/cbv/BizStep-shipping",
    "https://gs1.org/voc/Temperature",
    "gs1:Temperature",
    "Temperature",
    "KGM",
    "kgm",
    "K",
    "KGMX",
    "ADD",
    "DELETE",
    "OBSERVE",
    "add",
    "ABC123",
    "2.0",
    "2.",
    "v2",
    {"epcClass": "urn:a:b", "quantity": "1"},
    [{"epcClass": "urn:a:b", "quantity": 1, "weight": 2}],
    {"set": []},
    {"set": ["active"]},
    {"set": ["active", "active"]},
    {"sensorReport": []},
    [{"sensorReport": [{"type": "Temperature", "value": 1}]}],
    [{"type": "po", "bizTransaction": "urn:a:b"}],
    {"type": "location", "source": "urn:a:b"},
    "http://ex ample.com",
    "\u20ac:x",
]
NAMES = [
    "type",
    "id",
    "@context",
    "foo",
    "example:foo",
    "x:",
    "action",
    "ilmd",
    "epcList",
    "quantityList",
    "childEPCs",
    "parentID",
    "persistentDisposition",
    "transformationID",
    "inputEPCList",
    "outputQuantityList",
    "sensorElementList",
    "readPoint",
    "errorDeclaration",
    "certificationInfo",
    "recordTime",
    "bizTransactionList",
    "sourceList",
    "uom",
    "bizRules",
    "eventID",
    "bizStep",
    "disposition",
    "destinationList",
    "childQuantityList",
    "masterData",
    "epcisMasterData",
    "eventList",
    "reason",
]
TYPES = [
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
    "OtherEvent",
    "ex:OtherEvent",
    "EPCISDocument",
    "EPCISQueryDocument",
]


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every (holder, name or position) of a tree."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        keys = list(item) if isinstance(item, dict) else list(range(len(item))) if isinstance(item, list) else []
        found += [(item, key) for key in keys]
        waiting += [item[key] for key in keys]
    return found


def mutilate(tree: Any, draw: st.DataObject) -> None:
    """One change somewhere: a member dropped, replaced, added, repeated, or the type of an object changed."""
    holder, key = draw.draw(st.sampled_from(places(tree)))
    kind = draw.draw(st.sampled_from(["drop", "replace", "replace", "add", "add", "repeat", "type"]))
    if kind == "drop":
        del holder[key]
    elif kind == "replace":
        holder[key] = copy.deepcopy(draw.draw(st.sampled_from(NASTY)))
    elif kind == "add" and isinstance(holder, dict):
        holder[draw.draw(st.sampled_from(NAMES))] = copy.deepcopy(draw.draw(st.sampled_from(NASTY)))
    elif kind == "repeat" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif kind == "type":
        typed = [each for each, name in places(tree) if name == "type" and isinstance(each, dict)]
        if typed:
            draw.draw(st.sampled_from(typed))["type"] = draw.draw(st.sampled_from(TYPES))


@cache
def seed(position: int) -> str:
    return json.dumps(readable(SEEDS[position]))


@given(st.data())
def test_verdict_is_the_same_on_mutilated_documents(data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(SEEDS) - 1))
    for _ in range(12):
        tree = json.loads(seed(position))
        for _ in range(data.draw(st.integers(1, 3))):
            if places(tree):
                mutilate(tree, data)
        agree(tree)


@given(st.data())
def test_an_event_is_judged_alike_in_its_document_and_by_itself(data: st.DataObject) -> None:
    tree = json.loads(seed(data.draw(st.integers(0, len(SEEDS) - 1))))
    sent = split(tree)
    for event in sent.events:
        context = data.draw(
            st.sampled_from([sent.context, [sent.context], [], {}, 7, None, ["urn:a:b", "urn:a:b"], DROP])
        )
        if context is not DROP:
            event["@context"] = context
    mutilate(tree["epcisBody"] if sent.context is not None else tree, data)
    sent = split(tree)
    if validate.document_problems(tree, sent):
        return
    for event in sent.events:
        if isinstance(event, dict) and sent.context is not None:
            whole = with_context(sent.context, event)
            assert bool(validate.event_problems(whole)) == bool(validate.event_problems(event, bare=False))


@given(st.data())
def test_verdict_is_the_same_on_a_mutilated_bare_event(data: st.DataObject) -> None:
    whole = json.loads(seed(data.draw(st.integers(0, len(SEEDS) - 1))))
    events = whole.get("epcisBody", {}).get("eventList") or [whole]
    chosen = data.draw(st.sampled_from(events))
    for _ in range(12):
        event = copy.deepcopy(chosen)
        event.setdefault("@context", "https://ref.gs1.org/standards/epcis/epcis-context.jsonld")
        mutilate(event, data)
        agree(event)


FULL = official_files(
    "gs1/gs1-epcis/JSON/WithFullCombinationOfFields/*.json*",
    "gs1/gs1-epcis/JSON/WithErrorDeclaration/ErrorDeclarationAndCorrectiveEvent.jsonld",
    "gs1/gs1-epcis/JSON/PersistentDisposition-example.jsonld",
)


@pytest.mark.parametrize("file", FULL)
def test_verdict_is_the_same_whatever_one_member_is(file: Path) -> None:
    whole = readable(file)
    event = whole["epcisBody"]["eventList"][0]
    event.setdefault("@context", whole["@context"])
    for holder, key in places(event):
        kept = holder[key]
        for nasty in NASTY:
            holder[key] = nasty
            assert validate.is_valid(event) == ratified().is_valid(event)
        holder[key] = kept


# Files with hundreds of members take as many verdicts: they are long ones.
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(*param.values, id=param.id, marks=[pytest.mark.long] if "combined" in str(param.id) else [])
        for param in SOUND
    ],
)
def test_verdict_is_the_same_without_or_with_twice_any_one_thing(file: Path) -> None:
    whole = readable(file)
    for position in range(len(places(whole))):
        tree = copy.deepcopy(whole)
        holder, key = places(tree)[position]
        if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
            agree(tree)
        del holder[key]
        agree(tree)
