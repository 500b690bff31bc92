"""From committed entries to a checkpoint that the log has signed, in the one order that survives a crash anywhere.

1. The entries and their tree are committed (the caller's turn).
2. The tiles are written, durable when `write` returns.
3. They are read back, and the root is computed again from what was read: a disk that lies is found here.
4. The head is moved by compare-and-set from the size and root this writer knows, under its epoch.
5. Only now is the checkpoint signed, and the guard raised.
6. The caller answers; then the checkpoint is published for `/log/checkpoint`.

Never signed: what is not durable. Never two roots for one size: a signature follows the compare-and-set, and what was
set before a crash is set to the same bytes again after it, since both come from the committed entries.

ARCHITECTURE.md 3.5; C2SP tlog-tiles, tlog-checkpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.keys.signer import Signer
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.tiles import Tile, TileNodes, decode_bundle, parse_path, split_tile
from ledger.store import checkpoints, epochs
from ledger.store.engine import Store
from ledger.writer.guard import Guard
from ledger.writer.turn import Log
from schemas.errors import EvidenceError, UnavailableError

Phase = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Publisher:
    """What it takes to publish: the store, this writer's epoch, the log's key and the guard."""

    store: Store
    epoch: int
    log_signer: Signer
    guard: Guard
    phase: Phase

    def head(self, log: Log) -> bytes:
        """Steps 2 to 5 for all that is committed; the signed checkpoint, also left in `log`."""
        size, root = log.tree.size, log.tree.root()
        since = 0 if log.checkpoint is None else log.checkpoint[0]
        files = log.tree.files(since)
        self.store.tiles.write(files)
        self.phase("after-tiles")
        self._read_back(files, size, root)
        with self.store.begin() as connection:
            checkpoints.compare_and_set(connection, self.epoch, log.checkpoint, (size, root))
        self.phase("after-compare-and-set")
        log.note = sign_checkpoint(Checkpoint(log.registry.origin, size, root), self.log_signer)
        log.checkpoint = size, root
        self.guard.raise_to(log.note)
        self.phase("after-sign")
        return log.note

    def publish(self, log: Log, *, keep: bool) -> None:
        """Step 6: what `/log/checkpoint` serves from now on; with `keep` the note stays available for its size."""
        size = log.tree.size
        with self.store.begin() as connection:
            epochs.check(connection, self.epoch)
            if keep:
                checkpoints.keep(connection, size, log.note)
            newest = checkpoints.publish(connection, size, log.note)
            log.lookups.flush(connection)
        if newest:
            self.serve(log.note)
        self.phase("after-publish")
        log.tree.prune()

    def serve(self, note: bytes) -> None:
        """Put the checkpoint beside the tiles, where a plain file server finds it (C2SP tlog-tiles)."""
        self.store.tiles.write([("checkpoint", note)])

    def _read_back(self, files: list[tuple[str, bytes]], size: int, root: bytes) -> None:
        """What was read back is what was written, leaf by leaf, and gives the root that is about to be signed."""
        found = {path: self.store.tiles.read(path) for path, _ in files}
        for path, data in files:
            if found[path] != data:
                raise UnavailableError("tile-differs", path=path)
        tiles = {path: parse_path(path) for path in found}
        hashes = {tile.index: (path, tile) for path, tile in tiles.items() if tile.level == 0}
        for path, tile in tiles.items():
            if tile.level is None:
                self._leaves(path, found[path], tile, found[hashes[tile.index][0]])

        def read(path: str) -> bytes:
            return found[path] if path in found else self.store.tiles.read(path)

        if tree_root(TileNodes(read, size), size) != root:
            raise EvidenceError("tiles-root", size=size)

    @staticmethod
    def _leaves(path: str, bundle: bytes, tile: Tile, level_0: bytes) -> None:
        leaves = [leaf_hash(jwt) for jwt in decode_bundle(bundle, tile.width)]
        if leaves != split_tile(level_0, tile.width):
            raise UnavailableError("tile-differs", path=path)
