"""Standing queries and how far each has been delivered; kept until somebody unsubscribes.

- `place` is the index of the first entry not yet considered. It moves only by `advance`, after the receiver took
  everything before it; the place is what survives a restart, times are shown.
- A subscription that pushes is claimed by one server for a while; every change of a delivery names the claim and does
  nothing once it is lost, so that two servers never advance one place.
- One that does not push belongs to a client that comes and goes (WebSocket), and is held while it is connected.
- `sealed` holds the address and the signature token, and comes and goes sealed. Times are microseconds since 1970.

    add(connection, Subscription(id="…", member=iss, query="shipped", …))
    item = claim(connection, now=now, size=size, server="host:1", lease=30_000_000)

docs/adr/0027-when-and-from-where-a-subscription-delivers.md; GS1 EPCIS 2.0 section 8.2.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, collate, delete, func, or_, select, update

from ledger.store.bulk import insert
from ledger.store.tables import subscription


@dataclass(frozen=True, slots=True)
class Subscription:
    """One standing query. `member` "" is the operator's; `scheduled` False: a stream; `min_time`: the record time
    below which everything was delivered; `due`: not looked at before; `failures`: in a row."""

    id: str
    member: str
    query: str
    owner: str
    push: bool
    scheduled: bool
    options: str
    sealed: bytes
    created: int
    place: int
    min_time: int
    due: int
    batch: int
    initial: int | None = None
    notified: int | None = None
    failures: int = 0
    problem: str | None = None
    given_up: bool = False
    claim: str | None = None
    claimed_until: int | None = None


_FIELDS = tuple(column.name for column in subscription.columns)


def add(connection: Connection, item: Subscription) -> bool:
    """Keep a subscription, in a write transaction; False where its member has one of this id on this query."""
    if get(connection, item.member, item.query, item.id) is not None:
        return False
    insert(connection, subscription, [tuple(getattr(item, name) for name in _FIELDS)])
    return True


def get(connection: Connection, member: str, query: str, id: str) -> Subscription | None:
    """One subscription of a member's named query."""
    found = connection.execute(select(subscription).where(_is(member, query, id))).first()
    return None if found is None else _read(found)


def listing(
    connection: Connection, member: str, query: str, *, after: str | None, limit: int
) -> Sequence[Subscription]:
    """A page of the subscriptions of a query, by id; `after`: the last id seen."""
    # PostgreSQL sorts by the database's locale unless it is told; SQLite compares bytes, as "C" does.
    postgres = connection.dialect.name == "postgresql"
    id: Any = collate(subscription.c.id, "C") if postgres else subscription.c.id
    found = select(subscription).where(subscription.c.member == member, subscription.c.query == query)
    if after is not None:
        found = found.where(id > after)
    return [_read(row) for row in connection.execute(found.order_by(id).limit(limit))]


def release_all(connection: Connection) -> None:
    """Let go of every subscription: their holders are known to be gone."""
    held = subscription.c.claim.is_not(None)
    connection.execute(update(subscription).where(held).values(claim=None, claimed_until=None))


def count(connection: Connection, member: str) -> int:
    """How many subscriptions a member has."""
    query = select(func.count()).select_from(subscription).where(subscription.c.member == member)
    return int(connection.execute(query).scalar_one())


def remove(connection: Connection, member: str, query: str, id: str) -> bool:
    """End a subscription; False where there was none."""
    return bool(connection.execute(delete(subscription).where(_is(member, query, id))).rowcount)


def remove_of_query(connection: Connection, member: str, query: str) -> int:
    """End every subscription of a query, as when the query goes; how many."""
    of_query = and_(subscription.c.member == member, subscription.c.query == query)
    return connection.execute(delete(subscription).where(of_query)).rowcount


def claim(connection: Connection, *, now: int, size: int, server: str, lease: int) -> Subscription | None:
    """Take the pushing subscription that is due longest, for `lease` microseconds; None where none is.

    A stream is due when the log (of `size` entries) goes beyond its place.
    """
    c = subscription.c
    query = select(subscription).where(_due(now, size)).order_by(c.due, c.created, c.member, c.query, c.id).limit(1)
    found = connection.execute(query.with_for_update(skip_locked=True)).first()
    if found is None:
        return None
    item = _read(found)
    return hold(connection, item, now=now, server=server, lease=lease)


def hold(
    connection: Connection, item: Subscription, *, now: int, server: str, lease: int, over: bool = False
) -> Subscription | None:
    """Hold a subscription for a server for `lease` microseconds from now, or longer if it already does.

    `over`: take it over from whoever holds it. None where another server holds it, or it is gone.
    """
    c = subscription.c
    mine = or_(c.claim.is_(None), c.claimed_until <= now, c.claim == server)
    taken: dict[str, Any] = {"claim": server, "claimed_until": now + lease}
    where = _is(item.member, item.query, item.id) if over else and_(_is(item.member, item.query, item.id), mine)
    if not connection.execute(update(subscription).where(where).values(**taken)).rowcount:
        return None
    return replace(item, **taken)


def advance(
    connection: Connection, item: Subscription, *, place: int, min_time: int, notified: int | None, batch: int
) -> bool:
    """Move the place of a subscription that is held: what lies before it was taken. False where the hold is lost."""
    values: dict[str, Any] = {"place": place, "min_time": min_time, "batch": batch, "failures": 0, "problem": None}
    if notified is not None:
        values["notified"] = notified
    return _change(connection, item, values)


def fail(connection: Connection, item: Subscription, *, due: int, problem: str, given_up: bool, batch: int) -> bool:
    """Note that a delivery failed, try again at `due`, or never, and let go. False where the hold was lost."""
    values = {"due": due, "problem": problem, "given_up": given_up, "batch": batch, "failures": item.failures + 1}
    return _change(connection, item, {**values, "claim": None, "claimed_until": None})


def release(connection: Connection, item: Subscription, *, due: int) -> bool:
    """Let go of a subscription until `due`. False where the hold was lost."""
    return _change(connection, item, {"due": due, "claim": None, "claimed_until": None})


def is_due(connection: Connection, *, now: int, size: int) -> bool:
    """Whether `claim` would find one: a question that no writer waits for."""
    return connection.execute(select(subscription.c.id).where(_due(now, size)).limit(1)).first() is not None


def _due(now: int, size: int) -> ColumnElement[bool]:
    c = subscription.c
    free = or_(c.claim.is_(None), c.claimed_until <= now)
    return and_(c.push, ~c.given_up, c.due <= now, free, or_(c.scheduled, c.place < size))


def _is(member: str, query: str, id: str) -> ColumnElement[bool]:
    c = subscription.c
    return and_(c.member == member, c.query == query, c.id == id)


def _change(connection: Connection, item: Subscription, values: dict[str, Any]) -> bool:
    where = and_(_is(item.member, item.query, item.id), subscription.c.claim == item.claim)
    return bool(connection.execute(update(subscription).where(where).values(**values)).rowcount)


def _read(row: Row[Any]) -> Subscription:
    values = dict(zip(_FIELDS, row, strict=True))
    return Subscription(**{**values, "sealed": bytes(row.sealed)})
