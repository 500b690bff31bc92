import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.sealing import Seal
from schemas.errors import EvidenceError

SECRET = bytes(range(32))


def refused(seal: Seal, sealed: bytes, about: bytes = b"") -> str:
    with pytest.raises(EvidenceError) as broken:
        seal.opened(sealed, about)
    return broken.value.code


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_what_was_sealed_comes_back_and_shows_nothing(text: bytes, about: bytes) -> None:
    seal = Seal(SECRET, "test", os.urandom)
    sealed = seal.closed(text, about)
    assert seal.opened(sealed, about) == text
    assert len(sealed) == len(text) + 28
    assert seal.closed(text, about) != sealed


@given(st.data())
def test_any_flipped_byte_is_found(data: st.DataObject) -> None:
    seal = Seal(SECRET, "test", os.urandom)
    sealed = bytearray(seal.closed(b"place 7"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    assert refused(seal, bytes(sealed)) == "seal-broken"


def test_another_purpose_secret_or_place_opens_nothing() -> None:
    seal = Seal(SECRET, "test", os.urandom)
    sealed = seal.closed(b"text", b"job 1")
    assert refused(Seal(SECRET, "other", os.urandom), sealed, b"job 1") == "seal-broken"
    assert refused(Seal(bytes(32), "test", os.urandom), sealed, b"job 1") == "seal-broken"
    assert refused(seal, sealed, b"job 2") == "seal-broken"


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(12), bytes(27), bytes(28)])
def test_what_is_no_sealed_text_is_refused(sealed: bytes) -> None:
    assert refused(Seal(SECRET, "test", os.urandom), sealed) == "seal-broken"
