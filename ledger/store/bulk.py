"""Many rows in one statement: prepared once per table and database, plain tuples in, no object per row.

Capture writes a dozen rows an entry and has tens of microseconds for all of them. SQLite takes rows as they are, by the
driver's own `executemany`. PostgreSQL is given a column at a time, as arrays: for it every row of an `executemany` is a
message of its own. The statements are made from the tables, never from input.

    insert(connection, tables.event, [(7, "event", …)])

ARCHITECTURE.md 9; PostgreSQL documentation, `unnest`.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Dialect, Table

Conflict = Literal["fail", "ignore", "replace"]
_TOGETHER = 1024
"""Rows in one statement of PostgreSQL: some megabytes, where they hold disclosures."""


@cache
def _statement(dialect: str, table: Table, conflict: Conflict) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    return f"{_into(table)} VALUES ({', '.join([mark] * len(table.columns))}){_otherwise(table, conflict)}"


@cache
def _by_columns(dialect: Dialect, table: Table, conflict: Conflict) -> str:
    kinds = [column.type.compile(dialect).partition(" COLLATE ")[0] for column in table.columns]
    arrays = ", ".join([f"%b::{kind}[]" for kind in kinds])
    return f"{_into(table)} SELECT * FROM unnest({arrays}){_otherwise(table, conflict)}"


def _into(table: Table) -> str:
    return f'INSERT INTO "{table.name}" ({", ".join(_names(table))})'


def _names(table: Table) -> list[str]:
    return [f'"{column.name}"' for column in table.columns]


def _otherwise(table: Table, conflict: Conflict) -> str:
    """What happens to a row whose key is taken."""
    if conflict == "fail":
        return ""
    if conflict == "ignore":
        return " ON CONFLICT DO NOTHING"
    keys = [f'"{column.name}"' for column in table.primary_key.columns]
    rest = ", ".join(f"{name} = excluded.{name}" for name in _names(table) if name not in keys)
    return f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"


def insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], conflict: Conflict = "fail") -> None:
    """Insert rows whose values stand in the order of the table's columns; `replace` overwrites by primary key.

    With `replace` no key may stand twice among the rows: PostgreSQL refuses that.
    """
    if connection.dialect.name == "postgresql" and len(rows) > 1:
        statement = _by_columns(connection.dialect, table, conflict)
        for start in range(0, len(rows), _TOGETHER):
            columns = zip(*rows[start : start + _TOGETHER], strict=True)
            connection.exec_driver_sql(statement, tuple([list(column) for column in columns]))
    elif rows:
        connection.exec_driver_sql(_statement(connection.dialect.name, table, conflict), list(rows))
