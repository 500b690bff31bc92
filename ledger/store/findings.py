"""Findings: what is odd about an entry, by code, with the values that explain it. Derived.

put(connection, [Finding(7, "event-id-reused", {"eventID": "…"})])
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import finding


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about the entry at `index`; the context holds what JSON can say, anything else as its text."""

    index: int
    code: str
    context: Mapping[str, Any]


def put(connection: Connection, findings: Sequence[Finding]) -> None:
    """Keep findings, several of one entry in the order given; all of an entry at once."""
    rows: list[tuple[int, int, str, str]] = []
    counted: dict[int, int] = {}
    for item in findings:
        position = counted[item.index] = counted.get(item.index, -1) + 1
        context = json.dumps(dict(item.context), sort_keys=True, default=str, ensure_ascii=False)
        rows.append((item.index, position, item.code, context))
    insert(connection, finding, rows)


def remove(connection: Connection, index: int) -> None:
    """Take out the findings about one entry."""
    connection.execute(delete(finding).where(finding.c.idx == index))


def of(connection: Connection, index: int) -> list[Finding]:
    """The findings about one entry, in the order they were found."""
    query = select(finding).where(finding.c.idx == index).order_by(finding.c.position)
    return [Finding(row.idx, row.code, json.loads(row.context)) for row in connection.execute(query)]


def listing(connection: Connection, *, after: int = -1, limit: int = 100, code: str | None = None) -> list[Finding]:
    """A page of findings by index: those of entries beyond `after`, `limit` at most."""
    query = select(finding).where(finding.c.idx > after)
    if code is not None:
        query = query.where(finding.c.code == code)
    query = query.order_by(finding.c.idx, finding.c.position).limit(limit)
    return [Finding(row.idx, row.code, json.loads(row.context)) for row in connection.execute(query)]
