"""What tells a repeated unsigned event: digests of what a member captured before -> index (ARCHITECTURE.md 3.4).

- Two digests an event, made by the caller with `event_id_digest` and `content_digest`; kept as 16 bytes each.
- Derived: `rebuild` makes them again from content that is not erased.

    find(connection, [content_digest(iss, event)])  ->  {digest: index}
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection


def event_id_digest(iss: str, event_id: str) -> bytes:
    """16 bytes that stand for (member, sent eventID)."""
    raise NotImplementedError


def content_digest(iss: str, event: Mapping[str, Any]) -> bytes:
    """16 bytes that stand for (member, the event as JSON values: number text kept, `recordTime` left out)."""
    raise NotImplementedError


def put(connection: Connection, rows: Iterable[tuple[bytes, int]]) -> None:
    """Remember digests: (digest, index)."""
    raise NotImplementedError


def find(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    """The earliest index of each digest that was seen."""
    raise NotImplementedError
