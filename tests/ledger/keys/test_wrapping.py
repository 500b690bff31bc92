"""Keys for one thing only: what they encrypt opens with them and nothing else."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.wrapping import KEY_SIZE, WRAPPING_SIZE, open_one, seal_one, stream, unwrap, wrap, xor
from schemas.errors import EvidenceError

KEY = bytes(range(32))


@given(st.binary(max_size=4000), st.binary(min_size=KEY_SIZE, max_size=KEY_SIZE))
def test_a_stream_is_that_of_aes_in_counter_mode_and_opens_what_it_sealed(text: bytes, key: bytes) -> None:
    # SP 800-38D: with a nonce of 96 bits the counter begins at 1, and the text at 2.
    counter = Cipher(AES(key), CTR(bytes(12) + (2).to_bytes(4, "big"))).encryptor()
    assert stream(key, text) == counter.update(text)
    assert stream(key, stream(key, text)) == text
    assert xor(stream(key, text), stream(key, bytes(len(text)))) == text


@given(st.binary(max_size=300), st.integers(0, 299))
def test_a_part_of_a_stream_is_a_pad_for_that_part(text: bytes, at: int) -> None:
    key = os.urandom(KEY_SIZE)
    pad = stream(key, bytes(len(text)))[at:]
    assert xor(stream(key, text)[at:], pad) == text[at:]


@given(st.binary(min_size=KEY_SIZE, max_size=KEY_SIZE * 12).map(lambda keys: keys[: len(keys) // 8 * 8]))
def test_keys_come_back_from_their_wrapping(keys: bytes) -> None:
    wrapped = wrap(keys, KEY)
    assert unwrap(wrapped, KEY) == keys
    assert len(wrapped) == len(keys) + WRAPPING_SIZE


def test_changed_keys_another_members_key_or_none_open_nothing() -> None:
    wrapped = wrap(bytes(KEY_SIZE), KEY)
    changed = bytes([wrapped[0] ^ 1]) + wrapped[1:]
    for other, key in ((changed, KEY), (wrapped, bytes(32)), (b"", KEY), (bytes(24), KEY), (wrapped[:-8], KEY)):
        with pytest.raises(EvidenceError, match="disclosure-sealed"):
            unwrap(other, key)


@given(st.binary(max_size=300))
def test_what_is_sealed_under_a_key_of_its_own_opens_again(text: bytes) -> None:
    sealed = seal_one(text, KEY, os.urandom(KEY_SIZE))
    assert open_one(sealed, KEY) == text
    assert len(sealed) == len(text) + 40


@pytest.mark.parametrize("at", [0, 20, 24, 30, -1])
def test_what_was_altered_under_a_key_of_its_own_is_refused(at: int) -> None:
    sealed = bytearray(seal_one(b"a pad", KEY, os.urandom(KEY_SIZE)))
    sealed[at] ^= 1
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        open_one(bytes(sealed), KEY)


@pytest.mark.parametrize("length", [0, 10, 23, 24, 39])
def test_what_was_cut_short_is_refused(length: int) -> None:
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        open_one(seal_one(b"a pad", KEY, os.urandom(KEY_SIZE))[:length], KEY)
