"""XML and JSON-LD of one event are one event: the official twins are equal, and every official hash comes out.

What equal means is said in `meaning.py`. Two programs wrote the twins, so they are compared by instant, by the value of
numbers and by trimmed texts, and without the XML Schema types that some extensions have in XML alone.
"""

from pathlib import Path

import pytest

from api.verbs.hash import hash_document
from schemas.epcis.document import read_any
from schemas.epcis.event import EventDict, split, with_context
from schemas.epcis.event_hash import VERSIONS, Version, event_hash, prehash
from tests.official import DATA, official, official_files, present
from tests.schemas.epcis.meaning import event_meaning

VECTORS = "gs1/event-hash-vectors-2026-07"
HASHED = official_files(f"{VECTORS}/documents/*.xml")
ROOMS = (
    ("gs1/gs1-epcis/XML", "gs1/gs1-epcis/JSON"),
    ("gs1/openepcis-test-resources/2.0/EPCIS/XML", "gs1/openepcis-test-resources/2.0/EPCIS/JSON"),
    (f"{VECTORS}/documents", f"{VECTORS}/documents"),
)
# Files of one name whose content is not the same, and what differs first.
NOT_TWINS = {
    "gs1/gs1-epcis/XML/WithErrorDeclaration/ErrorDeclarationAndCorrectiveEvent": "another readPoint",
    "gs1/gs1-epcis/XML/WithFullCombinationOfFields/association_event_all_possible_fields": "an object the JSON lacks",
    "gs1/gs1-epcis/XML/WithFullCombinationOfFields/object_event_all_possible_fields": "ilmd that the XML lacks",
    "gs1/gs1-epcis/XML/WithFullCombinationOfFields/transaction_event_all_possible_fields": "an object the JSON lacks",
    "gs1/gs1-epcis/XML/WithFullCombinationOfFields/transformation_event_all_possible_fields": "other ilmd",
}
_OPEN = "gs1/openepcis-test-resources/2.0/EPCIS/XML"
NOT_TWINS |= {
    f"{_OPEN}/Capture/Documents/ObjectEvent_with_comment": "a comment that the XML lacks",
    f"{_OPEN}/Capture/Documents/SensorData_with_combined_events": "the JSON writes gs1:Molar_concentration bare",
    f"{_OPEN}/Query/SensorData_with_combined_events": "the JSON writes gs1:Molar_concentration bare",
    f"{_OPEN}/Capture/Events/TransactionEvent": "an empty element that the JSON lacks",
    f"{_OPEN}/Capture/Events/TransformationEvent": "another declarationTime",
    f"{_OPEN}/Capture/Invalid/ObjectEvent_with_invalid_action": "another epc",
    f"{_OPEN}/Query/Invalid/QueryDocument_with_invalid_action": "another epc",
    f"{_OPEN}/Query/ObjectEventWithAllPossibleFields": "another rawData",
    f"{_OPEN}/Query/queryDocument": "another epc",
}
# The JSON twin leaves out the xsi:type of the XML, which the event hash counts: both are official vectors.
TYPED = {f"{_OPEN}/Capture/Documents/AssociationEvent_all_possible_fields"}
TYPED |= {f"{VECTORS}/documents/AssociationEvent_all_possible_fields"}
# Neither can be hashed: an eventTime that is no time. And a query, which holds no events.
UNREAD = ("ObjectEvent_with_invalid_eventTime_format", "SimpleEventQuery")


def pairs() -> list[tuple[str, Path, Path]]:
    found = []
    for xml, json in ROOMS:
        for file in sorted((DATA / xml).rglob("*.xml")):
            inner = file.relative_to(DATA / xml).with_suffix("")
            twin = [path for end in (".json", ".jsonld") if (path := DATA / json / f"{inner}{end}").exists()]
            if twin and inner.name not in UNREAD:
                found.append((f"{xml}/{inner}", file, twin[0]))
    return found


PAIRS = pairs()
SAME = [pytest.param(xml, json, id=name) for name, xml, json in PAIRS if name not in NOT_TWINS]


def events(file: Path) -> list[EventDict]:
    sent = split(read_any(file.read_bytes()).tree)
    return [with_context(sent.context, event) for event in sent.events]  # type: ignore[arg-type]


def test_all_twins_are_there() -> None:
    official(ROOMS[0][0])
    assert (len(PAIRS), len(SAME), len(HASHED)) == (53, 39, 16)
    assert set(NOT_TWINS) | TYPED <= {name for name, _, _ in PAIRS}


@pytest.mark.parametrize(("xml", "json"), SAME)
def test_twins_are_equal(xml: Path, json: Path) -> None:
    ours, theirs = events(xml), events(json)
    assert [event_meaning(event, exact=False, typed=False) for event in ours] == [
        event_meaning(event, exact=False, typed=False) for event in theirs
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("xml", "json"), SAME)
def test_twins_have_one_hash(xml: Path, json: Path, version: Version) -> None:
    ours, theirs = ([event_hash(event, version=version) for event in events(file)] for file in (xml, json))
    typed = str(xml.relative_to(DATA).with_suffix("")) in TYPED
    assert (ours == theirs) is not typed


@pytest.mark.parametrize("name", sorted(NOT_TWINS))
def test_files_of_one_name_that_are_no_twins_do_differ(name: str) -> None:
    official(ROOMS[0][0])
    ((xml, json),) = [(xml, json) for found, xml, json in PAIRS if found == name]
    assert [event_meaning(event, exact=False, typed=False) for event in events(xml)] != [
        event_meaning(event, exact=False, typed=False) for event in events(json)
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("document", HASHED)
def test_every_official_xml_has_its_hashes_and_prehashes(document: Path, version: Version) -> None:
    data = present(document).read_bytes()
    folder = official(f"{VECTORS}/expected/CBV{version}")
    own = folder / f"{document.name}.hashes"
    expected = own if own.exists() else folder / f"{document.stem}.hashes"
    tree = read_any(data).tree
    ignored = {name for member, names in tree.items() if "ignoreFields" in member for name in names}  # type: ignore[union-attr]
    strings = [prehash(event, version=version, ignore=ignored) for event in events(document)]
    assert strings == expected.with_suffix(".prehashes").read_text("utf-8").splitlines()
    assert hash_document(data, version=version) == expected.read_text("utf-8").split()


@pytest.mark.parametrize("document", official_files("gs1/event-hash-legacy-2025/expected_equal/*.xml"))
def test_events_that_are_one_event_have_one_hash(document: Path) -> None:
    hashes = hash_document(present(document).read_bytes())
    assert len(hashes) > 1
    assert len(set(hashes)) == 1
