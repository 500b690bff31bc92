"""Keep a store: rebuild its derived tables, copy it while it runs."""

from collections.abc import Callable
from pathlib import Path

from ledger.custody.backup import Saved, backup
from ledger.node import Node
from ledger.readside.rebuild import rebuild

Progress = Callable[[int, int], None]


def rebuild_tables(node: Node, progress: Progress) -> int:
    """Drop and recreate every derived table; how many entries were read."""
    return rebuild(node.store, node.keyring.wrapping_key, progress)


def save(node: Node, folder: Path, *, secrets: Path | None, progress: Progress) -> Saved:
    """Copy a running store into a new folder; with `secrets` also the one copy of the disclosures' keys."""
    return backup(node.store, folder, secrets=secrets, progress=progress)
