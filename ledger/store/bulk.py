"""Many rows in one statement: prepared once per table and database, plain tuples in, no object per row.

Capture writes a dozen rows an entry and has tens of microseconds for all of them, so rows go to the driver's own
`executemany` as they are. The statements are made from the tables, never from input.

    insert(connection, tables.event, [(7, "event", …)])

ARCHITECTURE.md 9.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Table

Conflict = Literal["fail", "ignore", "replace"]


@cache
def _statement(dialect: str, table: Table, conflict: Conflict) -> str:
    names = [f'"{column.name}"' for column in table.columns]
    mark = "?" if dialect == "sqlite" else "%s"
    sql = f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES ({", ".join([mark] * len(names))})'
    if conflict == "fail":
        return sql
    if conflict == "ignore":
        return f"{sql} ON CONFLICT DO NOTHING"
    keys = [f'"{column.name}"' for column in table.primary_key.columns]
    rest = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    return f"{sql} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"


def insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], conflict: Conflict = "fail") -> None:
    """Insert rows whose values stand in the order of the table's columns; `replace` overwrites by primary key."""
    if rows:
        connection.exec_driver_sql(_statement(connection.dialect.name, table, conflict), list(rows))
