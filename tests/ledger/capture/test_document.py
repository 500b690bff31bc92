"""What comes in is judged whole: every sound official document is taken, every fault named with its place."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from ledger.capture.document import read_document
from ledger.capture.judge import judge
from schemas.errors import InputError
from schemas.syntax.json_text import Number, read
from schemas.wording import LANGUAGES, explain
from tests.official import official_files, present

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# Its sensor reports name a measurement type that EPCIS does not have, so the ratified schema refuses it too.
UNSOUND = "SensorData_with_combined_events.json"
SOUND = [
    param
    for param in official_files(
        "gs1/gs1-epcis/JSON/**/*.json*",
        "gs1/openepcis-test-resources/2.0/EPCIS/JSON/Capture/Documents/*.json*",
        "gs1/openepcis-test-resources/2.0/EPCIS/JSON/Capture/Events/*.json*",
        "gs1/openepcis-test-resources/2.0/EPCIS/JSON/Query/*.json*",
        "gs1/event-hash-vectors-2026-07/documents/*.json*",
    )
    if param.values[0].name != UNSOUND
]
INVALID = official_files("gs1/openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/*.json*")
EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-08-14T07:30:00+02:00",
    "eventTimeZoneOffset": "+02:00",
    "action": "OBSERVE",
    "bizStep": "shipping",
    "epcList": ["https://id.gs1.org/01/09521234543213/10/L7"],
}


def document(*events: Any, **more: Any) -> bytes:
    whole = {
        "@context": [CONTEXT, {"example": "http://ns.example.com/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-08-14T08:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }
    return json.dumps({**whole, **more}).encode()


@pytest.mark.parametrize("file", SOUND)
def test_every_sound_official_document_is_taken(file: Path) -> None:
    data = present(file).read_bytes()
    taken = read_document(data, name=file.name)
    assert taken.problems == ()
    assert taken.sha256 == hashlib.sha256(data).digest()
    assert taken.events
    for sent in taken.events:
        assert sent.event["@context"]
        assert judge(sent.event) == []


@pytest.mark.parametrize("file", INVALID)
def test_every_invalid_official_document_is_refused_in_words(file: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_document(present(file).read_bytes(), name=file.name).check()
    assert refused.value.context["document"] == file.name
    for language in LANGUAGES:
        text = explain(refused.value, language)
        assert file.name in text
        assert "{" not in text


def test_each_event_carries_its_documents_context_and_its_own() -> None:
    own = {**EVENT, "@context": {"rail": "urn:gs1:epcisapp:rail:"}}
    taken = read_document(document(EVENT, own))
    given = [CONTEXT, {"example": "http://ns.example.com/"}]
    assert [sent.event["@context"] for sent in taken.events] == [given, [*given, {"rail": "urn:gs1:epcisapp:rail:"}]]
    assert [sent.index for sent in taken.events] == [0, 1]


def test_what_is_unknown_and_how_numbers_are_written_stays() -> None:
    data = document({**EVENT, "example:kept": {"b": 1, "a": [None]}}).replace(b'"b": 1', b'"b": 1.50')
    (sent,) = read_document(data).events
    assert sent.event["example:kept"] == {"b": Number("1.50"), "a": [None]}
    assert list(sent.event) == ["@context", *EVENT, "example:kept"]


def test_bare_events_lists_and_query_documents_are_taken() -> None:
    bare = {"@context": CONTEXT, **EVENT}
    assert len(read_document(json.dumps(bare).encode()).events) == 1
    assert len(read_document(json.dumps([bare, bare]).encode(), media_type="application/json").events) == 2
    body = {"queryResults": {"queryName": "q", "resultsBody": {"eventList": [EVENT]}}}
    query = {"@context": CONTEXT, "type": "EPCISQueryDocument", "epcisBody": body}
    assert read_document(json.dumps(query).encode()).problems == ()


def test_a_bad_event_is_named_and_the_others_stay_sound() -> None:
    late = {**EVENT, "eventTime": "2026-08-14T07:30:00"}
    wrong = {**EVENT, "epcList": ["https://id.gs1.org/01/09521234543214/10/L7"]}
    taken = read_document(document(EVENT, late, wrong, 7, EVENT), name="a.json")
    assert [[problem.code for problem in sent.problems] for sent in taken.events] == [
        [],
        ["time-without-zone"],
        ["wrong-check-digit"],
        ["member-not-object"],
        [],
    ]
    assert [problem.event for problem in taken.problems] == [1, 2, 3]
    with pytest.raises(InputError, match="time-without-zone") as refused:
        taken.check()
    expected = {"document": "a.json", "event": 1, "member": "/eventTime", "value": "2026-08-14T07:30:00"}
    assert refused.value.context == expected


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"bizStep": "transforming"}, "unknown-word", "/bizStep"),
    ({"bizStep": "https://ref.gs1.org/cbv/BizStep-transforming"}, "unknown-word", "/bizStep"),
    ({"epcList": ["https://id.gs1.org/01/09521234543214/10/L7"]}, "wrong-check-digit", "/epcList/0"),
    ({"eventTime": "2026-08-14T07:30:00"}, "time-without-zone", "/eventTime"),
    ({"quantityList": [{"epcClass": "urn:a:b", "quantity": "7"}]}, "member-not-number", "/quantityList/0/quantity"),
    ({"example:x": {"_sd": []}}, "reserved-name", "/example:x/_sd"),
    ({"type": "AggregationEvent", "childEPCs": ["urn:a:b"], "epcList": []}, "unknown-member", "/epcList"),
    ({"ilmd": {"example:variety": "Frantoio"}}, "ilmd-without-add", "/action"),
]


@pytest.mark.parametrize(("change", "code", "member"), FAULTS)
def test_each_fault_of_an_event_has_its_own_code(change: dict[str, Any], code: str, member: str) -> None:
    taken = read_document(document({**EVENT, **change}))
    assert [(problem.event, problem.code, problem.member) for problem in taken.problems] == [(0, code, member)]


def test_what_is_odd_is_a_warning_and_no_problem() -> None:
    odd = {**EVENT, "eventTimeZoneOffset": "+01:00"}
    wrong = {**odd, "bizStep": "transforming"}
    taken = read_document(document(EVENT, odd, wrong), name="a.json")
    assert [[(found.event, found.code, found.member) for found in sent.warnings] for sent in taken.events] == [
        [],
        [(1, "offset-contradicts", "/eventTimeZoneOffset")],
        [],
    ]
    assert taken.warnings == taken.events[1].warnings
    assert [problem.code for problem in taken.problems] == ["unknown-word"]


def test_a_fault_is_named_once_though_schema_and_vocabulary_both_see_it() -> None:
    problems = judge({"@context": CONTEXT, **EVENT, "bizStep": "urn:epcglobal:cbv:bizstep:transforming"})
    assert [problem.code for problem in problems] == ["unknown-word"]


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "json-syntax", {}),
        (b"{", "json-syntax", {}),
        (b"\xff{}", "json-not-utf8", {}),
        (b"\xef\xbb\xbf{}", "json-byte-order-mark", {}),
        (document(EVENT).replace(b'"action": ', b'"action": "ADD", "action": '), "json-duplicate-name", {"event": 0}),
        (document(EVENT, creationDate="today"), "not-a-time", {"member": "/creationDate"}),
        (document(EVENT, epcisBody={}), "missing-member", {"member": "/epcisBody/eventList"}),
    ],
)
def test_what_cannot_be_read_as_a_document_is_refused_with_its_place(
    data: bytes, code: str, place: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match=code) as refused:
        read_document(data, name="a.json")
    assert {"document": "a.json", **place}.items() <= refused.value.context.items()


def test_other_media_types_are_not_taken() -> None:
    assert read_document(document(EVENT), media_type="Application/LD+JSON; charset=utf-8").problems == ()
    with pytest.raises(InputError, match="media-type-unknown"):
        read_document(document(EVENT), media_type="text/csv")


def test_reading_does_not_depend_on_sibling_events() -> None:
    alone = read_document(document(EVENT)).events[0].event
    among = read_document(document({**EVENT, "@context": {"a": "urn:a:"}}, EVENT)).events[1].event
    assert alone == among
    assert read(json.dumps(EVENT)).items() <= alone.items()  # type: ignore[union-attr]
