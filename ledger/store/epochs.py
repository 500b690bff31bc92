"""The fence: a number raised whenever a writer takes over, checked inside every transaction of a writer.

- An old writer that was paused and wakes up finds a higher epoch and can neither append nor move the head.
- `check` holds the row, so a takeover waits for the transaction that it stands in; how long a writer may be silent
  inside one is bounded (`ledger.store.connect`).

    epoch = epochs.take(connection, writer="host:1234")     # once, at takeover
    epochs.check(connection, epoch)                          # first statement of each write transaction

ARCHITECTURE.md 3.5.
"""

from sqlalchemy import Connection, select

from ledger.store.bulk import insert
from ledger.store.tables import epoch as table
from schemas.errors import UnavailableError


def evict(connection: Connection) -> None:
    """End the transactions that an earlier writer left open, for whoever has the lock and is about to `take`.

    PostgreSQL ends those of a silent process by itself, but not all: one that was stopped while it was sending a batch
    of statements is not idle for the server, and would hold its rows for ever.
    """
    if connection.dialect.name != "postgresql":
        return
    of = "relation IN ('epoch'::regclass, 'tile'::regclass, 'read_side'::regclass) AND mode <> 'AccessShareLock'"
    holders = f"SELECT DISTINCT pid FROM pg_locks WHERE {of} AND granted AND pid <> pg_backend_pid()"
    connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM ({holders}) AS holder")


def take(connection: Connection, writer: str) -> int:
    """Raise the epoch and return it: from here on every earlier writer is fenced. `writer`: its name for people."""
    if connection.dialect.name == "postgresql":
        # The first take has no row to lock; two of them must not both make epoch 1.
        connection.exec_driver_sql('LOCK TABLE "epoch" IN EXCLUSIVE MODE')
    newest, _ = current(connection)
    insert(connection, table, [(1, newest + 1, writer)], "replace")
    return newest + 1


def check(connection: Connection, epoch: int) -> None:
    """`UnavailableError("fenced")` unless `epoch` is the newest; holds the row until the transaction ends."""
    query = select(table.c.epoch, table.c.writer).with_for_update(read=True)
    row = connection.execute(query).one_or_none()
    newest, writer = (row.epoch, row.writer) if row else (0, "")
    if newest != epoch:
        raise UnavailableError("fenced", epoch=epoch, newest=newest, writer=writer)


def confirm(connection: Connection, epoch: int) -> None:
    """`check` for who only reads: nothing is held, so it says no more than that `epoch` was the newest just now."""
    newest, writer = current(connection)
    if newest != epoch:
        raise UnavailableError("fenced", epoch=epoch, newest=newest, writer=writer)


def current(connection: Connection) -> tuple[int, str]:
    """(newest epoch, name of its writer); (0, "") before the first."""
    row = connection.execute(select(table.c.epoch, table.c.writer)).one_or_none()
    return (row.epoch, row.writer) if row else (0, "")
