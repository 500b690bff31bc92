"""Who saw what: one row for each hour in which somebody did something about something, with when it first did.

- `member` is whose people did it; the operator's rows have none and concern everybody. `kind` says person or token.
- Rows are let go of by age alone; a table of the log they are not, and no backup holds them.

    with store.begin() as connection: access_log.note(connection, row)

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, select

from ledger.store.bulk import insert
from ledger.store.tables import access_log

OPERATOR = ""
"""The `member` of what the operator did."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that somebody did: `hour` in hours and `at` in seconds since 1970; `about`: what it was about."""

    hour: int
    member: str
    kind: str
    who: str
    verb: str
    about: str
    at: int


def note(connection: Connection, row: Seen) -> None:
    """Keep a row; a second of the same hour changes nothing."""
    kept = (row.hour, row.member, row.kind, row.who, row.verb, row.about, row.at)
    insert(connection, access_log, [kept], "ignore")


def forget(connection: Connection, before: int) -> None:
    """Let go of what was before this hour."""
    connection.execute(delete(access_log).where(access_log.c.hour < before))


def listed(connection: Connection, member: str | None, *, most: int, before: int | None = None) -> list[Seen]:
    """What a member may read (its own people and the operator), or everything: newest first, `before` a time."""
    query = select(access_log).order_by(*(column.desc() for column in (access_log.c.at, access_log.c.hour)))
    if member is not None:
        query = query.where(or_(access_log.c.member == member, access_log.c.member == OPERATOR))
    if before is not None:
        query = query.where(access_log.c.at < before)
    order = (access_log.c.who, access_log.c.verb, access_log.c.about)
    return [
        Seen(row.hour, row.member, row.kind, row.who, row.verb, row.about, row.at)
        for row in connection.execute(query.order_by(*order).limit(most))
    ]
