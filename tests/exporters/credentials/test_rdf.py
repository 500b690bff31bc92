"""Canonical RDF of credentials: W3C's suite, our contexts and the published ones, nothing dropped, nothing endless."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld.nquads import parse_nquads

from exporters.credentials import contexts as ours
from exporters.credentials import rdf
from exporters.credentials.contexts import CREDENTIALS, load
from exporters.credentials.rdf import canonical, named
from schemas.errors import InputError
from schemas.syntax.json_text import Number
from tests.exporters.credentials.official_contexts import contexts, read
from tests.official import official, official_files, present

SUITE = official_files("crypto/w3c-rdf-canon/rdfc10/*-in.nq")
# SHA-384 is asked for; and a text with control characters, of which pyld writes other N-Quads: `canonical` refuses it.
OTHER = {"test075-in.nq", "test060-in.nq"}
EPCIS = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CREDENTIAL: dict[str, Any] = {
    "@context": [CREDENTIALS, EPCIS, {"ext": "https://ext.example/"}],
    "type": ["VerifiableCredential"],
    "issuer": {"id": "urn:uuid:3f0a3f0a-0000-4000-8000-000000000001", "name": "Sole"},
    "validFrom": "2026-07-20T12:00:00Z",
    "credentialSubject": {
        "id": "https://id.gs1.org/01/09521001001014/10/H-11",
        "eventList": [
            {"type": "ObjectEvent", "eventTime": "2026-07-14T06:00:00Z", "eventTimeZoneOffset": "+02:00",
             "action": "ADD", "bizStep": "commissioning", "epcList": ["urn:epc:id:sscc:9521234.0000000111"],
             "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521001.000101.H", "quantity": 620, "uom": "KGM"}],
             "ilmd": {"ext:variety": "San Marzano"}, "ext:grade": "A"}
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("file", SUITE)
def test_the_suite_of_rdf_canonicalisation(file: Path) -> None:
    expected = present(file).with_name(file.name.replace("-in.nq", "-rdfc10.nq"))
    dataset = parse_nquads(file.read_text("utf-8"))
    if file.name == "test074-in.nq":
        with pytest.raises(InputError, match="credential-graph"):
            named(dataset)
    elif expected.exists() and file.name not in OTHER:
        assert named(dataset) == expected.read_text("utf-8")


def test_our_context_says_of_a_credential_what_the_published_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    by_ours = canonical(CREDENTIAL)
    monkeypatch.setattr(ours, "credentials", lambda: read("credentials/v2"))
    assert canonical(CREDENTIAL) == by_ours
    assert by_ours.count("\n") > 15


def test_every_term_of_our_context_means_what_the_published_one_says() -> None:
    published, own = read("credentials/v2")["@context"], dict(load(CREDENTIALS)["@context"])
    assert {name: published[name] for name in own if not isinstance(own[name], dict)} == {
        name: value for name, value in own.items() if not isinstance(value, dict)
    }
    for name in ("VerifiableCredential", "DataIntegrityProof"):
        theirs = published[name]
        assert own[name]["@id"] == theirs["@id"]
        assert own[name]["@context"] == {k: theirs["@context"][k] for k in own[name]["@context"]}


def test_nothing_is_fetched() -> None:
    with pytest.raises(InputError, match="credential-context") as caught:
        canonical({**CREDENTIAL, "@context": [CREDENTIALS, "https://example.com/context"]})
    assert caught.value.context["address"] == "https://example.com/context"
    with pytest.raises(InputError, match="credential-context"):
        canonical({"@context": {"@import": "https://example.com/context", "@version": 1.1}, "id": "urn:a"})


def test_who_else_used_the_library_has_taught_it_nothing() -> None:
    address = "https://www.w3.org/ns/credentials/examples/v2"
    document = {"@context": [CREDENTIALS, address], "id": "urn:a", "alumniOf": "x"}
    assert "alumniOf" in canonical(document, contexts=contexts())
    with pytest.raises(InputError, match="credential-context"):
        canonical(document)


def altered(**event: Any) -> dict[str, Any]:
    subject = CREDENTIAL["credentialSubject"]
    return {**CREDENTIAL, "credentialSubject": {**subject, "eventList": [{**subject["eventList"][0], **event}]}}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (altered(unheard="of"), "credential-term"),
        (altered(quantityList=[{"epcClass": "urn:a", "kilos": 3}]), "credential-term"),
        ({**CREDENTIAL, "more": "x"}, "credential-term"),
        (altered(bizStep="unheard-of"), "credential-iri"),
        (altered(epcList=["no-uri"]), "credential-iri"),
        (altered(epcList=["urn:a b"]), "credential-iri"),
        (altered(epcList=["//host.example/a"]), "credential-iri"),
        (altered(epcList=["#a"]), "credential-iri"),
        ({**CREDENTIAL, "issuer": "member"}, "credential-iri"),
        ({**CREDENTIAL, "type": ["VerifiableCredential", "Other"]}, "credential-iri"),
        (altered(**{"ext:grade": "A\x07"}), "credential-characters"),
        (altered(**{"ext:grade": Number("1e400")}), "credential-number"),
        (altered(**{"ext:grade": Number("9007199254740993")}), "credential-number"),
        ({**CREDENTIAL, "@context": [CREDENTIALS, {"type": "https://ext.example/type"}]}, "credential-json-ld"),
        ({**CREDENTIAL, "@context": [CREDENTIALS, 7]}, "credential-json-ld"),
    ],
)
def test_what_a_signature_would_not_cover_is_refused(document: Any, code: str) -> None:
    with pytest.raises(InputError, match=code):
        canonical(document)


@pytest.mark.parametrize(
    ("text", "said"), [("620.0", '"620"'), ("520.5", '"5.205E2"'), ("-0", '"0"'), ("6.2e2", '"620"')]
)
def test_numbers_are_those_of_every_json_ld_processor(text: str, said: str) -> None:
    assert f"grade> {said}^^" in canonical(altered(**{"ext:grade": Number(text)}))


def test_a_poisoned_credential_is_refused_after_a_fixed_number_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two things alike, each of eleven things alike: every order of the eleven is as good as any other.
    alike = {"ext:of": [{"ext:grade": "A"} for _ in range(11)]}
    poisoned = altered(**{"ext:both": [alike, alike]})
    with pytest.raises(InputError, match="credential-graph") as caught:
        canonical(poisoned)
    assert caught.value.context["limit"] == rdf.MOST_STEPS
    monkeypatch.setattr(rdf, "MOST_QUADS", 3)
    with pytest.raises(InputError, match="credential-graph"):
        canonical(CREDENTIAL)


@settings(max_examples=10)
@given(st.permutations(list(CREDENTIAL["credentialSubject"]["eventList"][0])))
def test_the_order_of_members_says_nothing(names: list[str]) -> None:
    event = CREDENTIAL["credentialSubject"]["eventList"][0]
    subject = {**CREDENTIAL["credentialSubject"], "eventList": [{name: event[name] for name in names}]}
    assert canonical({**CREDENTIAL, "credentialSubject": subject}) == canonical(CREDENTIAL)


def test_official_documents_of_epcis_are_read_with_our_contexts() -> None:
    document = json.loads(official("gs1/gs1-epcis/JSON/Example_9.6.1-ObjectEvent.jsonld").read_text("utf-8"))
    assert canonical(document).count("\n") > 20
