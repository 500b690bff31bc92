"""A head somebody was shown, held against the log as it stands: does the log go on from it?

- Any client may send the last checkpoint it has (ARCHITECTURE.md 3.5). With the log's own signature it is a promise.
- A larger one means that this store was rolled back; one of a size we have with another root, that there are two
  histories. Either way the writer signs nothing more.
- Two signed roots of one size are evidence, kept for whoever asks (`ledger.evidence_file`).

    hold(log, store, note, vkey)     # EvidenceError("log-rolled-back" | "log-forked")
"""

from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.merkle import tree_root
from ledger.log.note import VerifierKey
from ledger.log.tiles import TileNodes
from ledger.store import checkpoints
from ledger.store.engine import Store
from ledger.writer import evidence
from schemas.errors import EvidenceError


def hold(store: Store, head: Checkpoint | None, note: bytes, vkey: VerifierKey, *, source: str) -> None:
    """Raise unless the log with this `head` goes on from the checkpoint in `note`; `source` says where that came from.

    `EvidenceError`: `note-unsigned` and its like where the log never signed it, `log-rolled-back`, `log-forked`.
    """
    kept = open_checkpoint(note, vkey)
    size = head.size if head is not None else 0
    if kept.size > size:
        raise EvidenceError("log-rolled-back", origin=kept.origin, size=size, guard=kept.size, path=source)
    if tree_root(TileNodes(store.tiles.read, size), kept.size) != kept.root:
        _keep(store, kept, note, vkey)
        raise EvidenceError("log-forked", origin=kept.origin, size=kept.size, path=source)


def _keep(store: Store, kept: Checkpoint, note: bytes, vkey: VerifierKey) -> None:
    """Keep both notes where this store still has the one it signed for that size; a root alone accuses nobody."""
    with store.read() as connection:
        ours = checkpoints.kept(connection, kept.size)
        published = checkpoints.published(connection)
    if ours is None and published is not None and published[0] == kept.size:
        ours = published[1]
    if ours is not None:
        evidence.keep_log_fork(store, kept.origin, str(vkey), ours, note)
