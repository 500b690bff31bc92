"""What the store itself reads in a leaf: its lane, its kind and its tags; nothing is checked again.

Whatever stands in `entry` was admitted, so this reads and does not judge; the strict reader is `ledger.entry`.

    read(jwt).tags

ARCHITECTURE.md 3.2.
"""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from ledger.store import entries

TAGS_KIND = "tags"
_LEAF_PREFIX = b"\x00"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Lane (`kid`, `seq`), member, kind, own tags (32 bytes each) and how many `tags` entries stand before it."""

    kid: str
    seq: int
    iss: str
    kind: str
    tags: tuple[bytes, ...]
    more: int


def leaf_hash(jwt: bytes) -> bytes:
    """The RFC 6962 leaf hash of an entry's bytes."""
    return sha256(_LEAF_PREFIX + jwt).digest()


def read(jwt: bytes) -> Leaf:
    """The leaf of an admitted entry."""
    header, payload, _ = jwt.split(b".")
    claims: dict[str, Any] = json.loads(_decoded(payload))
    kind = claims["kind"]
    tags = claims["body"].get("tag", ()) if kind == TAGS_KIND else claims.get("tag", ())
    kid = json.loads(_decoded(header))["kid"]
    decoded = tuple(_decoded(tag.encode()) for tag in tags)
    return Leaf(kid, claims["seq"], claims["iss"], kind, decoded, claims.get("more", 0))


def counted_tags(connection: Connection, leaf: Leaf) -> tuple[bytes, ...]:
    """The tags that count at an entry's index: its own and those of the `tags` entries just before it in its lane.

    A `tags` entry itself counts nothing.
    """
    if leaf.kind == TAGS_KIND:
        return ()
    tags = set(leaf.tags)
    for seq in range(leaf.seq - leaf.more, leaf.seq):
        before = entries.at(connection, leaf.kid, seq)
        if before is not None:
            tags.update(read(before[1]).tags)
    return tuple(sorted(tags))


def _decoded(text: bytes) -> bytes:
    return urlsafe_b64decode(text + b"=" * (-len(text) % 4))
