"""Data Integrity: W3C's vectors step by step, proofs of our own, and every way in which one can be wrong."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from exporters.credentials.data_integrity import PROOF, SUITES, proof, verify
from exporters.credentials.did_key import method
from exporters.credentials.rdf import canonical
from ledger.keys.signature import P256_ORDER
from ledger.keys.signer import MemorySigner
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base58
from tests.exporters.credentials.official_contexts import contexts
from tests.exporters.credentials.test_rdf import CREDENTIAL
from tests.official import official, official_files, present

VECTORS = official_files(
    "crypto/w3c-vc-di-eddsa/eddsa-rdfc-2022/**/signed*.json",
    "crypto/w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p256/**/signed*.json",
)
# Other suites, curves, and sets and chains of proofs: none of them passes for one of ours.
OTHERS = official_files(
    "crypto/w3c-vc-di-ecdsa/ecdsa-jcs*/**/signed*.json",
    "crypto/w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p384/**/signed*.json",
    "crypto/w3c-vc-di-eddsa/Ed25519Signature2020/**/signed*.json",
    "crypto/w3c-vc-di-eddsa/eddsa-jcs-2022/**/signed*.json",
    "crypto/w3c-vc-di-eddsa/proof-set-chain/signed*.json",
)
SIGNERS = [MemorySigner.from_seed("ES256", b"member"), MemorySigner.from_seed("Ed25519", b"member")]
STRANGER = MemorySigner.from_seed("ES256", b"x")
CREATED = "2026-07-20T12:00:00Z"


def step(file: Path, name: str) -> str:
    (found,) = file.parent.glob(f"{name}*.txt")
    return found.read_text("utf-8").strip()


@pytest.mark.parametrize("file", VECTORS)
def test_every_step_of_the_vectors_of_w3c(file: Path) -> None:
    signed = json.loads(present(file).read_text("utf-8"))
    document = {name: value for name, value in signed.items() if name != PROOF}
    config = {name: value for name, value in signed[PROOF].items() if name != "proofValue"}
    own = {"@context": signed["@context"], **config}
    said = [canonical(each, contexts=contexts()) for each in (own, document)]
    assert [text.strip() for text in said] == [step(file, "proofCanon"), step(file, "canonDoc")]
    digests = [sha256(text.encode()).hexdigest() for text in said]
    assert digests == [step(file, "proofHash"), step(file, "docHash")]
    assert base58.decode(signed[PROOF]["proofValue"][1:]).hex() == step(file, "sigHex")
    key = verify(signed, contexts=contexts())
    assert SUITES[key.alg] == signed[PROOF]["cryptosuite"]


@pytest.mark.parametrize("file", VECTORS)
def test_no_vector_survives_a_change(file: Path) -> None:
    signed = json.loads(present(file).read_text("utf-8"))
    for path in (("validFrom",), ("issuer",), ("name",), (PROOF, "created")):
        changed = json.loads(json.dumps(signed))
        held = changed
        for name in path[:-1]:
            held = held[name]
        if path[-1] in held and isinstance(held[path[-1]], str):
            held[path[-1]] = held[path[-1]].replace("2", "3").replace("e", "f")
            with pytest.raises(EvidenceError, match="signature"):
                verify(changed, contexts=contexts())


def test_the_vectors_are_all_there() -> None:
    official("crypto/w3c-vc-di-ecdsa")
    assert (len(VECTORS), len(OTHERS)) == (4, 10)


@pytest.mark.parametrize("file", OTHERS)
def test_a_proof_of_another_suite_does_not_pass(file: Path) -> None:
    with pytest.raises(InputError):
        verify(json.loads(present(file).read_text("utf-8")), contexts=contexts())


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.public.alg)
def test_a_proof_of_ours_is_found_to_hold_and_always_the_same(signer: MemorySigner) -> None:
    found = proof(CREDENTIAL, signer, created=CREATED)
    assert found == proof(CREDENTIAL, signer, created=CREATED)
    assert verify({**CREDENTIAL, PROOF: found}) == signer.public


def signed(signer: MemorySigner = SIGNERS[0]) -> dict[str, Any]:
    return {**CREDENTIAL, PROOF: proof(CREDENTIAL, signer, created=CREATED)}


def test_both_twins_of_an_ecdsa_signature_count() -> None:
    whole = signed()
    raw = base58.decode(whole[PROOF]["proofValue"][1:])
    twin = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    whole[PROOF]["proofValue"] = "z" + base58.encode(twin)
    assert verify(whole) == SIGNERS[0].public


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: p.update(created="2026-07-20T12:00:01Z"), "signature-wrong"),
        (lambda p: p.update(proofPurpose="authentication"), "credential-proof"),
        (lambda p: p.update(type="Ed25519Signature2020"), "credential-proof"),
        (lambda p: p.update(cryptosuite="eddsa-rdfc-2022"), "credential-proof"),
        (lambda p: p.update(cryptosuite="ecdsa-jcs-2019"), "credential-proof"),
        (lambda p: p.update(expires="2027-01-01T00:00:00Z"), "credential-proof"),
        (lambda p: p.update(created=5), "credential-proof"),
        (lambda p: p.pop("created"), "credential-proof"),
        (lambda p: p.update(proofValue=p["proofValue"][1:]), "signature-wrong"),
        (lambda p: p.update(proofValue=p["proofValue"][:-1]), "signature-wrong"),
        (lambda p: p.update(proofValue="z0"), "base58"),
        (lambda p: p.update(proofValue="z" + base58.encode(b"\xff" * 64)), "signature-range"),
        (lambda p: p.update(verificationMethod="https://example.com/key"), "did-key"),
        (lambda p: p.update(verificationMethod=method(STRANGER.public)), "signature-wrong"),
    ],
)  # fmt: skip
def test_a_proof_that_was_changed_does_not_hold(change: Any, code: str) -> None:
    whole = signed()
    change(whole[PROOF])
    with pytest.raises((EvidenceError, InputError), match=code):
        verify(whole)


@pytest.mark.parametrize("value", [None, [], [{}], "z1", {}])
def test_what_is_no_proof_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match="credential-proof"):
        verify({**CREDENTIAL, PROOF: value})
