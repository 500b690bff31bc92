"""Passwords as they are kept: scrypt with its parameters, one spelling, no shortcut for the unknown."""

import os
from hashlib import scrypt

import pytest

from api import passwords
from schemas.errors import InputError

WORDS = "una frase lunga e mia"


def test_a_password_matches_what_was_kept_of_it_and_nothing_else_does() -> None:
    kept = passwords.hashed(WORDS, os.urandom)
    assert passwords.matches(WORDS, kept)
    assert not passwords.matches(WORDS + " ", kept)
    assert WORDS not in kept


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert passwords.hashed(WORDS, os.urandom) != passwords.hashed(WORDS, os.urandom)


def test_it_is_the_scrypt_of_rfc_7914_with_the_parameters_kept() -> None:
    kept = passwords.hashed(WORDS, bytes)
    salt, memory = bytes(16), 1 << 26
    expected = scrypt(WORDS.encode(), salt=salt, n=1 << 15, r=8, p=3, maxmem=memory, dklen=32)
    assert kept.startswith("$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$")
    assert passwords._bytes(kept.rpartition("$")[2]) == expected


def test_older_parameters_still_match_and_are_known_to_be_old() -> None:
    kept = f"$scrypt$ln=10,r=8,p=1${passwords._text(bytes(16))}$"
    kept += passwords._text(scrypt(WORDS.encode(), salt=bytes(16), n=1 << 10, r=8, p=1, dklen=32))
    assert passwords.matches(WORDS, kept)
    assert passwords.outdated(kept)
    assert not passwords.outdated(passwords.hashed(WORDS, os.urandom))


def test_an_accent_typed_in_two_ways_is_one_password() -> None:
    kept = passwords.hashed("perché la luna è là", os.urandom)
    assert passwords.matches("perche\u0301 la luna e\u0300 la\u0300", kept)


@pytest.mark.parametrize("password", ["", "undici car.", "x" * 257])
def test_a_password_too_short_or_too_long_is_refused_without_being_said_again(password: str) -> None:
    with pytest.raises(InputError) as refused:
        passwords.hashed(password, os.urandom)
    assert refused.value.code == "password-length"
    assert refused.value.context == {"least": 12, "most": 256}


def test_what_was_never_kept_by_us_matches_nothing() -> None:
    assert not passwords.matches(WORDS, "")
    assert not passwords.matches(WORDS, WORDS)
    assert not passwords.matches("x" * 5000, passwords.hashed(WORDS, os.urandom))
