"""A tiled log as a folder of files, grown in groups: what readers are tested on."""

from collections.abc import Sequence
from pathlib import Path

from ledger.keys.signer import Signer
from ledger.log import tiles
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import LeafNodes, leaf_hash, tree_root


def write_log(folder: Path, origin: str, signer: Signer, entries: Sequence[bytes], sizes: Sequence[int]) -> None:
    """Publish a log at each of these sizes; the checkpoint of each stays as `checkpoint.{size}`."""
    nodes, old = LeafNodes([leaf_hash(entry) for entry in entries]), 0
    for size in sizes:
        for tile in tiles.tiles_to_write(old, size):
            first = tile.index * tiles.WIDTH
            bundle = tiles.encode_bundle(entries[first : first + tile.width])
            put(folder / tile.path, bundle if tile.level is None else tiles.tile_data(nodes, tile))
        head = sign_checkpoint(Checkpoint(origin, size, tree_root(nodes, size)), signer)
        put(folder / "checkpoint", head)
        put(folder / f"checkpoint.{size}", head)
        old = size


def put(path: Path, data: bytes) -> None:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
