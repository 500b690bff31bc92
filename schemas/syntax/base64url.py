"""Base64url without padding (RFC 4648 section 5, RFC 7515 section 2), one spelling per value.

A decoder that accepts stray bits in the last character, padding or white space lets anyone respell a signed
text without changing its value; this one accepts only what it would write itself.
"""

from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import lru_cache
from struct import Struct
from typing import Any

from schemas.errors import InputError

# The signs of the standard alphabet and its padding are not ours: they become a byte that no encoder writes.
TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/\x00\x00\x00")
"""For `bytes.translate`: base64url as the decoder of the standard alphabet takes it, in its strict mode."""
_TO_URL = bytes.maketrans(b"+/", b"-_")
# The padding and the line end that `b2a_base64` writes.
_ENDING = (b"\n", b"===\n", b"==\n", b"=\n")


def encode(value: bytes) -> str:
    """Bytes to base64url without padding."""
    return b2a_base64(value, newline=False).translate(_TO_URL, b"=").decode("ascii")


def digests(texts: Sequence[Any]) -> tuple[bytes, ...] | None:
    """Several SHA-256 digests of 43 characters, decoded in one step; None where one of them is not just that."""
    try:
        joined = "A".join(texts).encode("ascii")
    except (TypeError, ValueError):
        return None
    return _apart(joined, len(texts)) if list(map(len, texts)) == [43] * len(texts) else None


def ascii_digests(texts: Sequence[bytes]) -> tuple[bytes, ...] | None:
    """The same of texts as ASCII that are known to be of 43 characters each."""
    return _apart(b"A".join(texts), len(texts))


def _apart(joined: bytes, count: int) -> tuple[bytes, ...] | None:
    """What stands between the zeros. One makes 33 bytes of each digest, of which the last is zero unless a stray bit
    was set."""
    try:
        decoded = a2b_base64(joined.translate(TO_STANDARD) + b"A" * (count > 0), strict_mode=True)
    except Error:
        return None
    return _columns(count).unpack(decoded) if decoded[32::33] == bytes(count) else None


@lru_cache(maxsize=256)
def _columns(count: int) -> Struct:
    return Struct("32sx" * count)


def decode(text: str | bytes, *, member: str = "value") -> bytes:
    """Base64url without padding to bytes; `InputError("base64url")` unless `text` is its own re-encoding."""
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    standard = raw.translate(TO_STANDARD) + _ENDING[len(raw) % 4]
    try:
        value = a2b_base64(standard)
    except Error:
        raise InputError("base64url", member=member) from None
    # The decoder skips what it does not know; writing the value again shows whether it skipped anything.
    if b2a_base64(value) != standard:
        raise InputError("base64url", member=member)
    return value
