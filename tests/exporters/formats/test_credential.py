"""Credentials: a member's key signs what the bundle says, W3C's schema takes it, and nothing about it can be forged."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from api.verbs.credential import credential
from api.verbs.export import export
from api.verbs.export_bundle import export_bundle
from api.verbs.key import compromise, revoke
from api.verbs.verify import verify
from exporters.credentials import data_integrity, envelope
from exporters.format import MissingData
from exporters.formats.credential import FORMATS
from exporters.issue import issue
from exporters.verify_file import bundles_of
from ledger.audience import AUDIENCES, full
from ledger.keys.signer import MemorySigner
from ledger.readside.named import named
from ledger.trust import KnownLogs
from ledger.verify.account import Account
from schemas.errors import InputError
from schemas.syntax import base64url, json_text
from tests.official import official
from tests.simulator.paperwork import HARVESTED, LOT, PACKHOUSE, Season, cases, event, paperwork

NAMES = tuple(format.name for format in FORMATS)
SCHEMA = "crypto/w3c-vc-data-model/verifiable-credential/verifiable-credential-schema.json"


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """A season whose cooperative has an export key of each kind, the Ed25519 one newest."""
    with paperwork(tmp_path_factory.mktemp("signing")) as made:
        for alg in ("ES256", "Ed25519"):
            made.node.membership.new_key("export", made.members[0], alg=alg)  # type: ignore[arg-type]
        yield made


def issued(season: Season, format: str = "credential", lot: str = LOT, *, to: str = "buyer", **more: Any) -> bytes:
    how = {"member": season.members[0], **more}
    return credential(season.node, lot, audience=full(), to=AUDIENCES[to](), language="it", format=format, **how).data


@pytest.fixture(scope="module")
def originals(signing: Season) -> dict[str, bytes]:
    return {format: issued(signing, format) for format in NAMES}


def account(season: Season, data: bytes) -> Account:
    return verify(data, known=KnownLogs(Path(season.node.store.folder).parent / "policies").load())


def claims(data: bytes) -> dict[str, Any]:
    text = data if data[:1] == b"{" else base64url.decode(data.split(b".")[1].decode())
    return json.loads(text)  # type: ignore[no-any-return]


def because(found: Account, verdict: str = "issued") -> list[str]:
    return [reason.code for reason in found.because(verdict)]


@pytest.mark.parametrize("to", AUDIENCES)
@pytest.mark.parametrize("format", NAMES)
def test_a_credential_is_signed_faithful_and_of_the_form_that_w3c_gives(signing: Season, format: str, to: str) -> None:
    data = issued(signing, format, to=to)
    found = account(signing, data)
    assert (found.exit_code, found.verdicts["issued"], found.verdicts["faithful"]) == (0, "yes", "yes")
    assert {"issued", "faithful"} <= found.demanded
    said = claims(data)
    schema = json.loads(official(SCHEMA).read_text("utf-8"))
    assert [error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(said)] == []
    assert said["issuer"]["id"] == signing.members[0]
    assert said["credentialSubject"]["id"] == LOT
    assert len(said["credentialSubject"]["eventList"]) == 10


@pytest.mark.parametrize("format", NAMES)
def test_the_same_bundle_and_key_give_the_same_bytes(signing: Season, format: str) -> None:
    assert issued(signing, format) == issued(signing, format)


def test_anybody_checks_the_signature_without_us(signing: Season) -> None:
    beside = json_text.read(issued(signing))
    assert isinstance(beside, dict)
    in_envelope = envelope.opened(issued(signing, "credential-jwt"))
    newest = signing.node.keyring.find(role="export", iss=signing.members[0])[-1]
    assert data_integrity.verify(beside).kid == in_envelope.check().kid == newest
    assert beside["proof"]["cryptosuite"] == "eddsa-rdfc-2022"  # type: ignore[index, call-overload]


def test_events_are_those_that_count_each_with_a_name(tmp_path: Path) -> None:
    seen = {"bizStep": "inspecting", "disposition": "active", "quantityList": [cases(3)]}
    named_event = {**event(18, 9, action="OBSERVE", **seen), "eventID": "urn:uuid:3f0a3f0a-0000-4000-8000-000000000001"}
    wrong = {**named_event, "errorDeclaration": {"declarationTime": "2026-07-18T10:00:00+02:00"}}
    with paperwork(tmp_path, more=[named_event, wrong]) as made:
        listed = claims(issued(made))["credentialSubject"]["eventList"]
    assert len(listed) == 10
    assert named_event["eventID"] not in {each["eventID"] for each in listed}
    assert len({each["eventID"] for each in listed}) == 10


def test_an_export_key_is_preferred_and_an_admin_key_does(signing: Season, season: Season) -> None:
    by_admin = claims(issued(season))["proof"]["verificationMethod"]
    by_export = claims(issued(signing))["proof"]["verificationMethod"]
    assert account(season, issued(season)).verdicts["issued"] == "yes"
    assert by_admin != by_export
    other = issued(signing, member=signing.members[1])
    found = account(signing, other)
    assert (found.verdicts["issued"], claims(other)["issuer"]["name"]) == ("yes", "Esperia Distribuzione")


def test_a_server_never_signs_with_an_admin_key(season: Season) -> None:
    with pytest.raises(InputError, match="credential-key-missing"):
        issued(season, roles=("export",))


def test_whose_key_it_is_must_be_said_where_several_are_here(season: Season) -> None:
    with pytest.raises(InputError, match="member-ambiguous"):
        issued(season, member=None)


def bundle(season: Season, *kids: str, lot: str = LOT) -> bytes:
    naming = named(season.node, full())
    return export_bundle(season.node, lot, direction="back", audience=full(), naming=naming, keys=kids)


def kid(season: Season, role: str, member: int = 0) -> str:
    return season.node.keyring.find(role=role, iss=season.members[member])[-1]


@pytest.mark.parametrize("role", ["operator", "gateway"])
def test_no_operator_and_no_gateway_vouches_for_a_lot(signing: Season, role: str) -> None:
    signer = signing.node.keyring.open(kid(signing, role))
    with pytest.raises(InputError, match="credential-refused") as caught:
        issue(FORMATS[0], bundle(signing, kid(signing, role)), signer, signing.members[0], language="it")
    assert caught.value.context["problem"] == "credential-role"


def test_who_signed_no_event_of_the_lot_is_a_stranger_to_it(signing: Season) -> None:
    with pytest.raises(InputError, match="credential-refused") as caught:
        issued(signing, lot=HARVESTED[0], member=signing.members[1], direction="back")
    assert caught.value.context["problem"] == "credential-stranger"


def test_a_key_that_the_bundle_does_not_show_decides_nothing(signing: Season) -> None:
    whole = claims(issued(signing))
    whole["filiera:paper"]["bundles"] = [bundle(signing).decode()]
    signer = signing.node.keyring.open(kid(signing, "export"))
    del whole["proof"]
    whole["proof"] = data_integrity.proof(whole, signer, created=whole["validFrom"])
    found = account(signing, json.dumps(whole).encode())
    assert (found.exit_code, found.verdicts["issued"]) == (1, "not_shown")
    assert because(found) == ["credential-key-unknown"]


def test_a_key_of_nobody_is_none_of_a_members(signing: Season, originals: dict[str, bytes]) -> None:
    whole = claims(originals["credential"])
    del whole["proof"]
    whole["proof"] = data_integrity.proof(whole, MemorySigner.from_seed("ES256", b"x"), created=whole["validFrom"])
    assert because(account(signing, json.dumps(whole).encode())) == ["credential-key-unknown"]


@pytest.mark.parametrize("how", ["revoked", "compromised"])
def test_a_key_that_was_ended_issues_nothing_more(tmp_path: Path, how: str) -> None:
    with paperwork(tmp_path) as made:
        made.node.membership.new_key("export", made.members[0])
        ended = kid(made, "export")
        before = issued(made)
        if how == "revoked":
            revoke(made.node, ended)
        else:
            state = made.node.registry.key_state(ended)
            assert state is not None
            compromise(made.node, ended, state.add)
        # What was issued says what held then; whoever asks for the lot again gets another key's.
        assert account(made, before).verdicts["issued"] == "yes"
        assert claims(issued(made))["proof"]["verificationMethod"] != claims(before)["proof"]["verificationMethod"]
        with pytest.raises(InputError, match="credential-refused") as caught:
            issue(FORMATS[0], bundle(made, ended), made.node.keyring.open(ended), made.members[0], language="it")
        assert caught.value.context["problem"] == "credential-key-ended"


def test_what_is_signed_is_issued_and_what_is_not_is_exported(signing: Season) -> None:
    with pytest.raises(InputError, match="export-issued"):
        export(signing.node, "credential", [LOT], audience=full(), to=full(), language="it")
    with pytest.raises(InputError, match="export-not-issued"):
        issued(signing, "epcis-json")


def test_a_prefix_that_no_context_explains_is_missing(tmp_path: Path) -> None:
    odd = event(18, 9, action="OBSERVE", bizStep="inspecting", quantityList=[cases(3)], **{"odd:grade": "A"})
    with paperwork(tmp_path, more=[odd]) as made, pytest.raises(MissingData) as caught:
        issued(made)
    assert [item.element for item in caught.value.missing] == ["@context: odd:grade"]


def test_who_grows_and_where_is_not_in_a_credential_for_buyers(signing: Season) -> None:
    for format in NAMES:
        data = issued(signing, format)
        seen = json.dumps(claims(data)).encode()
        opened = b"".join(
            base64url.decode(text)
            for each in bundles_of(data)
            for entry in json.loads(each)["entries"]
            for text in entry["disclosures"]
        )
        for hidden in (b"Azienda 11", b"44.23", b"ver=CBV2.0"):
            assert hidden not in seen + opened


# --- forgeries -------------------------------------------------------------------------------------------------------

FORGERIES: list[tuple[str, Any]] = [
    ("/validFrom", lambda c: c.update(validFrom="2020-01-01T00:00:00Z")),
    ("/validUntil", lambda c: c.update(validUntil="2030-01-01T00:00:00Z")),
    ("/type/1", lambda c: c["type"].append("Organic")),
    ("/@context/0", lambda c: c["@context"].reverse()),
    ("/name", lambda c: c.update(name="Certificato")),
    ("/credentialSubject/id", lambda c: c["credentialSubject"].update(id=HARVESTED[0])),
    ("/credentialSubject/eventList/9", lambda c: c["credentialSubject"]["eventList"].pop()),
    ("/credentialSubject/eventList/10", lambda c: c["credentialSubject"]["eventList"].append({"type": "ObjectEvent"})),
    *(
        (f"/credentialSubject/eventList/{number}/{path}", change)
        for number, path, change in (
            (0, "quantityList/0/quantity", lambda c: events(c)[0]["quantityList"][0].update(quantity=720)),
            (0, "quantityList/0/epcClass", lambda c: events(c)[0]["quantityList"][0].update(epcClass=LOT)),
            (0, "quantityList/0/uom", lambda c: events(c)[0]["quantityList"][0].update(uom="LTR")),
            (0, "eventTime", lambda c: events(c)[0].update(eventTime="2026-07-13T06:00:00.000+02:00")),
            (0, "eventTimeZoneOffset", lambda c: events(c)[0].update(eventTimeZoneOffset="+01:00")),
            (0, "bizStep", lambda c: events(c)[0].update(bizStep="creating_class_instance")),
            (0, "bizLocation/id", lambda c: events(c)[0]["bizLocation"].update(id=PACKHOUSE)),
            (0, "ilmd/cbvmda:countryOfOrigin", lambda c: events(c)[0]["ilmd"].update({"cbvmda:countryOfOrigin": "ES"})),
            (0, "ilmd/filiera:variety", lambda c: events(c)[0]["ilmd"].update({"filiera:variety": "Datterino"})),
            (0, "disposition", lambda c: events(c)[0].pop("disposition")),
            (0, "filiera:organic", lambda c: events(c)[0].update({"filiera:organic": True})),
            (4, "filiera:wasteKg", lambda c: events(c)[4].update({"filiera:wasteKg": 4})),
            (4, "eventID", lambda c: events(c)[4].update(eventID="urn:uuid:3f0a3f0a-0000-4000-8000-000000000001")),
            (7, "filiera:carrier", lambda c: events(c)[7].update({"filiera:carrier": PACKHOUSE})),
        )
    ),
]


def events(said: dict[str, Any]) -> list[dict[str, Any]]:
    return said["credentialSubject"]["eventList"]  # type: ignore[no-any-return]


def resigned(season: Season, format: str, said: dict[str, Any]) -> bytes:
    """What the member itself, or who has its key, would say otherwise."""
    signer = season.node.keyring.open(kid(season, "export"))
    if format == "credential-jwt":
        return envelope.seal(said, signer)
    proof = said.pop("proof")
    # What a proof would not cover is not signed: there the old one stays.
    with suppress(InputError):
        proof = data_integrity.proof(said, signer, created=said["validFrom"])
    return json_text.write({**said, "proof": {**proof}})


@pytest.mark.parametrize(("place", "forge"), FORGERIES, ids=[place for place, _ in FORGERIES])
@pytest.mark.parametrize("format", NAMES)
def test_what_is_changed_is_named_and_the_signature_holds_no_more(
    signing: Season, originals: dict[str, bytes], format: str, place: str, forge: Any
) -> None:
    data = originals[format]
    said = claims(data)
    forge(said)
    if format == "credential-jwt":
        head, _, signature = data.split(b".")
        changed = b".".join((head, base64url.encode(json.dumps(said).encode()).encode(), signature))
    else:
        changed = json.dumps(said).encode()
    found = account(signing, changed)
    assert (found.exit_code, found.verdicts["faithful"]) == (1, "no")
    assert found.because("faithful")[0].context["place"].startswith(place)
    # The order of a list of contexts and a number in another spelling are one RDF: then the comparison alone says no.
    assert found.verdicts["issued"] == "no" or place == "/@context/0"
    if format == "credential-jwt":
        # Signed again by the member's own key, it still does not say what the log says.
        again = account(signing, resigned(signing, format, said))
        assert (again.exit_code, again.verdicts["faithful"], again.verdicts["issued"]) == (1, "no", "yes")


@pytest.mark.parametrize("format", NAMES)
@pytest.mark.parametrize(
    "issuer",
    ["urn:uuid:3f0a3f0a-0000-4000-8000-000000000001", {"id": "urn:uuid:3f0a3f0a-0000-4000-8000-000000000001"}, None,
     {"name": "Cooperativa Sole"}],
)  # fmt: skip
def test_an_issuer_that_is_not_the_keys_member_is_denied(
    signing: Season, originals: dict[str, bytes], format: str, issuer: Any
) -> None:
    said = claims(originals[format])
    if isinstance(issuer, dict) and "id" not in issuer:
        issuer = {**said["issuer"], "name": "Cooperativa Luna"}
    said["issuer"] = issuer
    found = account(signing, resigned(signing, format, said))
    assert (found.exit_code, found.verdicts["issued"]) == (1, "no")
    assert because(found)[0] in ("credential-issuer", "credential-iri", "signature-wrong")


def test_a_proof_taken_away_or_from_elsewhere_is_no_proof(signing: Season, originals: dict[str, bytes]) -> None:
    whole = claims(originals["credential"])
    other = claims(issued(signing, lot=HARVESTED[0]))["proof"]
    for proof in (other, {}, [whole["proof"]], {**whole["proof"], "domain": "example.com"}):
        found = account(signing, json.dumps({**whole, "proof": proof}).encode())
        assert (found.exit_code, found.verdicts["issued"], found.verdicts["faithful"]) == (1, "no", "yes")
    del whole["proof"]
    assert account(signing, json.dumps(whole).encode()).exit_code == 1


def test_a_swapped_bundle_is_found(signing: Season, originals: dict[str, bytes]) -> None:
    whole = claims(originals["credential"])
    whole["filiera:paper"]["bundles"] = claims(issued(signing, lot=HARVESTED[0]))["filiera:paper"]["bundles"]
    found = account(signing, json.dumps(whole).encode())
    assert (found.exit_code, found.verdicts["faithful"], found.verdicts["issued"]) == (1, "no", "no")


def test_a_credential_of_somebody_elses_without_a_bundle_proves_nothing_here(signing: Season) -> None:
    said = claims(issued(signing, "credential-jwt"))
    del said["filiera:paper"]
    found = account(signing, envelope.seal(said, MemorySigner.from_seed("ES256", b"x")))
    assert (found.exit_code, because(found, "authentic")) == (1, ["paper-without-claim"])


def test_a_paper_that_calls_itself_a_credential_is_of_another_kind(signing: Season) -> None:
    whole = claims(export(signing.node, "epcis-json", [LOT], audience=full(), to=full(), language="it").data)
    whole["filiera:paper"]["format"] = "credential"
    assert because(account(signing, json.dumps(whole).encode()), "faithful") == ["paper-of-another-kind"]
