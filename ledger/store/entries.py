"""Entries as logged: the JWT bytes by index, found by lane; and the lanes' heads.

- Append-only: triggers refuse UPDATE and DELETE. Indexes are gapless from 0.
- The one unique index besides the index itself is (kid, seq); kids are interned to small integers.
- Lane heads are a derived table, kept in the same transaction.

    append(connection, epoch, [EntryRow(index=0, kid=…, seq=0, leaf=…, jwt=…, public=True)])

ARCHITECTURE.md 4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry to append: `leaf` is its 32-byte leaf hash, `jwt` its ASCII bytes, `public` says its kind is public."""

    index: int
    kid: str
    seq: int
    leaf: bytes
    jwt: bytes
    public: bool


def append(connection: Connection, epoch: int, rows: Sequence[EntryRow]) -> None:
    """Append entries whose indexes follow the size, under the writer's epoch.

    `UnavailableError("fenced")` for an old writer; `UnavailableError("index-conflict")` where an index or (kid, seq)
    is taken or a gap would open.
    """
    raise NotImplementedError


def get(connection: Connection, index: int) -> bytes:
    """The JWT at an index; `InputError("entry-missing", entry=index)`."""
    raise NotImplementedError


def get_many(connection: Connection, indexes: Sequence[int]) -> dict[int, bytes]:
    """JWTs of many indexes in few queries; missing ones are left out."""
    raise NotImplementedError


def span(connection: Connection, start: int, stop: int) -> Iterator[bytes]:
    """JWTs of [start, stop) in order, streamed."""
    raise NotImplementedError


def at(connection: Connection, kid: str, seq: int) -> tuple[int, bytes] | None:
    """(index, JWT) of one place in a lane, or None."""
    raise NotImplementedError


def size(connection: Connection) -> int:
    """How many entries are committed."""
    raise NotImplementedError


def public_entries(connection: Connection, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(index, JWT) of the entries of public kinds from `start` on, in order, without reading the others."""
    raise NotImplementedError


def lanes(connection: Connection) -> dict[str, tuple[int, bytes, int]]:
    """Of every lane its head: kid -> (seq, leaf hash, index)."""
    raise NotImplementedError
