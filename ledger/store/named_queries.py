"""Queries that were given a name, as JSON text, until somebody takes them away (EPCIS 2.0 section 8.2.7 and 12.6).

    add(connection, NamedQuery("urn:uuid:…", "shipped", "token:erp", 0, '{"EQ_bizStep":["shipping"]}'))

- A name belongs to a member ("" for callers of none): nobody learns what another cooperative asks, or calls it.
- Names are compared as written, by code point, on every database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, collate, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import named_query


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A named query: whose, its name, who made it, when (microseconds since 1970), and what it asks as JSON text."""

    member: str
    name: str
    owner: str
    created: int
    query: str


def add(connection: Connection, item: NamedQuery) -> bool:
    """Keep a query under its name, in a write transaction; False where the name is taken."""
    if get(connection, item.member, item.name) is not None:
        return False
    insert(connection, named_query, [(item.member, item.name, item.owner, item.created, item.query)])
    return True


def get(connection: Connection, member: str, name: str) -> NamedQuery | None:
    """The query of a name."""
    query = select(named_query).where(named_query.c.member == member, named_query.c.name == name)
    found = connection.execute(query).first()
    return None if found is None else _read(found)


def remove(connection: Connection, member: str, name: str) -> bool:
    """Take a query away; False where there was none."""
    gone = delete(named_query).where(named_query.c.member == member, named_query.c.name == name)
    return bool(connection.execute(gone).rowcount)


def listing(connection: Connection, member: str, *, after: str | None, limit: int) -> Sequence[NamedQuery]:
    """A page of a member's queries by name; `after`: the last name seen."""
    # PostgreSQL sorts by the database's locale unless it is told; SQLite compares bytes, as "C" does.
    postgres = connection.dialect.name == "postgresql"
    name: Any = collate(named_query.c.name, "C") if postgres else named_query.c.name
    query = select(named_query).where(named_query.c.member == member)
    if after is not None:
        query = query.where(name > after)
    return [_read(row) for row in connection.execute(query.order_by(name).limit(limit))]


def _read(row: Row[Any]) -> NamedQuery:
    return NamedQuery(row.member, row.name, row.owner, row.created, row.query)
