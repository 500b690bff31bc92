"""Tiles and the published checkpoint, by their path below `/log/` (C2SP tlog-tiles).

- SQLite store: files below `STORE/log/`, each written beside, fsynced, renamed, its folder fsynced.
- PostgreSQL: rows, in a committed transaction of their own, that any server can serve.
- What `write` returned from is durable. A tile is rewritten only with the same bytes; `checkpoint` is replaced.

    tiles.write([("tile/0/000.p/3", data)]); tiles.read("tile/0/000.p/3")
"""

from collections.abc import Sequence
from typing import Protocol


class Tiles(Protocol):
    """Where tiles are kept."""

    def write(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Keep files (path below `/log/`, bytes), durable on return; `UnavailableError` when one cannot be."""

    def read(self, path: str) -> bytes:
        """The bytes of one path; `UnavailableError("tile-missing", path=…)` where there is none."""

    def remove(self, paths: Sequence[str]) -> None:
        """Forget partial tiles that a full one replaced; missing ones are fine."""

    def paths(self, prefix: str = "") -> list[str]:
        """Every path kept that begins with `prefix`, sorted."""
