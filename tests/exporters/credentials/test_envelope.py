"""A `vc+jwt` is read in one way, and checked against the key that it names."""

import json
from typing import Any

import pytest

from exporters.credentials.envelope import is_envelope, opened, seal
from ledger.keys.signer import MemorySigner
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base64url
from tests.exporters.credentials.test_data_integrity import SIGNERS

CLAIMS: dict[str, Any] = {"type": ["VerifiableCredential"], "issuer": "urn:uuid:1"}


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.public.alg)
def test_what_is_sealed_is_opened(signer: MemorySigner) -> None:
    data = seal(CLAIMS, signer)
    assert data == seal(CLAIMS, signer)
    assert is_envelope(data)
    found = opened(data + b"\n")
    assert (found.check(), found.claims) == (signer.public, CLAIMS)


def forged(header: Any = None, claims: Any = None, *, text: bytes | None = None) -> bytes:
    parts = seal(CLAIMS, SIGNERS[0]).split(b".")
    if header is not None:
        said = json.loads(base64url.decode(parts[0].decode()))
        kept = {name: value for name, value in {**said, **header}.items() if value is not None}
        parts[0] = base64url.encode(json.dumps(kept).encode()).encode()
    if claims is not None:
        parts[1] = base64url.encode(json.dumps(claims).encode()).encode()
    return text if text is not None else b".".join(parts)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (forged({"alg": "none"}), "credential-envelope"),
        (forged({"alg": "HS256"}), "credential-envelope"),
        (forged({"alg": "Ed25519"}), "credential-envelope"),
        (forged({"typ": "JWT"}), "credential-envelope"),
        (forged({"cty": "jwt"}), "credential-envelope"),
        (forged({"kid": None}), "credential-envelope"),
        (forged({"kid": 5}), "credential-envelope"),
        (forged({"kid": "https://example.com"}), "did-key"),
        (forged({"crit": ["b64"], "b64": False}), "credential-envelope"),
        (forged({"jwk": {}}), "credential-envelope"),
        (forged(claims=[]), "credential-envelope"),
        (forged(claims={**CLAIMS, "issuer": "urn:uuid:2"}), "signature-wrong"),
        (forged(text=seal(CLAIMS, SIGNERS[0]).replace(b".", b"..", 1)), "credential-envelope"),
        (forged(text=seal(CLAIMS, SIGNERS[0]) + b"="), "base64url"),
        (forged(text=b"\xff.\xff.\xff"), "credential-envelope"),
        (forged(text=b"a.b.c"), "base64url"),
    ],
)
def test_an_envelope_that_was_changed_is_refused(data: bytes, code: str) -> None:
    with pytest.raises((EvidenceError, InputError), match=code):
        opened(data).check()


@pytest.mark.parametrize("data", [b"", b"{}", b"a.b.c", b"e30.e30.e30", b"\x00" * 9, forged({"typ": "JWT"})])
def test_anything_else_is_no_envelope(data: bytes) -> None:
    assert not is_envelope(data)
