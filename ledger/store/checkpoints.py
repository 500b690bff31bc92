"""The head of the log, moved by compare-and-set; the checkpoints kept, and the one published.

- `checkpoint` rows (size, root) are append-only: two roots for one size cannot be kept.
- The head moves only from the (size, root) the writer knows, under its epoch; only then may it be signed.
- Notes (signed text) stand beside: they gain cosignatures, so they are no append-only table.

    compare_and_set(connection, epoch, previous=None, new=(3, root))

ARCHITECTURE.md 3.5.
"""

from sqlalchemy import Connection, select

from ledger.store import epochs, tables
from ledger.store.bulk import insert
from schemas.errors import EvidenceError, InputError, UnavailableError

Head = tuple[int, bytes]


def head(connection: Connection) -> Head | None:
    """(size, root) of the head, None before the first."""
    row = connection.execute(select(tables.head.c.size, tables.head.c.root)).one_or_none()
    return (row.size, bytes(row.root)) if row else None


def compare_and_set(connection: Connection, epoch: int, previous: Head | None, new: Head) -> None:
    """Move the head from what the writer knows to what it computed.

    `UnavailableError("fenced")`; `UnavailableError("head-moved")` where the head is not `previous`;
    `InputError("head-backwards")` for a smaller size; `EvidenceError("root-differs")` where it has another root.
    """
    epochs.check(connection, epoch)
    found = head(connection)
    if found != previous:
        raise UnavailableError("head-moved", size=found[0] if found else 0, expected=previous[0] if previous else 0)
    if previous is not None and new[0] < previous[0]:
        raise InputError("head-backwards", size=new[0], head=previous[0])
    earlier = root_at(connection, new[0])
    if earlier is not None and earlier != new[1]:
        raise EvidenceError("root-differs", size=new[0])
    if earlier is None:
        insert(connection, tables.checkpoint, [(new[0], new[1], epoch)])
    insert(connection, tables.head, [(1, new[0], new[1])], "replace")


def root_at(connection: Connection, size: int) -> bytes | None:
    """The root once set for a size, or None."""
    found = connection.execute(select(tables.checkpoint.c.root).where(tables.checkpoint.c.size == size)).scalar()
    return None if found is None else bytes(found)


def keep(connection: Connection, size: int, note: bytes) -> None:
    """Keep the signed note of a size (a snapshot's); a later one with more cosignatures replaces it."""
    insert(connection, tables.note, [(size, note)], "replace")


def kept(connection: Connection, size: int) -> bytes | None:
    """The note kept for exactly this size, or None."""
    found = connection.execute(select(tables.note.c.note).where(tables.note.c.size == size)).scalar()
    return None if found is None else bytes(found)


def kept_sizes(connection: Connection) -> list[int]:
    """Sizes with a kept note, rising."""
    return list(connection.execute(select(tables.note.c.size).order_by(tables.note.c.size)).scalars())


def publish(connection: Connection, size: int, note: bytes) -> bool:
    """Make this the note that `/log/checkpoint` serves; a smaller size than before changes nothing and gives False."""
    earlier = published(connection)
    if earlier is not None and earlier[0] > size:
        return False
    insert(connection, tables.published, [(1, size, note)], "replace")
    return True


def published(connection: Connection) -> tuple[int, bytes] | None:
    """(size, note) served, or None."""
    row = connection.execute(select(tables.published.c.size, tables.published.c.note)).one_or_none()
    return (row.size, bytes(row.note)) if row else None
