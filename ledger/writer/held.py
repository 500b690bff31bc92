"""Who holds a log's registry and look-ups: its writer, or a reader that follows what a writer commits.

- `OfWriter` lends the writer's own, under the ordering lock, and can write a snapshot when a proof needs one.
- `OfReader` replays for itself and catches up before each answer; it writes nothing.

    LogSource(store, OfWriter(writer), keyring.wrapping_key)
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from ledger.registry.replay import Registry
from ledger.store import checkpoints, entries
from ledger.store.engine import Store
from ledger.store.lookups import Lookups
from ledger.writer.startup import replay
from ledger.writer.writer import Writer

Result = TypeVar("Result")


class OfWriter:
    """The writer's own state."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def registry(self, ask: Callable[[Registry], Result]) -> Result:
        """Ask the registry between two groups."""
        return self._writer.look(lambda log: ask(log.registry))

    def lookups(self, ask: Callable[[Lookups], Result]) -> Result:
        """Ask the look-ups between two groups."""
        return self._writer.look(lambda log: ask(log.lookups))

    def snapshot(self) -> int | None:
        """A snapshot that covers everything, written now unless the newest entry is one."""
        return self._writer.snapshot()


class OfReader:
    """A reader's own state, following the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._registry: Registry | None = None
        self._lookups: Lookups | None = None

    def registry(self, ask: Callable[[Registry], Result]) -> Result:
        """Ask the registry as of the newest committed entry."""
        with self._lock:
            with self._store.read() as connection:
                earlier = self._registry
                if earlier is None or earlier.size != entries.size(connection):
                    # Should it fail half way, nothing of it is trusted.
                    self._registry = None
                    earlier = self._registry = replay(connection, earlier)
            return ask(earlier)

    def lookups(self, ask: Callable[[Lookups], Result]) -> Result:
        """Ask the look-ups as of the newest committed entry."""
        with self._lock:
            with self._store.read() as connection:
                if self._lookups is None:
                    self._lookups = Lookups.open(connection)
                else:
                    self._lookups.refresh(connection)
            return ask(self._lookups)

    def snapshot(self) -> int | None:
        """The newest snapshot whose checkpoint is kept."""
        with self._store.read() as connection:
            kept = checkpoints.kept_sizes(connection)
        return kept[-1] - 1 if kept else None
