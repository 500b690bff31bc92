"""Erasures that were declared and are not carried out yet: the indexes of their entries.

- A row is written in the transaction that logs the `erasure` entry, whoever signed it, and goes when nothing is left of
  what the entry names: a crash in between forgets no erasure.

    put(connection, [17]);  due(connection)  ->  [17];  done(connection, [17])

ARCHITECTURE.md 3.8; docs/adr/0030-erasing-is-finished.md.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import erasure_due


def put(connection: Connection, indexes: Sequence[int]) -> None:
    """Note `erasure` entries that have to be carried out."""
    insert(connection, erasure_due, [(index,) for index in indexes], "ignore")


def due(connection: Connection) -> list[int]:
    """Those that are not carried out yet, oldest first."""
    return list(connection.execute(select(erasure_due.c.idx).order_by(erasure_due.c.idx)).scalars())


def done(connection: Connection, indexes: Sequence[int]) -> None:
    """They are carried out."""
    connection.execute(delete(erasure_due).where(erasure_due.c.idx.in_(list(indexes))))
