"""What a bundle's walk says of an older head: the root at an earlier size, where the nodes at hand give it.

- A walk holds the roots of the ranges between its leaves. The tree of the first `old` leaves is built of complete
  subtrees (RFC 6962 section 2.1); where each of them is a range of the walk, or made of such, its root is known.
- KNOWN LIMIT: where one lies inside a hidden range, nothing can be said: a bundle is no consistency proof.

    earlier_root(13, leaves, nodes, 8)      # 32 bytes, or None
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from ledger.log.merkle import node_hash, split, walk_ranges

Range = tuple[int, int]


def earlier_root(size: int, leaves: Mapping[int, bytes], nodes: Sequence[bytes], old: int) -> bytes | None:
    """The root of the first `old` (1..size) leaves, None where the walk does not give it."""
    hidden = walk_ranges(size, sorted(leaves))
    known = dict(zip(hidden, nodes, strict=True)) | {(index, index + 1): leaf for index, leaf in leaves.items()}
    return _root((0, old), known, hidden)


def _root(span: Range, known: Mapping[Range, bytes], hidden: list[Range]) -> bytes | None:
    if span in known:
        return known[span]
    start, end = span
    place = bisect_right(hidden, start, key=lambda found: found[0]) - 1
    if end - start == 1 or (place >= 0 and hidden[place][1] >= end):
        return None
    middle = start + split(end - start)
    left = _root((start, middle), known, hidden)
    right = None if left is None else _root((middle, end), known, hidden)
    return None if left is None or right is None else node_hash(left, right)
