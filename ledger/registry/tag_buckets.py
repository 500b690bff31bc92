"""The tag tree kept bucket by bucket, so that a snapshot costs what changed since the last one.

The tags that share their first `bits` bits are a bucket, and every bucket is a whole subtree of the tag tree. Above
the buckets stands a *spine*: the binary tree of their prefixes. Two non-empty halves of a prefix of length d differ
first at bit d, so an inner node of the spine needs nothing but its two roots; an empty half leaves no node.

- `root()` is the root of `ledger.registry.tag_tree` over the same items, whatever the number of bits.
- A proof reads the items of one bucket only; the rest of its path is in the spine.
- The spine holds at most 2^(bits+1) roots in memory, and takes as many hashes to compute: keep it, and copy it. Choose
  bits so that a bucket holds some tens to hundreds of tags.

    tree = BucketedTree(bits=12, items=store.tags_of_bucket)
    tree.touch(tag); tree.root()
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from ledger.registry.tag_tree import (
    EMPTY_ROOT,
    Item,
    Path,
    Present,
    Step,
    bit_of,
    leaf_hash,
    neighbour_in,
    node_hash,
    path_in,
    root_of_sorted,
)
from schemas.errors import InputError

MAX_BITS = 20


def bucket_of(tag: bytes, bits: int) -> int:
    """The number of the bucket of a tag: its first `bits` bits."""
    return int.from_bytes(tag[:4], "big") >> (32 - bits)


class Spine:
    """The roots of all non-empty buckets and of what stands above them, in the order of a binary heap.

    Position 1 is the top, the children of p are 2p and 2p+1, and bucket b is at 2^bits + b.
    """

    def __init__(self, bits: int, roots: Mapping[int, bytes] | None = None) -> None:
        if not 0 <= bits <= MAX_BITS:
            raise InputError("tag-bucket-bits", bits=bits, limit=MAX_BITS)
        self.bits = bits
        self._heap: list[bytes | None] = [None] * (2 << bits)
        self.update(roots or {})

    def update(self, roots: Mapping[int, bytes | None]) -> None:
        """Set the roots of some buckets (None: empty) and recompute only what stands above them."""
        heap, base = self._heap, 1 << self.bits
        for bucket, root in roots.items():
            heap[base + bucket] = root
        changed = {base + bucket >> 1 for bucket in roots}
        for bit in reversed(range(self.bits)):
            for position in changed:
                left, right = heap[2 * position], heap[2 * position + 1]
                heap[position] = left or right if left is None or right is None else node_hash(bit, left, right)
            changed = {position >> 1 for position in changed}

    def copy(self) -> "Spine":
        """Another one with the same roots."""
        made = Spine.__new__(Spine)
        made.bits, made._heap = self.bits, self._heap.copy()
        return made

    def root(self) -> bytes:
        """The root of the whole tag tree, 32 bytes."""
        return self._heap[1] or EMPTY_ROOT

    def path(self, bucket: int) -> Path:
        """The path from the root of a bucket to the root of the tree."""
        steps: list[Step] = []
        position = (1 << self.bits) + bucket
        while position > 1:
            sibling = self._heap[position ^ 1]
            position >>= 1
            if sibling is not None:
                steps.append((position.bit_length() - 1, sibling))
        return tuple(steps)

    def neighbour(self, tag: bytes) -> int | None:
        """The bucket in which a walk by the bits of `tag` ends; None in the empty tree."""
        if self._heap[1] is None:
            return None
        position = 1
        for bit in range(self.bits):
            wanted = 2 * position + bit_of(tag, bit)
            position = wanted if self._heap[wanted] is not None else wanted ^ 1
        return position - (1 << self.bits)


class BucketedTree:
    """A tag tree whose items are paged: `items(bucket)` gives those of one bucket in rising order of tags."""

    def __init__(
        self, bits: int, items: Callable[[int], Sequence[Item]], roots: Mapping[int, bytes] | None = None
    ) -> None:
        """With `roots` (bucket -> root, as kept from before) nothing is read; without, `touch_all` reads everything."""
        self._items = items
        self._spine = Spine(bits, roots)
        self._dirty: set[int] = set()

    @classmethod
    def over(cls, spine: Spine, items: Callable[[int], Sequence[Item]]) -> "BucketedTree":
        """The tree that stands on a spine, and moves it."""
        made = cls.__new__(cls)
        made._items, made._spine, made._dirty = items, spine, set()
        return made

    def touch(self, tags: Iterable[bytes]) -> None:
        """Tags that were added, or that another entry carries now: their buckets are read again when asked for."""
        self._dirty.update(bucket_of(tag, self._spine.bits) for tag in tags)

    def touch_buckets(self, buckets: Iterable[int]) -> None:
        """The same where the buckets of the tags are known."""
        self._dirty.update(buckets)

    def touch_all(self) -> None:
        """Read every bucket again when asked for."""
        self._dirty.update(range(1 << self._spine.bits))

    def refresh(self) -> Mapping[int, bytes | None]:
        """Recompute the touched buckets; gives their roots (None: empty), for the store to keep."""
        roots = {bucket: _root(self._items(bucket)) for bucket in sorted(self._dirty)}
        self._spine.update(roots)
        self._dirty.clear()
        return roots

    def root(self) -> bytes:
        """The root over all items, 32 bytes."""
        self.refresh()
        return self._spine.root()

    def prove_present(self, tag: bytes) -> Present:
        """The proof of a tag that is there; `InputError("tag-unknown")` when it is not."""
        self.refresh()
        bucket = bucket_of(tag, self._spine.bits)
        return self._present(bucket, self._items(bucket), tag)

    def prove_absent(self, tag: bytes) -> Present | None:
        """The leaf where `tag` would be (None in the empty tree); `InputError("tag-known")` when it is there."""
        self.refresh()
        bucket = self._spine.neighbour(tag)
        if bucket is None:
            return None
        items = self._items(bucket)
        neighbour = items[neighbour_in(items, tag)][0]
        if neighbour == tag:
            raise InputError("tag-known", tag=tag.hex())
        return self._present(bucket, items, neighbour)

    def _present(self, bucket: int, items: Sequence[Item], tag: bytes) -> Present:
        path = path_in(items, tag) + self._spine.path(bucket)
        indexes = next(indexes for found, indexes in items if found == tag)
        return Present(tag, indexes, path)


def _root(items: Sequence[Item]) -> bytes | None:
    if len(items) == 1:
        return leaf_hash(*items[0])
    return root_of_sorted(items) if items else None
