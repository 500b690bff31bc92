"""What an event is captured with a warning for: each oddity in its place, and nothing that is right."""

from collections import Counter
from typing import Any

import pytest

from ledger.capture.document import read_document
from schemas.epcis.event_hash import VERSIONS, event_hash
from schemas.epcis.warnings import warnings
from schemas.wording import LANGUAGES, catalogue, sentence
from tests.official import walk

DEVICE = "https://id.gs1.org/8004/9521234T1"
EVENT: dict[str, Any] = {
    "@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    "type": "ObjectEvent",
    "eventTime": "2026-08-14T07:30:00+02:00",
    "eventTimeZoneOffset": "+02:00",
    "action": "OBSERVE",
    "quantityList": [{"epcClass": "https://id.gs1.org/01/19521234543210/10/L7", "quantity": 7, "uom": "KGM"}],
}


def sensing(metadata: dict[str, Any], *reports: dict[str, Any], **more: Any) -> dict[str, Any]:
    kept = [{"type": "Temperature", "value": 4, "uom": "CEL", **report} for report in reports or ({},)]
    return {**EVENT, "sensorElementList": [{"sensorMetadata": metadata, "sensorReport": kept}], **more}


def found(event: dict[str, Any]) -> list[tuple[str, str]]:
    return [(warning.code, warning.member) for warning in warnings(event)]


def test_an_ordinary_event_gets_none() -> None:
    assert found(EVENT) == []
    assert (
        found(sensing({"time": "2026-08-14T05:30:00Z", "deviceID": DEVICE}, {"bizRules": "https://a.example/b"})) == []
    )
    assert found(sensing({}, {"time": "2026-08-14T07:29:00+02:00", "deviceID": DEVICE}, {"deviceID": DEVICE})) == []


NAMES = ["time", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"]


@pytest.mark.parametrize("name", NAMES)
def test_what_the_metadata_says_is_not_said_again(name: str) -> None:
    value = "2026-08-14T07:00:00+02:00" if name == "time" else DEVICE
    event = sensing({name: value}, {}, {name: value})
    assert found(event) == [("sensor-stated-twice", f"/sensorElementList/0/sensorReport/1/{name}")]
    assert found(sensing({}, {name: value}, {name: value})) == []


def test_a_report_says_what_it_measures() -> None:
    event = sensing({}, {}, {"exception": "ALARM_CONDITION"})
    del event["sensorElementList"][0]["sensorReport"][1]["type"]
    assert found(event) == [("sensor-report-without-type", "/sensorElementList/0/sensorReport/1/type")]


@pytest.mark.parametrize("name", ["time", "startTime", "endTime"])
def test_nothing_is_measured_after_the_event(name: str) -> None:
    at = "/sensorElementList/0/sensorMetadata"
    assert found(sensing({name: "2026-08-14T05:30:00.001Z"})) == [("sensor-time-after-event", f"{at}/{name}")]
    assert found(sensing({name: "2026-08-14T05:30:00Z"})) == []
    assert found(sensing({name: "2026-08-14T08:00:00+03:00"})) == []


def test_nor_in_a_report() -> None:
    event = sensing({}, {"time": "2026-08-14T07:30:00Z"})
    assert found(event) == [("sensor-time-after-event", "/sensorElementList/0/sensorReport/0/time")]


@pytest.mark.parametrize(
    ("time", "zone", "odd"),
    [
        ("2026-08-14T07:30:00+02:00", "+01:00", True),
        ("2026-08-14T07:30:00.5+02:00", "-02:00", True),
        ("2026-08-14T07:30:00+00:00", "+02:00", True),
        ("2026-08-14T07:30:00Z", "+02:00", False),
        ("2026-08-14T07:30:00z", "+02:00", False),
        ("2026-08-14T07:30:00-00:00", "+02:00", False),
        ("2026-08-14T07:30:00+00:00", "-00:00", False),
        ("2026-08-14T07:30:00-05:30", "-05:30", False),
    ],
)
def test_the_offset_is_that_of_the_time_unless_the_time_is_in_utc(time: str, zone: str, odd: bool) -> None:
    event = {**EVENT, "eventTime": time, "eventTimeZoneOffset": zone}
    assert found(event) == [("offset-contradicts", "/eventTimeZoneOffset")] * odd


@pytest.mark.parametrize("name", ["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"])
def test_a_unit_is_one_we_know(name: str) -> None:
    items = [{"uom": "KGM"}, {"uom": "QQQ"}, {"quantity": 1}]
    assert found({**EVENT, name: items}) == [("unit-not-listed", f"/{name}/1/uom")]


def test_so_is_the_unit_of_a_reading() -> None:
    event = sensing({}, {}, {"uom": "furlong"})
    assert found(event) == [("unit-not-listed", "/sensorElementList/0/sensorReport/1/uom")]


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_a_name_of_content_is_the_hash_of_it(version: Any) -> None:
    named = event_hash(EVENT, version=version)
    assert found({**EVENT, "eventID": named}) == []
    assert found({**EVENT, "eventID": named, "recordTime": "2026-08-15T00:00:00Z"}) == []
    assert found({**EVENT, "eventID": named, "action": "ADD"}) == [("event-id-not-hash", "/eventID")]
    assert found({**EVENT, "eventID": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}) == []


SENSED = sensing({"time": "2026-08-14T05:30:00Z"})
HASHES = {version: event_hash(SENSED, version=version) for version in VERSIONS}


@pytest.mark.parametrize(
    "named",
    [
        "ni:///sha-256;00?ver=CBV2.0",
        "ni:///sha-512;00",
        HASHES["2.0"].partition("?")[0],
        HASHES["2.0"].replace("2.0", "3.0"),
        HASHES["2.1"].replace("2.1", "2.0"),
    ],
)
def test_a_name_in_another_form_or_of_another_version_is_not_the_computed_one(named: str) -> None:
    # The two versions differ over sensors: only 2.1 names the list of them.
    assert HASHES["2.0"].partition("?")[0] != HASHES["2.1"].partition("?")[0]
    assert found({**SENSED, "eventID": HASHES["2.0"]}) == []
    assert found({**SENSED, "eventID": named}) == [("event-id-not-hash", "/eventID")]


def test_an_error_declaration_keeps_the_name_of_its_original() -> None:
    declared = {**EVENT, "eventID": event_hash(EVENT), "errorDeclaration": {"declarationTime": "2026-08-15T00:00:00Z"}}
    assert found(declared) == []


ODD = {
    **sensing(
        {"time": "2026-08-15T00:00:00Z"},
        {"time": "2026-08-14T00:00:00Z", "uom": "QQQ"},
        bizStep="cbv:bizstep-shipping",
        eventID="ni:///sha-256;00?ver=CBV2.0",
        eventTimeZoneOffset="+01:00",
    )
}


def test_each_is_said_in_both_languages() -> None:
    said = warnings(ODD)
    assert [warning.code for warning in said] == [
        "sensor-stated-twice",
        "sensor-time-after-event",
        "unit-not-listed",
        "offset-contradicts",
        "word-letter-case",
        "event-id-not-hash",
    ]
    for warning in said:
        assert warning.context["member"] == warning.member
        for language in LANGUAGES:
            assert warning.code in catalogue(language)
            assert "{" not in sentence(warning.code, warning.context, language)


@pytest.mark.parametrize(
    "value", [None, 7, "x", "ni:", [], {}, [7], [[]], [{}], [{"sensorMetadata": 7, "sensorReport": [7]}]]
)
def test_whatever_an_event_holds_nothing_breaks(value: Any) -> None:
    for name in (*ODD, "inputQuantityList"):
        warnings({**ODD, name: value})
    warnings({"sensorElementList": [{"sensorMetadata": dict.fromkeys(NAMES, value), "sensorReport": [{"uom": value}]}]})


def test_how_often_official_documents_are_odd() -> None:
    """They are captured all the same, so a change of these counts is a change of what users are told."""
    counted: Counter[str] = Counter()
    for file in walk("gs1/gs1-epcis/JSON/**/*.jsonld"):
        document = read_document(file.read_bytes())
        assert document.problems == ()
        counted.update(warning.code for warning in document.warnings)
    # The list of units grows; what official documents do with times, devices and names does not.
    del counted["unit-not-listed"]
    assert counted == {"event-id-not-hash": 35, "sensor-stated-twice": 20, "sensor-time-after-event": 12}
