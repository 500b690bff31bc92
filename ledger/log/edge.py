"""The right edge of a growing log as tiles: new leaf hashes in, the tiles they change out.

- It holds the partial tile of each level and nothing else, so its cost does not depend on the size of the log.
- What `extend` gives are the tiles of the new size alone; those of earlier published sizes stay as they are.

    edge = Edge.load(read, size)
    for path, data in edge.extend(leaf_hashes): write(path, data)
    edge.root()
"""

from collections.abc import Iterable, Iterator, Sequence

from ledger.log import tiles
from ledger.log.merkle import Frontier, LeafNodes, node_hash
from ledger.log.tiles import HEIGHT, WIDTH, Read, Tile


class Edge:
    """The partial tiles of a tree of `size` leaves, lowest level first."""

    __slots__ = ("_levels", "_size")

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = []
        self._size = 0

    @classmethod
    def load(cls, read: Read, size: int) -> "Edge":
        """The edge of a log whose tiles are stored; `EvidenceError("tile-length")`, and what `read` raises."""
        edge = cls()
        edge._size = size
        level = 0
        while (count := size >> HEIGHT * level) > 0:
            width = count % WIDTH
            path = tiles.tile_path(level, count // WIDTH, width) if width else ""
            edge._levels.append(tiles.split_tile(read(path), width) if width else [])
            level += 1
        return edge

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._size

    def copy(self) -> "Edge":
        """The same edge, growing apart: for a group that may not come to be committed."""
        edge = Edge()
        edge._size = self._size
        edge._levels = [list(level) for level in self._levels]
        return edge

    def extend(self, leaf_hashes: Sequence[bytes]) -> list[tuple[str, bytes]]:
        """Add leaf hashes; the tiles (path, bytes) that the tree of the new size has and the old one had not."""
        first = self._size
        self._size += len(leaf_hashes)
        return list(self._grow(0, first, list(leaf_hashes))) if leaf_hashes else []

    def _grow(self, level: int, first: int, new: list[bytes]) -> Iterator[tuple[str, bytes]]:
        if level == len(self._levels):
            self._levels.append([])
        hashes = self._levels[level] + new
        index = first // WIDTH
        full: list[bytes] = []
        for start in range(0, len(hashes), WIDTH):
            part = hashes[start : start + WIDTH]
            yield Tile(level, index + start // WIDTH, len(part)).path, b"".join(part)
            if len(part) == WIDTH:
                full.append(LeafNodes(part).node(HEIGHT, 0))
        self._levels[level] = hashes[len(full) * WIDTH :]
        if full:
            yield from self._grow(level + 1, index, full)

    def root(self) -> bytes:
        """The root of the tree as it stands: the partial tiles, from the leaves up."""
        digest: bytes | None = None
        for level in self._levels:
            for peak in reversed(Frontier.of(level).peaks):
                digest = peak if digest is None else node_hash(peak, digest)
        return digest if digest is not None else Frontier().root()


def bundles_to_write(
    old_size: int, new_size: int, partial: Sequence[bytes], new: Iterable[bytes]
) -> Iterator[tuple[str, bytes]]:
    """The entry bundles (path, bytes) of `new_size` that `old_size` had not.

    `partial` holds the entries of the last partial bundle at `old_size`, `new` those from `old_size` on.
    """
    entries = [*partial, *new]
    first = old_size // WIDTH
    if len(partial) != old_size % WIDTH or old_size + len(entries) - len(partial) != new_size:
        raise ValueError("entries do not fill the sizes")
    for start in range(0, len(entries), WIDTH):
        part = entries[start : start + WIDTH]
        yield tiles.entries_path(first + start // WIDTH, len(part)), tiles.encode_bundle(part)
