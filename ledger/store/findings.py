"""Findings: what is odd about an entry, by code, with the values that explain it. Derived.

- A finding stands until it is mended: its entry was declared wrong, or what it lacked came later (`mended`, the entry
  that brought it). As of a size of the log, what came later had not come.
- What does not add up about lots is found apart, from many entries (`ledger.store.lot_findings`).

put(connection, [Finding(7, "event-id-reused", {"eventID": "…"})])
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, or_, select, tuple_, update

from ledger.store.bulk import insert
from ledger.store.tables import finding, movement, object_, object_entry


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about the entry at `index`, which `member` signed; the context holds what JSON can say, anything else
    as its text."""

    index: int
    code: str
    context: Mapping[str, Any]
    member: str = field(default="", compare=False)


def put(connection: Connection, findings: Sequence[Finding]) -> None:
    """Keep findings, several of one entry in the order given; all of an entry at once."""
    rows: list[tuple[int, int, str, str, str, int | None]] = []
    counted: dict[int, int] = {}
    for item in findings:
        position = counted[item.index] = counted.get(item.index, -1) + 1
        context = json.dumps(dict(item.context), sort_keys=True, default=str, ensure_ascii=False)
        rows.append((item.index, position, item.code, context, item.member, None))
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


def mend(connection: Connection, code: str, at: Mapping[int, int]) -> None:
    """Note that the findings of a code about these entries were mended, each at the entry it is mapped to."""
    for index, mended in at.items():
        where = finding.c.idx == index, finding.c.code == code
        connection.execute(update(finding).where(*where).values(mended=mended))


def unmend(connection: Connection, indexes: Sequence[int]) -> None:
    """Note that what these entries mended, or what was declared wrong of them, stands again. Only erasure asks."""
    for start in range(0, len(indexes), _BATCH):
        gone = list(indexes[start : start + _BATCH])
        declared = select(movement.c.corrected_by).where(movement.c.idx.in_(gone), movement.c.corrected_by.is_not(None))
        again = or_(finding.c.mended.in_(gone), finding.c.idx.in_(declared))
        connection.execute(update(finding).where(again).values(mended=None))


_BATCH = 400
Place = tuple[int, int]
"""Index and position: where a finding stands among all."""


def standing(
    connection: Connection,
    *,
    after: Place = (-1, -1),
    limit: int,
    code: str | None = None,
    member: str | None = None,
    about: str | None = None,
    only: Sequence[int] | None = None,
    within: tuple[int, int] | None = None,
    size: int | None = None,
) -> list[tuple[Place, Finding]]:
    """A page of findings that stand, beyond a place: of one code, of one member's entries, of the entries about one
    object (canonical URI), `only` of these entries, of those from one to another (`within`), and as of a size of the
    log."""
    query = select(finding).outerjoin(movement, movement.c.idx == finding.c.idx)
    query = query.where(tuple_(finding.c.idx, finding.c.position) > tuple_(*after))
    for mended in (finding.c.mended, movement.c.corrected_by):
        query = query.where(mended.is_(None) if size is None else or_(mended.is_(None), mended >= size))
    if size is not None:
        query = query.where(finding.c.idx < size)
    if code is not None:
        query = query.where(finding.c.code == code)
    if member is not None:
        query = query.where(finding.c.member == member)
    if only is not None:
        query = query.where(finding.c.idx.in_(list(only)))
    if within is not None:
        query = query.where(finding.c.idx.between(*within))
    if about is not None:
        entries = select(object_entry.c.idx).join(object_, object_.c.id == object_entry.c.object)
        query = query.where(finding.c.idx.in_(entries.where(object_.c.uri == about)))
    rows = connection.execute(query.order_by(finding.c.idx, finding.c.position).limit(limit))
    return [((row.idx, row.position), Finding(row.idx, row.code, json.loads(row.context), row.member)) for row in rows]
