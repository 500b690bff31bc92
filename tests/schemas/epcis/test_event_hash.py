import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.verbs.hash import hash_document
from schemas.epcis.event import split, with_context
from schemas.epcis.event_hash import VERSIONS, Version, event_hash, prehash
from schemas.epcis.hash_values import instant, scalar
from schemas.errors import InputError
from schemas.syntax.json_text import Number, read, write
from tests.official import official, official_files, present

VECTORS = "gs1/event-hash-vectors-2026-07"
DOCUMENTS = official_files(f"{VECTORS}/documents/*.json*")
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"coop": "https://coop.example/terms/"}]
EVENT: dict[str, Any] = {
    "@context": CONTEXT,
    "type": "ObjectEvent",
    "eventTime": "2026-05-04T08:30:00.5+02:00",
    "eventTimeZoneOffset": "+02:00",
    "eventID": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
    "recordTime": "2026-05-04T09:00:00Z",
    "epcList": ["urn:epc:id:sscc:9521234.0000000111", "urn:epc:id:sscc:9521234.0000000222"],
    "action": "ADD",
    "bizStep": "commissioning",
    "readPoint": {"id": "urn:epc:id:sgln:9521234.00001.0", "coop:field": "7"},
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521234.154321.L7", "quantity": 1250.50, "uom": "KGM"}],
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:coop:po:1"}],
    "ilmd": {"cbvmda:lotNumber": "L7", "coop:brix": 12.40},
    "coop:crew": [{"coop:name": "b"}, {"coop:name": "a"}],
}


def ignored(tree: Any) -> set[str]:
    results = tree.get("epcisBody", {}).get("queryResults", {})
    return {
        name for holder in (tree, results) for key, names in holder.items() if "ignoreFields" in key for name in names
    }


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_official_document_has_its_hashes_and_prehashes(document: Path, version: Version) -> None:
    data = present(document).read_bytes()
    expected = official(f"{VECTORS}/expected/CBV{version}") / document.stem
    tree = read(data)
    sent = split(tree)
    events = [with_context(sent.context, event) for event in sent.events]  # type: ignore[arg-type]
    strings = [prehash(event, version=version, ignore=ignored(tree)) for event in events]
    assert strings == expected.with_suffix(".prehashes").read_text("utf-8").splitlines()
    assert hash_document(data, version=version) == expected.with_suffix(".hashes").read_text("utf-8").split()


def test_all_official_json_documents_are_there() -> None:
    official(VECTORS)
    assert len(DOCUMENTS) == 18


def test_a_document_whose_events_are_one_event_has_one_hash() -> None:
    document = official("gs1/event-hash-legacy-2025/expected_equal/ReferenceEventHashAlgorithm.json")
    hashes = hash_document(document.read_bytes())
    assert len(hashes) > 1
    assert len(set(hashes)) == 1


@pytest.mark.parametrize("document", official_files("gs1/event-hash-legacy-2025/examples/*.jsonld"))
def test_documents_of_the_former_revision_can_be_hashed(document: Path) -> None:
    for version in VERSIONS:
        hashes = hash_document(present(document).read_bytes(), version=version)
        assert all(uri.endswith(f"?ver=CBV{version}") for uri in hashes)


def test_the_hash_is_that_of_the_string() -> None:
    digest = hashlib.sha256(prehash(EVENT).encode()).hexdigest()
    assert event_hash(EVENT) == f"ni:///sha-256;{digest}?ver=CBV2.0"


def test_a_whole_string() -> None:
    assert prehash(EVENT, version="2.1") == (
        "eventType=ObjectEventeventTime=2026-05-04T06:30:00.500ZeventTimeZoneOffset=+02:00"
        "epcListepc=https://id.gs1.org/00/095212340000001119epc=https://id.gs1.org/00/095212340000002222"
        "quantityListquantityElementepcClass=https://id.gs1.org/01/19521234543210/10/L7quantity=1250.5uom=KGM"
        "action=ADDbizStep=https://ref.gs1.org/cbv/BizStep-commissioning"
        "readPointid=https://id.gs1.org/414/9521234000013{https://coop.example/terms/}field=7"
        "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:coop:po:1"
        "ilmd{https://coop.example/terms/}brix=12.4{urn:epcglobal:cbv:mda}lotNumber=L7"
        "{https://coop.example/terms/}crew{https://coop.example/terms/}name=a"
        "{https://coop.example/terms/}crew{https://coop.example/terms/}name=b"
    )


def shuffled(value: Any, random: Any) -> Any:
    """The same value with the members of every object and the elements of every list in another order."""
    if isinstance(value, dict):
        names = list(value)
        random.shuffle(names)
        return {name: shuffled(value[name], random) for name in names}
    if isinstance(value, list):
        items = [shuffled(item, random) for item in value]
        random.shuffle(items)
        return items
    return value


@given(st.randoms(use_true_random=False), st.sampled_from(VERSIONS))
def test_the_order_of_members_and_elements_changes_nothing(random: Any, version: Version) -> None:
    event = {**shuffled({k: v for k, v in EVENT.items() if k != "@context"}, random), "@context": CONTEXT}
    assert prehash(event, version=version) == prehash(EVENT, version=version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_official_events_in_any_order_hash_the_same(document: Path, version: Version) -> None:
    import random

    sent = split(read(present(document).read_bytes()))
    for event in sent.events:
        whole = with_context(sent.context, event)  # type: ignore[arg-type]
        other = {**shuffled(event, random.Random(7)), "@context": whole["@context"]}
        assert event_hash(other, version=version) == event_hash(whole, version=version)


def test_siblings_do_not_influence_each_other() -> None:
    # The reference implementation takes the prefixes and words of all events of a document together.
    plain = {**EVENT, "@context": [CONTEXT[0]], "disposition": "coop:ripe"}
    alone = hash_document(json.dumps(plain).encode())
    beside = {**EVENT, "@context": [CONTEXT[0], {"coop": "https://other.example/"}]}
    together = hash_document(json.dumps([beside, plain, EVENT]).encode())
    assert together[1:] == [*alone, event_hash(EVENT)]
    assert len(set(together)) == 3


def test_the_prefix_is_only_a_name() -> None:
    text = json.dumps(EVENT).replace("coop:", "x:").replace('"coop"', '"x"').replace("urn:x:po", "urn:coop:po")
    assert event_hash(json.loads(text)) == event_hash(EVENT)


def test_the_tree_is_left_as_it_was_and_numbers_may_be_text_or_values() -> None:
    before = copy.deepcopy(EVENT)
    tree = read(write(read(json.dumps(EVENT).encode())))
    assert event_hash(tree) == event_hash(EVENT)  # type: ignore[arg-type]
    assert before == EVENT


@pytest.mark.parametrize(
    "change",
    [
        {"eventID": "urn:uuid:1"},
        {"recordTime": None},
        {"errorDeclaration": {"declarationTime": "2026-06-01T00:00:00Z"}},
        {"certificationInfo": ["https://coop.example/cert"]},
        {"rdfs:comment": "seen"},
        {"childEPCs": []},
        {"coop:nothing": None},
        {"coop:none": []},
        {"bizStep": "https://ref.gs1.org/cbv/BizStep-commissioning"},
        {"bizStep": "urn:epcglobal:cbv:bizstep:commissioning"},
        {"bizStep": "cbv:BizStep-commissioning"},
        {"eventTime": "2026-05-04T06:30:00.500Z"},
        {"eventTime": " 2026-05-04T06:30:00.5000001Z\n"},
        {"epcList": ["https://coop.example/00/095212340000002222", "https://id.gs1.org/sscc/095212340000001119"]},
    ],
)
def test_what_means_the_same_hashes_the_same(change: dict[str, Any]) -> None:
    assert event_hash({**EVENT, **change}) == event_hash(EVENT)


@pytest.mark.parametrize(
    "change",
    [
        {"eventTime": "2026-05-04T06:30:00.501Z"},
        {"eventTimeZoneOffset": "+01:00"},
        {"epcList": ["urn:epc:id:sscc:9521234.0000000111"]},
        {"action": "OBSERVE"},
        {"coop:crew": "a"},
        {"ilmd": {"cbvmda:lotNumber": "L8", "coop:brix": 12.40}},
    ],
)
def test_what_means_something_else_hashes_otherwise(change: dict[str, Any]) -> None:
    assert event_hash({**EVENT, **change}) != event_hash(EVENT)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("1.50", "1.5"),
        ("1500", "1500"),
        ("-0", "0"),
        ("0.000", "0"),
        ("1e3", "1000"),
        ("1.5E-7", "0.00000015"),
        ("340123451111111111", "340123451111111111"),
        ("12345678901234567890.10", "12345678901234567890.1"),
    ],
)
def test_numbers_are_exact_and_without_superfluous_zeros(written: str, spelled: str) -> None:
    # A binary double would make ...111104 of the eighteen ones and 1.5e-07 of the small one.
    assert scalar("quantity", Number(written)) == spelled
    assert scalar("coop:text", written) == spelled


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("2026-05-04T08:30:00+02:00", "2026-05-04T06:30:00.000Z"),
        ("2026-12-31T23:59:59.9999Z", "2027-01-01T00:00:00.000Z"),
        ("2026-05-04T06:30:00.0005Z", "2026-05-04T06:30:00.000Z"),
        ("2026-05-04T06:30:00.0015Z", "2026-05-04T06:30:00.002Z"),
        ("2026-05-04T24:00:00Z", "2026-05-05T00:00:00.000Z"),
        ("2026-05-04T06:30Z", "2026-05-04T06:30:00.000Z"),
    ],
)
def test_times_are_utc_with_milliseconds(written: str, spelled: str) -> None:
    assert instant(written) == spelled


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({}, "hash-not-an-event"),
        ({"type": 7}, "hash-not-an-event"),
        ({"type": "ObjectEvent", "eventTime": "2026-05-04T08:30:00"}, "hash-time"),
        ({"type": "ObjectEvent", "eventTime": "yesterday"}, "hash-time"),
        ({"type": "ObjectEvent", "eventTime": "2026-02-30T08:30:00Z"}, "hash-time"),
        ({"type": "ObjectEvent", "eventTime": "0001-01-01T00:00:00+14:00"}, "hash-time"),
        ({"type": "ObjectEvent", "eventTime": 5}, "hash-member"),
        ({"type": "ObjectEvent", "epcList": "urn:epc:id:sscc:9521234.0000000111"}, "hash-member"),
        ({"type": "ObjectEvent", "epcList": [["a"]]}, "hash-member"),
        ({"type": "ObjectEvent", "readPoint": "urn:epc:id:sgln:9521234.00001.0"}, "hash-member"),
        ({"type": "ObjectEvent", "quantityList": ["a"]}, "hash-member"),
        ({"type": "ObjectEvent", "quantityList": [{"quantity": Number("1e999")}]}, "hash-number"),
        ({"type": "ObjectEvent", "sensorElementList": [{"sensorReport": {}}]}, "hash-member"),
        ({"type": "ObjectEvent", "persistentDisposition": {"set": "x"}}, "hash-member"),
        ({"type": "ObjectEvent", "ilmd": []}, "hash-member"),
    ],
)
def test_what_cannot_be_hashed_is_said(event: dict[str, Any], code: str) -> None:
    for version in VERSIONS:
        with pytest.raises(InputError) as refused:
            prehash(event, version=version)
        assert refused.value.code == code


def test_text_that_only_looks_like_a_huge_number_stays_text() -> None:
    assert scalar("coop:x", "1e9999") == "1e9999"
    assert scalar("coop:x", "1_000") == "1_000"
    assert scalar("coop:x", "nan") == "nan"


@pytest.mark.parametrize(
    ("data", "code", "event"),
    [
        (b"{", "json-syntax", None),
        (b"[]", "hash-no-events", None),
        (b'{"type":"EPCISDocument"}', "hash-no-events", None),
        (b"[1]", "hash-not-an-event", 0),
        (b'[{"type":"ObjectEvent"},{"type":"ObjectEvent","eventTime":"x"}]', "hash-time", 1),
    ],
)
def test_an_error_names_document_and_event(data: bytes, code: str, event: int | None) -> None:
    with pytest.raises(InputError) as refused:
        hash_document(data, name="arrivals.jsonld")
    assert refused.value.code == code
    assert refused.value.context["document"] == "arrivals.jsonld"
    assert refused.value.context.get("event") == event


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*EVENT, "sensorElementList", "persistentDisposition", "x:y"]), trees))
def test_any_tree_is_hashed_or_refused_with_a_code(event: dict[str, Any]) -> None:
    for version in VERSIONS:
        try:
            assert prehash({"type": "ObjectEvent", **event}, version=version).startswith("eventType=")
        except InputError:
            continue
