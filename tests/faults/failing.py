"""A world in which one operation fails: a file cannot be written, a disk is full, a statement does not come back.

world.arm(7, errno.ENOSPC)      # the seventh operation from now on fails, once
world.disarm()                  # how many operations there were
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import OperationalError as SqliteError
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from ledger.store.ops import Ops


class World:
    """Counts every operation on files and databases while armed, and lets the n-th one fail."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.failed: str | None = None
        self._at = 0
        self._error = 0
        self._armed = False

    def arm(self, at: int, error: int) -> None:
        """The `at`-th operation from now (from 1; 0: none) fails with this errno."""
        self.seen, self.failed = [], None
        self._at, self._error, self._armed = at, error, True

    def disarm(self) -> int:
        """From now on all goes well; how many operations there were."""
        self._armed = False
        return len(self.seen)

    def step(self, name: str, target: str) -> None:
        """What `Ops.step` is here."""
        if self._due(name, target):
            raise OSError(self._error, os.strerror(self._error))

    def statement(self, _: Any, __: Any, text: str, parameters: Any, *___: Any) -> None:
        """What happens before each SQL statement."""
        if self._due("statement", text):
            raise OperationalError(text, {}, SqliteError("database or disk is full"))

    def _due(self, name: str, target: str) -> bool:
        # What the writer does by itself in the background comes when it comes, and would make the count another one.
        if not self._armed or threading.current_thread().name.startswith("filiera-"):
            return False
        self.seen.append(name)
        if len(self.seen) != self._at:
            return False
        self.failed = f"{name} {target}"
        return True


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world around every store that is opened inside."""
    world = World()
    monkeypatch.setattr(Ops, "step", lambda _, name, target: world.step(name, target))
    event.listen(Engine, "before_cursor_execute", world.statement)
    try:
        yield world
    finally:
        event.remove(Engine, "before_cursor_execute", world.statement)
