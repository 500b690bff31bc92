"""Taking turns at something only one thread may do at a time, in the order of asking.

A plain lock lets the thread that just gave it back take it again before those that wait; here who waits longest is
next. So work cut into slices is shared fairly: requests that came together are done together.

    turns = Turns()
    for part in parts:
        with turns.mine(): work(part)
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is handed on in order."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """One turn; waits until it is there."""
        with self._asking:
            waiting = threading.Lock() if self._taken else None
            if waiting is not None:
                waiting.acquire()
                self._queue.append(waiting)
            self._taken = True
        if waiting is not None:
            # Let go of by the turn before.
            waiting.acquire()
        try:
            yield
        finally:
            with self._asking:
                if self._queue:
                    self._queue.popleft().release()
                else:
                    self._taken = False
