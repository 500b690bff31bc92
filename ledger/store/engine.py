"""An opened store: the ledger database, the secrets beside it, the tiles, and its transactions.

- SQLite (default): one folder holds `ledger.db`, `secrets.db` and the tiles below `log/`; WAL, `synchronous=FULL`,
  `secure_delete`, so that what is erased leaves the pages too. PostgreSQL: by URL, tiles are rows.
- `begin` is the one way to write: one writer at a time (`BEGIN IMMEDIATE`), durable when it returns.
- A database that does not answer is `UnavailableError`; its message is never shown, it may hold what was written.

    store = Store.create("filiera-data")
    with store.begin() as connection: entries.append(connection, epoch, rows)

ARCHITECTURE.md 4.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from ledger.store.ops import Ops
from ledger.store.tiles import Tiles


class Store:
    """Databases and tiles of one ledger. `ledger` and `secrets` are the engines; `folder` is None on PostgreSQL."""

    folder: Path | None
    ledger: Engine
    secrets: Engine
    tiles: Tiles
    ops: Ops

    @classmethod
    def create(cls, location: str, *, secrets: str | None = None, ops: Ops | None = None) -> "Store":
        """Make an empty store; `InputError("store-exists")` where there is one."""
        raise NotImplementedError

    @classmethod
    def open(cls, location: str, *, secrets: str | None = None, ops: Ops | None = None) -> "Store":
        """Open a store, migrated to the newest revision; `InputError("store-missing")` where there is none."""
        raise NotImplementedError

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction on the ledger database, durable on return, rolled back on any exception."""
        raise NotImplementedError
        yield

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction on the ledger database: one consistent snapshot."""
        raise NotImplementedError
        yield

    @contextmanager
    def begin_secrets(self) -> Iterator[Connection]:
        """A write transaction on the secrets database, durable on return."""
        raise NotImplementedError
        yield

    @contextmanager
    def read_secrets(self) -> Iterator[Connection]:
        """A read transaction on the secrets database."""
        raise NotImplementedError
        yield

    def close(self) -> None:
        """Let go of every connection."""
        raise NotImplementedError
