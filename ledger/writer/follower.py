"""Who lets the read side follow the log, and when: in a pause of capture, when somebody asks, or when too much waits.

- Nothing that is answered to a signed entry needs the read side, so its rows are written after the answer: a stretch
  at a time, under the ordering lock, so that a capture that comes meanwhile waits for one stretch at most.
- Kept in memory are the entries as admission read them, `MOST_WAITING` at most; where there are more the writer follows
  before it goes on, so a flood of entries is taken at the pace at which it can be followed.
- What is in memory is also in the store: after a crash, or where memory was let go of, it is read from there.
- The thread that waits for a pause lives no longer than there is something to do in one. What else a pause is for (to
  erase, to judge lots) is the writer's to say.
- A read side that cannot be written stops no capture; who asks for it is told why.

    backlog.add(waiting, size); pauses.wake()
    while not backlog.settled: following.step(backlog, gateway)

docs/adr/0029.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ledger.readside.follow import STRETCH, Waiting, catch_up, follow
from ledger.store import read_side
from ledger.store.engine import Store
from schemas.errors import LedgerError

MOST_WAITING = 8192
"""Entries kept in memory until the read side has them: some tens of megabytes."""
PAUSE = 0.005
"""Seconds without a capture that are a pause."""


@dataclass(slots=True)
class Backlog:
    """How far the read side is behind. Owned by the holder of the ordering lock, thrown away with the log's state.

    The entries [`held`, `committed`) that are private are in `waiting`; [`size`, `held`) are in the store alone.
    """

    size: int
    held: int
    committed: int
    waiting: deque[Waiting] = field(default_factory=deque)

    @classmethod
    def of(cls, size: int, committed: int) -> "Backlog":
        """What a store that was just opened is behind: nothing of it is in memory."""
        return cls(size, committed, committed)

    @property
    def settled(self) -> bool:
        """Does the read side hold every committed entry?"""
        return self.size >= self.committed

    @property
    def full(self) -> bool:
        """Does more wait than memory is meant to hold?"""
        return len(self.waiting) > MOST_WAITING

    def add(self, waiting: Sequence[Waiting], committed: int) -> None:
        """The private entries of a group that was committed, up to a new size."""
        self.waiting.extend(waiting)
        self.committed = committed

    def forget(self) -> None:
        """Let go of what is in memory; the store has it."""
        self.waiting.clear()
        self.held = self.committed

    def next(self) -> tuple[list[Waiting], int]:
        """The next stretch from memory, and where it stops."""
        stop = min(self.size + STRETCH, self.committed)
        found = []
        for item in self.waiting:
            if item.index >= stop:
                break
            found.append(item)
        return found, stop

    def moved(self, size: int) -> None:
        """The read side stands at `size` now."""
        self.size = size
        self.held = max(self.held, size)
        while self.waiting and self.waiting[0].index < size:
            self.waiting.popleft()


class Following:
    """How one stretch is followed: from memory, or from the store. Called by the holder of the ordering lock."""

    def __init__(self, store: Store, wrapping_key: Callable[[str], bytes], phase: Callable[[str], None]) -> None:
        self._store = store
        self._wrapping_key = wrapping_key
        self._phase = phase

    def step(self, backlog: Backlog, gateway: Callable[[str], bool]) -> None:
        """Follow the next stretch; nothing where the read side has all. Whatever fails leaves everything as it was."""
        if backlog.settled:
            return
        self._phase("before-follow")
        if backlog.size < backlog.held:
            catch_up(self._store, self._wrapping_key, gateway)
            backlog.moved(self._size())
        else:
            waiting, stop = backlog.next()
            # Somebody else may have followed meanwhile, or a commit that seemed to fail have come through.
            backlog.moved(stop if follow(self._store, waiting, backlog.size, stop) else self._size())
        self._phase("after-follow")

    def _size(self) -> int:
        with self._store.read() as connection:
            return read_side.size(connection)


class Pauses:
    """Works in the pauses of capture, in a thread that lives while something is left to do.

    `step()` does a little of it, follows a stretch for one, and says whether more is left.
    """

    def __init__(self, step: Callable[[], bool]) -> None:
        self._step = step
        self._changed = threading.Condition()
        self._busy = 0
        self._wanted = False
        self._closed = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While a capture is at work there is no pause."""
        with self._changed:
            self._busy += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def wake(self) -> None:
        """There is something to do."""
        with self._changed:
            self._wanted = True
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="filiera-pauses", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Do nothing more by itself; returns when the thread is gone."""
        with self._changed:
            self._closed = True
            thread = self._thread
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            while self._paused():
                if not self._step() and self._ended():
                    return
        except LedgerError:
            # Whoever asks is told why; the next capture tries again.
            self._gone()
        except BaseException:
            self._gone()
            raise

    def _gone(self) -> None:
        with self._changed:
            self._thread = None

    def _paused(self) -> bool:
        """Wait for a pause; False when closed meanwhile."""
        with self._changed:
            while not self._closed:
                self._changed.wait_for(lambda: self._busy == 0 or self._closed)
                if not self._changed.wait_for(lambda: self._busy > 0 or self._closed, timeout=PAUSE):
                    self._wanted = False
                    return True
            return False

    def _ended(self) -> bool:
        """Whether the thread may end: nothing was added since the step began."""
        with self._changed:
            if not self._wanted:
                self._thread = None
            return not self._wanted
