"""A narrow gate for work that anybody may ask for without credentials: a flood of it takes its turn, and no more.

- `Gate.turn` lets a few callers of one kind work at once; who comes when it is full is told to come again, at once and
  at no cost. Callers with credentials have a wider gate of their own, so strangers cannot shut them out.

    with gates.turn(caller): verify(data)

docs/adr/0023-who-may-ask.md (signed entries).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from api.access import Caller
from schemas.errors import UnavailableError

STRANGERS, KNOWN = 2, 16


class Gates:
    """One gate for callers without credentials, one for those with them."""

    def __init__(self, strangers: int = STRANGERS, known: int = KNOWN) -> None:
        self._strangers = threading.BoundedSemaphore(strangers)
        self._known = threading.BoundedSemaphore(known)

    @contextmanager
    def turn(self, caller: Caller) -> Iterator[None]:
        """Work while there is room; `UnavailableError("server-busy")` where there is none."""
        gate = self._strangers if caller.kind == "public" else self._known
        if not gate.acquire(blocking=False):
            raise UnavailableError("server-busy")
        try:
            yield
        finally:
            gate.release()
