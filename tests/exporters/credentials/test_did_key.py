"""A key is a DID in one spelling, and only a key is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.credentials.did_key import method, public_key
from ledger.keys.signer import MemorySigner
from schemas.errors import InputError
from schemas.syntax import base58

# Of W3C's vectors and of the did:key method.
KNOWN = [
    "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
    "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
    "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
    "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
]


@pytest.mark.parametrize("name", KNOWN)
def test_known_keys_come_back_as_they_were(name: str) -> None:
    assert method(public_key(f"did:key:{name}#{name}")) == f"did:key:{name}#{name}"


@given(st.binary(min_size=1, max_size=8), st.sampled_from(["ES256", "Ed25519"]))
def test_every_key_has_one_name(seed: bytes, alg: str) -> None:
    key = MemorySigner.from_seed(alg, seed).public  # type: ignore[arg-type]
    assert public_key(method(key)) == key


P384 = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"
OFF_CURVE = "z" + base58.encode(b"\x80\x24\x02" + b"\xff" * 32)
SMALL_ORDER = "z" + base58.encode(b"\xed\x01\x01" + bytes(31))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "did-key"),
        ("https://example.com/key", "did-key"),
        (f"did:key:{KNOWN[0]}", "did-key"),
        (f"did:key:{KNOWN[0]}#{KNOWN[1]}", "did-key"),
        (f"did:key:{P384}#{P384}", "did-key"),
        (f"did:key:{KNOWN[0]}2#{KNOWN[0]}2", "did-key"),
        ("did:key:z0#z0", "base58"),
        (f"did:key:{OFF_CURVE}#{OFF_CURVE}", "did-key"),
        (f"did:key:{SMALL_ORDER}#{SMALL_ORDER}", "key-small-order"),
    ],
)
def test_what_is_no_key_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        public_key(text)
