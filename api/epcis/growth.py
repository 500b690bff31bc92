"""Waiting for the log to grow: one question to the store answers everybody who waits.

    size = await growth.beyond(place)

- The question is asked again every quarter of a second while somebody waits, and by nobody else.
"""

import asyncio
from collections.abc import Callable

LOOK_EVERY = 0.25


class Growth:
    """The size of the log as those see it who wait for it; belongs to one event loop."""

    def __init__(self, size: Callable[[], int]) -> None:
        self._ask = size
        self._size = 0
        self._asking: asyncio.Task[None] | None = None

    async def beyond(self, place: int) -> int:
        """The size of the log, once it is greater than `place`."""
        while self._size <= place:
            if self._asking is None:
                self._asking = asyncio.create_task(self._look())
            # Whoever stops waiting must not stop the others.
            await asyncio.shield(self._asking)
        return self._size

    async def _look(self) -> None:
        try:
            self._size = max(self._size, await asyncio.to_thread(self._ask))
            await asyncio.sleep(LOOK_EVERY)
        finally:
            self._asking = None
