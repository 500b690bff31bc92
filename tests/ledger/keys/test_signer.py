"""Signers make only signatures that are admitted, the same ones every time, and never show their key."""

import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.signature import P256_ORDER
from ledger.keys.signer import MemorySigner
from schemas.errors import InputError
from tests.official import official

ALGS = ("ES256", "Ed25519")


@pytest.mark.parametrize("alg", ALGS)
@given(message=st.binary(max_size=300))
def test_what_is_signed_verifies_and_is_always_the_same(alg: Any, message: bytes) -> None:
    signer = MemorySigner.from_seed(alg, b"seed")
    signature = signer.sign(message)
    assert signature == signer.sign(message)
    signer.public.verify(signature, message)


def test_es256_signatures_of_the_two_rfc_6979_sources() -> None:
    """RFC 6979 A.2.5 ("sample"), whose s is normalised, and the CCTV message whose first nonce is rejected."""
    readme = official("crypto/cctv/RFC6979/README.md").read_text()

    def value(name: str) -> int:
        found = re.search(rf"^{name} = ([0-9A-F]+)$", readme, re.MULTILINE)
        assert found
        return int(found[1], 16)

    signer = MemorySigner.from_private(ec.derive_private_key(value("x"), ec.SECP256R1()))
    r, s = value("r"), value("s")
    assert signer.sign(b"wv[vnX") == r.to_bytes(32, "big") + min(s, P256_ORDER - s).to_bytes(32, "big")
    sample = signer.sign(b"sample")
    assert sample[:32].hex().upper() == "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
    high = 0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8
    assert int.from_bytes(sample[32:], "big") == P256_ORDER - high


@pytest.mark.parametrize("alg", ALGS)
def test_generated_keys_differ_and_seeded_ones_do_not(alg: Any) -> None:
    assert MemorySigner.generate(alg).public.kid != MemorySigner.generate(alg).public.kid
    assert MemorySigner.from_seed(alg, b"x").public == MemorySigner.from_seed(alg, b"x").public
    assert MemorySigner.from_seed(alg, b"x").public.kid != MemorySigner.from_seed(alg, b"y").public.kid


def test_a_key_of_another_kind_is_refused() -> None:
    for private in (ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048), b"bytes"):
        with pytest.raises(InputError, match="key-type"):
            MemorySigner.from_private(private)


def test_a_signer_shows_only_its_public_name() -> None:
    signer = MemorySigner.from_seed("ES256", b"x")
    assert repr(signer) == f"MemorySigner(ES256, {signer.public.kid})"
