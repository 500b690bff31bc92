"""A statement about many values, of one text whatever their number.

- A list of bound values changes the text with its length: SQLAlchemy expands it and the database plans it anew each
  time. Here the values are one: a JSON array on SQLite, an array on PostgreSQL.
- Statements are made once, in their module, and hold no value.

    OF = Many(object_.c.uri, lambda named: select(object_.c.id).where(named))
    OF.rows(connection, ["https://id.gs1.org/01/…/10/P-7"])  ->  [(17,)]

SQLite documentation, `json_each`; PostgreSQL documentation, `ANY`.
"""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Text, any_, bindparam, cast, column, func, select


class Many:
    """A statement whose condition is that a column of whole numbers or texts is one of many values."""

    __slots__ = ("_on_postgresql", "_on_sqlite")

    def __init__(self, what: ColumnElement[Any], made: Callable[[ColumnElement[bool]], Any]) -> None:
        """`made(named)`: the statement, with that condition in it."""
        kind = Text if isinstance(what.type, Text) else BigInteger
        listed = func.json_each(bindparam("many", type_=Text)).table_valued("value")
        self._on_sqlite = made(what.in_(select(cast(column("value"), kind)).select_from(listed)))
        self._on_postgresql = made(what == any_(bindparam("many", type_=ARRAY(kind))))

    def rows(self, connection: Connection, values: Collection[Any], **more: Any) -> Sequence[Any]:
        """The rows of a query; `more`: its other parameters."""
        return self._execute(connection, values, more).all()  # type: ignore[no-any-return]

    def carry_out(self, connection: Connection, values: Collection[Any]) -> None:
        """Do what gives no rows."""
        self._execute(connection, values, {})

    def _execute(self, connection: Connection, values: Collection[Any], more: dict[str, Any]) -> Any:
        if connection.dialect.name == "postgresql":
            return connection.execute(self._on_postgresql, {"many": list(values), **more})
        return connection.execute(self._on_sqlite, {"many": json.dumps(list(values)), **more})
