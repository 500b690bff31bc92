"""The signed half of an entry: strict bytes, identity and leaf hash of `header.payload.signature`.

- A leaf is ASCII, three base64url segments, at most 4,096 bytes, and is kept byte for byte as received.
- The header holds exactly `alg` (`ES256` or `Ed25519`), `kid` (RFC 7638 thumbprint) and `typ`.
- The payload is one JSON object; its only numbers are `0|[1-9][0-9]*` up to 2^53.
- *Identity* is SHA-256 of `header.payload`: two signatures of one text are one statement. The *leaf hash*
  (RFC 6962, SHA-256 of 0x00 and the leaf) covers the signature too.
- Nothing here looks at a key: `ledger.entry.parse.verify_entry` does.

    jwt = parse_jwt(leaf)
    jwt.kid, jwt.payload["kind"], jwt.leaf.hex()

RFC 7515 sections 3.1 and 4.1, RFC 9901 section 4, ARCHITECTURE.md 3.2.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from schemas.errors import InputError
from schemas.syntax.base64url import decode, encode
from schemas.syntax.json_text import read_integers, write

MAX_LEAF = 4096
TYP = "filiera-entry+sd-jwt"
SIGNATURE_BYTES = 64
DIGEST_BYTES = 32
_HEADER = frozenset(("alg", "kid", "typ"))

Alg = Literal["ES256", "Ed25519"]


class Jwt(NamedTuple):
    """An issuer-signed JWT in parts; `raw` is the leaf, `signature` 64 bytes not yet checked against any key."""

    raw: bytes
    alg: Alg
    kid: str
    payload: dict[str, Any]
    signature: bytes
    signing_input: bytes
    identity: bytes
    leaf: bytes


def parse_jwt(raw: bytes) -> Jwt:
    """The parts of a leaf; `InputError` (`entry-too-large`, `entry-segments`, `entry-header-…`, `base64url`, …)."""
    if len(raw) > MAX_LEAF:
        raise InputError("entry-too-large", size=len(raw), limit=MAX_LEAF)
    segments = raw.split(b".")
    if len(segments) != 3:
        raise InputError("entry-segments", count=len(segments))
    head, body, tail = segments
    alg, kid = header(head)
    payload = json_object(decode(body, member="payload"), "payload")
    signature = decode(tail, member="signature")
    if len(signature) != SIGNATURE_BYTES:
        raise InputError("entry-signature-length", size=len(signature), expected=SIGNATURE_BYTES)
    signing_input = raw[: len(head) + 1 + len(body)]
    identity, leaf = sha256(signing_input).digest(), sha256(b"\x00" + raw).digest()
    return Jwt(raw, alg, kid, payload, signature, signing_input, identity, leaf)


@lru_cache(maxsize=1024)
def header(segment: bytes) -> tuple[Alg, str]:
    """Algorithm and key id of the first segment; `InputError` (`entry-header-…`, `entry-algorithm`, `entry-kid`, …).

    A key writes the same header on every entry, so this is read once per key.
    """
    said = json_object(decode(segment, member="header"), "header")
    for name in said:
        if name not in _HEADER:
            raise InputError("entry-header-member", member=name)
    for name in sorted(_HEADER):
        if name not in said:
            raise InputError("entry-header-missing", member=name)
    if said["typ"] != TYP:
        raise InputError("entry-type", value=str(said["typ"])[:80], expected=TYP)
    alg = said["alg"]
    if alg != "ES256" and alg != "Ed25519":
        raise InputError("entry-algorithm", value=str(alg)[:40])
    return alg, _thumbprint(said["kid"])


def _thumbprint(kid: Any) -> str:
    if not isinstance(kid, str) or len(decode(kid, member="kid")) != DIGEST_BYTES:
        raise InputError("entry-kid")
    return kid


def json_object(data: bytes, part: str) -> dict[str, Any]:
    """One JSON object with integers only; errors name the `part` of the entry it stands in."""
    try:
        value = read_integers(data)
    except InputError as error:
        raise error.within(part=part) from None
    if not isinstance(value, dict):
        raise InputError("entry-not-object", part=part)
    return value


def signing_input(alg: Alg, kid: str, payload: dict[str, Any]) -> bytes:
    """The bytes a signer signs: `header.payload`, each compact JSON in base64url.

    `InputError("entry-too-large")` before anything is signed when the leaf would pass 4,096 bytes.
    """
    text = _header_text(alg, kid) + "." + encode(write(payload))
    size = len(text) + 1 + len(encode(bytes(SIGNATURE_BYTES)))
    if size > MAX_LEAF:
        raise InputError("entry-too-large", size=size, limit=MAX_LEAF)
    return text.encode("ascii")


@lru_cache(maxsize=1024)
def _header_text(alg: Alg, kid: str) -> str:
    return encode(write({"alg": alg, "kid": kid, "typ": TYP}))


def assemble(signed: bytes, signature: bytes) -> bytes:
    """The leaf: what was signed, a full stop, the signature."""
    return signed + b"." + encode(signature).encode("ascii")


def leaf_hash(raw: bytes) -> bytes:
    """The RFC 6962 leaf hash of an entry's JWT (section 2.1: SHA-256 of 0x00 and the leaf)."""
    return sha256(b"\x00" + raw).digest()
