"""Leaf hash -> index and tag -> indexes, at a cost that does not grow with the log; and the tag tree over them.

- Derived: `Lookups.open` reads what its runs lack from the entries; dropping the tables loses nothing.
- New items stand in memory; `flush` writes them as a sorted run when there are many; runs merge in tiers.
- Answers are exact: a run narrows by 32 bits of the hash, the kept bytes decide.
- Tags of `tags` entries count at the index of the entry they precede (ARCHITECTURE.md 3.2): `add` takes them with it.
- Filled by the one writer; other processes `refresh` to see what it appended.
- A tree `at` an earlier size answers for a snapshot taken then, whatever was appended since.

    lookups = Lookups.open(connection); lookups.add(7, leaf, tags); lookups.find_tag(connection, tag)

KNOWN LIMIT: indexes up to 2^32 in one log.

ARCHITECTURE.md 3.3 (tag tree), 4; docs/adr/0007-lookups-in-sorted-runs.md.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Self, TypeVar

from sqlalchemy import Connection, select

from ledger.entry.jwt import leaf_hash
from ledger.registry.tag_buckets import BucketedTree, Spine, bucket_of
from ledger.registry.tag_tree import Item
from ledger.store import entries, runs
from ledger.store.bulk import insert
from ledger.store.connect import patient
from ledger.store.leaf import TAGS_KIND, Leaf, read
from ledger.store.runs import Run, StaleRunError
from ledger.store.tables import tag_bucket

FLUSH_ITEMS = 1 << 15
FAN_IN = 6
BUCKET_BITS = 12
_BUCKET_SHIFT = 32 - BUCKET_BITS
_READ_AHEAD = 32
_TAIL = 500
Found = TypeVar("Found")


class Lookups:
    """Open look-ups over the entries [0, size). `flush_items`: leaves and tags in memory before a run is written."""

    def __init__(self, *, flush_items: int = FLUSH_ITEMS) -> None:
        self._flush_items = flush_items
        self._earlier: tuple[int, Spine] | None = None
        self._restart([])

    def _restart(self, found: list[Run]) -> None:
        """Hold these runs and nothing else."""
        self._runs = found
        self.size = found[-1].stop if found else 0
        self._leaves: dict[bytes, int] = {}
        self._tags: dict[bytes, list[int]] = {}
        self._items = 0
        self._roots: dict[int, bytes] = {}
        self._dirty: set[int] = set()
        self._unsaved: set[int] = set()
        self._spine: Spine | None = None
        self._by_bucket: dict[int, list[bytes]] = {}
        self._by_bucket_at = -1

    @classmethod
    def open(cls, connection: Connection, *, flush_items: int = FLUSH_ITEMS) -> Self:
        """Load the runs and read the entries after them."""
        lookups = cls(flush_items=flush_items)
        lookups.refresh(connection)
        return lookups

    def refresh(self, connection: Connection) -> None:
        """Take in what another process committed: its runs, and the entries after them."""
        found = runs.load(connection, {run.number: run for run in self._runs})
        if [run.number for run in found] != [run.number for run in self._runs] or not self.size:
            self._restart(found)
            self._load_roots(connection)
        stop = entries.size(connection)
        while self.size < stop:
            for jwt in list(entries.span(connection, self.size, min(self.size + _TAIL, stop))):
                self.add(self.size, leaf_hash(jwt), counted_tags(connection, read(jwt)))

    def add(self, index: int, leaf: bytes, tags: Sequence[bytes]) -> None:
        """Take in one entry just committed; memory only. `tags`: all that count at this index."""
        if index != self.size:
            raise ValueError(f"entry {index} does not follow {self.size}")
        self.size += 1
        self._leaves[leaf] = index
        self._items += 1 + len(tags)
        for tag in tags:
            self._tags.setdefault(tag, []).append(index)
            self._dirty.add(bucket_of(tag, BUCKET_BITS))

    def flush(self, connection: Connection, *, force: bool = False) -> bool:
        """Write a run if enough stands in memory (or `force`), merging tiers; True if it did.

        Call it in a write transaction; after a rollback open the look-ups again. A lost flush costs start-up time only.
        """
        if not self._leaves or (self._items < self._flush_items and not force):
            return False
        patient(connection)
        start = self._runs[-1].stop if self._runs else 0
        if not self._runs:
            runs.remove(connection, runs.numbers(connection))
        leaves = array("Q", sorted(runs.prefix(leaf) << 32 | index for leaf, index in self._leaves.items()))
        records = sorted(runs.record(tag, index) for tag, indexes in self._tags.items() for index in indexes)
        number = runs.next_number(connection)
        self._runs.append(
            runs.write(connection, number, tier=0, start=start, stop=self.size, leaves=leaves, tags=records)
        )
        self._leaves, self._tags, self._items, self._by_bucket_at = {}, {}, 0, -1
        self._merge(connection)
        self._save_roots(connection)
        return True

    def _merge(self, connection: Connection) -> None:
        while len(self._runs) >= FAN_IN and len({run.tier for run in self._runs[-FAN_IN:]}) == 1:
            merged = runs.merge(connection, runs.next_number(connection), self._runs[-FAN_IN:])
            self._runs[-FAN_IN:] = [merged]

    def find_leaf(self, connection: Connection, leaf: bytes) -> int | None:
        """The index of a leaf hash, or None."""
        if leaf in self._leaves:
            return self._leaves[leaf]
        for run in reversed(self._runs):
            for index in run.leaf_candidates(leaf):
                if leaf_hash(entries.get(connection, index)) == leaf:
                    return index
        return None

    def has_tag(self, connection: Connection, tag: bytes) -> bool:
        """Does any entry carry this tag? Newest first, stopping at the first that does."""
        return tag in self._tags or self._fresh(
            connection, lambda: any(run.tag_records(connection, tag) for run in reversed(self._runs))
        )

    def find_tag(self, connection: Connection, tag: bytes) -> tuple[int, ...]:
        """The indexes that carry a tag, rising."""

        def found() -> tuple[int, ...]:
            records = [item for run in self._runs for item in run.tag_records(connection, tag)]
            return (*(int.from_bytes(item[32:], "big") for item in records), *self._tags.get(tag, ()))

        return self._fresh(connection, found)

    def tags_between(self, connection: Connection, low: bytes, high: bytes | None) -> Iterator[Item]:
        """(tag, indexes) with low <= tag < high (None: to the end), sorted, a bucket in memory at a time."""
        stop = 1 << BUCKET_BITS if high is None else bucket_of(high, BUCKET_BITS) + 1
        for bucket in range(bucket_of(low, BUCKET_BITS), stop):
            for tag, indexes in self._bucket(connection, bucket, self.size):
                if low <= tag and (high is None or tag < high):
                    yield tag, indexes

    def tag_root(self, connection: Connection) -> bytes:
        """Root of the tag tree over everything added; only buckets touched since the last call are computed anew."""
        return self.tag_tree(connection).root()

    def tag_tree(self, connection: Connection) -> BucketedTree:
        """The tag tree over everything added; valid until the next `add` and while `connection` is open.

        KNOWN LIMIT: roots are written with a run; what was touched since is computed anew by the first who asks.
        """
        spine: Spine | None = None
        # Where the runs were merged away meanwhile, everything in memory began anew.
        while spine is None or spine is not self._spine:
            spine = self._spine = self._spine or Spine(BUCKET_BITS, self._roots)
            tree = BucketedTree.over(spine, self._reader(connection, self.size, len(self._dirty)))
            tree.touch_buckets(self._dirty)
            roots = tree.refresh()
        self._unsaved.update(roots)
        self._roots.update({bucket: root for bucket, root in roots.items() if root is not None})
        self._dirty.clear()
        return tree

    def tag_tree_at(self, connection: Connection, size: int) -> BucketedTree:
        """The tag tree over the entries [0, size), for proofs under a snapshot at that size (its own index). The last
        one is kept, since a proof asks it many times; what was logged does not change."""
        if self._earlier is None or self._earlier[0] != size:
            self.tag_tree(connection)
            assert self._spine is not None
            touched = {bucket_of(tag, BUCKET_BITS) for tag in self._tags_since(connection, size)}
            spine = self._spine.copy()
            tree = BucketedTree.over(spine, self._reader(connection, size, len(touched)))
            tree.touch_buckets(touched)
            tree.refresh()
            self._earlier = size, spine
        return BucketedTree.over(self._earlier[1], lambda bucket: self._bucket(connection, bucket, size))

    def _tags_since(self, connection: Connection, size: int) -> Iterator[bytes]:
        for tag, indexes in self._tags.items():
            if indexes[-1] >= size:
                yield tag
        # The entries themselves say it for the part that runs hold: a snapshot is rarely older than a run.
        stop = self._runs[-1].stop if self._runs else 0
        for jwt in entries.span(connection, size, stop):
            yield from counted_tags(connection, read(jwt))

    def _bucket(self, connection: Connection, bucket: int, size: int) -> list[Item]:
        """The items of one bucket as of a size, sorted."""
        return next(self._buckets(connection, range(bucket, bucket + 1), size))

    def _buckets(self, connection: Connection, span: range, size: int) -> Iterator[list[Item]]:
        """The items of neighbouring buckets, each sorted, from one read of every run."""
        low, high = span.start << _BUCKET_SHIFT, span.stop << _BUCKET_SHIFT

        def found() -> list[bytes]:
            return sorted(item for run in self._runs if run.start < size for item in run.records(connection, low, high))

        records = self._fresh(connection, found)
        place = 0
        for bucket in span:
            items: dict[bytes, list[int]] = {}
            end = bisect_left(records, (bucket + 1) << _BUCKET_SHIFT, place, key=runs.prefix)
            for item in records[place:end]:
                items.setdefault(item[:32], []).append(int.from_bytes(item[32:], "big"))
            place = end
            for tag in self._in_memory(bucket):
                items.setdefault(tag, []).extend(self._tags[tag])
            kept = ((tag, tuple(index for index in indexes if index < size)) for tag, indexes in items.items())
            yield sorted((tag, indexes) for tag, indexes in kept if indexes)

    def _reader(self, connection: Connection, size: int, wanted: int) -> Callable[[int], list[Item]]:
        """What reads buckets for a tree: one by one, or neighbours at once where many are `wanted`."""
        if wanted <= _READ_AHEAD:
            return lambda bucket: self._bucket(connection, bucket, size)
        held: dict[int, list[Item]] = {}

        def read_ahead(bucket: int) -> list[Item]:
            if bucket not in held:
                start = bucket - bucket % _READ_AHEAD
                held.clear()
                span = range(start, start + _READ_AHEAD)
                held.update(zip(span, self._buckets(connection, span, size), strict=True))
            return held[bucket]

        return read_ahead

    def _in_memory(self, bucket: int) -> list[bytes]:
        """Tags in memory of one bucket; they are sorted into buckets anew when some were added since."""
        if self._by_bucket_at != self.size:
            self._by_bucket, self._by_bucket_at = {}, self.size
            for tag in self._tags:
                self._by_bucket.setdefault(bucket_of(tag, BUCKET_BITS), []).append(tag)
        return self._by_bucket.get(bucket, [])

    def _fresh(self, connection: Connection, look: Callable[[], Found]) -> Found:
        """Look; where the writer has merged runs away meanwhile, refresh and look again."""
        try:
            return look()
        except StaleRunError:
            self.refresh(connection)
            return look()

    def _load_roots(self, connection: Connection) -> None:
        """Roots as kept; a bucket without one is computed when asked for."""
        kept = {row.prefix: bytes(row.root) for row in connection.execute(select(tag_bucket))} if self._runs else {}
        self._roots = kept
        self._dirty = set(range(1 << BUCKET_BITS)) - kept.keys() if self._runs else set()

    def _save_roots(self, connection: Connection) -> None:
        """Keep the roots computed since the last time; forget those of buckets touched since they were."""
        stale = self._dirty | self._unsaved
        if stale:
            connection.execute(tag_bucket.delete().where(tag_bucket.c.prefix.in_(sorted(stale))))
        rows = [
            (bucket, self._roots[bucket]) for bucket in sorted(self._unsaved - self._dirty) if bucket in self._roots
        ]
        insert(connection, tag_bucket, rows)
        self._unsaved.clear()


def counted_tags(connection: Connection, leaf: Leaf) -> tuple[bytes, ...]:
    """The tags that count at an entry's index: its own and those of the `tags` entries just before it in its lane.

    A `tags` entry itself counts nothing.
    """
    if leaf.kind == TAGS_KIND:
        return ()
    tags = set(leaf.tags)
    for seq in range(leaf.seq - leaf.more, leaf.seq):
        before = entries.at(connection, leaf.kid, seq)
        if before is not None:
            tags.update(read(before[1]).tags)
    return tuple(sorted(tags))
