"""One disclosure: base64url of the JSON array `[salt, name, value]`, or `[salt, value]` for a list element.

- The digest is SHA-256 over the ASCII of the disclosure as it was sent, never over a re-encoding.
- The salt is 128 random bits, in base64url: 22 characters.
- A name is never `_sd`, `_sd_alg` or `...`; a value uses those names only where `ledger.entry.shape` has them.

    made = make(salt, "bizStep", "shipping")
    parse(made.text, named=True).value

RFC 9901 sections 4.2.1 to 4.2.3.
"""

import re
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from ledger.entry.claims import RESERVED
from schemas.errors import InputError
from schemas.syntax.base64url import decode, encode
from schemas.syntax.json_text import MAX_DEPTH, Json, quoted, read, write_text

SALT_BYTES = 16
# 16 bytes are 22 characters, and the last one has four bits that must be zero: what `decode` would find, in one step.
_SALT = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]").fullmatch
# A disclosure as nearly all are written: nothing between its parts, no escape in its name. The value is a string
# without escapes, or any other JSON text. Escapes, white space and mistakes are left to the JSON reader.
_STRING = rb'"([^"\\\x00-\x1f]*)"'
_START, _END = rb'\["[A-Za-z0-9_-]{21}[AQgw]",', rb"(?:" + _STRING + rb"|(.+))\]"
_MEMBER = re.compile(_START + _STRING + rb"," + _END, re.DOTALL).fullmatch
_ELEMENT = re.compile(_START + rb"()" + _END, re.DOTALL).fullmatch
_URL = bytes.maketrans(b"+/", b"-_")


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
    return opened(raw, sha256(raw).digest(), named, numbers)


def opened(raw: bytes, digest: bytes, named: bool, numbers: Callable[..., Json]) -> Disclosure:
    """The disclosure with this ASCII and digest; `InputError` (`base64url`, `json-…`, `disclosure-…`) if malformed."""
    body = decode(raw, member="disclosure")
    plain = (_MEMBER if named else _ELEMENT)(body)
    if plain is not None:
        start, text, other = plain.groups()
        try:
            name = start.decode() if named else None
            value = text.decode() if other is None else numbers(other, depth=MAX_DEPTH - 1)
        except (InputError, UnicodeDecodeError):
            plain = None
    if plain is None or name in RESERVED:
        name, value = _parts(body, named, numbers)
    # What `Disclosure(…)` does, without its call: this is where most of a log's reading is done.
    return tuple.__new__(Disclosure, (raw.decode("ascii"), digest, name, value))


def _parts(body: bytes, named: bool, numbers: Callable[..., Json]) -> tuple[str | None, Json]:
    """The name and the value of any disclosure, read as JSON: the judge of whatever is not written plainly."""
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
