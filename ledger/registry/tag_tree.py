"""The tag tree: a radix tree over every tag of a log, so that "nothing else for this lot" can be proved.

A tag (32 bytes) is what a leaf shows of an object; the tree maps each tag to the log indexes that carry it. A
snapshot signs its root, so a bundle proves both "this tag is carried by exactly these entries" and "this tag is
carried by none" (ARCHITECTURE.md 3.3).

- leaf = SHA-256(0x00 + tag + uint64be of every index, rising strictly); node = SHA-256(0x01 + byte d + left + right),
  where d is the first bit (most significant first) at which the tags below differ and left has bit 0 there.
- The tree of no tags is SHA-256(""); of one tag, its leaf. The shape follows from the tags alone.
- A path goes from the leaf up: pairs (d, sibling), d falling strictly. The side is read from the tag's own bit d.
- A tag is absent when a present leaf lies where it would have to be: every d of that leaf's path has the same bit
  in both tags. A walk by the absent tag's bits ends at that leaf; had the tag been there, it would end at the tag.

*Item*: (tag, indexes). *Subtree*: first tag, last tag and root of neighbouring items that form one subtree.

    tree = SortedTree(sorted(items)); proof = tree.prove_present(tag)
    verify_present(tag, proof.indexes, proof.path, root)
    verify_absent(other, tree.prove_absent(other), root)
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Protocol, TypeAlias

from schemas.errors import EvidenceError, InputError

TAG_LENGTH = 32
MAX_INDEX = 2**53
EMPTY_ROOT = sha256(b"").digest()
_LEAF_PREFIX = b"\x00"
_NODE_PREFIXES = [bytes((1, bit)) for bit in range(TAG_LENGTH * 8)]

Item: TypeAlias = tuple[bytes, tuple[int, ...]]
Step: TypeAlias = tuple[int, bytes]
Path: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Subtree:
    """The tags between `first` and `last` (32 bytes each), all of those in the tree, and their root (32 bytes)."""

    first: bytes
    last: bytes
    root: bytes


@dataclass(frozen=True, slots=True)
class Present:
    """A tag of the tree, every log index that carries it, rising, and its path from the leaf to the root."""

    tag: bytes
    indexes: tuple[int, ...]
    path: Path


class TagTree(Protocol):
    """What answers for a tag tree, in memory or paged from a store."""

    def root(self) -> bytes:
        """The root, 32 bytes."""

    def prove_present(self, tag: bytes) -> Present:
        """The proof of a tag that is there; `InputError("tag-unknown")` when it is not."""

    def prove_absent(self, tag: bytes) -> Present | None:
        """The leaf where `tag` would be (None in the empty tree); `InputError("tag-known")` when it is there."""


def leaf_hash(tag: bytes, indexes: Sequence[int]) -> bytes:
    """The hash of one tag with the indexes that carry it; `EvidenceError` when they do not rise strictly."""
    _check_indexes(tag, indexes)
    return sha256(_LEAF_PREFIX + tag + b"".join([index.to_bytes(8, "big") for index in indexes])).digest()


def node_hash(bit: int, left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees whose tags first differ at `bit` (0-255)."""
    return sha256(_NODE_PREFIXES[bit] + left + right).digest()


def first_difference(one: bytes, other: bytes) -> int:
    """The first bit, most significant first, at which two different tags differ."""
    return TAG_LENGTH * 8 - (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_length()


def bit_of(tag: bytes, bit: int) -> int:
    """Bit number `bit` of a tag, most significant first."""
    return tag[bit >> 3] >> (7 - (bit & 7)) & 1


def root_of_sorted(items: Iterable[Item]) -> bytes:
    """The root over items in rising order of tags, in one pass with a stack no deeper than the tree."""
    return _join((tag, tag, leaf_hash(tag, indexes)) for tag, indexes in items)


def subtree(items: Sequence[Item]) -> Subtree:
    """One subtree of neighbouring items, in rising order of tags and at least one."""
    return Subtree(items[0][0], items[-1][0], root_of_sorted(items))


def combine(subtrees: Sequence[Subtree]) -> Subtree:
    """One subtree of neighbouring subtrees, in rising order and at least one.

    `InputError("tag-subtrees-overlap")` unless each is a whole subtree of the result: buckets of one bit prefix are.
    """
    for one, other in pairwise(subtrees):
        _check_neighbours(one, other)
    parts = ((part.first, part.last, part.root) for part in subtrees)
    return Subtree(subtrees[0].first, subtrees[-1].last, _join(parts))


def path_in(items: Sequence[Item], tag: bytes) -> Path:
    """The path from `tag` up to the root over `items` (sorted); `InputError("tag-unknown")` when it is not there."""
    position = _position(items, tag)
    leaves = [Subtree(found, found, leaf_hash(found, indexes)) for found, indexes in items]
    return path_in_combined(leaves, position)


def path_in_combined(subtrees: Sequence[Subtree], position: int) -> Path:
    """The path from the root of `subtrees[position]` up to the root over all of them."""
    steps: list[Step] = []
    start, end = 0, len(subtrees)
    while end - start > 1:
        bit, middle = _split(subtrees, start, end)
        near, far = ((start, middle), (middle, end)) if position < middle else ((middle, end), (start, middle))
        steps.append((bit, _join((part.first, part.last, part.root) for part in subtrees[slice(*far)])))
        start, end = near
    return tuple(reversed(steps))


def neighbour_in_combined(subtrees: Sequence[Subtree], tag: bytes) -> int:
    """The position of the subtree in which a walk by the bits of `tag` goes on."""
    start, end = 0, len(subtrees)
    while end - start > 1:
        bit, middle = _split(subtrees, start, end)
        start, end = (middle, end) if bit_of(tag, bit) else (start, middle)
    return start


def neighbour_in(items: Sequence[Item], tag: bytes) -> int:
    """The position of the item at which a walk by the bits of `tag` ends."""
    return neighbour_in_combined([Subtree(found, found, b"") for found, _ in items], tag)


class SortedTree:
    """The reference: a tag tree over all its items in memory."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = sorted(items)

    def root(self) -> bytes:
        """The root, 32 bytes."""
        return root_of_sorted(self._items)

    def prove_present(self, tag: bytes) -> Present:
        """The proof of a tag that is there; `InputError("tag-unknown")` when it is not."""
        return Present(tag, self._items[_position(self._items, tag)][1], path_in(self._items, tag))

    def prove_absent(self, tag: bytes) -> Present | None:
        """The leaf where `tag` would be (None in the empty tree); `InputError("tag-known")` when it is there."""
        if not self._items:
            return None
        neighbour = self._items[neighbour_in(self._items, tag)][0]
        if neighbour == tag:
            raise InputError("tag-known", tag=tag.hex())
        return self.prove_present(neighbour)


def verify_present(
    tag: bytes, indexes: Sequence[int], path: Sequence[Step], root: bytes, *, size: int | None = None
) -> None:
    """`tag` is carried by exactly `indexes`, as of the root and of `size` entries; `EvidenceError` otherwise."""
    current = leaf_hash(tag, indexes)
    if size is not None and indexes[-1] >= size:
        raise EvidenceError("tag-index-beyond", tag=tag.hex(), index=indexes[-1], size=size)
    below = TAG_LENGTH * 8
    for bit, sibling in path:
        if not 0 <= bit < below:
            raise EvidenceError("tag-path-order", tag=tag.hex(), bit=bit)
        if len(sibling) != 32:
            raise EvidenceError("tag-path-hash", tag=tag.hex(), bit=bit)
        current = node_hash(bit, sibling, current) if bit_of(tag, bit) else node_hash(bit, current, sibling)
        below = bit
    if current != root:
        raise EvidenceError("tag-root-mismatch", tag=tag.hex(), expected=root.hex(), got=current.hex())


def verify_absent(tag: bytes, neighbour: Present | None, root: bytes, *, size: int | None = None) -> None:
    """No entry carries `tag`, as of the root: `neighbour` is the leaf where it would be; `EvidenceError` otherwise."""
    if neighbour is None:
        if root != EMPTY_ROOT:
            raise EvidenceError("tag-tree-not-empty", tag=tag.hex())
        return
    if neighbour.tag == tag:
        raise EvidenceError("tag-is-present", tag=tag.hex(), indexes=list(neighbour.indexes))
    verify_present(neighbour.tag, neighbour.indexes, neighbour.path, root, size=size)
    for bit, _ in neighbour.path:
        if bit_of(tag, bit) != bit_of(neighbour.tag, bit):
            raise EvidenceError("tag-path-elsewhere", tag=tag.hex(), bit=bit)


def _check_indexes(tag: bytes, indexes: Sequence[int]) -> None:
    if len(tag) != TAG_LENGTH:
        raise EvidenceError("tag-length", tag=tag.hex(), expected=TAG_LENGTH, got=len(tag))
    if len(indexes) == 1 and 0 <= indexes[0] <= MAX_INDEX:
        return
    before = -1
    for index in indexes:
        if not before < index <= MAX_INDEX:
            raise EvidenceError("tag-indexes-order", tag=tag.hex(), index=index)
        before = index
    if not indexes:
        raise EvidenceError("tag-without-index", tag=tag.hex())


def _check_neighbours(one: Subtree, other: Subtree) -> None:
    """Two whole subtrees side by side differ before either differs within itself."""
    apart = first_difference(one.last, other.first)
    if one.last >= other.first or any(
        part.first != part.last and first_difference(part.first, part.last) <= apart for part in (one, other)
    ):
        raise InputError("tag-subtrees-overlap", first=one.last.hex(), second=other.first.hex())


def _join(parts: Iterable[tuple[bytes, bytes, bytes]]) -> bytes:
    """Root over (first, last, root) in rising order. A node closes when a neighbour differs at an earlier bit."""
    roots: list[bytes] = []
    bits: list[int] = []
    before = b""
    for first, last, root in parts:
        if roots:
            if first <= before:
                raise InputError("tag-items-order", first=before.hex(), second=first.hex())
            bit = first_difference(before, first)
            _close(roots, bits, bit)
            bits.append(bit)
        roots.append(root)
        before = last
    _close(roots, bits, -1)
    return roots[0] if roots else EMPTY_ROOT


def _close(roots: list[bytes], bits: list[int], bit: int) -> None:
    while bits and bits[-1] > bit:
        right = roots.pop()
        roots.append(node_hash(bits.pop(), roots.pop(), right))


def _position(items: Sequence[Item], tag: bytes) -> int:
    position = bisect_left(items, (tag, ()))
    if position == len(items) or items[position][0] != tag:
        raise InputError("tag-unknown", tag=tag.hex())
    return position


def _split(subtrees: Sequence[Subtree], start: int, end: int) -> tuple[int, int]:
    """The bit at which the tags of `subtrees[start:end]` first differ, and where those with bit 1 begin."""
    bit = first_difference(subtrees[start].first, subtrees[end - 1].last)
    has_bit: Callable[[Subtree], int] = lambda part: bit_of(part.first, bit)  # noqa: E731
    return bit, bisect_left(subtrees, 1, start, end, key=has_bit)
