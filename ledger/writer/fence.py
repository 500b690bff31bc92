"""Becoming the writer of a log, and staying the only one.

- Writers queue for the lock of the store (`ledger.store.writer_lock`), `WAIT` seconds at most, then
  `UnavailableError("writer-busy")`.
- Whoever gets it raises the epoch. Commit and compare-and-set both check it, so an old writer that was paused, lost its
  lock and wakes up can do nothing (ARCHITECTURE.md 3.5).

    fence = take_over(store, name="host:1234", wait=sleep)
    ...
    fence.release()
"""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.store import epochs
from ledger.store.engine import Store
from ledger.store.writer_lock import WriterLock
from schemas.errors import UnavailableError

WAIT = 30.0
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Fence:
    """The lock that is held, and the epoch that was raised with it."""

    epoch: int
    _lock: WriterLock

    def release(self) -> None:
        """Let the next writer in."""
        self._lock.release()


def take_over(store: Store, *, name: str, sleep: Callable[[float], None], wait: float = WAIT) -> Fence:
    """Wait for the lock, at most `wait` seconds, and raise the epoch; `UnavailableError("writer-busy")`."""
    lock = WriterLock(store)
    for _ in range(max(1, round(wait / _STEP))):
        if lock.acquire():
            break
        sleep(_STEP)
    else:
        with store.read() as connection:
            raise UnavailableError("writer-busy", writer=epochs.current(connection)[1], seconds=wait)
    try:
        with store.begin() as connection:
            return Fence(epochs.take(connection, name), lock)
    except BaseException:
        lock.release()
        raise
