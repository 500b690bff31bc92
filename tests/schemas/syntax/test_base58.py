"""Base58: the vectors of its first users, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.syntax.base58 import MOST, decode, encode

VECTORS = [
    (b"", ""), (b"\x00", "1"), (b"\x00\x01", "12"), (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
    (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    (b"The quick brown fox jumps over the lazy dog.", "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "text"), VECTORS)
def test_the_vectors_of_the_draft(data: bytes, text: str) -> None:
    assert encode(data) == text
    assert decode(text) == data


@given(st.binary(max_size=100))
def test_what_is_written_is_read(data: bytes) -> None:
    assert decode(encode(data)) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "è", " 1", "1" * (MOST + 1)])
def test_what_is_no_base58_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="base58"):
        decode(text)
