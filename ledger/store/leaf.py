"""What the store itself reads in a leaf: its lane, its kind and its tags; nothing is checked again.

Whatever stands in `entry` was admitted, so this reads and does not judge; the strict reader is `ledger.entry`.

    read(jwt).tags

ARCHITECTURE.md 3.2.
"""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

TAGS_KIND = "tags"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Lane (`kid`, `seq`), member, kind, own tags (32 bytes each) and how many `tags` entries stand before it."""

    kid: str
    seq: int
    iss: str
    kind: str
    tags: tuple[bytes, ...]
    more: int


def read(jwt: bytes) -> Leaf:
    """The leaf of an admitted entry."""
    header, payload, _ = jwt.split(b".")
    claims: dict[str, Any] = json.loads(_decoded(payload))
    kind = claims["kind"]
    tags = claims["body"].get("tag", ()) if kind == TAGS_KIND else claims.get("tag", ())
    kid = json.loads(_decoded(header))["kid"]
    decoded = tuple(_decoded(tag.encode()) for tag in tags)
    return Leaf(kid, claims["seq"], claims["iss"], kind, decoded, claims.get("more", 0))


def _decoded(text: bytes) -> bytes:
    return urlsafe_b64decode(text + b"=" * (-len(text) % 4))
