"""Identifiers that cannot be right, and names that are selective disclosure's, are refused wherever they stand."""

import copy
from typing import Any

import pytest

from schemas.epcis.rules import RESERVED, identifiers, problems, reserved
from schemas.wording import LANGUAGES, catalogue, sentence

GOOD = "https://id.gs1.org/01/09521234543213/10/L7"
WRONG = "https://id.gs1.org/01/09521234543214/10/L7"
DEVICE = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
EVENT: dict[str, Any] = {
    "@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    "type": "ObjectEvent",
    "epcList": ["urn:epc:id:sscc:952123.12345678901", GOOD],
    "childEPCs": [GOOD],
    "inputEPCList": [GOOD],
    "outputEPCList": [GOOD],
    "parentID": GOOD,
    "transformationID": GOOD,
    "quantityList": [{"epcClass": GOOD}],
    "childQuantityList": [{"epcClass": GOOD}],
    "inputQuantityList": [{"epcClass": GOOD}],
    "outputQuantityList": [{"epcClass": GOOD}],
    "readPoint": {"id": GOOD},
    "bizLocation": {"id": GOOD},
    "bizTransactionList": [{"type": "po", "bizTransaction": GOOD}],
    "sourceList": [{"type": "location", "source": GOOD}],
    "destinationList": [{"type": "location", "destination": GOOD}],
    "sensorElementList": [
        {
            "sensorMetadata": dict.fromkeys(DEVICE, GOOD),
            "sensorReport": [{"type": "Mass", **dict.fromkeys(DEVICE, GOOD)}],
        }
    ],
    "example:field": "not judged",
}
PLACES: list[tuple[str | int, ...]] = [
    ("epcList", 1),
    ("childEPCs", 0),
    ("inputEPCList", 0),
    ("outputEPCList", 0),
    ("parentID",),
    ("transformationID",),
    ("quantityList", 0, "epcClass"),
    ("childQuantityList", 0, "epcClass"),
    ("inputQuantityList", 0, "epcClass"),
    ("outputQuantityList", 0, "epcClass"),
    ("readPoint", "id"),
    ("bizLocation", "id"),
    ("bizTransactionList", 0, "bizTransaction"),
    ("sourceList", 0, "source"),
    ("destinationList", 0, "destination"),
    *(("sensorElementList", 0, "sensorMetadata", name) for name in DEVICE),
    *(("sensorElementList", 0, "sensorReport", 0, name) for name in DEVICE),
]


def put(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    event = copy.deepcopy(EVENT)
    here: Any = event
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return event


def test_right_identifiers_have_no_problem() -> None:
    assert problems(EVENT) == []
    assert {path for path, _ in identifiers(EVENT)} == {*PLACES, ("epcList", 0)}


@pytest.mark.parametrize("path", PLACES)
def test_a_wrong_check_digit_is_refused_in_its_place(path: tuple[str | int, ...]) -> None:
    (problem,) = problems(put(path, WRONG))
    assert (problem.code, problem.member) == ("wrong-check-digit", "/" + "/".join(map(str, path)))
    for language in LANGUAGES:
        assert problem.code in catalogue(language)
        assert "{" not in sentence(problem.code, problem.context, language)


@pytest.mark.parametrize(
    "uri",
    [
        "urn:epc:id:sscc:952123.123",
        "urn:epc:id:sgtin:9521234.5432.1",
        "urn:epc:id:sgtn:9521234.054321.1",
        "https://id.gs1.org/00/12345",
        "https://id.gs1.org/01/0952123454321A/10/L7",
        "https://dop.oleificio.it/01/09521234543214/10/L7",
    ],
)
def test_a_wrong_length_character_or_scheme_is_refused(uri: str) -> None:
    (problem,) = problems(put(("epcList", 0), uri))
    assert problem.member == "/epcList/0"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (("epcList", 0), "https://oleificio.it/lotti/2026-17"),
        (("epcList", 0), "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        (("epcList", 0), "https://id.example.com/8003/030013450007718765"),
        (("bizTransactionList", 0, "bizTransaction"), "urn:epc:po:123"),
        (("bizTransactionList", 0, "bizTransaction"), "urn:epcglobal:cbv:bt:9521234000006:7"),
    ],
)
def test_identifiers_of_others_are_theirs(path: tuple[str | int, ...], uri: str) -> None:
    assert problems(put(path, uri)) == []


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [7], [[]], {"id": 7}, {"sensorReport": 7}])
def test_whatever_stands_in_place_of_identifiers_nothing_breaks(value: Any) -> None:
    assert problems(dict.fromkeys(EVENT, value)) == []


@pytest.mark.parametrize("name", sorted(RESERVED))
@pytest.mark.parametrize("path", [(), ("ilmd",), ("ilmd", "example:deep", 0), ("@context", 1)])
def test_a_reserved_name_is_refused_at_any_depth(name: str, path: tuple[str | int, ...]) -> None:
    inner: dict[str, Any] = {name: ["x"]}
    for step in reversed(path):
        inner = {step: inner} if isinstance(step, str) else [*[{}] * step, inner]  # type: ignore[assignment]
    event = {**EVENT, **inner}
    assert reserved(event) == [(*path, name)]
    assert [(problem.code, problem.context["name"]) for problem in problems(event)] == [("reserved-name", name)]


def test_a_reserved_name_as_a_value_is_only_a_value() -> None:
    assert problems({**EVENT, "example:field": "_sd", "example:list": ["...", "_sd_alg"]}) == []
