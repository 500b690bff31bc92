"""The text of a token: found by scanners, checked before it is looked up, and never kept."""

import os
import re
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import token_text
from schemas.errors import InputError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def test_a_token_can_be_found_by_its_form() -> None:
    text = token_text.make(os.urandom)
    assert re.fullmatch(r"fil_[0-9A-Za-z]{49}", text)
    assert token_text.is_token(text)


def test_the_checksum_is_what_the_decision_says() -> None:
    text = token_text.make(lambda size: bytes(range(size)))
    value, digits = crc32(text[:-6].encode()), ""
    while value:
        value, digit = divmod(value, 62)
        digits = ALPHABET[digit] + digits
    assert text[-6:] == digits.rjust(6, "0")


def test_all_256_bits_are_in_the_text() -> None:
    assert token_text.make(lambda size: b"\xff" * size) != token_text.make(lambda size: b"\xff" * (size - 1) + b"\xfe")
    assert token_text.make(lambda size: b"\x80" + bytes(size - 1)) != token_text.make(bytes)


@given(place=st.integers(0, 52), other=st.sampled_from(ALPHABET))
def test_a_token_with_another_character_is_none(place: int, other: str) -> None:
    text = token_text.make(lambda size: bytes(range(size)))
    changed = text[:place] + other + text[place + 1 :]
    assert token_text.is_token(changed) == (changed == text)


@pytest.mark.parametrize("text", ["", "fil_", "Bearer x", "fil_" + "0" * 49, "fil_" + "à" * 49])
def test_what_is_no_token_has_no_digest(text: str) -> None:
    with pytest.raises(InputError) as refused:
        token_text.digest(text)
    assert refused.value.code == "access-malformed"
    assert text == "" or text not in str(refused.value)
