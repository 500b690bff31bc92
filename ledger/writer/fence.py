"""Becoming the writer of a log, and staying the only one.

- Writers queue for the lock of the store (`ledger.store.writer_lock`), `WAIT` seconds at most, then
  `UnavailableError("writer-busy")`.
- Whoever gets it raises the epoch. Commit and compare-and-set both check it, so an old writer that was paused, lost its
  lock and wakes up can do nothing (ARCHITECTURE.md 3.5).

- Whoever has it shows signs of life as long as it writes (`Heart`), and hears of what other processes hand in. Who
  finds the lock gone stops by itself, before it is fenced.

    fence = take_over(store, name="host:1234", wait=sleep)
    ...
    fence.release()
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from ledger.store import epochs
from ledger.store.engine import Store
from ledger.store.writer_lock import WriterLock
from schemas.errors import LedgerError, UnavailableError

WAIT = 30.0
BEAT = 1.0
"""Seconds between two signs of life, several in what the store takes for silence (`writer_lock.SILENCE`)."""
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Fence:
    """The lock that is held, and the epoch that was raised with it."""

    epoch: int
    _lock: WriterLock

    def release(self) -> None:
        """Let the next writer in."""
        self._lock.release()

    def heart(self, lost: Callable[[LedgerError], None]) -> "Heart":
        """Keep the lock from now on; `lost` is called once where it is gone. To be stopped before `release`."""
        return Heart(self._lock, lost)


class Heart:
    """Keeps the lock, in a thread; `rung` is set whenever another process may have handed something in."""

    def __init__(self, lock: WriterLock, lost: Callable[[LedgerError], None]) -> None:
        self.rung = threading.Event()
        self._lock = lock
        self._lost = lost
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="filiera-heart", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Beat no more; returns when the thread is gone."""
        self._closing.set()
        self._lock.wake()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._lock.watch(BEAT, self._closing)
            except LedgerError as error:
                self._lost(error)
                return
            except BaseException:
                # Nobody keeps the lock from here on.
                self._lost(UnavailableError("writer-lock-lost"))
                raise
            # At least once a beat: what nobody told of (a database that was away) is found all the same.
            self.rung.set()


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
