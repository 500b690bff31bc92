"""Tiles and the published checkpoint, by their path below `/log/` (C2SP tlog-tiles).

- SQLite store: files below `STORE/log/`, each written beside, fsynced, renamed, its folder fsynced; any static file
  server can serve the folder.
- PostgreSQL: rows, in a committed transaction of their own, that any server can serve.
- What `write` returned from is durable. A tile is only ever rewritten with the same bytes; `checkpoint` is replaced.
- Paths are what the log's own code makes; one that climbs out of the folder is refused all the same.

    tiles.write([("tile/0/000.p/3", data)]); tiles.read("tile/0/000.p/3")

ARCHITECTURE.md 3.5.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, select

from ledger.store.bulk import insert
from ledger.store.connect import AS_BYTES
from ledger.store.ops import Ops
from ledger.store.tables import tile
from schemas.errors import InputError, UnavailableError

_PATH = re.compile(r"[a-z0-9][a-z0-9.]*(/[a-z0-9][a-z0-9.]*)*", re.ASCII)


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


def _checked(path: str) -> str:
    if not _PATH.fullmatch(path) or ".." in path:
        raise InputError("tile-path", path=path)
    return path


class FileTiles:
    """Tiles as files below a folder."""

    def __init__(self, folder: Path, ops: Ops) -> None:
        self._folder = folder
        self._ops = ops

    def write(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Keep files, durable on return."""
        self._ops.replace([(self._folder / _checked(path), data) for path, data in files])

    def read(self, path: str) -> bytes:
        """The bytes of one path."""
        try:
            return self._ops.read(self._folder / _checked(path))
        except (FileNotFoundError, NotADirectoryError):
            raise UnavailableError("tile-missing", path=path) from None

    def remove(self, paths: Sequence[str]) -> None:
        """Forget files; the folder of partial widths goes with its last file."""
        for path in paths:
            file = self._folder / _checked(path)
            try:
                self._ops.remove(file)
            except (FileNotFoundError, NotADirectoryError):
                continue
            if file.parent.name.endswith(".p") and file.parent.is_dir() and not any(file.parent.iterdir()):
                file.parent.rmdir()

    def paths(self, prefix: str = "") -> list[str]:
        """Every path kept that begins with `prefix`, sorted."""
        files = (file for file in self._folder.rglob("*") if file.is_file() and not file.name.startswith("."))
        found = (file.relative_to(self._folder).as_posix() for file in files)
        return sorted(path for path in found if path.startswith(prefix))


Transaction = Callable[[], AbstractContextManager[Connection]]


class RowTiles:
    """Tiles as rows; `begin` and `read` open transactions."""

    def __init__(self, begin: Transaction, read: Transaction) -> None:
        self._begin = begin
        self._reading = read

    def write(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Keep rows in a transaction of their own, committed on return."""
        with self._begin() as connection:
            insert(connection, tile, [(_checked(path), data) for path, data in files], "replace")

    def read(self, path: str) -> bytes:
        """The bytes of one path."""
        with self._reading() as connection:
            query = select(tile.c.data).where(tile.c.path == _checked(path)).execution_options(**AS_BYTES)
            data = connection.execute(query).scalar()
        if data is None:
            raise UnavailableError("tile-missing", path=path)
        return bytes(data)

    def remove(self, paths: Sequence[str]) -> None:
        """Forget rows."""
        with self._begin() as connection:
            connection.execute(tile.delete().where(tile.c.path.in_(list(paths))))

    def paths(self, prefix: str = "") -> list[str]:
        """Every path kept that begins with `prefix`, sorted."""
        with self._reading() as connection:
            rows = connection.execute(select(tile.c.path).where(tile.c.path.startswith(prefix, autoescape=True)))
            return sorted(path for (path,) in rows)
