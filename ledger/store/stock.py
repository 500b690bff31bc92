"""Lines of stock, a row each, and what they add up to. Derived.

- Quantities are whole millionths of their dimension's base where they are exactly that, so that databases add them up;
  any other stands as text, and is read by itself.
- Asked for are the lines of events that stand, as of a size of the log.
- Pieces are added up by day, since their weight is that of their product at that time; lots that were counted at an
  inventory are given line by line, since there order matters.

    put(connection, [step]);  added_up(connection, member, start=…, stop=…)  ->  [Booked(…), …]

ARCHITECTURE.md 5; docs/adr/0038-balances.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, literal, or_, select

from ledger.lots.balance import COUNT, Posted, dimension_of
from ledger.lots.step import Step
from ledger.lots.stock import KINDS, Line, lines
from ledger.store.bulk import insert
from ledger.store.tables import movement, stock
from schemas.units import EXACT

_MILLION = Decimal(1_000_000)
_LARGEST = 10**12
"""Millionths in one row, so that no sum of ten million rows leaves what a database counts in."""
_DAY = 86_400_000_000
_BATCH = 400
_COUNTED = KINDS.index("counted")


@dataclass(frozen=True, slots=True)
class Booked:
    """Lines added up: what is posted, of which member, and where."""

    member: str
    site: str | None
    posted: Posted


def put(connection: Connection, steps: Sequence[Step]) -> None:
    """Keep what events do to stocks."""
    rows = [row for step in steps for row in _rows(step)]
    insert(connection, stock, rows)


def remove(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out what entries did."""
    for start in range(0, len(indexes), _BATCH):
        connection.execute(delete(stock).where(stock.c.idx.in_(list(indexes[start : start + _BATCH]))))


def _rows(step: Step) -> Iterator[tuple[object, ...]]:
    for n, line in enumerate(lines(step)):
        yield (step.index, n, step.member, step.at or 0, line.uri, KINDS.index(line.kind), *_quantity(line), line.site)


def _quantity(line: Line) -> tuple[str, int | None, str | None]:
    """Dimension, millionths where they are exact, and else the exact text."""
    if line.amount is None:
        return "", None, None
    dimension, quantity = dimension_of(line.amount)
    if quantity is None:
        return dimension, None, None
    micro = EXACT.multiply(quantity, _MILLION)
    if micro == micro.to_integral_value() and abs(micro) <= _LARGEST:
        return dimension, int(micro), None
    return dimension, None, str(quantity)


def added_up(
    connection: Connection,
    member: str | None,
    *,
    start: int | None,
    stop: int | None,
    site: str | None = None,
    size: int | None = None,
) -> list[Booked]:
    """The lines of a member's stock (None: of everybody's), added up where nothing is lost by it.

    `start`, `stop` in microseconds since 1970: those before `start` are added up apart, those from `stop` on left out.
    """
    where = [*_standing(size), *_asked(member, stop, site)]
    counted = [
        row[0] for row in connection.execute(_lines(stock.c.uri).where(*where, stock.c.kind == _COUNTED).distinct())
    ]
    apart = or_(stock.c.micro.is_(None), stock.c.uri.in_(counted)) if counted else stock.c.micro.is_(None)
    return [*_sums(connection, [*where, ~apart], start), *_one_by_one(connection, [*where, apart])]


def _lines(*columns: Any) -> Select[Any]:
    return select(*columns).join_from(stock, movement, movement.c.idx == stock.c.idx)


def _standing(size: int | None) -> list[ColumnElement[bool]]:
    if size is None:
        return [movement.c.repeats.is_(None), movement.c.corrected_by.is_(None)]
    corrected = or_(movement.c.corrected_by.is_(None), movement.c.corrected_by >= size)
    return [movement.c.repeats.is_(None), corrected, stock.c.idx < size]


def _asked(member: str | None, stop: int | None, site: str | None) -> list[ColumnElement[bool]]:
    asked = [] if member is None else [stock.c.member == member]
    asked += [] if stop is None else [stock.c.at < stop]
    return asked + ([] if site is None else [stock.c.site == site])


def _sums(connection: Connection, where: list[ColumnElement[bool]], start: int | None) -> Iterator[Booked]:
    before: ColumnElement[int] = literal(0) if start is None else case((stock.c.at < start, 1), else_=0)
    day = case((stock.c.dimension == COUNT, stock.c.at // _DAY), else_=0)
    by = [stock.c.member, stock.c.site, stock.c.uri, stock.c.kind, stock.c.dimension, before, day]
    query = _lines(
        stock.c.member, stock.c.site, stock.c.uri, stock.c.kind, stock.c.dimension,
        func.min(stock.c.at), func.sum(stock.c.micro), func.count(),
    )  # fmt: skip
    for member, site, uri, kind, dimension, at, micro, count in connection.execute(query.where(*where).group_by(*by)):
        quantity = Decimal(int(micro)) / _MILLION
        yield Booked(member, site, Posted(uri, KINDS[kind], dimension, quantity, at, count=count))


def _one_by_one(connection: Connection, where: list[ColumnElement[bool]]) -> Iterator[Booked]:
    query = _lines(*stock.c).where(*where).order_by(stock.c.at, stock.c.idx, stock.c.n)
    for index, _, member, at, uri, kind, dimension, micro, exact, site in connection.execute(query):
        quantity = Decimal(int(micro)) / _MILLION if micro is not None else None if exact is None else Decimal(exact)
        yield Booked(member, site, Posted(uri, KINDS[kind], dimension, quantity, at, index))
