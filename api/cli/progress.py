"""Progress of what takes long: a line on a terminal, nothing in a pipe."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
_EVERY_SECONDS = 0.1


def progress(items: Iterable[Item], total: int, label: str) -> Iterator[Item]:
    """`items` unchanged, with `label done/total` redrawn on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    drawn = 0.0
    for done, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if now - drawn >= _EVERY_SECONDS or done == total:
            drawn = now
            sys.stderr.write(f"\r{label} {done}/{total}")
            sys.stderr.flush()
    sys.stderr.write("\r\033[K")
