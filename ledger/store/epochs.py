"""The fence: a number raised whenever a writer takes over, checked inside every transaction of a writer.

- An old writer that was paused and wakes up finds a higher epoch and can neither append nor move the head.
- `check` holds the row, so a takeover waits for the transaction that it stands in: on PostgreSQL such a transaction is
  ended by the server when its writer says nothing for `SILENCE` seconds.

    epoch = epochs.take(connection, writer="host:1234")     # once, at takeover
    epochs.check(connection, epoch)                          # first statement of each write transaction

ARCHITECTURE.md 3.5.
"""

from sqlalchemy import Connection, func, select

from ledger.store.bulk import insert
from ledger.store.tables import epoch as table
from schemas.errors import UnavailableError

SILENCE = 4.0
"""Seconds for which a writer may be silent inside a transaction: it was stopped, or its machine is gone."""


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
    if connection.dialect.name == "postgresql":
        silence = f"{SILENCE * 1000:.0f}"
        query = query.add_columns(func.set_config("idle_in_transaction_session_timeout", silence, True))
    row = connection.execute(query).one_or_none()
    newest, writer = (row.epoch, row.writer) if row else (0, "")
    if newest != epoch:
        raise UnavailableError("fenced", epoch=epoch, newest=newest, writer=writer)


def current(connection: Connection) -> tuple[int, str]:
    """(newest epoch, name of its writer); (0, "") before the first."""
    row = connection.execute(select(table.c.epoch, table.c.writer)).one_or_none()
    return (row.epoch, row.writer) if row else (0, "")
