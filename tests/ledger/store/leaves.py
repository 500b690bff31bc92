"""Leaves that need no key: what the store reads of them is all they hold."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from ledger.entry.jwt import leaf_hash
from ledger.store.entries import EntryRow


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def tag_of(name: object) -> bytes:
    return sha256(repr(name).encode()).digest()


def row(
    index: int,
    *,
    kid: str = "k",
    seq: int | None = None,
    tags: Sequence[bytes] = (),
    kind: str = "event",
    more: int = 0,
) -> EntryRow:
    """An entry to append, its signature a stand-in."""
    place = index if seq is None else seq
    claims: dict[str, object] = {"v": 1, "iss": "urn:uuid:0", "seq": place, "kind": kind}
    said = [text(tag) for tag in sorted(tags)]
    claims |= {"body": {"tag": said}} if kind == "tags" else {"tag": said, "more": more}
    parts = ({"kid": kid}, claims)
    jwt = ".".join([*(text(json.dumps(part).encode()) for part in parts), "c2ln"]).encode()
    return EntryRow(index, kid, place, leaf_hash(jwt), jwt, kind == "tags")
