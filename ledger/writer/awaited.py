"""Waiting for answers in the inbox: one thread asks the store for all who wait, and lives while somebody does.

- It asks often at first and then less, so that a quick answer is found quickly and a slow one costs little.
- Answers are taken away in batches, off the way of those who wait; one that stays is swept by the writer.
- A store that does not answer is asked again: how long is for the one who waits to say.

    with answers.awaited(id) as waiting:
        put(…)
        if waiting.came(30.0): waiting.answer

docs/adr/0031-handing-in.md.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ledger.store import inbox as kept
from ledger.store.engine import Store
from schemas.errors import UnavailableError

_FIRST_STEP, _LONGEST_STEP, _STEEPNESS = 0.002, 0.05, 1.5
_LINGER = 1.0
_MOST_TAKEN = 100


class Waiting:
    """One request whose answer is awaited."""

    def __init__(self) -> None:
        self.answer: bytes | None = None
        self.told = threading.Event()

    def came(self, seconds: float) -> bool:
        """Wait for the answer; False where there was none in that time, or nobody waits any more."""
        self.told.wait(seconds)
        return self.answer is not None


class Answers:
    """Everything that callers of this process wait for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = threading.Condition()
        self._waiting: dict[bytes, Waiting] = {}
        self._taken: list[bytes] = []
        self._fresh = False
        self._closed = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def awaited(self, id: bytes) -> Iterator[Waiting]:
        """Wait for the answer to a request inside; `UnavailableError("writer-closed")` after `close`."""
        waiting = Waiting()
        with self._changed:
            if self._closed:
                raise UnavailableError("writer-closed")
            self._waiting[id] = waiting
            self._fresh = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="filiera-answers", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield waiting
        finally:
            with self._changed:
                self._waiting.pop(id, None)

    def close(self) -> None:
        """Nobody waits any more: whoever does is told so, without an answer."""
        with self._changed:
            self._closed = True
            for waiting in self._waiting.values():
                waiting.told.set()
            thread = self._thread
            self._changed.notify()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        step = _FIRST_STEP
        while self._some_wait():
            found = self._look()
            step = _FIRST_STEP if found else min(step * _STEEPNESS, _LONGEST_STEP)
            if len(self._taken) >= _MOST_TAKEN:
                self._take_away()
            with self._changed:
                if self._changed.wait_for(lambda: self._fresh or self._closed, timeout=step):
                    self._fresh, step = False, _FIRST_STEP

    def _some_wait(self) -> bool:
        """Whether to go on: somebody waits, or does so within a moment."""
        with self._changed:
            if self._changed.wait_for(lambda: self._waiting or self._closed, timeout=_LINGER) and not self._closed:
                return True
        self._take_away()
        with self._changed:
            if self._waiting and not self._closed:
                return True
            self._thread = None
            return False

    def _look(self) -> bool:
        """Ask once for everything; whether anything came."""
        with self._changed:
            ids = [id for id, waiting in self._waiting.items() if waiting.answer is None]
        try:
            with self._store.read() as connection:
                found = kept.answers(connection, ids) if ids else {}
        except UnavailableError:
            return False
        with self._changed:
            for id, answer in found.items():
                if id in self._waiting:
                    self._waiting[id].answer = answer
                    self._waiting[id].told.set()
        self._taken.extend(found)
        return bool(found)

    def _take_away(self) -> None:
        if self._taken:
            with suppress(UnavailableError), self._store.begin() as connection:
                kept.remove(connection, self._taken)
            self._taken = []
