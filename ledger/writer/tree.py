"""The growing edge of the Merkle tree: what the next tiles, roots and proofs are made of.

- Every complete node is hashed once, when its last leaf arrives (RFC 6962 section 2.1).
- Kept in memory: the right edge, the open tile of each tile level, and all that was added since the last `prune`.
  Older nodes come from the tiles; so memory does not grow with the log.
- A tile is level 8L of the tree, 256 hashes wide; an open one is written as a partial tile (C2SP tlog-tiles).

    tree = Tree(0, older=no_nodes)
    tree.append(leaf_hash, jwt)
    store.tiles.write(tree.files(since=0))

*since*: the size that was published before; files for everything after it are made anew.
"""

from collections.abc import Iterable

from ledger.log.merkle import Nodes, empty_root, node_hash
from ledger.log.tiles import HEIGHT, WIDTH, Tile, encode_bundle, tile_data, tiles_to_write


class Tree:
    """The tree of `size` leaves, growing; `older` gives complete nodes that are no longer in memory."""

    def __init__(self, size: int, older: Nodes, jwts: Iterable[bytes] = ()) -> None:
        """`jwts`: the entries of the open entry bundle, that is of the last `size % 256` leaves."""
        self.size = size
        self._older = older
        self._kept: dict[tuple[int, int], bytes] = {}
        self._jwts = list(jwts)
        if len(self._jwts) != size % WIDTH:
            raise ValueError("the open entry bundle has size % 256 entries")

    def node(self, level: int, index: int) -> bytes:
        """The root of a complete subtree, from memory or from the tiles."""
        found = self._kept.get((level, index))
        return self._older.node(level, index) if found is None else found

    def append(self, leaf: bytes, jwt: bytes) -> None:
        """Add a leaf (its RFC 6962 leaf hash) and the bytes it is the hash of."""
        level, index = 0, self.size
        self._kept[0, index] = leaf
        while index & 1:
            leaf = node_hash(self.node(level, index - 1), leaf)
            level, index = level + 1, index >> 1
            self._kept[level, index] = leaf
        self._jwts.append(jwt)
        self.size += 1

    def root(self) -> bytes:
        """The RFC 6962 tree hash of all leaves."""
        root: bytes | None = None
        for level in range(self.size.bit_length()):
            complete = self.size >> level
            if complete & 1:
                peak = self.node(level, complete - 1)
                root = peak if root is None else node_hash(peak, root)
        return empty_root() if root is None else root

    def files(self, since: int) -> list[tuple[str, bytes]]:
        """Path below `/log/` and bytes of each tile and entry bundle that the leaves after `since` touch."""
        start = (self.size - len(self._jwts)) // WIDTH
        if since // WIDTH < start:
            raise ValueError("entries before the open bundle are no longer in memory")
        return [(tile.path, self._data(tile, start)) for tile in tiles_to_write(since, self.size)]

    def _data(self, tile: Tile, start: int) -> bytes:
        if tile.level is None:
            return encode_bundle(self._jwts[(tile.index - start) * WIDTH :][: tile.width])
        return tile_data(self, tile)

    def prune(self) -> None:
        """Forget what the tiles hold and the next append does not need."""
        keep: dict[tuple[int, int], bytes] = {}
        for (level, index), digest in self._kept.items():
            complete = self.size >> level
            edge = index == complete - 1 and complete & 1
            open_tile = level % HEIGHT == 0 and index >= complete & ~(WIDTH - 1)
            if edge or open_tile:
                keep[level, index] = digest
        self._kept = keep
        closed = len(self._jwts) // WIDTH * WIDTH
        del self._jwts[:closed]
