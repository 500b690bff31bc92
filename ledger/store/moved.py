"""Lines of stock over a period: added up by product, site and week, or each by itself; and what lots became of.

- Added up are lines with an exact amount; pieces by day besides, since their weight is that of their product then. What
  was accepted, and what has no exact amount, is given line by line.
- Asked for is a period (`Asked.start` to before `Asked.stop`). With a product come the units that are named without
  amounts, since they may hold any.

    summed(connection, Asked(member=iss, start=…, stop=…), ends)  ->  [Sum(week=0, …), …]

docs/adr/0038-balances.md, 0067-figures-of-a-season.md.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select

from ledger.audience import Audience
from ledger.lots.balance import COUNT, Posted
from ledger.lots.journey_time import Place
from ledger.lots.stock import KINDS, Kind
from ledger.store.stock import DAY, MILLION, OF_UNITS, Asked, Booked, asked_for, booked
from ledger.store.tables import event, stock
from ledger.store.visibility import visible

_ACCEPTED, _COUNTED = KINDS.index("accepted"), KINDS.index("counted")
_TRANSFORMATION = "TransformationEvent"


@dataclass(frozen=True, slots=True)
class Sum:
    """Lines that weigh alike, added up: `booked` at the time of the first of them, `last` that of the last (UTC,
    microseconds since 1970); `week`: its place in the period."""

    booked: Booked
    week: int
    last: int


def summed(connection: Connection, asked: Asked, ends: Sequence[int]) -> Iterator[Sum]:
    """The lines of a period that can be added up; `ends`: where each of its weeks ends."""
    some = _lines(asked), stock.c.micro.is_not(None), stock.c.kind.not_in((_ACCEPTED, _COUNTED))
    week = case(*[(stock.c.at < end, place) for place, end in enumerate(ends)], else_=len(ends)).label("week")
    day = case((stock.c.dimension == COUNT, stock.c.at // DAY), else_=0).label("day")
    named = stock.c.product, stock.c.site, stock.c.kind, stock.c.dimension
    # Within a query of their own, for a database that takes a bound value to be another one each time it is written.
    line = select(*named, week, day, stock.c.at, stock.c.micro).where(*some).subquery()
    keys = [line.c[name] for name in ("product", "site", "kind", "dimension", "week", "day")]
    totals = func.min(line.c.at), func.max(line.c.at), func.sum(line.c.micro), func.count()
    for product, site, kind, dimension, week_, _, first, last, micro, count in connection.execute(
        select(*keys, *totals).group_by(*keys)
    ).all():
        posted = Posted(product, KINDS[kind], dimension, Decimal(int(micro)) / MILLION, first, count=count)
        yield Sum(Booked(asked.member or "", site, posted), week_, last)


def apart(connection: Connection, asked: Asked) -> list[Booked]:
    """The lines of a period that cannot be added up, but those that were counted."""
    some = or_(stock.c.micro.is_(None), stock.c.kind == _ACCEPTED), stock.c.kind != _COUNTED
    return _each(connection, _lines(asked), *some)


def lines(connection: Connection, asked: Asked, kinds: Collection[Kind]) -> list[Booked]:
    """Every line of a period of these kinds, in the order of time."""
    return _each(connection, _lines(asked), stock.c.kind.in_([KINDS.index(kind) for kind in kinds]))


def alike(connection: Connection, asked: Asked, total: Sum) -> list[Booked]:
    """Each of the lines that were added up."""
    posted = total.booked.posted
    within = replace(asked, start=posted.at, stop=total.last + 1, product=posted.uri)
    same = stock.c.kind == KINDS.index(posted.kind), stock.c.dimension == posted.dimension, stock.c.micro.is_not(None)
    site = stock.c.site.is_(None) if total.booked.site is None else stock.c.site == total.booked.site
    return _each(connection, _lines(within), *same, site)


def received(connection: Connection, asked: Asked) -> set[tuple[str, str]]:
    """The members that received something, and what."""
    query = select(stock.c.member, stock.c.uri).where(*asked_for(asked), stock.c.kind == KINDS.index("received"))
    return {(member, uri) for member, uri in connection.execute(query.distinct()).all()}


def received_units(connection: Connection, asked: Asked) -> list[Booked]:
    """The lines of units that were received, and named without an amount."""
    return _each(connection, *asked_for(asked), OF_UNITS, stock.c.kind == KINDS.index("received"))


def _each(connection: Connection, *where: ColumnElement[bool]) -> list[Booked]:
    query = select(stock).where(*where).order_by(stock.c.at, stock.c.idx, stock.c.n)
    return [booked(row) for row in connection.execute(query).all()]


def _lines(asked: Asked) -> ColumnElement[bool]:
    where = asked_for(replace(asked, product=None))
    if asked.start is not None:
        where.append(stock.c.at >= asked.start)
    if asked.product is not None:
        where.append(or_(stock.c.product == asked.product, OF_UNITS))
    return and_(*where)


def last(connection: Connection, member: str | None) -> int | None:
    """When anything last moved."""
    found: int | None = connection.execute(select(func.max(stock.c.at)).where(*asked_for(Asked(member)))).scalar()
    return found


def transformations(connection: Connection, asked: Asked) -> list[int]:
    """The entries of a period that made lots of lots."""
    where: list[ColumnElement[bool]] = [event.c.type == _TRANSFORMATION, event.c.at >= asked.start]
    where.append(event.c.at < asked.stop)
    if asked.member is not None:
        where.append(event.c.member == asked.member)
    return list(connection.execute(select(event.c.idx).where(*where).order_by(event.c.idx)).scalars())


def became(connection: Connection, asked: Asked, audience: Audience) -> Iterator[tuple[Place, str, Kind, bool]]:
    """What lots were made and used up in a period, as far as somebody may see the events, whoever recorded them: place,
    object, kind, and whether the event is a transformation."""
    transformed = (event.c.type == _TRANSFORMATION).label("transformed")
    kinds = stock.c.kind.in_((KINDS.index("made"), KINDS.index("used")))
    where = [*asked_for(replace(asked, member=None, product=None, site=None)), kinds]
    if asked.start is not None:
        where.append(stock.c.at >= asked.start)
    shown = visible(audience)
    where.append(literal(True) if shown is None else shown)
    query = select(stock.c.at, stock.c.idx, stock.c.uri, stock.c.kind, transformed)
    for at, index, uri, kind, of_others in connection.execute(
        query.join(event, event.c.idx == stock.c.idx).where(*where)
    ).all():
        yield Place(at, index), uri, KINDS[kind], bool(of_others)
