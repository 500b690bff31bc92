"""Connections as the ledger needs them: SQLite's pragmas, its explicit BEGIN, PostgreSQL's driver and isolation.

- The SQLite driver would begin transactions by itself, late, and deferred; here BEGIN is said: IMMEDIATE to write, so
  that two writers wait for each other at the door and never deadlock inside.
- PostgreSQL: `synchronous_commit` is said, not assumed; reading uses one snapshot (REPEATABLE READ). A server that is
  gone without a word is noticed in seconds, unless the URL says otherwise. And the server ends a write transaction
  whose client says nothing for `SILENCE` seconds, unless it said to be `patient`: a process that was stopped holds up
  nobody.
- PostgreSQL sends bytes as hexadecimal text unless asked otherwise, twice as long and slow to read on both sides. A
  statement whose rows are numbers and many bytes asks for binary rows: `select(…).execution_options(**AS_BYTES)`.

    engine = sqlite_engine(Path("filiera-data/ledger.db"))

ARCHITECTURE.md 4.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.exc import ArgumentError

from schemas.errors import InputError

_PRAGMAS = (
    # For a new database, before anything is in it; an older one keeps its own. The disclosures of an entry are some two
    # kilobytes: of these a page of the usual 4,096 bytes holds one, and half of what is written would be empty.
    "page_size=8192",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "cache_size=-32768",
    "wal_autocheckpoint=4000",
    "temp_store=MEMORY",
)

AS_BYTES = {"filiera_as_bytes": True}
"""Execution options of a statement whose rows are to come in binary, where the database makes a difference."""
SILENCE = 10.0
"""Seconds for which a client may be silent inside a write transaction: it was stopped, or its machine is gone."""
# libpq's own defaults wait for hours. Only TCP asks for these; a local socket ends with its server.
_NOTICED = {
    "connect_timeout": "10",
    "keepalives_idle": "3",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "tcp_user_timeout": "8000",
}


def url_of(location: str) -> URL | None:
    """The PostgreSQL URL that `location` is, with the psycopg driver, or None for a folder."""
    if "://" not in location:
        return None
    try:
        url = make_url(location)
    except ArgumentError:
        raise InputError("store-location") from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise InputError("store-location")
    return url.set(drivername="postgresql+psycopg")


def sqlite_engine(file: Path) -> Engine:
    """An engine over one SQLite file, durable at every commit."""
    url = URL.create("sqlite", database=str(file))
    engine = create_engine(url, connect_args={"timeout": 60, "check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("filiera_autocommit"):
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("filiera_write") else "BEGIN")


def postgres_engine(url: URL) -> Engine:
    """An engine over a PostgreSQL database, durable at every commit."""
    noticed = {name: value for name, value in _NOTICED.items() if name not in url.query}
    engine = create_engine(url, connect_args=noticed, hide_parameters=True, pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgres)
    event.listen(engine, "before_cursor_execute", _as_bytes)
    return engine


def _as_bytes(
    _connection: Connection, cursor: Any, _statement: str, _parameters: Any, context: ExecutionContext, _many: bool
) -> None:
    if context.execution_options.get("filiera_as_bytes"):
        from psycopg.pq import Format  # not above: a store in a folder does without the driver

        cursor.format = Format.BINARY


def patient(connection: Connection) -> None:
    """Let this write transaction be silent for a minute: it computes for long between its statements."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout TO '60s'")


def _begin_postgres(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("filiera_autocommit"):
        return
    if options.get("filiera_write"):
        settings = ("synchronous_commit", "on", "idle_in_transaction_session_timeout", f"{SILENCE * 1000:.0f}")
        connection.exec_driver_sql("SELECT set_config(%s, %s, true), set_config(%s, %s, true)", settings)
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
