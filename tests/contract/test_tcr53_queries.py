"""TCR-53 (SensorElement) of the official conformance requirements over HTTP: capture (1, 27) and queries (2-26, 28).

Each step asks with values that an event has, which find it, and with others, which do not; `GET /events` is the `poll`
of SimpleEventQuery. Both sets stand in one log on each database; each step looks for the events of its own set.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from schemas.syntax import json_text
from tests.contract.test_tcr53 import INLINE, METADATA, OWN, REPORT, SET_1, SET_2, WARM, document, plain
from tests.official import official
from tests.simulator.phones import made
from tests.simulator.server import JSON, ended, running

ASKED = {"GS1-EPC-Format": "Never_Translates", "GS1-Extensions": "coop=https://coop.example/terms/"}
# The events of the first set: two with sensors, which differ in every value, and one without.
COLD, WARMER, PLAIN = 0, 1, 2

Case = tuple[str, dict[str, str], list[int]]


def either(step: str, name: str, cold: Any, warm: Any, none: str) -> Iterator[Case]:
    """A parameter with the value of one event, of the other, of both, and of none."""
    yield step, {name: str(cold)}, [COLD]
    yield step, {name: str(warm)}, [WARMER]
    yield step, {name: f"{cold}|{warm}"}, [COLD, WARMER]
    yield step, {name: none}, []


def around(step: str, name: str, cold: Any, between: str) -> Iterator[Case]:
    """`GE_` and `LT_`: the value of the one event, and one between those of both."""
    yield step, {f"GE_{name}": str(cold), f"LT_{name}": between}, [COLD]
    yield step, {f"GE_{name}": between}, [WARMER]
    yield step, {f"LT_{name}": str(cold)}, []


def extension(step: str, name: str, cold: str, warm: str) -> Iterator[Case]:
    """A field of the user's own by all five operations; `cold` comes before `warm`."""
    yield from either(step, f"EQ_{name}", cold, warm, "nowhere")
    yield step, {f"GT_{name}": cold}, [WARMER]
    yield step, {f"GE_{name}": cold}, [COLD, WARMER]
    yield step, {f"LT_{name}": warm}, [COLD]
    yield step, {f"LE_{name}": warm}, [COLD, WARMER]


def times() -> Iterator[Case]:
    """Steps 4 and 5: the times of the cold event are an hour later than those of the other."""
    for step, name, time in (("4", "time", "05:20"), ("5", "startTime", "05:00"), ("5", "endTime", "05:20")):
        at, after, between = (f"2026-08-14T{text}Z" for text in (f"{time}:00", f"{time}:01", "04:50:00"))
        yield step, {f"GE_{name}": at, f"LT_{name}": after}, [COLD]
        yield step, {f"LT_{name}": between}, [WARMER]
        yield step, {f"GE_{name}": after}, []
        yield step, {f"GE_{name}": at.replace("T05", "T07").replace("Z", "+02:00")}, [COLD]


def measured() -> Iterator[Case]:
    """Steps 12 to 15 and 23 to 26: numbers, in the unit they were recorded in or in another; 4.5 °C are 277.65 K."""
    yield from either("12", "EQ_value_CEL", REPORT["value"], "21.50", "4.51")
    yield from either("12", "EQ_value_KEL", "277.65", "294.65", "4.5")
    for step, name in (("12", "value"), ("13", "minValue"), ("14", "maxValue"), ("15", "meanValue")):
        yield from around(step, f"{name}_CEL", REPORT[name], "20")
    for step, name, between in (("23", "sDev", "1"), ("24", "percRank", "60"), ("25", "percValue", "20")):
        yield from around(step, name, REPORT[name], between)
    yield "26", {"EQ_type": "gs1:Temperature", "GE_value_KEL": "277"}, [COLD]
    yield "26", {"EQ_type": "gs1:Temperature", "GE_value_KEL": "277.66"}, []


def first_set() -> list[Case]:
    """Steps 3 to 26, in groups."""
    steps = {"6": "type", "9": "microorganism", "10": "chemicalSubstance", "16": "stringValue"}
    steps |= {"18": "hexBinaryValue", "19": "uriValue"}
    inline = {"7": "deviceID", "8": "dataProcessingMethod", "11": "bizRules"}
    none = {"16": "Cold", "18": "f0f0", "6": "gs1:Speed"}
    return [
        ("3", {"EXISTS_sensorElement": "true"}, [COLD, WARMER]),
        ("3", {"EXISTS_sensorElementList": "true"}, [COLD, WARMER]),
        *times(),
        *(
            case
            for step, name in steps.items()
            for case in either(step, f"EQ_{name}", REPORT[name], WARM[name], none.get(step, "urn:coop:none"))
        ),
        ("6", {"EQ_type": "Temperature"}, [COLD]),
        *(
            case
            for step, name in inline.items()
            for case in either(step, f"EQ_{name}", METADATA[name], WARM[name], "https://coop.example/none/1")
        ),
        ("17", {"EQ_booleanValue": "true"}, [COLD]),
        ("17", {"EQ_booleanValue": "false"}, [WARMER]),
        *extension("20", "SENSORELEMENT_coop:room", "3", "4"),
        *extension("21", "SENSORMETADATA_coop:cabinet", "7", "8.0"),
        *extension("22", "SENSORREPORT_coop:calibrated", "2026-01-15T08:00:00Z", "2026-03-15T08:00:00Z"),
        *measured(),
    ]


def second_set() -> Iterator[Case]:
    """Step 28: what stands in the metadata of one event and in the report of the other is asked for alike."""
    for name in INLINE:
        yield "28", {f"EQ_{name}": METADATA[name]}, [0]
        yield "28", {f"EQ_{name}": OWN[name]}, [1]
        yield "28", {f"EQ_{name}": f"{METADATA[name]}|{OWN[name]}"}, [0, 1]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A server whose log holds both sets: when the first was captured, and the eventIDs of each."""

    client: httpx.Client
    began: datetime
    ids: tuple[list[str], list[str]]

    def found(self, of: int, **asked: str) -> list[int]:
        """The places, in a set, of those of its events that a query finds."""
        found = [event["eventID"] for event in self.events(**asked)]
        return [self.ids[of].index(id) for id in found if id in self.ids[of]]

    def events(self, **asked: str) -> list[dict[str, Any]]:
        """What a query finds, in the order of the log."""
        answer = self.client.get("/epcis/events", params={**asked, "orderBy": "recordTime", "orderDirection": "ASC"})
        assert answer.status_code == 200, answer.text
        body = plain(json_text.read(answer.content))["epcisBody"]
        found: list[dict[str, Any]] = body["queryResults"]["resultsBody"]["eventList"]
        return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def procedure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Procedure]:
    """Steps 1 and 27."""
    folder = tmp_path_factory.mktemp("tcr53")
    sqlite = request.param == "sqlite"
    location = str(folder / "store") if sqlite else str(request.getfixturevalue("module_postgres_url"))
    with made(location, folder) as node, running(node) as client:
        client.headers.update(ASKED)
        began = datetime.now(UTC)
        ids = captured(client, SET_1), captured(client, SET_2)
        yield Procedure(client, began, ids)


def captured(client: httpx.Client, sent: list[dict[str, Any]]) -> list[str]:
    """Capture a set; the eventID of each of its events."""
    answer = client.post("/epcis/capture", content=document(*sent), headers=JSON)
    assert answer.status_code == 202, answer.text
    job = ended(client, answer.headers["location"])
    assert (job["success"], job["errors"], job["warnings"]) == (True, [], [])
    return [item["eventID"] for item in job["captured"]]


@pytest.mark.parametrize(("of", "sent"), [(0, SET_1), (1, SET_2)], ids=["step 1", "step 27"])
def test_steps_1_and_27_the_events_are_there_with_every_attribute(
    procedure: Procedure, of: int, sent: list[dict[str, Any]]
) -> None:
    added = ("eventID", "recordTime", "@context")
    kept = [event for event in procedure.events() if event["eventID"] in procedure.ids[of]]
    assert [{name: value for name, value in event.items() if name not in added} for event in kept] == sent


def test_step_2_all_are_found_by_the_time_of_their_capture(procedure: Procedure) -> None:
    minute = timedelta(minutes=1)
    assert procedure.found(0, GE_recordTime=(procedure.began - minute).isoformat()) == [COLD, WARMER, PLAIN]
    assert procedure.found(0, GE_recordTime=(datetime.now(UTC) + minute).isoformat()) == []
    assert procedure.found(0, LT_recordTime=procedure.began.isoformat()) == []


def _named(case: Case) -> str:
    return f"{case[0]} {json.dumps(case[1])[1:-1]}"


@pytest.mark.parametrize("case", first_set(), ids=_named)
def test_steps_3_to_26_what_has_the_value_is_returned_and_nothing_else(procedure: Procedure, case: Case) -> None:
    _, asked, expected = case
    assert procedure.found(0, **asked) == expected


@pytest.mark.parametrize("case", list(second_set()), ids=_named)
def test_step_28_attributes_are_found_wherever_they_stand(procedure: Procedure, case: Case) -> None:
    _, asked, expected = case
    assert procedure.found(1, **asked) == expected


def test_no_step_is_left_out_and_every_parameter_of_a_step_is_asked() -> None:
    folder = official("gs1/gs1-epcis/Conformance_Requirements/2_Test_Case_Requirements")
    text = (folder / "TCR53_SensorElement.md").read_text("utf-8")
    steps = dict(re.findall(r"^\| (\d+) \|(.*)$", text, re.MULTILINE))
    asked: dict[str, set[str]] = {}
    for step, parameters, _ in (*first_set(), *second_set()):
        asked.setdefault(step, set()).update(parameters)
    assert set(asked) | {"1", "2", "27", "29"} == set(steps)
    for step, parameters in asked.items():
        for name in re.findall(r"`((?:EQ|GE|GT|LT|LE|EXISTS)_\w+)`", steps[step]):
            pattern = name.replace("_uom", "_[A-Z]{3}").replace("fieldname", "coop:[a-z]+")
            assert any(re.fullmatch(pattern, parameter) for parameter in parameters), (step, name)
