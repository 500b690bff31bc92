"""Leaf hash -> index and tag -> indexes, at a cost that does not grow with the log; and the root of the tag tree.

- Derived: `Lookups.open` rebuilds what its tables lack from the entries; dropping the tables loses nothing.
- New items stand in memory; from 65,536 on they are flushed to a sorted run; runs merge in tiers.
- Answers are exact: a run narrows by 32 bits of the hash, the kept bytes decide.
- Written by the one writer; other processes call `refresh` to see what it appended.

    lookups = Lookups.open(connection); lookups.add(7, leaf, tags); lookups.find_tag(tag)

ARCHITECTURE.md 3.2 (tags), 3.3 (tag tree), 4.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection


class Lookups:
    """Open look-ups over the entries [0, size)."""

    size: int

    @classmethod
    def open(cls, connection: Connection) -> "Lookups":
        """Load the runs and read the entries after them; cost: a few bytes an entry, plus at most the unflushed tail."""
        raise NotImplementedError

    def refresh(self, connection: Connection) -> None:
        """Take in entries that another process committed."""
        raise NotImplementedError

    def add(self, index: int, leaf: bytes, tags: Sequence[bytes]) -> None:
        """Take in one entry just committed; indexes follow `size`. Memory only."""
        raise NotImplementedError

    def flush(self, connection: Connection, *, force: bool = False) -> bool:
        """Write a run if enough stands in memory (or `force`), merging tiers; True if it did. Call it in a transaction
        of its own or after the entries of the same transaction; a lost flush costs only start-up time."""
        raise NotImplementedError

    def find_leaf(self, connection: Connection, leaf: bytes) -> int | None:
        """The index of a leaf hash, or None."""
        raise NotImplementedError

    def find_tag(self, connection: Connection, tag: bytes) -> tuple[int, ...]:
        """The indexes that carry a tag, rising."""
        raise NotImplementedError

    def tags_between(
        self, connection: Connection, low: bytes, high: bytes | None
    ) -> Iterator[tuple[bytes, tuple[int, ...]]]:
        """(tag, indexes) with low <= tag < high, sorted, streamed (`high` None: to the end)."""
        raise NotImplementedError

    def tag_root(self, connection: Connection) -> bytes:
        """Root of the tag tree over everything added; only buckets touched since the last call are computed anew."""
        raise NotImplementedError
