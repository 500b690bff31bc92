"""The leaf of an entry with its claims, for who reads many: a quick half, and the strict reader as the judge.

- *Plain* is the leaf of a private entry as `ledger.entry.issue` writes it: compact JSON, its members in that order, no
  character escaped. One expression takes it apart, and what the entries of a lane have in common is read once.
- Of any other leaf the quick half says None, whatever the reason; `parse_jwt` and `read_claims` then read it from
  afresh, and say what is wrong, if anything is. Whatever is plain is read the same there: a test holds the two
  against each other.
- The leaf hash is given by who has just checked it; the identity, which nobody asks for here, is not computed.

    leaf = read_leaf(raw, leaf_hash(raw))
    leaf.claims.seq, leaf.references

ARCHITECTURE.md 3.2; docs/adr/0044-what-an-audit-reads-quickly.md.
"""

import re
from binascii import a2b_base64
from functools import lru_cache
from typing import NamedTuple

from ledger.entry.claims import MAX_MORE, MAX_TAGS, PRIVATE_KINDS, Claims, read_claims
from ledger.entry.jwt import MAX_LEAF, SIGNATURE_BYTES, Alg, header, json_object, parse_jwt
from schemas.errors import InputError
from schemas.syntax.base64url import TO_STANDARD, ascii_digests
from schemas.syntax.json_text import MAX_INTEGER

_PLAIN = re.compile(
    rb'(\{"v":1,"log":"[^"\\]+","iss":"[^"\\]+"),"seq":(0|[1-9][0-9]{0,15}),(?:"prev":"([^"]{43})",)?"kind":"([a-z]+)",'
    rb'"_sd_alg":"sha-256","_sd":\["([^"]{43})","([^"]{43})"\],"tag":\[(?:"([^"]{43}(?:","[^"]{43})*)")?\],'
    rb'"more":(0|[1-9][0-9]{0,2})\}'
).fullmatch
_KINDS = {kind.encode("ascii"): kind for kind in PRIVATE_KINDS}
# By what is left of a payload's length divided by four: what makes it whole, and the zero bytes that this leaves behind
# the value, unless a stray bit was set. Nothing makes one character whole.
_FILL = (b"", b"!", b"AA", b"A")
_LEFT = (b"", b"", b"\x00\x00", b"\x00")
_TAIL = 86
"""Characters of a signature; two more make it whole."""


class Leaf(NamedTuple):
    """A leaf: `references` are its signed digests as ASCII (`_sd`), `leaf` its hash; the signature is not checked."""

    raw: bytes
    alg: Alg
    kid: str
    claims: Claims
    references: tuple[bytes, ...]
    signature: bytes
    signing_input: bytes
    leaf: bytes


def read_leaf(raw: bytes, leaf: bytes) -> Leaf:
    """The leaf with this RFC 6962 leaf hash; `InputError` as `parse_jwt` and `read_claims` raise it."""
    return plain_leaf(raw, leaf) or _strict(raw, leaf)


def _strict(raw: bytes, leaf: bytes) -> Leaf:
    jwt = parse_jwt(raw)
    claims = read_claims(jwt.payload)
    signed = jwt.payload["_sd"] if claims.sd or claims.profile else ()
    references = tuple([text.encode("ascii") for text in signed])
    return Leaf(raw, jwt.alg, jwt.kid, claims, references, jwt.signature, jwt.signing_input, leaf)


def plain_leaf(raw: bytes, leaf: bytes) -> Leaf | None:
    """A plain leaf; None of any other."""
    try:
        head, body, tail = raw.split(b".")
        alg, kid = header(head)
        fill = len(body) & 3
        decoded = a2b_base64((body + _FILL[fill] + tail + b"AA").translate(TO_STANDARD), strict_mode=True)
    except (ValueError, InputError):
        return None
    size = len(body) * 3 >> 2
    signature = decoded[size + len(_LEFT[fill]) : -2]
    if len(raw) > MAX_LEAF or len(tail) != _TAIL or len(signature) != SIGNATURE_BYTES:
        return None
    if decoded[size:] != _LEFT[fill] + signature + b"\x00\x00":
        return None
    found = _PLAIN(decoded, 0, size)
    said = None if found is None else _claims(*found.groups())
    if said is None:
        return None
    claims, references = said
    return Leaf(raw, alg, kid, claims, references, signature, raw[: len(head) + 1 + len(body)], leaf)


def _claims(
    who: bytes, seq: bytes, prev: bytes | None, kind: bytes, one: bytes, two: bytes, tag: bytes | None, more: bytes
) -> tuple[Claims, tuple[bytes, ...]] | None:
    """The claims of a leaf of the right form, and its references; None where they break a rule."""
    tags = tag.split(b'","') if tag else []
    decoded = ascii_digests([one, two, *tags] if prev is None else [one, two, *tags, prev])
    speaker = _speaker(who)
    if decoded is None or speaker is None or kind not in _KINDS or one >= two:
        return None
    if len(tags) > 1 and (len(tags) > MAX_TAGS or sorted({*tags}) != tags):
        return None
    place, following = int(seq), int(more)
    if place > MAX_INTEGER or following > MAX_MORE or (prev is None) != (place == 0):
        return None
    last = None if prev is None else decoded[-1]
    carried = decoded[2 : 2 + len(tags)]
    return Claims(*speaker, place, last, _KINDS[kind], True, decoded[:2], carried, following), (one, two)


@lru_cache(maxsize=1024)
def _speaker(start: bytes) -> tuple[str, str] | None:
    """Log and member of a payload that begins so, by the strict reader; the kind is not known there, so it reads no
    further."""
    try:
        claims = read_claims(json_object(start + b',"seq":0,"kind":"begun"}', "payload"))
    except InputError:
        return None
    return claims.log, claims.iss
