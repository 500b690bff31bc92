"""What an audit holds against a store as a whole: kept checkpoints, the head, and what was declared erased.

- `check_heads` runs once the tree is known to be right: every checkpoint kept, and the one published, must carry the
  log's signature and the root that the tree has at its size.
- `check_erased`: what was declared erased is not kept.

    check_heads(store, account.size, account.root, vkey)

ARCHITECTURE.md 3.5, 3.8.
"""

from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import tree_root
from ledger.log.note import VerifierKey
from ledger.log.tiles import TileNodes
from ledger.readside.erasing import still_held
from ledger.store import checkpoints, entries
from ledger.store.engine import Store
from schemas.errors import EvidenceError, LedgerError


def check_erased(store: Store) -> None:
    """`EvidenceError("audit-erased-held")` where the store still keeps what was declared erased."""
    with store.read() as connection:
        found = still_held(connection)
    if found is not None:
        raise EvidenceError("audit-erased-held", entry=found[0], at=found[1])


def check_heads(store: Store, size: int, root: bytes, vkey: VerifierKey) -> int:
    """Hold the head, the checkpoints kept and the one published against the tree; how many there were."""
    nodes = TileNodes(store.tiles.read, size)
    with store.read() as connection:
        head = checkpoints.head(connection)
        published = checkpoints.published(connection)
        notes = [(kept, checkpoints.kept(connection, kept)) for kept in checkpoints.kept_sizes(connection)]
        committed = entries.size(connection)
    if head != (size, root):
        raise EvidenceError("audit-head", size=size, head=head[0] if head else 0)
    if committed != size:
        raise EvidenceError("audit-unpublished", size=size, committed=committed)
    if published is not None:
        notes.append(published)
    for kept, note in notes:
        if note is None or kept > size:
            raise EvidenceError("audit-checkpoint", size=kept)
        try:
            found = open_checkpoint(note, vkey)
        except LedgerError as error:
            raise error.within(size=kept) from None
        if found.size != kept or found.root != tree_root(nodes, kept):
            raise EvidenceError("audit-checkpoint", size=kept)
    return len(notes)
