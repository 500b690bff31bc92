"""Progress of what takes long: a line on a terminal, nothing in a pipe.

with Drawn("audit") as drawn: audit(read, progress=drawn.update)
"""

import sys
import time
from types import TracebackType
from typing import Self

_EVERY_SECONDS = 0.1
_WIDTH = 30


class Drawn:
    """A bar on standard error, redrawn at most ten times a second; gone when the work is done."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = sys.stderr.isatty()
        self._last = 0.0

    def update(self, done: int, total: int) -> None:
        """`done` of `total` steps are behind us."""
        now = time.monotonic()
        if not self._shown or (now - self._last < _EVERY_SECONDS and done < total):
            return
        self._last = now
        filled = _WIDTH * done // max(total, 1)
        sys.stderr.write(f"\r{self._label} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}")
        sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
