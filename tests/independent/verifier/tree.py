"""Merkle trees of RFC 6962, the walk of a bundle, and the tag tree. From docs/spec: registry.md 8 and 9, bundle.md."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from tests.independent.verifier.text import LIMIT, need

Step = tuple[int, bytes]
EMPTY = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    half = split(len(leaves))
    return node(root(leaves[:half]), root(leaves[half:]))


def included(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof gives (RFC 6962 section 2.1.1), None where its length is wrong."""

    def climb(index: int, size: int, path: Sequence[bytes]) -> bytes | None:
        if size == 1:
            return None if path else leaf
        if not path:
            return None
        half = split(size)
        near = climb(index, half, path[:-1]) if index < half else climb(index - half, size - half, path[:-1])
        if near is None:
            return None
        return node(near, path[-1]) if index < half else node(path[-1], near)

    return climb(index, size, path) if index < size else None


def walk(size: int, leaves: Mapping[int, bytes], nodes: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """Every range of the tree that the leaves shown and the nodes give: (start, end) -> root."""
    need(all(index < size for index in leaves), "proof-outside-tree")
    known: dict[tuple[int, int], bytes] = {}
    given = iter(nodes)
    used = 0

    def down(start: int, end: int) -> bytes:
        nonlocal used
        if not any(start <= index < end for index in leaves):
            used += 1
            need(used <= len(nodes), "proof-length")
            known[start, end] = next(given)
        elif end - start == 1:
            known[start, end] = leaves[start]
        else:
            middle = start + split(end - start)
            known[start, end] = node(down(start, middle), down(middle, end))
        return known[start, end]

    if size:
        down(0, size)
    need(used == len(nodes), "proof-length")
    return known


def earlier(known: Mapping[tuple[int, int], bytes], size: int) -> bytes | None:
    """The root at an earlier size, where the ranges of the walk give it."""

    def over(start: int, end: int) -> bytes | None:
        if (start, end) in known:
            return known[start, end]
        if end - start == 1:
            return None
        middle = start + split(end - start)
        left, right = over(start, middle), over(middle, end)
        return None if left is None or right is None else node(left, right)

    return over(0, size)


def bit(tag: bytes, d: int) -> int:
    return tag[d // 8] >> 7 - d % 8 & 1


def tag_leaf(tag: bytes, indexes: Sequence[int]) -> bytes:
    need(len(tag) == 32, "tag-length")
    need(all(a < b for a, b in zip([-1, *indexes], [*indexes, LIMIT + 1], strict=True)), "tag-indexes-order")
    need(indexes, "tag-without-index")
    return sha256(b"\0" + tag + b"".join(index.to_bytes(8, "big") for index in indexes)).digest()


def tag_root(items: Sequence[tuple[bytes, Sequence[int]]]) -> bytes:
    """The root over distinct tags in rising order."""
    if len(items) < 2:
        return tag_leaf(*items[0]) if items else EMPTY
    first, last = (int.from_bytes(items[place][0], "big") for place in (0, -1))
    d = 256 - (first ^ last).bit_length()
    cut = next(place for place, item in enumerate(items) if bit(item[0], d))
    return sha256(b"\1" + bytes([d]) + tag_root(items[:cut]) + tag_root(items[cut:])).digest()


def present(tag: bytes, indexes: Sequence[int], path: Sequence[Step], top: bytes, size: int) -> None:
    current, above = tag_leaf(tag, indexes), 256
    need(indexes[-1] < size, "tag-index-beyond")
    for d, sibling in path:
        need(0 <= d < above, "tag-path-order")
        need(len(sibling) == 32, "tag-path-hash")
        pair = sibling + current if bit(tag, d) else current + sibling
        current, above = sha256(b"\1" + bytes([d]) + pair).digest(), d
    need(current == top, "tag-root-mismatch")


def absent(
    tag: bytes, found: bytes | None, indexes: Sequence[int], path: Sequence[Step], top: bytes, size: int
) -> None:
    """`tag` is nowhere: a walk by its bits ends at the leaf of `found` (None: the tree is empty)."""
    if found is None:
        need(top == EMPTY, "tag-tree-not-empty")
        return
    need(found != tag, "tag-is-present")
    present(found, indexes, path, top, size)
    need(all(bit(tag, d) == bit(found, d) for d, _ in path), "tag-path-elsewhere")


def rows_path(row: str, number: int, count: int, path: Sequence[bytes], top: bytes) -> None:
    """A row of a snapshot stands at its number under the root (registry.md 8)."""
    need(row.isascii() and included(number, count, leaf_hash(row.encode("ascii")), path) == top, "row-root-mismatch")


def lanes_back(seq: int, more: int) -> Iterator[int]:
    """The `seq` of the `tags` entries that stand before an entry."""
    return iter(range(seq - more, seq))
