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
from contextlib import suppress
from dataclasses import dataclass

from ledger.store import epochs
from ledger.store.engine import Store
from ledger.store.writer_lock import WriterLock
from schemas.errors import LedgerError, UnavailableError

WAIT = 30.0
BEAT = 1.0
"""Seconds between two signs of life, several in what the store takes for silence (`writer_lock.SILENCE`)."""
_STEP = 0.05


class Heart:
    """Keeps the lock, in a thread; `rung` is set whenever another process may have handed something in."""

    def __init__(self, lock: WriterLock) -> None:
        self.rung = threading.Event()
        self._lock = lock
        self._lost: LedgerError | None = None
        self._tell: Callable[[LedgerError], None] | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="filiera-heart", daemon=True)
        self._thread.start()

    def tell(self, tell: Callable[[LedgerError], None]) -> None:
        """Call this when the lock is gone, or now where it is."""
        self._tell = tell
        if self._lost is not None:
            tell(self._lost)

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
                self._gone(error)
                return
            except BaseException:
                # Nobody keeps the lock from here on.
                self._gone(UnavailableError("writer-lock-lost"))
                raise
            # At least once a beat: what nobody told of (a database that was away) is found all the same.
            self.rung.set()

    def _gone(self, error: LedgerError) -> None:
        self._lost = error
        if self._tell is not None:
            self._tell(error)


@dataclass(frozen=True, slots=True)
class Fence:
    """The lock that is held and kept, and the epoch that was raised with it."""

    epoch: int
    heart: Heart
    _lock: WriterLock

    def release(self) -> None:
        """Let the next writer in."""
        self.heart.stop()
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
    heart = Heart(lock)
    try:
        # Where it may not end what it finds, it waits until the server has.
        with suppress(UnavailableError), store.begin() as connection:
            epochs.evict(connection)
        with store.begin() as connection:
            return Fence(epochs.take(connection, name), heart, lock)
    except BaseException:
        heart.stop()
        lock.release()
        raise
