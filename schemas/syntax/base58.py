"""Base58 in Bitcoin's alphabet: how multibase (`z…`) writes keys and signatures in W3C credentials.

- Bounded, since it is quadratic: nothing that is written so here is longer than a key or a signature.

    encode(b"\\x00\\x01")  ->  "12"

W3C Controlled Identifiers 1.0 section 2.4 (Multibase).
"""

from schemas.errors import InputError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
MOST = 256
"""Characters of a text that is read."""


def encode(data: bytes) -> str:
    """Bytes as text."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def decode(text: str) -> bytes:
    """Text as bytes; `InputError("base58")` for a letter that is none, and for a text longer than `MOST`."""
    if len(text) > MOST or not _VALUES.keys() >= set(text):
        raise InputError("base58", text=text[:40])
    number = 0
    for letter in text:
        number = number * 58 + _VALUES[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
