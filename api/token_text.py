"""The text of an API token: `fil_`, 43 characters that hold 256 random bits, and a checksum of six.

- The beginning and the checksum let a scanner of leaked secrets know one of ours: `fil_[0-9A-Za-z]{49}`, of which the
  last six are the CRC-32 of all before them, in base 62. Only what has the right checksum is looked up.
- What is kept is the SHA-256 of the whole text: of 256 random bits a slow hash would protect no better.
- The id of a token (the first 12 hexadecimal digits of that digest) can be shown: from a leaked text its owner finds
  which one to revoke.

    text = make(random);  digest(text)      # InputError("access-malformed") for what is no token

docs/adr/0023-who-may-ask.md.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from zlib import crc32

from schemas.errors import InputError

PREFIX = "fil_"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BYTES, _SECRET, _CHECK = 32, 43, 6
_FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_SECRET + _CHECK}}}")


def make(random: Callable[[int], bytes]) -> str:
    """A fresh token from 32 random bytes."""
    body = PREFIX + _base62(int.from_bytes(random(_BYTES), "big"), _SECRET)
    return body + _checksum(body)


def is_token(text: str) -> bool:
    """Has the text the form of a token, checksum included?"""
    return _FORM.fullmatch(text) is not None and text[-_CHECK:] == _checksum(text[:-_CHECK])


def digest(text: str) -> bytes:
    """What is kept of a token; `InputError("access-malformed")` where the text is none."""
    if not is_token(text):
        raise InputError("access-malformed")
    return sha256(text.encode("ascii")).digest()


def id_of(kept: bytes) -> str:
    """The id that may be shown of a token whose digest this is."""
    return kept.hex()[:12]


def _checksum(body: str) -> str:
    return _base62(crc32(body.encode("ascii")), _CHECK)


def _base62(value: int, width: int) -> str:
    digits = []
    for _ in range(width):
        value, digit = divmod(value, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
