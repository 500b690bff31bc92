"""Who holds a log's registry and look-ups: its writer, or a reader that follows what a writer commits.

- `OfWriter` lends the writer's own, under the ordering lock, and can write a snapshot when a proof needs one.
- `OfReader` replays for itself and catches up before each answer; it writes nothing in the log. What the read side has
  not followed it leaves to the writer first, and follows by itself where there is none, or a busy one.

    LogSource(store, OfWriter(writer), keyring.wrapping_key)
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from ledger.readside import judging
from ledger.readside.follow import catch_up
from ledger.registry.replay import Registry
from ledger.store import checkpoints, entries, read_side
from ledger.store.engine import Store
from ledger.store.lookups import Lookups
from ledger.writer.startup import replay
from ledger.writer.turn import GATEWAY
from ledger.writer.writer import Writer
from schemas.errors import InputError, LedgerError, UnavailableError

Result = TypeVar("Result")
PATIENCE = 0.25
"""Seconds that a reader leaves the read side to the writer: many times what a pause of capture takes."""
WAIT = 10.0
"""Seconds after which a reader without keys gives up."""
_STEP = 0.02


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

    def settled(self) -> None:
        """Let the read side follow to what is committed now."""
        self._writer.settled()

    def judged(self) -> None:
        """Judge every lot by what is committed now."""
        self._writer.judged()


class OfReader:
    """A reader's own state, following the store. `wrapping_key` raises where the reader has no keys."""

    def __init__(
        self, store: Store, wrapping_key: Callable[[str], bytes], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._store = store
        self._wrapping_key = wrapping_key
        self._sleep = sleep
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

    def settled(self) -> None:
        """Wait until the read side holds what is committed now; after a while follow it here, where the keys are.

        `UnavailableError("read-side-behind")` where nobody did in `WAIT` seconds.
        """
        committed = self._sizes()[1]
        reason: LedgerError | None = None
        for tried in range(round(WAIT / _STEP)):
            size = self._sizes()[0]
            if size >= committed:
                return
            if tried * _STEP < PATIENCE or reason is not None:
                self._sleep(_STEP)
                continue
            try:
                while catch_up(self._store, self._wrapping_key, self._gateway):
                    pass
            except (InputError, UnavailableError) as error:
                # No keys, or a store that may not be written from here: the writer will follow.
                reason = error
        raise UnavailableError("read-side-behind", size=self._sizes()[0], committed=committed) from reason

    def judged(self) -> None:
        """Judge here what the writer has not come to: a bite that both judge is written once."""
        self.settled()
        judging.settle(self._store)

    def _sizes(self) -> tuple[int, int]:
        """How many entries the read side holds, and how many are committed."""
        with self._store.read() as connection:
            return read_side.size(connection), entries.size(connection)

    def _gateway(self, kid: str) -> bool:
        key = self.registry(lambda registry: registry.key_state(kid))
        return key is not None and key.role == GATEWAY
