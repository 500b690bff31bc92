"""A statement about many values, of one text whatever their number.

- A list of bound values changes the text with its length: SQLAlchemy expands it and the database plans it anew each
  time. Here the values are one JSON text.
- PostgreSQL looks into an array that it is given, finds a plan for these values better than one for any, and so plans
  each time, for longer than the question itself takes. Into one that a subquery makes it does not look: it takes it to
  have ten elements, so it makes one plan, and keeps that.
- Statements are made once, in their module, and hold no value.

    OF = Many(object_.c.uri, lambda named: select(object_.c.id).where(named))
    OF.rows(connection, ["https://id.gs1.org/01/…/10/P-7"])  ->  [(17,)]

SQLite documentation, `json_each`; PostgreSQL documentation, `plan_cache_mode`, array constructors.
"""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
)

_VALUES = bindparam("many", type_=Text)
_ON_SQLITE: Select[Any] = select(column("value")).select_from(func.json_each(_VALUES).table_valued("value"))
_ON_POSTGRESQL = func.json_array_elements_text(cast(_VALUES, JSON))


class Many:
    """A statement whose condition is that a column of whole numbers or texts is one of many values."""

    __slots__ = ("_on_postgresql", "_on_sqlite")

    def __init__(self, what: ColumnElement[Any], made: Callable[[ColumnElement[bool]], Any]) -> None:
        """`made(named)`: the statement, with that condition in it."""
        kind = Text if isinstance(what.type, Text) else BigInteger
        self._on_sqlite = made(what.in_(_ON_SQLITE))
        listed = select(cast(_ON_POSTGRESQL, kind)).scalar_subquery()
        self._on_postgresql = made(what == any_(func.array(listed, type_=ARRAY(kind))))

    def rows(self, connection: Connection, values: Collection[Any], **more: Any) -> Sequence[Any]:
        """The rows of a query; `more`: its other parameters."""
        return self._execute(connection, values, more).all()  # type: ignore[no-any-return]

    def carry_out(self, connection: Connection, values: Collection[Any]) -> None:
        """Do what gives no rows."""
        self._execute(connection, values, {})

    def _execute(self, connection: Connection, values: Collection[Any], more: dict[str, Any]) -> Any:
        statement = self._on_postgresql if connection.dialect.name == "postgresql" else self._on_sqlite
        return connection.execute(statement, {"many": json.dumps(list(values), ensure_ascii=False), **more})
