"""An opened store: the ledger database, the secrets beside it, the tiles, and its transactions.

- SQLite (default): one folder holds `ledger.db`, `secrets.db` and the tiles below `log/`; WAL, `synchronous=FULL`,
  `secure_delete`, so that what is erased leaves the pages too. PostgreSQL: by URL, tiles are rows.
- `begin` is the one way to write: one writer at a time (`BEGIN IMMEDIATE`), durable when it returns.
- A database that does not answer is `UnavailableError`; its own message is never shown, since it may quote what was
  being written.

    store = Store.create("filiera-data")
    with store.begin() as connection: entries.append(connection, epoch, rows)

ARCHITECTURE.md 4.
"""

import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from ledger.store import schema
from ledger.store.changes import Changes
from ledger.store.connect import postgres_engine, sqlite_engine, url_of
from ledger.store.ops import Ops
from ledger.store.tiles import FileTiles, RowTiles, Tiles
from schemas.errors import InputError, UnavailableError

LEDGER_FILE = "ledger.db"
SECRETS_FILE = "secrets.db"
LOG_FOLDER = "log"
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_SHUT = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")


class Store:
    """Databases and tiles of one ledger. `folder` is None on PostgreSQL; use `create` or `open`."""

    def __init__(self, ledger: Engine, secrets: Engine, folder: Path | None, ops: Ops) -> None:
        self.ledger = ledger
        self.secrets = secrets
        self.folder = folder
        self.ops = ops
        self._changes = Changes(ledger)
        self.tiles: Tiles = FileTiles(folder / LOG_FOLDER, ops) if folder else RowTiles(self.begin, self.read)

    @classmethod
    def create(cls, location: str, *, secrets: str | None = None, ops: Ops | None = None) -> Self:
        """Make an empty store in a folder or a PostgreSQL database; `InputError("store-exists")` where there is one.

        KNOWN LIMIT: on PostgreSQL without `secrets` the disclosure keys stand in the same database, and a dump of it
        holds both.
        """
        folder = None if url_of(location) else Path(location)
        if folder is not None:
            if (folder / LEDGER_FILE).exists():
                raise InputError("store-exists", store=location)
            (folder / LOG_FOLDER).mkdir(parents=True, exist_ok=True)
            _private(folder / LEDGER_FILE)
        store = cls._connect(location, secrets, ops)
        try:
            with answers():
                if schema.revision(store.ledger, schema.LEDGER_DATABASE) is not None:
                    raise InputError("store-exists", store=shown(location))
                store._migrate()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, location: str, *, secrets: str | None = None, ops: Ops | None = None) -> Self:
        """Open a store, migrated to the newest revision; `InputError("store-missing")` where there is none."""
        if not url_of(location) and not (Path(location) / LEDGER_FILE).exists():
            raise InputError("store-missing", store=location)
        store = cls._connect(location, secrets, ops)
        try:
            with answers():
                if schema.revision(store.ledger, schema.LEDGER_DATABASE) is None:
                    raise InputError("store-missing", store=shown(location))
                store._migrate()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _connect(cls, location: str, secrets: str | None, ops: Ops | None) -> Self:
        url = url_of(location)
        beside = url_of(secrets) if secrets else None
        if url is not None:
            return cls(postgres_engine(url), postgres_engine(beside or url), None, ops or Ops())
        folder = Path(location)
        return cls(
            sqlite_engine(folder / LEDGER_FILE),
            postgres_engine(beside) if beside else sqlite_engine(_private(Path(secrets or folder / SECRETS_FILE))),
            folder,
            ops or Ops(),
        )

    def _migrate(self) -> None:
        schema.migrate(self.ledger, schema.LEDGER_DATABASE)
        schema.migrate(self.secrets, schema.SECRETS_DATABASE)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction on the ledger database, durable on return, rolled back on any exception."""
        with self._transaction(self.ledger, "ledger", write=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction on the ledger database: one consistent snapshot."""
        with self._transaction(self.ledger, "ledger", write=False) as connection:
            yield connection

    @contextmanager
    def begin_secrets(self) -> Iterator[Connection]:
        """A write transaction on the secrets database, durable on return."""
        with self._transaction(self.secrets, "secrets", write=True) as connection:
            yield connection

    @contextmanager
    def read_secrets(self) -> Iterator[Connection]:
        """A read transaction on the secrets database."""
        with self._transaction(self.secrets, "secrets", write=False) as connection:
            yield connection

    @contextmanager
    def _transaction(self, engine: Engine, name: str, *, write: bool) -> Iterator[Connection]:
        with answers(), engine.connect() as connection:
            connection = connection.execution_options(filiera_write=write)
            if write:
                self.ops.database("begin", name)
            with connection.begin():
                yield connection
                if write:
                    self.ops.database("commit", name)

    def stamp(self) -> Hashable:
        """Another one after every commit to the ledger database, whoever made it (`ledger.store.changes`)."""
        with answers():
            return self._changes.stamp()

    @property
    def instant(self) -> bool:
        """Is a stamp there at once, without waiting for anybody?"""
        return self._changes.instant

    def truncate_wal(self) -> None:
        """Empty the write-ahead logs of SQLite, so that erased bytes do not linger in them (ARCHITECTURE.md 3.8).

        `UnavailableError("wal-busy")` while a reader holds an older snapshot: try again when it is done.
        """
        for engine in (self.ledger, self.secrets):
            if engine.dialect.name != "sqlite":
                continue
            with answers(), engine.connect() as connection:
                connection = connection.execution_options(filiera_autocommit=True)
                row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if row[0] != 0:
                raise UnavailableError("wal-busy")

    def close(self) -> None:
        """Let go of every connection."""
        self._changes.close()
        self.ledger.dispose()
        self.secrets.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _private(file: Path) -> Path:
    """The file; where there is none, made empty for its owner alone (0600) before the database makes it for everybody.
    Only the tiles are meant for other readers; SQLite gives its journals the mode of the file they belong to."""
    if not file.exists():
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    return file


def shown(location: str) -> str:
    """A location without its password."""
    url = url_of(location)
    return location if url is None else url.render_as_string(hide_password=True)


@contextmanager
def answers() -> Iterator[None]:
    """What the database says becomes a code; its text could quote rows, so it goes no further than the cause."""
    try:
        yield
    except IntegrityError as error:
        raise UnavailableError("store-conflict") from error.orig
    except DBAPIError as error:
        raise UnavailableError(_failure(error.orig), problem=type(error.orig).__name__) from None


def _failure(error: BaseException | None) -> str:
    """The code of what the database could not do."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(_DAMAGED):
        return "database-damaged"
    if name.startswith(_SHUT):
        return "database-no-access"
    return "disk-full" if "full" in str(error).lower() else "database-failed"
