"""Which `document` entries speak of which lot, thing or entry: a row each. Derived.

- A lot, unit or thing stands by its canonical URI, an entry as `entry_subject` writes it.
- Rows hold no more than finds a document; what it says stays in its disclosures.

    put(connection, [("https://id.gs1.org/01/…/10/P-0107", 41)]);  about(connection, "https://…")  ->  [41]

ARCHITECTURE.md 3.2 (kind `document`).
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import attached
from schemas.syntax import base64url

_BATCH = 400


def entry_subject(leaf: bytes) -> str:
    """How an entry is named here, by its leaf hash; no URI looks like it."""
    return f"entry {base64url.encode(leaf)}"


def put(connection: Connection, rows: Sequence[tuple[str, int]]) -> None:
    """Keep (subject, index of the document's entry)."""
    insert(connection, attached, sorted(set(rows)), "ignore")


def about(connection: Connection, subjects: Sequence[str]) -> list[int]:
    """The documents about any of these subjects, rising, each once."""
    found: set[int] = set()
    for start in range(0, len(subjects), _BATCH):
        query = select(attached.c.idx).where(attached.c.subject.in_(list(subjects[start : start + _BATCH])))
        found.update(connection.execute(query).scalars())
    return sorted(found)


def subjects_between(connection: Connection, start: int, stop: int) -> set[str]:
    """What the documents among the entries [start, stop) are about."""
    query = select(attached.c.subject).where(attached.c.idx >= start, attached.c.idx < stop)
    return set(connection.execute(query).scalars())


def remove(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out what entries say."""
    for start in range(0, len(indexes), _BATCH):
        connection.execute(delete(attached).where(attached.c.idx.in_(list(indexes[start : start + _BATCH]))))
