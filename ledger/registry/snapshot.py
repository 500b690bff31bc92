"""Standing at an index: one row per key ever admitted, under one Merkle root that a `snapshot` entry signs.

- A row is the ASCII text `kid iss role add end suspect seq head`, single spaces, no line end, `-` for none, and
  describes all entries before the snapshot. `seq` and `head` are those of the key's newest entry.
- Rows are sorted by kid (ASCII); their root is the RFC 6962 root of the row texts as leaves, their count is `keys`.
- The body is {`size`: the snapshot's own index, `keys`, `root`, `tags`: root of the tag tree}.
- With one row and its path a stranger sees that a key was *not revoked* as of the snapshot, and that a lane has no
  later entries. Checks raise `EvidenceError`.

    rows = rows_of(state); body = make_body(size, rows, tags_root)
    verify_row(rows[2], 2, row_path(rows, 2), keys_root(rows), len(rows))

ARCHITECTURE.md 3.3.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ledger.log import merkle
from ledger.registry.bodies import ROLES, Role, Snapshot
from ledger.registry.state import Key, Lane, State, check_standing
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base64url

_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")
_ISS = re.compile(r"urn:uuid:[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key as of a snapshot: see `ledger.registry.state.Key`; `seq` and `head` (32 bytes) of its lane or None."""

    kid: str
    iss: str
    role: Role
    add: int
    end: int | None
    suspect: int | None
    seq: int | None
    head: bytes | None

    def text(self) -> str:
        """The row as it is hashed."""
        head = None if self.head is None else base64url.encode(self.head)
        parts = (self.kid, self.iss, self.role, self.add, self.end, self.suspect, self.seq, head)
        return " ".join("-" if part is None else str(part) for part in parts)

    def check_standing(self, index: int, *, introduces: bool = False) -> None:
        """`key-not-yet-valid` or `key-ended` unless an entry of this key at `index` is valid; `introduces`: the entry
        is the genesis or the rotation that brings this very key."""
        check_standing(self.kid, self.add, self.end, index, introduces=introduces)

    def suspects(self, index: int) -> bool:
        """Is an entry of this key at `index` suspect?"""
        return self.suspect is not None and index >= self.suspect


def read_row(text: str) -> KeyRow:
    """The value of a row; `InputError("row")` unless it is exactly what `KeyRow.text` writes."""
    parts = text.split(" ")
    if len(parts) != 8 or parts[2] not in ROLES or not _DIGEST.fullmatch(parts[0]) or not _ISS.fullmatch(parts[1]):
        raise InputError("row", row=text[:200])
    add, end, suspect, seq = (_number(part, text) for part in parts[3:7])
    head = _digest(parts[7], text)
    if add is None or (seq is None) != (head is None):
        raise InputError("row", row=text[:200])
    return KeyRow(parts[0], parts[1], parts[2], add, end, suspect, seq, head)


class _Known(Protocol):
    """What rows are made from: `State`, or a registry that gives one."""

    @property
    def state(self) -> State:
        """The state behind it."""
        ...


def rows_of(state: State) -> tuple[KeyRow, ...]:
    """The rows of everything the state knows, sorted by kid."""
    return tuple(_row(key, state.lanes.get(kid)) for kid, key in sorted(state.keys.items()))


def rows(registry: _Known) -> tuple[KeyRow, ...]:
    """The rows of a registry as of its size, sorted by kid."""
    return rows_of(registry.state)


def keys_root(of: Sequence[KeyRow]) -> bytes:
    """The RFC 6962 root over the row texts, 32 bytes."""
    return merkle.root(_leaves(of))


def row_path(of: Sequence[KeyRow], number: int) -> list[bytes]:
    """The inclusion proof of row `number` (from 0) among `of`."""
    return merkle.inclusion_proof(merkle.LeafNodes(_leaves(of)), number, len(of))


def verify_row(row: str | KeyRow, number: int, path: Sequence[bytes], root: bytes, count: int) -> None:
    """`EvidenceError("row-root-mismatch")` unless the row stands at `number` of `count` rows under `root`."""
    text = row if isinstance(row, str) else row.text()
    try:
        # What is not ASCII is no row, and no row holds the question mark that stands for it here.
        merkle.verify_inclusion(number, count, merkle.leaf_hash(text.encode("ascii", "replace")), path, root)
    except EvidenceError as error:
        raise EvidenceError("row-root-mismatch", row=text[:200], number=number, problem=error.code) from None


def make_body(size: int, of: Sequence[KeyRow], tags: bytes) -> dict[str, Any]:
    """The body of the snapshot that will stand at index `size`; `tags` is the root of the tag tree before it."""
    root, tree = base64url.encode(keys_root(of)), base64url.encode(tags)
    return {"size": size, "keys": len(of), "root": root, "tags": tree}


def snapshot_body(registry: _Known, tags: bytes) -> dict[str, Any]:
    """The body of a snapshot written as the next entry of this registry's log."""
    return make_body(registry.state.size, rows(registry), tags)


def check_body(body: Snapshot, index: int, of: Sequence[KeyRow], tags: bytes | None = None) -> None:
    """`snapshot-size`, `snapshot-keys`, `snapshot-tags` unless a snapshot at `index` says what the log holds before it.

    Without `tags` (the registry does not know the tag tree) the caller still has to compare that root.
    """
    if body.size != index:
        raise EvidenceError("snapshot-size", size=body.size, index=index)
    if body.keys != len(of) or body.root != keys_root(of):
        raise EvidenceError("snapshot-keys", index=index, keys=body.keys, expected=len(of))
    if tags is not None and body.tags != tags:
        raise EvidenceError("snapshot-tags", index=index)


def _leaves(of: Sequence[KeyRow]) -> list[bytes]:
    return [merkle.leaf_hash(row.text().encode("ascii")) for row in of]


def _row(key: Key, lane: Lane | None) -> KeyRow:
    seq, head = (None, None) if lane is None else (lane.seq, lane.head)
    return KeyRow(key.kid, key.iss, key.role, key.add, key.end, key.suspect, seq, head)


def _digest(part: str, text: str) -> bytes | None:
    if part == "-":
        return None
    if not _DIGEST.fullmatch(part):
        raise InputError("row", row=text[:200])
    return base64url.decode(part, member="head")


def _number(part: str, text: str) -> int | None:
    if part == "-":
        return None
    if not _NUMBER.fullmatch(part):
        raise InputError("row", row=text[:200])
    return int(part)
