"""The Merkle tree of RFC 6962 section 2.1: hashes, roots, proofs, and the walk a bundle carries.

- A leaf hash is SHA-256(0x00 + leaf), a node SHA-256(0x01 + left + right), the empty tree SHA-256("").
- A range splits at the largest power of two below its width, left first; nothing is ever duplicated, so a tree
  that repeats its last node (CVE-2012-2459) has another root.
- Proofs are made from `Nodes`, a source of complete subtrees, and checked from bytes alone. A check raises
  `EvidenceError`; a proof must be used up exactly, neither truncated nor padded.
- walk(0, size) (ARCHITECTURE.md 3.7) proves any set of leaves at once: a range without shown leaves gives its root,
  one shown leaf gives nothing, any other range is split.

    frontier = Frontier()
    frontier.append(leaf_hash(b"entry"))
    frontier.root() == leaf_hash(b"entry")
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Protocol

from schemas.errors import EvidenceError

HASH_SIZE = 32
_LEAF = b"\x00"
_NODE = b"\x01"
_EMPTY = sha256(b"").digest()


class Nodes(Protocol):
    """A source of node hashes: the root of each complete subtree of 2**level leaves."""

    def node(self, level: int, index: int) -> bytes:
        """Root (32 bytes) of the leaves [index << level, (index + 1) << level)."""
        ...


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 + leaf): what the tree holds for one entry."""
    return sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 + left + right): the parent of two subtrees."""
    return sha256(_NODE + left + right).digest()


def empty_root() -> bytes:
    """The root of the tree of size 0."""
    return _EMPTY


def split(width: int) -> int:
    """The largest power of two below `width` (>= 2): how many leaves stand on the left (RFC 6962 section 2.1)."""
    return 1 << (width - 1).bit_length() - 1


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash over leaf hashes, in order."""
    return Frontier.of(leaf_hashes).root()


class LeafNodes:
    """`Nodes` over leaf hashes held in memory: small trees, tests, and the rows of a snapshot."""

    __slots__ = ("_levels",)

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaf_hashes)]
        while len(below := self._levels[-1]) > 1:
            pairs = range(0, len(below) - 1, 2)
            self._levels.append([node_hash(below[i], below[i + 1]) for i in pairs])

    def node(self, level: int, index: int) -> bytes:
        """Root of one complete subtree; `IndexError` where the tree has none."""
        return self._levels[level][index]


class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first, and its size."""

    __slots__ = ("_peaks", "_size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Size in leaves and one peak per bit set in it, largest subtree first; `ValueError` if they disagree."""
        if len(peaks) != size.bit_count():
            raise ValueError("one peak per bit of the size")
        self._size = size
        self._peaks = list(peaks)

    @classmethod
    def of(cls, leaf_hashes: Sequence[bytes]) -> "Frontier":
        """The frontier over leaf hashes, in order."""
        frontier = cls()
        for digest in leaf_hashes:
            frontier.append(digest)
        return frontier

    @classmethod
    def load(cls, nodes: Nodes, size: int) -> "Frontier":
        """The frontier of a tree of `size` leaves whose complete subtrees `nodes` holds."""
        peaks, start = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                peaks.append(nodes.node(level, start >> level))
                start += 1 << level
        return cls(size, peaks)

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._size

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, largest first."""
        return tuple(self._peaks)

    def copy(self) -> "Frontier":
        """The same frontier, growing apart."""
        return Frontier(self._size, self._peaks)

    def append(self, digest: bytes) -> None:
        """Add one leaf hash: as many merges as trailing bits are set in the size."""
        size, peaks = self._size, self._peaks
        while size & 1:
            digest = sha256(_NODE + peaks.pop() + digest).digest()
            size >>= 1
        peaks.append(digest)
        self._size += 1

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        if not self._peaks:
            return _EMPTY
        digest = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            digest = node_hash(peak, digest)
        return digest


def range_root(nodes: Nodes, start: int, end: int) -> bytes:
    """The Merkle tree hash of the leaves [start, end), from complete subtrees."""
    width = end - start
    if width == 0:
        return _EMPTY
    if width & (width - 1) == 0 and start % width == 0:
        return nodes.node(width.bit_length() - 1, start // width)
    middle = start + split(width)
    return node_hash(range_root(nodes, start, middle), range_root(nodes, middle, end))


def tree_root(nodes: Nodes, size: int) -> bytes:
    """The root of the tree of `size` leaves."""
    return range_root(nodes, 0, size)


# Inclusion: RFC 6962 section 2.1.1 makes the proof, RFC 9162 section 2.1.3.2 checks it.


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, lowest node first; `ValueError` outside it."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_root(nodes, middle, end))
            end = middle
        else:
            path.append(range_root(nodes, start, middle))
            start = middle
    path.reverse()
    return path


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """`leaf` (a leaf hash) stands at `index` in the tree of `size` with this root.

    `EvidenceError`: `proof-outside-tree`, `proof-length`, `proof-node`, `inclusion-root`.
    """
    if not 0 <= index < size:
        raise EvidenceError("proof-outside-tree", index=index, size=size)
    _check_hashes([leaf, *proof])
    # Below the leaf's split from the right edge every level has a sibling; above it only where the leaf stands right.
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _check_length(proof, inner + border)
    digest = leaf
    for level, sibling in enumerate(proof):
        left = level >= inner or index >> level & 1
        digest = node_hash(sibling, digest) if left else node_hash(digest, sibling)
    if digest != root:
        raise EvidenceError("inclusion-root", index=index, size=size)


# Consistency: RFC 6962 section 2.1.2 makes the proof, RFC 9162 section 2.1.4.2 checks it.


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The nodes that show the tree of `old` leaves to be a prefix of the tree of `new`; empty for 0 or equal sizes."""
    if not 0 <= old <= new:
        raise ValueError("a tree only grows")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_root(nodes, middle, end))
            end = middle
        else:
            path.append(range_root(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_root(nodes, start, end))
    path.reverse()
    return path


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """The tree of `old` leaves is a prefix of the tree of `new` leaves.

    `EvidenceError`: `proof-outside-tree`, `proof-length`, `proof-node`, `consistency-root`. An empty old tree proves
    nothing and is refused; whoever starts from nothing has no promise to hold the log to.
    """
    if not 0 < old <= new:
        raise EvidenceError("proof-outside-tree", index=old, size=new)
    if old == new:
        _check_length(proof, 0)
        _check_root(old_root, new_root, old, new)
        return
    _check_hashes([old_root, new_root, *proof])
    # `old` splits into its largest trailing complete subtree (2**level leaves) and what stands left of it. Where that
    # subtree is the whole old tree its root is the old root, and the proof leaves it out.
    level = (old & -old).bit_length() - 1
    nodes = [old_root, *proof] if old == 1 << level else list(proof)
    last = (old - 1) >> level
    inner = (last ^ ((new - 1) >> level)).bit_length()
    border = (last >> inner).bit_count()
    _check_length(proof, inner + border + 1 - (len(nodes) - len(proof)))
    before = after = nodes[0]
    for height, sibling in enumerate(nodes[1:]):
        if height >= inner or last >> height & 1:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    _check_root(before, old_root, old, new)
    _check_root(after, new_root, old, new)


def _check_root(found: bytes, expected: bytes, old: int, new: int) -> None:
    if found != expected:
        raise EvidenceError("consistency-root", old=old, new=new)


def _check_length(proof: Sequence[bytes], expected: int) -> None:
    if len(proof) != expected:
        raise EvidenceError("proof-length", expected=expected, found=len(proof))


def _check_hashes(hashes: Sequence[bytes]) -> None:
    for position, digest in enumerate(hashes):
        if len(digest) != HASH_SIZE:
            raise EvidenceError("proof-node", position=position, length=len(digest))


# The walk of a bundle: ARCHITECTURE.md 3.7.


def walk_ranges(size: int, present: Sequence[int]) -> list[tuple[int, int]]:
    """The ranges (start, end) whose roots walk(0, size) gives, in order, when the leaves `present` are shown.

    `present` rises strictly and lies within the tree, else `ValueError`.
    """
    if any(b <= a for a, b in pairwise(present)):
        raise ValueError("indexes must rise strictly")
    if present and not 0 <= present[0] <= present[-1] < size:
        raise ValueError("no such leaf")
    return list(_ranges(0, size, present, 0, len(present))) if size else []


def _ranges(start: int, end: int, present: Sequence[int], low: int, high: int) -> Iterator[tuple[int, int]]:
    if low == high:
        yield start, end
    elif end - start > 1:
        middle = start + split(end - start)
        cut = bisect_left(present, middle, low, high)
        yield from _ranges(start, middle, present, low, cut)
        yield from _ranges(middle, end, present, cut, high)


def root_from_walk(size: int, leaves: Mapping[int, bytes], nodes: Sequence[bytes]) -> bytes:
    """The root of the tree of `size` leaves from the leaf hashes shown (by index) and the walk's nodes, in order.

    `EvidenceError`: `proof-outside-tree`, `proof-node`, `proof-length` (nodes missing or left over). The caller
    compares the result with a root it trusts, signed together with this very size: the last leaves of two sizes may
    be hidden in one node, so the walk alone does not tell them apart.
    """
    present = sorted(leaves)
    for index in present[:1] + present[-1:]:
        if not 0 <= index < size:
            raise EvidenceError("proof-outside-tree", index=index, size=size)
    _check_hashes(nodes)
    _check_hashes(list(leaves.values()))
    waiting = walk_ranges(size, present)
    _check_length(nodes, len(waiting))
    given = iter(nodes)

    def walked(start: int, end: int, low: int, high: int) -> bytes:
        if low == high:
            return next(given)
        if end - start == 1:
            return leaves[start]
        middle = start + split(end - start)
        cut = bisect_left(present, middle, low, high)
        return node_hash(walked(start, middle, low, cut), walked(middle, end, cut, high))

    return walked(0, size, 0, len(present)) if size else _EMPTY
