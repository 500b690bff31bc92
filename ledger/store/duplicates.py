"""What tells a repeated unsigned event: digests of what a member captured before -> index (ARCHITECTURE.md 3.4).

- Two digests an event, made with `event_id_digest` and `content_digest`, of 16 bytes each; they only ever find a
  candidate for the writer to compare, so they are no commitment.
- Derived: `rebuild` makes them again from content that is not erased.

    find(connection, [content_digest(iss, event)])  ->  {digest: index}
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, func, select

from ledger.store.bulk import insert
from ledger.store.row_json import writer
from ledger.store.tables import seen
from schemas.syntax.json_text import Number

_SIZE = 16
_BATCH = 400


def event_id_digest(iss: str, event_id: str) -> bytes:
    """16 bytes that stand for (member, sent eventID)."""
    return _digest("id", iss, event_id.encode("utf-8", "surrogatepass"))


def content_digest(iss: str, event: Mapping[str, Any]) -> bytes:
    """16 bytes that stand for (member, the event as JSON values: number text kept, `recordTime` left out)."""
    said = dict(event)
    said.pop("recordTime", None)
    return _digest("content", iss, _write(said).encode("utf-8", "surrogatepass"))


def _number(value: object) -> dict[str, str]:
    """A number by its text, apart from every string; who forges the name only repeats himself."""
    if not isinstance(value, Number):
        raise TypeError(type(value).__name__)
    return {"\0": value.text}


_write = writer(_number, sort_keys=True)


def put(connection: Connection, rows: Iterable[tuple[bytes, int]]) -> None:
    """Remember digests: (digest, index)."""
    insert(connection, seen, list(rows), "ignore")


def remove(connection: Connection, indexes: Sequence[int]) -> None:
    """Forget what entries said. Reads the whole table: only erasure asks."""
    for start in range(0, len(indexes), _BATCH):
        connection.execute(delete(seen).where(seen.c.idx.in_(list(indexes[start : start + _BATCH]))))


def repeating(connection: Connection, indexes: Sequence[int]) -> set[int]:
    """The entries that said, in whole or in their eventID, what one of these said. Reads the whole table."""
    found: set[int] = set()
    for start in range(0, len(indexes), _BATCH):
        said = select(seen.c.digest).where(seen.c.idx.in_(list(indexes[start : start + _BATCH])))
        found.update(connection.execute(select(seen.c.idx).where(seen.c.digest.in_(said))).scalars())
    return found


def find(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    """The earliest index of each digest that was seen."""
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), _BATCH):
        wanted = seen.c.digest.in_(list(digests[start : start + _BATCH]))
        query = select(seen.c.digest, func.min(seen.c.idx)).where(wanted).group_by(seen.c.digest)
        found.update((bytes(digest), index) for digest, index in connection.execute(query))
    return found


def _digest(what: str, iss: str, said: bytes) -> bytes:
    return sha256(f"{what}\n{iss}\n".encode() + said).digest()[:_SIZE]
