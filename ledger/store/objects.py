"""Objects (lots, units, items), their keys and next n, and the entries about them (ARCHITECTURE.md 3.2). Derived.

object_key(connection, uri) -> 16 bytes or None;  next_n(connection, uri) -> 3;  entries_of(connection, uri)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ObjectUse:
    """One entry about one object: canonical URI, entry index, role (made|used|moved|parent|child), key (16 bytes) and n
    as the entry's record gives them, or None where it does not."""

    uri: str
    index: int
    role: str
    key: bytes | None
    n: int | None


def put(connection: Connection, uses: Sequence[ObjectUse]) -> None:
    """Keep uses; raises the next n of each object to n + 1."""
    raise NotImplementedError


def entries_of(connection: Connection, uri: str) -> list[tuple[int, str]]:
    """(index, role) of every entry about an object, rising."""
    raise NotImplementedError


def objects_of(connection: Connection, index: int) -> list[tuple[str, str]]:
    """(uri, role) of every object an entry names, sorted."""
    raise NotImplementedError


def object_key(connection: Connection, uri: str) -> bytes | None:
    """The key under which an object was first logged, or None."""
    raise NotImplementedError


def next_n(connection: Connection, uri: str) -> int:
    """The n of the next entry about an object; 0 for one never logged."""
    raise NotImplementedError


def lots(connection: Connection, uris: Sequence[str]) -> dict[str, tuple[bytes, int]]:
    """(key, next n) of many objects at once; unknown ones are left out."""
    raise NotImplementedError


def every(connection: Connection, *, after: str = "", limit: int = 100) -> list[str]:
    """A page of object URIs, sorted."""
    raise NotImplementedError
