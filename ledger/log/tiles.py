"""Tiles (c2sp.org/tlog-tiles): the tree as static files, 256 hashes each, and the entries in bundles of 256.

- `tile/{L}/{N}[.p/{W}]` holds the roots of complete subtrees of 256**L leaves; `tile/entries/{N}[.p/{W}]` the entries,
  each behind its length as a big-endian uint16. N is written in groups of three digits, all but the last with an `x`.
- A tile is partial while it holds fewer than 256; for every published size the partial tiles of that size exist.
- A path has one spelling. Reading tiles proves nothing by itself: callers compare the root with a signed one.

    TileNodes(read, size).node(0, 3)     # a leaf hash
    tiles_to_write(255, 257)             # what must exist before size 257 may be signed
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ledger.log.merkle import HASH_SIZE, Nodes, node_hash
from schemas.errors import EvidenceError, InputError, LedgerError

WIDTH = 256
HEIGHT = 8
MAX_LEVEL = 63
MAX_ENTRY = 0xFFFF
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")
# Tiles kept by one reader: enough for a deep proof and its neighbours, 4 MiB at most.
_KEPT_TILES = 512
_KEPT_NODES = 1 << 16

Read = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: `level` (None for an entry bundle), its number in the level, and how many it holds (1-256)."""

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """Its path below the log's prefix."""
        return entries_path(self.index, self.width) if self.level is None else tile_path(*self._place())

    def _place(self) -> tuple[int, int, int]:
        return self.level or 0, self.index, self.width


def _number(index: int) -> str:
    text = f"{index:03d}"
    text = text.zfill(-(-len(text) // 3) * 3)
    groups = [text[i : i + 3] for i in range(0, len(text), 3)]
    return "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])


def _path(kind: str, index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= WIDTH:
        raise ValueError("no such tile")
    return f"tile/{kind}/{_number(index)}" + ("" if width == WIDTH else f".p/{width}")


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """The path of a tile of hashes; `ValueError` for a level or width that no tile has."""
    if not 0 <= level <= MAX_LEVEL:
        raise ValueError("no such tile")
    return _path(str(level), index, width)


def entries_path(index: int, width: int = WIDTH) -> str:
    """The path of an entry bundle."""
    return _path("entries", index, width)


def parse_path(path: str) -> Tile:
    """The tile of a path in its one spelling; `InputError("tile-path")`."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise InputError("tile-path", path=path[:120])
    kind, number, partial = match.groups()
    level = None if kind == "entries" else int(kind)
    tile = Tile(level, int(number.replace("x", "").replace("/", "")), int(partial or WIDTH))
    if tile.width == 0 or (level or 0) > MAX_LEVEL or tile.width > WIDTH or tile.path != path:
        raise InputError("tile-path", path=path[:120])
    return tile


def tile_of(level: int | None, index: int, size: int) -> Tile:
    """Tile number `index` of a level as it stands in a tree of `size` leaves; `ValueError` where it is empty."""
    width = min(WIDTH, (size >> HEIGHT * (level or 0)) - index * WIDTH)
    if width < 1 or index < 0:
        raise ValueError("no such tile")
    return Tile(level, index, width)


def tiles_to_write(old_size: int, new_size: int) -> list[Tile]:
    """The tiles and bundles that a tree of `new_size` has and one of `old_size` had not: bundles first, then levels."""
    new: list[Tile] = _grown(None, old_size, new_size)
    level = 0
    while new_size >> HEIGHT * level:
        new += _grown(level, old_size, new_size)
        level += 1
    return new


def _grown(level: int | None, old_size: int, new_size: int) -> list[Tile]:
    old, new = (size >> HEIGHT * (level or 0) for size in (old_size, new_size))
    return [tile_of(level, index, new_size) for index in range(old // WIDTH, -(-new // WIDTH))] if new > old else []


def tile_data(nodes: Nodes, tile: Tile) -> bytes:
    """The bytes of a tile of hashes, from complete subtrees."""
    level = HEIGHT * (tile.level or 0)
    first = tile.index * WIDTH
    return b"".join(nodes.node(level, first + i) for i in range(tile.width))


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as an entry bundle; `InputError("entry-too-long")` beyond 65,535 bytes."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise InputError("entry-too-long", length=len(entry), limit=MAX_ENTRY)
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` entries of a bundle; `EvidenceError("bundle-length")` where it holds more, fewer or a torn one."""
    entries: list[bytes] = []
    offset = 0
    while offset < len(data):
        end = offset + 2 + int.from_bytes(data[offset : offset + 2], "big")
        if end > len(data) or offset + 2 > len(data):
            raise EvidenceError("bundle-length", expected=width, found=len(entries))
        entries.append(data[offset + 2 : end])
        offset = end
    if len(entries) != width:
        raise EvidenceError("bundle-length", expected=width, found=len(entries))
    return entries


def split_tile(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile; `EvidenceError("tile-length")` unless it holds exactly `width`."""
    if len(data) != width * HASH_SIZE:
        raise EvidenceError("tile-length", expected=width * HASH_SIZE, found=len(data))
    return [data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)]


class TileNodes:
    """`Nodes` of the tree of `size` leaves, over a reader of tiles; what was read is kept, within bounds.

    `read` gives the bytes at a path below the log's prefix, and raises (`LedgerError`, `OSError`, `LookupError`) where
    there is nothing: then the full tile is tried, which may have replaced a partial one. A node comes from the highest
    tile that has it, so a root that agrees says nothing of the tiles below: an audit reads every level.
    """

    __slots__ = ("_nodes", "_read", "_size", "_tiles")

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self._size = size
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}

    @property
    def size(self) -> int:
        """Leaves of the tree."""
        return self._size

    def node(self, level: int, index: int) -> bytes:
        """Root of a complete subtree; `ValueError` where this tree has none, `EvidenceError("tile-length")`."""
        if level < 0 or index < 0 or (index + 1) << level > self._size:
            raise ValueError("no such subtree")
        tile_level, inside = divmod(level, HEIGHT)
        if inside == 0:
            number, place = divmod(index, WIDTH)
            return self._tile(tile_level, number)[place]
        if (level, index) not in self._nodes:
            digest = node_hash(self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1))
            _bound(self._nodes, _KEPT_NODES)
            self._nodes[level, index] = digest
        return self._nodes[level, index]

    def _tile(self, level: int, index: int) -> Sequence[bytes]:
        kept = self._tiles.get((level, index))
        if kept is None:
            _bound(self._tiles, _KEPT_TILES)
            kept = self._tiles[level, index] = self._fetch(tile_of(level, index, self._size))
        return kept

    def _fetch(self, tile: Tile) -> Sequence[bytes]:
        try:
            return split_tile(self._read(tile.path), tile.width)
        except (LedgerError, OSError, LookupError):
            if tile.width == WIDTH:
                raise
            try:
                data = self._read(tile_path(tile.level or 0, tile.index))
            except (LedgerError, OSError, LookupError):
                data = None
            if data is None:
                raise
            return split_tile(data, WIDTH)[: tile.width]


def _bound(kept: dict[tuple[int, int], bytes] | dict[tuple[int, int], Sequence[bytes]], limit: int) -> None:
    # Dropping everything is rare and simple; what is needed again is read again.
    if len(kept) >= limit:
        kept.clear()
