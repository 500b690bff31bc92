"""TCR-53 (SensorElement) of the official conformance requirements: the steps that capture (1, 27, 29).

Its other steps ask for what these captured, and are in `test_tcr53_queries.py`. Step 29 asks that what stands in the
metadata and again in a report is not accepted, while official examples (`WithFullCombinationOfFields`) do just that: it
is captured with a warning for each member, and not accepted where capture is strict (`--strict`).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.capture.document import read_document
from ledger.node import Node
from ledger.store import events, findings
from ledger.writer.gateway import DocumentRefused
from schemas.epcis.holders import holder
from schemas.epcis.validate import problems
from schemas.syntax.json_text import Json, Number
from tests.official import official
from tests.simulator.phones import made

DEVICE = "https://id.gs1.org/8004/9521234T1"
METADATA: dict[str, Any] = {
    "time": "2026-08-14T05:20:00Z",
    "deviceID": DEVICE,
    "deviceMetadata": "https://id.gs1.org/8004/9521234T1-DATA",
    "rawData": "https://coop.example/raw/1",
    "startTime": "2026-08-14T05:00:00Z",
    "endTime": "2026-08-14T05:20:00Z",
    "bizRules": "https://coop.example/rules/1",
    "dataProcessingMethod": "https://coop.example/method/1",
    "coop:cabinet": 7,
}
REPORT: dict[str, Any] = {
    "type": "gs1:Temperature",
    "value": 4.5,
    "component": "x",
    "stringValue": "cold",
    "booleanValue": True,
    "hexBinaryValue": "f0f0f0",
    "uriValue": "https://coop.example/scale/cold",
    "uom": "CEL",
    "minValue": 4,
    "maxValue": 5,
    "sDev": 0.1,
    "chemicalSubstance": "urn:epcglobal:cbv:inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N",
    "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
    "meanValue": 4.4,
    "percRank": 50,
    "percValue": 4.3,
    "coordinateReferenceSystem": "https://coop.example/crs/1",
    "exception": "ALARM_CONDITION",
    "coop:calibrated": "2026-01-15T09:00:00+01:00",
}
# What may stand in either, and in one only.
INLINE = ("dataProcessingMethod", "deviceID", "deviceMetadata", "rawData", "time", "bizRules")
OWN = {
    **{name: METADATA[name].replace("/1", "/2").replace("T1", "T2") for name in INLINE},
    "time": "2026-08-14T05:10:00Z",
}
PLAIN: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-08-14T07:30:00+02:00",
    "eventTimeZoneOffset": "+02:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sscc:9521234.0000000111"],
}


# Another reading, which differs from the first in every value; its inline attributes stand in the report.
LATER: dict[str, Any] = {
    "time": "2026-08-14T04:20:00Z",
    "startTime": "2026-08-14T04:00:00Z",
    "endTime": "2026-08-14T04:20:00Z",
    "coop:cabinet": 8,
}
WARM: dict[str, Any] = {
    "type": "https://coop.example/terms/DewPoint",
    "value": 21.5,
    "component": "y",
    "stringValue": "warm",
    "booleanValue": False,
    "hexBinaryValue": "0a",
    "uriValue": "https://coop.example/scale/warm",
    "uom": "CEL",
    "minValue": 21,
    "maxValue": 22,
    "sDev": 1.5,
    "chemicalSubstance": "urn:epcglobal:cbv:inchikey:LFQSCWFLJHTTHZ-UHFFFAOYSA-N",
    "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/562",
    "meanValue": 21.4,
    "percRank": 95,
    "percValue": 21.9,
    "coordinateReferenceSystem": "https://coop.example/crs/2",
    "exception": "ERROR_CONDITION",
    "coop:calibrated": "2026-03-15T09:00:00+01:00",
    "deviceID": "https://id.gs1.org/8004/9521234T3",
    "deviceMetadata": "https://id.gs1.org/8004/9521234T3-DATA",
    "rawData": "https://coop.example/raw/3",
    "bizRules": "https://coop.example/rules/3",
    "dataProcessingMethod": "https://coop.example/method/3",
}


def sensing(metadata: dict[str, Any], *reports: dict[str, Any], room: str = "3") -> dict[str, Any]:
    element = {"sensorMetadata": metadata, "sensorReport": list(reports), "coop:room": room}
    return {**PLAIN, "sensorElementList": [element]}


SET_1 = [sensing(METADATA, REPORT), sensing(LATER, WARM, room="4"), PLAIN]
READING = {"type": "Temperature", "value": 4.5, "uom": "CEL"}
SET_2 = [sensing({name: METADATA[name] for name in INLINE}, READING), sensing({}, {**READING, **OWN})]


def set_3(*names: str) -> dict[str, Any]:
    return sensing({name: METADATA[name] for name in names}, {**READING, **{name: OWN[name] for name in names}})


def document(*sent: dict[str, Any]) -> bytes:
    whole = {
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"coop": "https://coop.example/terms/"},
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-08-14T08:00:00Z",
        "epcisBody": {"eventList": list(sent)},
    }
    data = json.dumps(whole).encode()
    assert problems(data) == []
    return data


@pytest.fixture
def node(tmp_path: Path) -> Any:
    with made(str(tmp_path / "store"), tmp_path) as node:
        yield node


def test_the_procedure_is_the_one_tested_here() -> None:
    folder = official("gs1/gs1-epcis/Conformance_Requirements/2_Test_Case_Requirements")
    text = (folder / "TCR53_SensorElement.md").read_text("utf-8")
    captures = [
        line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|") and "Capture 'set" in line
    ]
    assert captures == ["1", "27", "29"]


def test_the_first_set_holds_every_attribute_and_an_extension_at_every_level() -> None:
    elements = [element for event in SET_1 for element in event.get("sensorElementList", ())]
    assert {name for element in elements for name in element["sensorMetadata"]} >= set(holder("sensorMetadata").members)
    in_reports = {name for element in elements for report in element["sensorReport"] for name in report}
    inline = set(INLINE)
    assert in_reports >= set(holder("sensorReport").members) - inline
    assert all("coop:room" in element for element in elements)
    assert {"coop:cabinet"} <= {name for element in elements for name in element["sensorMetadata"]}
    assert "coop:calibrated" in in_reports
    assert "sensorElementList" not in SET_1[-1]


@pytest.mark.parametrize("sent", [SET_1, SET_2], ids=["step 1", "step 27"])
def test_steps_1_and_27_every_attribute_is_captured_and_kept(node: Node, sent: list[dict[str, Any]]) -> None:
    captured = node.capture(read_document(document(*sent)))
    node.settled()
    assert [item.event for item in captured] == list(range(len(sent)))
    for item, event in zip(captured, sent, strict=True):
        kept = node.entry(item.index).content
        assert kept is not None
        assert plain({name: value for name, value in kept.items() if name != "@context"}) == event
        with node.store.read() as connection:
            assert events.get(connection, item.index) is not None
            assert findings.of(connection, item.index) == []


def plain(value: Json) -> Any:
    """A tree with its numbers as Python has them."""
    if isinstance(value, Number):
        return json.loads(value.text)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("names", [*[(name,) for name in INLINE], INLINE], ids="+".join)
def test_step_29_what_stands_in_both_is_not_accepted_where_capture_is_strict(
    node: Node, names: tuple[str, ...]
) -> None:
    sent, size = read_document(document(set_3(*names))), node.registry.size
    expected = sorted(("sensor-stated-twice", f"/sensorElementList/0/sensorReport/0/{name}") for name in names)
    with pytest.raises(DocumentRefused) as refused:
        node.capture(sent, strict=True)
    assert sorted((error.code, error.context["member"]) for error in refused.value.errors) == expected
    assert node.registry.size == size
    # The door that is not strict says the same, and keeps the event with a finding for each.
    assert sorted((warning.code, warning.member) for warning in sent.warnings) == expected
    (captured,) = node.capture(sent)
    node.settled()
    with node.store.read() as connection:
        told = [(found.code, found.context["member"]) for found in findings.of(connection, captured.index)]
    assert sorted(told) == expected
