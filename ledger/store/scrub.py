"""What was deleted leaves the files of the databases too: both are written anew.

- SQLite zeroes what is deleted (`secure_delete`), but when a page was split earlier, copies of its rows may stand in
  the free part of another page, where nothing finds them. `VACUUM` writes the file anew, and the write-ahead log is
  emptied.
- PostgreSQL keeps old versions of rows until they are overwritten; `VACUUM (FULL)` writes a table anew without them.
  Those that somebody may still read are kept even then, so such readers are waited for. Only tables
  that may hold words in clear, and the keys of disclosures, need it: ciphertext without its key is lost.
  What its planner keeps of a column's commonest values is a copy too: tables are looked at again, and the catalogue
  that holds it is written anew.
- It takes as long as copying what is there, and whoever writes meanwhile waits.

KNOWN LIMIT: PostgreSQL's own write-ahead log, its archives and replicas keep old versions until they are recycled; what
a disk keeps of a file that was replaced is beyond any database.

    scrub(store)

ARCHITECTURE.md 3.8; docs/adr/0030-erasing-is-finished.md.
"""

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import OperationalError

from ledger.store import tables
from ledger.store.engine import Store, answers
from schemas.errors import UnavailableError

_LEDGER = (*tables.READ_SIDE, *tables.JUDGED, tables.job, tables.inbox)
_SECRETS = (tables.secret,)
_PATIENCE = 5000
"""Milliseconds for which readers are waited for: meanwhile nobody writes."""
_LOCK_NOT_AVAILABLE = "55P03"
_STEP = 50
# Transactions that may still see what was deleted before the transaction `mark`.
_READERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type IN ('client backend', 'autovacuum worker')"
    " AND pid <> pg_backend_pid() AND age(backend_xmin) > age(CAST(:mark AS xid))"
)


def scrub(store: Store) -> None:
    """Write both databases anew without what was deleted; `UnavailableError("wal-busy")` while somebody still reads an
    older state: try again when that is over."""
    for engine, rewritten in ((store.ledger, _LEDGER), (store.secrets, _SECRETS)):
        with answers(), engine.connect() as connection:
            connection = connection.execution_options(filiera_autocommit=True)
            if engine.dialect.name == "sqlite":
                _rewrite_file(connection)
            else:
                _rewrite_tables(connection, rewritten)


def _rewrite_file(connection: Connection) -> None:
    # The copy goes through a temporary file: in memory, as `temp_store` is otherwise, it could be gigabytes.
    for pragma in ("temp_store=FILE", f"busy_timeout={_PATIENCE}"):
        connection.exec_driver_sql(f"PRAGMA {pragma}")
    try:
        connection.exec_driver_sql("VACUUM")
        if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] != 0:
            raise UnavailableError("wal-busy")
    finally:
        # With its settings changed the connection does not go back to the others.
        connection.invalidate()


def _wait_for_readers(connection: Connection) -> None:
    mark = connection.exec_driver_sql("SELECT mod(txid_current(), 4294967296)").scalar_one()
    for _ in range(max(_PATIENCE // _STEP, 1)):
        if not connection.execute(_READERS, {"mark": str(mark)}).scalar_one():
            return
        connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": _STEP / 1000})
    raise UnavailableError("wal-busy")


def _rewrite_tables(connection: Connection, rewritten: tuple[Table, ...]) -> None:
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    _wait_for_readers(connection)
    connection.exec_driver_sql(f"SET lock_timeout = {_PATIENCE}")
    try:
        for table in rewritten:
            connection.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{table.name}"')
        connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise UnavailableError("wal-busy") from None
        raise
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
