"""One disclosure: base64url of the JSON array `[salt, name, value]`, or `[salt, value]` for a list element.

- The digest is SHA-256 over the ASCII of the disclosure as it was sent, never over a re-encoding.
- The salt is 128 random bits, in base64url: 22 characters.
- A name is never `_sd`, `_sd_alg` or `...`; a value uses those names only where `ledger.entry.shape` has them.

    made = make(salt, "bizStep", "shipping")
    parse(made.text, named=True).value

RFC 9901 sections 4.2.1 to 4.2.3.
"""

import re
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from ledger.entry.claims import RESERVED
from schemas.errors import InputError
from schemas.syntax.base64url import decode, encode
from schemas.syntax.json_text import MAX_DEPTH, NOT_SCANNED, SCANS, Json, Scan, quoted, read, write_text

SALT_BYTES = 16
# 16 bytes are 22 characters, and the last one has four bits that must be zero: what `decode` would find, in one step.
_SALT = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]").fullmatch
# Disclosures as nearly all are written: no space before the value, no zero byte. What else there may be, and mistakes,
# are left to `opened`.
_BODIES = re.compile(rb'\["[A-Za-z0-9_-]{21}[AQgw]",[^\x00]*').findall
# The signs of the standard alphabet and its padding are not ours: they become a byte that no encoder writes.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/\x00\x00\x00")
# By what is left of a length divided by four: what makes it whole and puts one to three zero bytes behind the value.
_FILL = (b"AAAA", b"!!!", b"AA", b"A")
_URL = bytes.maketrans(b"+/", b"-_")


Said = tuple[str | None, Json]
"""What a disclosure says: its name (None for an element of a list) and its value."""


class Disclosure(NamedTuple):
    """A disclosure as sent (`text`), its digest, and what it says; `name` is None for an element of a list.

    A tuple, since every entry read makes a dozen: as immutable as a frozen dataclass, in less than half its time.
    """

    text: str
    digest: bytes
    name: str | None
    value: Json


def digest_text(raw: bytes) -> tuple[str, bytes]:
    """The digest of a disclosure's ASCII, as it stands in `_sd` and as bytes."""
    digest = sha256(raw).digest()
    return b2a_base64(digest, newline=False).translate(_URL, b"=").decode("ascii"), digest


def digest_texts(digests: Sequence[bytes]) -> list[str]:
    """Digests as they stand in `_sd`, written all at once.

    A byte between them makes 33 of each, so that each begins its own 44 characters; the last is not the digest's.
    """
    text = b2a_base64(b"\x00".join(digests), newline=False).translate(_URL).decode("ascii")
    return [text[start : start + 43] for start in range(0, 44 * len(digests), 44)]


def make(salt: bytes, name: str | None, value: Any) -> Disclosure:
    """A new disclosure of `value` (with its own `_sd` or `...` already in it where it is split)."""
    text = encode_disclosure(salt, name, write_text(value))
    return Disclosure(text, sha256(text.encode("ascii")).digest(), name, value)


def encode_disclosure(salt: bytes, name: str | None, value: str) -> str:
    """The disclosure of a value already written as JSON text; `InputError` for a reserved name or a short salt."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt is {SALT_BYTES} random bytes")
    if name in RESERVED:
        raise InputError("entry-reserved-name", member=name)
    start = f'["{encode(salt)}",' if name is None else f'["{encode(salt)}",{quoted(name)},'
    try:
        return encode(f"{start}{value}]".encode())
    except UnicodeEncodeError:
        raise InputError("json-lone-surrogate") from None


def parse(text: str, *, named: bool, numbers: Callable[..., Json] = read) -> Disclosure:
    """A disclosure read by itself; `numbers` is `read` below `content` and `read_integers` elsewhere."""
    raw = text.encode("ascii", "replace")
    digest = sha256(raw).digest()
    (body,) = bodies([raw]) or (None,)
    said = read_body(body, named, SCANS[numbers]) or opened(raw, named, numbers)
    return Disclosure(text, digest, *said)


def bodies(texts: Sequence[bytes]) -> list[bytes] | None:
    """The JSON texts of disclosures as ASCII, all decoded in one step: each begins with a salt of its right form. None
    where this is not plain of all: then each is for `opened` to read."""
    try:
        decoded = a2b_base64(
            b"".join([text + _FILL[len(text) & 3] for text in texts]).translate(_TO_STANDARD), strict_mode=True
        )
    except Error:
        return None
    found = _BODIES(decoded)
    # Each is as long as its text says, so none has a zero byte in it, or a stray bit behind it, or stands elsewhere.
    if list(map(len, found)) != [size * 3 >> 2 for size in map(len, texts)]:
        return None
    # To look for one byte takes no time; there is hardly ever one.
    return None if b"\\" in decoded and b"\\u" in decoded else found


def read_body(body: bytes | None, named: bool, scan: Scan) -> Said | None:
    """Name and value of a plain disclosure; None for what is not plain after all, which `opened` judges."""
    if body is None:
        return None
    try:
        text = body.decode()
        parts, end = scan(text, 0)
    except NOT_SCANNED:
        return None
    if end != len(text) or len(parts) != (3 if named else 2) or text.count("[") + text.count("{") > MAX_DEPTH:
        return None
    if not named:
        return None, parts[1]
    name = parts[1]
    return None if type(name) is not str or name in RESERVED else (name, parts[2])


def opened(raw: bytes, named: bool, numbers: Callable[..., Json]) -> Said:
    """Name and value of any disclosure, the judge of whatever is not written plainly; `InputError` (`base64url`,
    `json-…`, `disclosure-…`) if malformed."""
    body = decode(raw, member="disclosure")
    try:
        parts = numbers(body)
    except InputError as error:
        raise error.within(part="disclosure") from None
    if type(parts) is not list or len(parts) != (3 if named else 2):
        raise InputError("disclosure-shape", expected=3 if named else 2)
    salt, name, value = parts if named else (parts[0], None, parts[1])
    if type(salt) is not str or not _SALT(salt):
        raise InputError("disclosure-salt")
    if named and (type(name) is not str or name in RESERVED):
        raise InputError("disclosure-name", member=str(name)[:80])
    return name, value  # type: ignore[return-value]
