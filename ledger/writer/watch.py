"""A process that does not write holds the log against the rollback guard of its own machine, and raises it.

- The guard of the writer's machine protects against a store that goes back while that machine writes. Where another
  machine takes over, its own guard has to know how far the log had come: so it follows what is published.
- It follows only a log that goes on from what it knew: else raising it would wipe away the proof of a fork.
- In a folder the processes are of one machine and share the guard of the writer, which raises it by itself.

    watch = Watch(store, guard, vkey); watch()      # EvidenceError("log-rolled-back" | "log-forked")

ARCHITECTURE.md 3.5; docs/adr/0032-taking-over.md.
"""

from collections.abc import Callable

from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.note import VerifierKey
from ledger.store import checkpoints
from ledger.store.engine import Store
from ledger.writer.contradiction import hold
from ledger.writer.guard import Guard


class Watch:
    """What a standby asks before it asks for the lock; `vkey` gives the log's key when it is first needed."""

    def __init__(self, store: Store, guard: Guard, vkey: Callable[[], VerifierKey]) -> None:
        self._store = store
        self._guard = guard
        self._vkey = vkey
        self._seen = -1

    def __call__(self) -> None:
        """Hold the log against the guard where it moved since the last time, then raise the guard to what is published.

        `EvidenceError`: `log-rolled-back`, `log-forked`, `note-…`; `UnavailableError`: `guard-unreadable`,
        `guard-unwritable`.
        """
        # The guard first: a writer of this machine may raise it at any moment, but never beyond the head.
        kept = self._guard.note()
        with self._store.read() as connection:
            head, published = checkpoints.head(connection), checkpoints.published(connection)
        if head is None or published is None or published[0] == self._seen:
            return
        vkey = self._vkey()
        known = 0
        if kept is not None:
            hold(self._store, Checkpoint(vkey.name, *head), kept, vkey, source=str(self._guard.path))
            known = open_checkpoint(kept, vkey).size
        if published[0] > known and self._store.folder is None:
            open_checkpoint(published[1], vkey)
            self._guard.raise_to(published[1])
        self._seen = published[0]
