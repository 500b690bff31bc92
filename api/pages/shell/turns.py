"""Pages that many strangers ask for at the same moment: one makes them, the others wait without holding a thread.

- What is answered at once is answered in the server's own loop; only what has to be made goes to a thread.
- Requests for one address are made one after the other: whoever waited finds what the one before made.
- `MOST` threads at most make such pages, so that a crowd before one page leaves the other threads to everybody else.

    async with turns.of(path): made = ready(request) or await turns.away(view, request)

docs/adr/0070-a-page-that-waits-for-nobody.md.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property, partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, Lock, to_thread

MOST = 4
P = ParamSpec("P")
Made = TypeVar("Made")


class Turns:
    """The turns of one server; used in its loop only."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Lock, int]] = {}

    @cached_property
    def _threads(self) -> CapacityLimiter:
        return CapacityLimiter(MOST)

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """A turn at one thing. Of what nobody waits for nothing is kept."""
        lock, count = self._waiting.get(name, (Lock(), 0))
        self._waiting[name] = lock, count + 1
        try:
            async with lock:
                yield
        finally:
            lock, count = self._waiting.pop(name)
            if count > 1:
                self._waiting[name] = lock, count - 1

    async def away(self, work: Callable[P, Made], *args: P.args, **kwargs: P.kwargs) -> Made:
        """Work in one of the threads that are for this."""
        return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._threads)
