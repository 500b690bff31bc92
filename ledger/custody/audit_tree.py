"""The tree of a log, recomputed from its entry bundles: every tile of the published size, and the root.

- Entry bundles are the source: leaf hashes come from their bytes, every tile above is computed and compared.
- What is wrong is named: the first tile, and within a level-0 tile the first entry that does not hash to it.
- Checks raise `EvidenceError`; reading raises what the reader raises. Nothing is kept but one tile row per level.

    tree = TreeAudit(read, size)
    for start, jwts in tree.bundles(): ...
    tree.finish(root)

C2SP tlog-tiles; RFC 6962 section 2.1; ARCHITECTURE.md 3.5.
"""

from collections.abc import Callable, Iterator

from ledger.log.merkle import Frontier, leaf_hash
from ledger.log.tiles import HEIGHT, WIDTH, Tile, decode_bundle, entries_path, split_tile, tile_of, tile_path
from schemas.errors import EvidenceError, LedgerError

Read = Callable[[str], bytes]


class TreeAudit:
    """One pass over the tiles of a tree of `size` leaves; `tiles` counts those that were compared."""

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self._size = size
        self._frontier = Frontier()
        # Of each level above 0 the hashes of the tile that is filling up.
        self._rows: list[list[bytes]] = []
        self._filled: list[int] = []
        self.tiles = 0

    def bundles(self) -> Iterator[tuple[int, list[bytes]]]:
        """(first index, JWTs) of every entry bundle, each compared with its level-0 tile before it is given."""
        for number in range(-(-self._size // WIDTH)):
            tile = tile_of(None, number, self._size)
            jwts = _named(tile, decode_bundle, self._fetch(tile, entries_path(number)))
            leaves = [leaf_hash(jwt) for jwt in jwts]
            self._compare_leaves(number, leaves)
            for leaf in leaves:
                self._frontier.append(leaf)
            if tile.width == WIDTH:
                self._rise(0, leaves)
            yield number * WIDTH, jwts

    def finish(self, root: bytes) -> None:
        """Compare the partial tiles of the right edge, then the root with the one the log signed."""
        for level, row in enumerate(self._rows, start=1):
            if row:
                self._compare(Tile(level, self._filled[level - 1], len(row)), row)
        if self._frontier.root() != root:
            raise EvidenceError("audit-root", size=self._size)

    def _compare_leaves(self, number: int, leaves: list[bytes]) -> None:
        tile = Tile(0, number, len(leaves))
        found = _named(tile, split_tile, self._fetch(tile, tile_path(0, number)))
        for place, (here, there) in enumerate(zip(leaves, found, strict=True)):
            if here != there:
                raise EvidenceError("audit-leaf", entry=number * WIDTH + place, tile=tile.path)
        self.tiles += 2

    def _rise(self, level: int, row: list[bytes]) -> None:
        """A full tile of one level is a hash of the level above."""
        while len(self._rows) <= level:
            self._rows.append([])
            self._filled.append(0)
        above = self._rows[level]
        above.append(Frontier.of(row).root())
        if len(above) == WIDTH:
            self._compare(Tile(level + 1, self._filled[level], WIDTH), above)
            self._filled[level] += 1
            self._rows[level] = []
            self._rise(level + 1, above)

    def _compare(self, tile: Tile, row: list[bytes]) -> None:
        found = _named(tile, split_tile, self._fetch(tile, tile_path(tile.level or 0, tile.index)))
        if found != row:
            place = next(i for i, (here, there) in enumerate(zip(row, found, strict=True)) if here != there)
            span = 1 << HEIGHT * (tile.level or 0)
            raise EvidenceError("audit-tile", tile=tile.path, first=(tile.index * WIDTH + place) * span)
        self.tiles += 1

    def _fetch(self, tile: Tile, full: str) -> bytes:
        """The tile of this size, or the full one that replaced it, cut to its width."""
        try:
            return self._read(tile.path)
        except (LedgerError, OSError, LookupError):
            if tile.width == WIDTH:
                raise EvidenceError("audit-tile-missing", tile=tile.path) from None
        try:
            data = self._read(full)
        except (LedgerError, OSError, LookupError):
            raise EvidenceError("audit-tile-missing", tile=tile.path) from None
        if tile.level is None:
            entries = decode_bundle(data, WIDTH)[: tile.width]
            return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
        return b"".join(split_tile(data, WIDTH)[: tile.width])


def _named(tile: Tile, read: Callable[[bytes, int], list[bytes]], data: bytes) -> list[bytes]:
    """What a tile's bytes hold; an error of their form names the tile."""
    try:
        return read(data, tile.width)
    except LedgerError as error:
        raise error.within(tile=tile.path) from None
