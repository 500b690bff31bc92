"""What was found about lots and units, a row each, by the object it is about. Derived (`ledger.readside.judging`).

- A row holds what `ledger.lots.findings` gave, with the member that signed the entry it points to.
- Pages go by (index, object, position). What depends on the question, the day and who records here, is a condition.

    put(connection, {17: [(found, member)]});  page(connection, after=FIRST, limit=100, at=now, days=7, parties=[])
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, or_, select, tuple_

from ledger.lots.findings.found import Found
from ledger.lots.findings.rules import DAY
from ledger.store.bulk import insert
from ledger.store.row_json import writer
from ledger.store.tables import lot_finding, object_

_write = writer(str)
Place = tuple[int, int, int]
FIRST: Place = (-1, -1, -1)


def put(connection: Connection, found: Mapping[int, Sequence[tuple[Found, str]]]) -> None:
    """Keep all findings of each object (by its id), in the order given."""
    rows = [
        (
            id, position, each.index, each.code, member, _write(list(each.causes)), _write(dict(each.context)),
            each.since, each.party,
        )
        for id, listed in found.items()
        for position, (each, member) in enumerate(listed)
    ]  # fmt: skip
    insert(connection, lot_finding, rows)


def parties(connection: Connection) -> list[str]:
    """Every party of whom something is found only where it records here."""
    query = select(lot_finding.c.party).where(lot_finding.c.party.is_not(None)).distinct()
    return sorted(party for party in connection.execute(query).scalars() if party is not None)


def page(
    connection: Connection,
    *,
    after: Place = FIRST,
    limit: int,
    at: int,
    days: int,
    recording: Sequence[str],
    code: str | None = None,
    member: str | None = None,
    only: Sequence[int] | None = None,
    within: tuple[int, int] | None = None,
) -> list[tuple[Place, Found, str]]:
    """A page of those that stand at a moment (microseconds since 1970), each with the member of its entry.

    `recording`: which `parties` record in this ledger; `only`: those that point to one of these entries; `within`: from
    one entry to another.
    """
    key = lot_finding.c.idx, lot_finding.c.object, lot_finding.c.position
    query = select(object_.c.uri, lot_finding).join(object_, object_.c.id == lot_finding.c.object)
    query = query.where(tuple_(*key) > tuple_(*after))
    query = query.where(or_(lot_finding.c.since.is_(None), lot_finding.c.since <= at - days * DAY))
    query = query.where(or_(lot_finding.c.party.is_(None), lot_finding.c.party.in_(list(recording))))
    if code is not None:
        query = query.where(lot_finding.c.code == code)
    if member is not None:
        query = query.where(lot_finding.c.member == member)
    if only is not None:
        query = query.where(lot_finding.c.idx.in_(list(only)))
    if within is not None:
        query = query.where(lot_finding.c.idx.between(*within))
    return [
        (
            (row.idx, row.object, row.position),
            Found(
                row.code, row.uri, row.idx, tuple(json.loads(row.causes)), json.loads(row.context), row.since, row.party
            ),
            row.member,
        )
        for row in connection.execute(query.order_by(*key).limit(limit))
    ]
