"""The head of the log, moved by compare-and-set; the checkpoints kept, and the one published.

- `checkpoint` rows (size, root) are append-only: two roots for one size cannot be kept.
- The head moves only from the (size, root) the writer knows, under its epoch; only then may it be signed.
- Notes (signed text) stand beside: they gain cosignatures, so they are no append-only table.

    compare_and_set(connection, epoch, previous=(0, empty_root), new=(3, root))

ARCHITECTURE.md 3.5.
"""

from sqlalchemy import Connection

Head = tuple[int, bytes]


def head(connection: Connection) -> Head | None:
    """(size, root) of the head, None before the first."""
    raise NotImplementedError


def compare_and_set(connection: Connection, epoch: int, previous: Head | None, new: Head) -> None:
    """Move the head. `UnavailableError("fenced")`, or `UnavailableError("head-moved")` where it is not `previous`;
    `EvidenceError("two-roots")` where another root is kept for the new size."""
    raise NotImplementedError


def root_at(connection: Connection, size: int) -> bytes | None:
    """The root once set for a size, or None."""
    raise NotImplementedError


def keep(connection: Connection, size: int, note: bytes) -> None:
    """Keep the signed note of a size (a snapshot's); a later one with more cosignatures replaces it."""
    raise NotImplementedError


def kept(connection: Connection, size: int) -> bytes | None:
    """The note kept for exactly this size, or None."""
    raise NotImplementedError


def kept_sizes(connection: Connection) -> list[int]:
    """Sizes with a kept note, rising."""
    raise NotImplementedError


def publish(connection: Connection, size: int, note: bytes) -> None:
    """Make this the note that `/log/checkpoint` serves; never a smaller size than before (silently ignored)."""
    raise NotImplementedError


def published(connection: Connection) -> tuple[int, bytes] | None:
    """(size, note) served, or None."""
    raise NotImplementedError
