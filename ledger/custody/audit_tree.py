"""The tree of a log, recomputed from its entry bundles: every tile of the published size, and the root.

- Entry bundles are the source: leaf hashes come from their bytes, every tile above is computed and compared.
- A *stretch* is one bundle with its level-0 tile, as bytes, so that another process can hold one against the other
  (`opened`) and hash the tile; what stands above is compared here, in order.
- What is wrong is named: the first tile, and within a level-0 tile the first entry that does not hash to it.
- Checks raise `EvidenceError`; reading raises what the reader raises. Nothing is kept but one tile row per level.

    tree = TreeAudit(read, size)
    for number in range(tree.stretches):
        stretch = tree.stretch(number)
        jwts, leaves = opened(stretch)              # or raises
        tree.take(() if stretch.width == WIDTH else leaves, root_of(leaves))
    tree.finish(root)

C2SP tlog-tiles; RFC 6962 section 2.1; ARCHITECTURE.md 3.5.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.log.merkle import Frontier
from ledger.log.merkle import root as root_of
from ledger.log.tiles import HEIGHT, WIDTH, Tile, decode_bundle, entries_path, split_tile, tile_of, tile_path
from schemas.errors import EvidenceError, LedgerError

Read = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Stretch:
    """An entry bundle and its level-0 tile as they were read: number `number`, `width` entries (1-256)."""

    number: int
    width: int
    bundle: bytes
    tile: bytes

    @property
    def start(self) -> int:
        """The index of its first entry."""
        return self.number * WIDTH

    @property
    def stop(self) -> int:
        """The index after its last entry."""
        return self.start + self.width


def opened(stretch: Stretch) -> tuple[list[bytes], list[bytes]]:
    """The JWTs of a stretch and their leaf hashes, as they stand in the tile; `EvidenceError("audit-leaf")` and, where
    bundle or tile have not their form, `bundle-length` and `tile-length`."""
    jwts = _named(Tile(None, stretch.number, stretch.width), decode_bundle, stretch.bundle)
    tile = Tile(0, stretch.number, stretch.width)
    found = _named(tile, split_tile, stretch.tile)
    leaves = [sha256(b"\x00" + jwt).digest() for jwt in jwts]
    if leaves != found:
        place = next(at for at, (leaf, there) in enumerate(zip(leaves, found, strict=True)) if leaf != there)
        raise EvidenceError("audit-leaf", entry=stretch.start + place, tile=tile.path)
    return jwts, leaves


def read_stretch(read: Read, number: int, size: int) -> Stretch:
    """A stretch of a tree of `size` leaves, as it is stored; `EvidenceError("audit-tile-missing")`."""
    tile = tile_of(None, number, size)
    bundle = _fetched(read, tile, entries_path(number))
    hashes = _fetched(read, Tile(0, number, tile.width), tile_path(0, number))
    return Stretch(number, tile.width, bundle, hashes)


class TreeAudit:
    """One pass over the tiles of a tree of `size` leaves; `tiles` counts those that were compared."""

    def __init__(self, read: Read, size: int) -> None:
        self.read = read
        self.size = size
        # The tree over the full tiles of level 0, and the leaves of the partial one.
        self._full = Frontier()
        self._edge = Frontier()
        # Of each level above 0 the hashes of the tile that is filling up.
        self._rows: list[list[bytes]] = []
        self._filled: list[int] = []
        self.tiles = 0

    @property
    def stretches(self) -> int:
        """How many stretches there are; the last may be a partial one."""
        return -(-self.size // WIDTH)

    def stretch(self, number: int) -> Stretch:
        """A stretch as it is stored."""
        return read_stretch(self.read, number, self.size)

    def take(self, leaves: Sequence[bytes], root: bytes) -> None:
        """The next stretch, `opened` without objection: the root over its leaves, and these where it is a partial one;
        a whole one needs none."""
        self.tiles += 2
        if leaves:
            self._edge = Frontier.of(leaves)
        else:
            self._full.append(root)
            self._rise(1, root)

    def finish(self, root: bytes) -> None:
        """Compare the partial tiles of the right edge, then the root with the one the log signed."""
        for level, row in enumerate(self._rows, start=1):
            if row:
                self._compare(Tile(level, self._filled[level - 1], len(row)), row)
        peaks = (*self._full.peaks, *self._edge.peaks)
        if Frontier(self._full.size * WIDTH + self._edge.size, peaks).root() != root:
            raise EvidenceError("audit-root", size=self.size)

    def _rise(self, level: int, root: bytes) -> None:
        """A full tile of one level is a hash of the level above, which is `level`."""
        while len(self._rows) < level:
            self._rows.append([])
            self._filled.append(0)
        row = self._rows[level - 1]
        row.append(root)
        if len(row) == WIDTH:
            self._compare(Tile(level, self._filled[level - 1], WIDTH), row)
            self._filled[level - 1] += 1
            self._rows[level - 1] = []
            self._rise(level + 1, root_of(row))

    def _compare(self, tile: Tile, row: list[bytes]) -> None:
        found = _named(tile, split_tile, _fetched(self.read, tile, tile_path(tile.level or 0, tile.index)))
        if found != row:
            place = next(i for i, (here, there) in enumerate(zip(row, found, strict=True)) if here != there)
            span = 1 << HEIGHT * (tile.level or 0)
            raise EvidenceError("audit-tile", tile=tile.path, first=(tile.index * WIDTH + place) * span)
        self.tiles += 1


def _fetched(read: Read, tile: Tile, full: str) -> bytes:
    """The tile of this size, or the full one that replaced it, cut to its width."""
    try:
        return read(tile.path)
    except (LedgerError, OSError, LookupError):
        if tile.width == WIDTH:
            raise EvidenceError("audit-tile-missing", tile=tile.path) from None
    try:
        data = read(full)
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
