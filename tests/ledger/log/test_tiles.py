"""Tiles: the official log reads, any size splits and comes back, and a wrong tile changes the root."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log import merkle, tiles
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import LeafNodes, leaf_hash
from ledger.log.note import VerifierKey
from ledger.log.tiles import Tile, TileNodes, tiles_to_write
from schemas.errors import EvidenceError, InputError
from tests.official import official

LEAVES = [leaf_hash(b"%d" % i) for i in range(70_000)]
NODES = LeafNodes(LEAVES)


def stored(size: int) -> dict[str, bytes]:
    """Every hash tile of one size."""
    return {t.path: tiles.tile_data(NODES, t) for t in tiles_to_write(0, size) if t.level is not None}


def test_the_official_log_verifies_for_each_of_its_sizes() -> None:
    folder = official("crypto/tlog-tiles-tessera15")
    vkey = VerifierKey.parse((folder / "log.vkey").read_text().strip())
    leaves = (folder / "leaves.txt").read_bytes().splitlines()
    assert len(leaves) == 15
    for size in range(16):
        head = open_checkpoint((folder / f"checkpoint.{size}").read_bytes(), vkey)
        assert head.size == size
        nodes = TileNodes(lambda path: (folder / path).read_bytes(), size)
        assert merkle.tree_root(nodes, size) == head.root
        if size:
            bundle = tiles.decode_bundle((folder / tiles.entries_path(0, size)).read_bytes(), size)
            assert bundle == leaves[:size]
            assert [leaf_hash(entry) for entry in bundle] == [nodes.node(0, i) for i in range(size)]
        for index in range(size):
            proof = merkle.inclusion_proof(nodes, index, size)
            merkle.verify_inclusion(index, size, leaf_hash(leaves[index]), proof, head.root)
    assert open_checkpoint((folder / "checkpoint").read_bytes(), vkey).size == 15


def test_the_example_of_70000_leaves_has_its_tiles() -> None:
    found = tiles_to_write(0, 70_000)
    by_level = {level: [t.width for t in found if t.level == level] for level in (None, 0, 1, 2, 3)}
    assert by_level[0] == by_level[None] == [256] * 273 + [112]
    assert by_level[1] == [256, 17]
    assert by_level[2] == [1]
    assert by_level[3] == []
    assert [t.path for t in tiles_to_write(0, 256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]


@pytest.mark.parametrize(("index", "text"), [(0, "000"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")])
def test_numbers_are_written_as_the_text_says(index: int, text: str) -> None:
    assert tiles.tile_path(5, index) == f"tile/5/{text}"
    assert tiles.entries_path(index, 9) == f"tile/entries/{text}.p/9"


@given(st.none() | st.integers(0, 63), st.integers(0, 2**60), st.integers(1, 256))
def test_a_path_comes_back(level: int | None, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert tiles.parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000/",
        "tile/0/../000",
        "tile/data/000",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "checkpoint",
    ],
)
def test_another_spelling_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(InputError, match="tile-path"):
        tiles.parse_path(path)


def test_a_tile_that_cannot_be_has_no_path() -> None:
    for wrong in ((64, 0, 256), (0, -1, 256), (0, 0, 0), (0, 0, 257)):
        with pytest.raises(ValueError, match="no such tile"):
            tiles.tile_path(*wrong)
    with pytest.raises(ValueError, match="no such tile"):
        tiles.tile_of(0, 1, 256)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_comes_back(entries: list[bytes]) -> None:
    assert tiles.decode_bundle(tiles.encode_bundle(entries), len(entries)) == entries


def test_a_torn_padded_or_foreign_bundle_is_refused() -> None:
    data = tiles.encode_bundle([b"one", b"two"])
    for wrong, width in ((data, 1), (data, 3), (data[:-1], 2), (data + b"\0", 2), (data + b"\0\0", 2), (b"", 1)):
        with pytest.raises(EvidenceError, match="bundle-length"):
            tiles.decode_bundle(wrong, width)
    with pytest.raises(InputError, match="entry-too-long"):
        tiles.encode_bundle([bytes(65_536)])
    assert tiles.decode_bundle(tiles.encode_bundle([bytes(65_535)]), 1) == [bytes(65_535)]


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_a_log_grown_in_groups_has_the_tiles_of_each_size(groups: list[int]) -> None:
    kept, size = dict[str, bytes](), 0
    for group in groups:
        before, size = size, size + group
        grown = [tile for tile in tiles_to_write(before, size) if tile.level is not None]
        assert not {tile.path for tile in grown} & set(kept)
        kept |= {tile.path: tiles.tile_data(NODES, tile) for tile in grown}
        assert merkle.tree_root(TileNodes(kept.__getitem__, size), size) == merkle.root(LEAVES[:size])
    for path, data in stored(size).items():
        assert kept[path] == data
    assert tiles_to_write(size, size) == []


def test_a_log_of_70000_leaves_is_proved_from_its_tiles() -> None:
    reads: list[str] = []
    kept = stored(70_000)

    def read(path: str) -> bytes:
        reads.append(path)
        return kept[path]

    nodes = TileNodes(read, 70_000)
    root = merkle.root(LEAVES)
    assert merkle.tree_root(nodes, 70_000) == root
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        merkle.verify_inclusion(index, 70_000, LEAVES[index], merkle.inclusion_proof(nodes, index, 70_000), root)
    old = merkle.root(LEAVES[:65_537])
    merkle.verify_consistency(65_537, 70_000, old, root, merkle.consistency_proof(nodes, 65_537, 70_000))
    assert len(reads) == len(set(reads)) < 20


def test_a_full_tile_stands_in_for_a_partial_one_that_is_gone() -> None:
    kept = stored(512) | {"tile/1/000.p/1": stored(300)["tile/1/000.p/1"]}
    assert "tile/0/001.p/44" not in kept
    nodes = TileNodes(kept.__getitem__, 300)
    assert merkle.tree_root(nodes, 300) == merkle.root(LEAVES[:300])
    with pytest.raises(LookupError):
        TileNodes(stored(256).__getitem__, 300).node(0, 299)
    with pytest.raises(ValueError, match="no such subtree"):
        nodes.node(1, 150)


def rebuilt(kept: dict[str, bytes]) -> tuple[bytes, bytes]:
    """The root of 300 leaves from the highest tiles, and from the leaves."""
    nodes = TileNodes(kept.__getitem__, 300)
    return merkle.tree_root(nodes, 300), merkle.root([nodes.node(0, i) for i in range(300)])


def test_a_changed_tile_leads_to_another_root() -> None:
    good = merkle.root(LEAVES[:300])
    assert rebuilt(stored(300)) == (good, good)
    for path, data in stored(300).items():
        assert rebuilt(stored(300) | {path: bytes([data[0] ^ 1]) + data[1:]}) != (good, good), path


def test_a_truncated_or_padded_tile_is_refused() -> None:
    for path, data in stored(300).items():
        for forged in (data[:-1], data + b"\0", data[32:], data + data[:32], b""):
            with pytest.raises(EvidenceError, match="tile-length"):
                rebuilt(stored(300) | {path: forged})
