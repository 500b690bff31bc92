"""What is wrong is said once, where it is, and in a sentence of both languages."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.epcis import validate
from schemas.epcis.event import Problem
from schemas.errors import InputError
from schemas.syntax.json_text import Number
from schemas.wording import LANGUAGES, catalogue, sentence

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
OBJECT: dict[str, Any] = {
    "@context": [CONTEXT, {"example": "http://ns.example.com/"}],
    "type": "ObjectEvent",
    "eventTime": "2026-08-14T07:30:00+02:00",
    "eventTimeZoneOffset": "+02:00",
    "action": "ADD",
    "bizStep": "commissioning",
    "disposition": "active",
    "epcList": ["urn:epc:id:sscc:952123.12345678901"],
    "quantityList": [
        {"epcClass": "https://id.gs1.org/01/09521234543213/10/L7", "quantity": 1250.50, "uom": "KGM"},
    ],
    "readPoint": {"id": "https://id.gs1.org/414/9521234000006"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:9521234000006:7"}],
    "sourceList": [{"type": "location", "source": "https://id.gs1.org/414/9521234000006"}],
    "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 4.5, "uom": "CEL"}]}],
    "ilmd": {"example:variety": "Romagna Big"},
    "example:field": "12",
}
TRANSFORMATION: dict[str, Any] = {
    "@context": CONTEXT,
    "type": "TransformationEvent",
    "eventTime": "2026-08-14T07:30:00Z",
    "eventTimeZoneOffset": "+00:00",
    "inputEPCList": ["urn:example:lot:1"],
    "outputEPCList": ["urn:example:lot:2"],
}
AGGREGATION: dict[str, Any] = {
    "@context": CONTEXT,
    "type": "AggregationEvent",
    "eventTime": "2026-08-14T07:30:00Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "ADD",
    "parentID": "urn:epc:id:sscc:952123.12345678901",
    "childEPCs": ["urn:example:item:1"],
}
REPORT = "sensorElementList/0/sensorReport/0"
DROP = object()


def changed(event: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the event with one member set or dropped; path steps joined by `/`."""
    whole = copy.deepcopy(event)
    *steps, last = path.split("/")
    here: Any = whole
    for step in steps:
        here = here[int(step)] if step.isdigit() else here[step]
    key = int(last) if last.isdigit() else last
    if value is DROP:
        del here[key]
    else:
        here[key] = value
    return whole


def found(event: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.member) for problem in validate.problems(json.dumps(event).encode())]


@pytest.mark.parametrize("event", [OBJECT, TRANSFORMATION, AGGREGATION])
def test_a_sound_event_has_no_problem(event: dict[str, Any]) -> None:
    assert found(event) == []


LONG = "x" * 300
CASES: list[tuple[dict[str, Any], str, Any, str, str]] = [
    (OBJECT, "eventTime", DROP, "missing-member", "/eventTime"),
    (OBJECT, "action", DROP, "missing-member", "/action"),
    (OBJECT, "@context", DROP, "missing-member", "/@context"),
    (OBJECT, "quantityList/0/epcClass", DROP, "missing-member", "/quantityList/0/epcClass"),
    (OBJECT, "readPoint/id", DROP, "missing-member", "/readPoint/id"),
    (OBJECT, "sourceList/0/type", DROP, "missing-member", "/sourceList/0/type"),
    (OBJECT, "colour", "red", "unknown-member", "/colour"),
    (OBJECT, "a~b/c", "red", "", ""),
    (OBJECT, "quantityList/0/weight", 3, "member-not-allowed", "/quantityList/0/weight"),
    (OBJECT, "ilmd/variety", "x", "unknown-member", "/ilmd/variety"),
    (OBJECT, f"{REPORT}/unit", "CEL", "unknown-member", f"/{REPORT}/unit"),
    (OBJECT, "quantityList/0/quantity", "1250.50", "member-not-number", "/quantityList/0/quantity"),
    (OBJECT, f"{REPORT}/booleanValue", "yes", "member-not-boolean", f"/{REPORT}/booleanValue"),
    (OBJECT, "eventTime", 20260814, "member-not-text", "/eventTime"),
    (OBJECT, "bizStep", 7, "member-not-text", "/bizStep"),
    (OBJECT, "type", 7, "member-not-text", "/type"),
    (OBJECT, "type", DROP, "missing-member", "/type"),
    (OBJECT, "epcList", "urn:a:b", "member-not-list", "/epcList"),
    (OBJECT, "readPoint", "urn:a:b", "member-not-object", "/readPoint"),
    (OBJECT, "epcList/0", "9521234", "not-a-uri", "/epcList/0"),
    (OBJECT, "certificationInfo", "nope", "not-a-uri", "/certificationInfo"),
    (OBJECT, "type", "MyEvent", "not-a-uri", "/type"),
    (OBJECT, "eventTime", "2026-08-14T07:30:00", "time-without-zone", "/eventTime"),
    (OBJECT, "eventTime", "2026-08-14T07:30:00.123", "time-without-zone", "/eventTime"),
    (OBJECT, "eventTime", "14/08/2026", "not-a-time", "/eventTime"),
    (OBJECT, "eventTime", "2026-02-30T07:30:00Z", "not-a-time", "/eventTime"),
    (OBJECT, "eventTimeZoneOffset", "+2:00", "bad-zone-offset", "/eventTimeZoneOffset"),
    (OBJECT, "eventTimeZoneOffset", "+14:30", "bad-zone-offset", "/eventTimeZoneOffset"),
    (OBJECT, "quantityList/0/uom", "kg", "bad-unit", "/quantityList/0/uom"),
    (OBJECT, f"{REPORT}/hexBinaryValue", "0x1", "bad-hex", f"/{REPORT}/hexBinaryValue"),
    (OBJECT, "epcList", ["urn:a:b", "urn:a:b"], "repeated-item", "/epcList"),
    (OBJECT, "sensorElementList/0/sensorReport", [], "empty-list", "/sensorElementList/0/sensorReport"),
    (OBJECT, "action", "CREATE", "not-in-list", "/action"),
    (OBJECT, "action", "OBSERVE", "ilmd-without-add", "/action"),
    (OBJECT, "bizStep", "transforming", "unknown-word", "/bizStep"),
    (OBJECT, "bizStep", "urn:epcglobal:cbv:bizstep:transforming", "unknown-word", "/bizStep"),
    (OBJECT, "bizStep", "urn:epcglobal:cbv:bizstep:shipping", "word-spelled-out", "/bizStep"),
    (OBJECT, "sourceList/0/type", "urn:epcglobal:cbv:sdt:location", "word-spelled-out", "/sourceList/0/type"),
    (OBJECT, f"{REPORT}/type", "Heat", "unknown-word", f"/{REPORT}/type"),
    (OBJECT, "@context", 7, "bad-context", "/@context"),
    (OBJECT, "@context", [CONTEXT, CONTEXT], "bad-context", "/@context"),
    (OBJECT, "persistentDisposition", {}, "set-and-unset-missing", "/persistentDisposition"),
    (TRANSFORMATION, "inputEPCList", DROP, "transformation-one-sided", ""),
    (TRANSFORMATION, "outputEPCList", [], "transformation-one-sided", ""),
    (AGGREGATION, "childEPCs", DROP, "no-children", ""),
    (AGGREGATION, "bizStep", LONG, "unknown-word", "/bizStep"),
]


@pytest.mark.parametrize(("event", "path", "value", "code", "member"), CASES)
def test_each_fault_is_named_once_and_in_its_place(
    event: dict[str, Any], path: str, value: Any, code: str, member: str
) -> None:
    if not code:
        assert found({**event, path: value}) == [("unknown-member", "/a~0b~1c")]
        return
    assert found(changed(event, path, value)) == [(code, member)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("event", "path", "value", "code", "member"), [case for case in CASES if case[3]])
def test_each_fault_has_a_short_sentence_with_nothing_left_open(
    language: Any, event: dict[str, Any], path: str, value: Any, code: str, member: str
) -> None:
    (problem,) = validate.problems(json.dumps(changed(event, path, value)).encode())
    assert code in catalogue(language)
    text = sentence(problem.code, problem.context, language)
    assert "{" not in text
    assert LONG not in text


def test_nothing_observed_needs_something() -> None:
    bare = {name: OBJECT[name] for name in ("@context", "type", "eventTime", "eventTimeZoneOffset", "action")}
    assert found(bare) == [("nothing-observed", "")]
    assert found({**bare, "epcList": []}) == []
    assert found({**bare, "sensorElementList": OBJECT["sensorElementList"]}) == [("nothing-observed", "")]
    assert found({**bare, "sensorElementList": OBJECT["sensorElementList"], "readPoint": OBJECT["readPoint"]}) == []


def document(*events: Any) -> dict[str, Any]:
    return {
        "@context": [CONTEXT, {"example": "http://ns.example.com/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-08-14T08:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }


def test_problems_of_a_document_name_its_events_by_position() -> None:
    late = changed(changed(OBJECT, "@context", DROP), "eventTime", "yesterday")
    whole = {**document(OBJECT, late, 7), "creationDate": "today"}
    problems = validate.problems(json.dumps(whole).encode())
    assert [(problem.code, problem.event, problem.member) for problem in problems] == [
        ("not-a-time", None, "/creationDate"),
        ("not-a-time", 1, "/eventTime"),
        ("member-not-object", 2, ""),
    ]


@pytest.mark.parametrize(
    ("path", "value", "code", "member"),
    [
        ("schemaVersion", 2.0, "member-not-text", "/schemaVersion"),
        ("schemaVersion", "two", "bad-version", "/schemaVersion"),
        ("creationDate", DROP, "missing-member", "/creationDate"),
        ("epcisBody", DROP, "missing-member", "/epcisBody"),
        ("epcisBody/eventList", DROP, "missing-member", "/epcisBody/eventList"),
        ("epcisBody/eventList", {}, "member-not-list", "/epcisBody/eventList"),
        ("date", "x", "unknown-member", "/date"),
    ],
)
def test_faults_of_the_document_around_the_events_are_its_own(path: str, value: Any, code: str, member: str) -> None:
    whole = changed(document(OBJECT), path, value)
    assert [(p.event, p.code, p.member) for p in validate.problems(json.dumps(whole).encode())] == [
        (None, code, member)
    ]


def test_text_that_is_not_strict_json_is_refused() -> None:
    with pytest.raises(InputError, match="json-duplicate-name"):
        validate.problems(b'{"type":"ObjectEvent","type":"ObjectEvent"}')


@pytest.mark.parametrize("text", ["1.50", "1e999", "-1e999", "9" * 64, "0.1e-400", "-0"])
def test_any_json_number_is_a_number_to_the_engine(text: str) -> None:
    event = changed(OBJECT, "quantityList/0/quantity", Number(text))
    assert validate.event_problems(event) == []
    assert event["quantityList"][0]["quantity"] == Number(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(VALUES)
def test_whatever_is_sent_is_judged(value: Any) -> None:
    problems = validate.problems(json.dumps(value).encode("utf-8", "surrogatepass"))
    assert all(isinstance(problem, Problem) for problem in problems)
    assert problems or value == []
