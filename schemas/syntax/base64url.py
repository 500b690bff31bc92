"""Base64url without padding (RFC 4648 section 5, RFC 7515 section 2), one spelling per value.

A decoder that accepts stray bits in the last character, padding or white space lets anyone respell a signed
text without changing its value; this one accepts only what it would write itself.
"""

import binascii
from base64 import b64decode, urlsafe_b64encode

from schemas.errors import InputError

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def encode(value: bytes) -> str:
    """Bytes to base64url without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def decode(text: str | bytes, *, member: str = "value") -> bytes:
    """Base64url without padding to bytes; `InputError("base64url")` unless `text` is its own re-encoding."""
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    try:
        value = b64decode(raw.translate(_TO_STANDARD) + b"=" * (-len(raw) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InputError("base64url", member=member) from None
    if urlsafe_b64encode(value).rstrip(b"=") != raw:
        raise InputError("base64url", member=member)
    return value
