"""Lines of stock, a row each, and what they add up to. Derived.

- Quantities are whole millionths of their dimension's base where they are exactly that, so that databases add them up;
  any other stands as text, and is read by itself.
- Most lines are added up where they lie; those that are not (`STOCK_APART`) are few and have an index of their own.
- Asked for are the lines of events that stand, as of a size of the log.
- Pieces are added up by day, since their weight is that of their product at that time; where that is not `steady` all
  day, line by line. So are lots that were counted at an inventory, or accepted: there the order, or the lot, matters.

    put(connection, [step]);  added_up(connection, Asked(member=iss), by="product")  ->  [Booked(…), …]

ARCHITECTURE.md 5; docs/adr/0038-balances.md.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, func, literal, or_, select, text

from ledger.lots.balance import COUNT, By, Posted, dimension_of
from ledger.lots.step import Step
from ledger.lots.stock import GTIN, KINDS, Line, lines, product_of
from ledger.store.bulk import insert
from ledger.store.tables import STOCK_APART, stock
from schemas.units import EXACT

MILLION = Decimal(1_000_000)
_LARGEST = 10**12
"""Millionths in one row, so that no sum of ten million rows leaves what a database counts in."""
DAY = 86_400_000_000
_BATCH = 400
_MOST_NAMED = 10_000
# As text: a database proves no bound value to be among those of an index of some rows only.
_BY_LOT = f"kind IN ({KINDS.index('accepted')}, {KINDS.index('counted')})"
assert _BY_LOT in STOCK_APART


@dataclass(frozen=True, slots=True)
class Booked:
    """Lines added up: what is posted, of which member, and where."""

    member: str
    site: str | None
    posted: Posted


def put(connection: Connection, steps: Sequence[Step]) -> None:
    """Keep what events do to stocks; what only repeats an earlier one does nothing."""
    rows = [row for step in steps if step.repeats is None for row in _rows(step)]
    insert(connection, stock, rows)


def remove(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out what entries did."""
    for start in range(0, len(indexes), _BATCH):
        connection.execute(delete(stock).where(stock.c.idx.in_(list(indexes[start : start + _BATCH]))))


def _rows(step: Step) -> Iterator[tuple[object, ...]]:
    for n, line in enumerate(lines(step)):
        what = line.uri, product_of(line.uri), KINDS.index(line.kind)
        yield (step.member, step.at or 0, step.index, n, *what, *_quantity(line), line.site, step.corrected_by)


def _quantity(line: Line) -> tuple[str, int | None, str | None]:
    """Dimension, millionths where they are exact, and else the exact text."""
    if line.amount is None:
        return "", None, None
    dimension, quantity = dimension_of(line.amount)
    if quantity is None:
        return dimension, None, None
    micro = EXACT.multiply(quantity, MILLION)
    if micro == micro.to_integral_value() and abs(micro) <= _LARGEST:
        return dimension, int(micro), None
    return dimension, None, str(quantity)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: of a member (None: of everybody), a site, a product (canonical URIs), as of a size of the log.

    Times in microseconds since 1970: lines before `start` are added up apart, those from `stop` on left out.
    """

    member: str | None = None
    site: str | None = None
    product: str | None = None
    start: int | None = None
    stop: int | None = None
    size: int | None = None


OF_UNITS: ColumnElement[bool] = and_(stock.c.micro.is_(None), ~stock.c.product.startswith(GTIN, autoescape=True))
"""Lines that may be of units named without amounts, whatever their kind (SSCC, GRAI, GIAI)."""
Steady = Callable[[str, int, int], bool]
"""Is what is said of a product the same from one time to another?"""


def added_up(
    connection: Connection, asked: Asked, *, by: By, steady: Steady = lambda *_: True, ordered: Collection[str] = ()
) -> list[Booked]:
    """The lines that were asked for, added up where nothing is lost by it: by lot, or by product, of each site or each
    member where these are asked `by`. Where lots are added up, their product stands for them. `ordered`: lots of which
    the order matters, besides those that lines say so of."""
    where = asked_for(asked)
    if connection.execute(select(stock.c.uri).where(*where, text(f"({STOCK_APART})")).limit(1)).first() is None:
        return list(_steadily(connection, where, asked.start, by, steady))
    # Of these the order, or what else there is of the same lot, decides.
    own = select(stock.c.uri).where(*where, text(_BY_LOT))
    apart = or_(stock.c.micro.is_(None), stock.c.uri.in_(own), _among(ordered))
    summed = _steadily(connection, [*where, ~apart], asked.start, by, steady)
    return [*summed, *_one_by_one(connection, [*where, apart])]


def _among(lots: Collection[str]) -> ColumnElement[bool]:
    """Is it a line of one of these? Of more than can be named, every line is."""
    return stock.c.uri.in_(sorted(lots)) if len(lots) <= _MOST_NAMED else literal(True)


def counted_units(connection: Connection, asked: Asked) -> list[Booked]:
    """The lines of inventories that name units without amounts."""
    counted = and_(stock.c.kind == KINDS.index("counted"), text(f"({STOCK_APART})"), OF_UNITS)
    return list(_one_by_one(connection, [*asked_for(asked), counted]))


def _steadily(
    connection: Connection, where: list[ColumnElement[bool]], start: int | None, by: By, steady: Steady
) -> Iterator[Booked]:
    """The sums; where pieces do not weigh the same all day, each of their lines."""
    for total, last in list(_sums(connection, where, start, by)):
        posted = total.posted
        if posted.dimension != COUNT or steady(posted.uri, posted.at, last):
            yield total
            continue
        same = [(stock.c.uri if by == "lot" else stock.c.product) == posted.uri]
        same += [stock.c.kind == KINDS.index(posted.kind), stock.c.dimension == posted.dimension]
        same += [stock.c.at.between(posted.at, last)]
        if by in ("member", "site"):
            value = total.member if by == "member" else total.site
            same.append(stock.c[by].is_(None) if value is None else stock.c[by] == value)
        yield from _one_by_one(connection, [*where, *same])


def asked_for(asked: Asked) -> list[ColumnElement[bool]]:
    """The conditions on lines that a question puts; those before its `start` are asked for too."""
    found: list[ColumnElement[bool]] = []
    if asked.size is None:
        found.append(stock.c.corrected_by.is_(None))
    else:
        found += [stock.c.idx < asked.size, or_(stock.c.corrected_by.is_(None), stock.c.corrected_by >= asked.size)]
    for name in ("member", "site", "product"):
        if (value := getattr(asked, name)) is not None:
            found.append(stock.c[name] == value)
    return found if asked.stop is None else [*found, stock.c.at < asked.stop]


def _sums(
    connection: Connection, where: list[ColumnElement[bool]], start: int | None, by: By
) -> Iterator[tuple[Booked, int]]:
    """Each sum, at the time of its first line, and the time of its last."""
    before: ColumnElement[int] = literal(0) if start is None else case((stock.c.at < start, 1), else_=0)
    day = case((stock.c.dimension == COUNT, stock.c.at // DAY), else_=0)
    member = stock.c.member if by == "member" else literal("")
    site = stock.c.site if by == "site" else literal(None)
    uri = stock.c.uri if by == "lot" else stock.c.product
    grouped = [uri, stock.c.kind, stock.c.dimension, before, day]
    grouped += [stock.c[by]] if by in ("member", "site") else []
    times = func.min(stock.c.at), func.max(stock.c.at)
    columns = member, site, uri, stock.c.kind, stock.c.dimension, *times, func.sum(stock.c.micro)
    query: Select[Any] = select(*columns, func.count()).where(*where).group_by(*grouped)
    for member_, site_, uri_, kind, dimension, at, last, micro, count in connection.execute(query):
        posted = Posted(uri_, KINDS[kind], dimension, Decimal(int(micro)) / MILLION, at, count=count)
        yield Booked(member_, site_, posted), last


def _one_by_one(connection: Connection, where: list[ColumnElement[bool]]) -> Iterator[Booked]:
    query = select(stock).where(*where).order_by(stock.c.at, stock.c.idx, stock.c.n)
    yield from map(booked, connection.execute(query))


def booked(row: Any) -> Booked:
    """One line, from its row."""
    quantity = None if row.exact is None else Decimal(row.exact)
    if row.micro is not None:
        quantity = Decimal(int(row.micro)) / MILLION
    posted = Posted(row.uri, KINDS[row.kind], row.dimension, quantity, row.at, row.idx, member=row.member)
    return Booked(row.member, row.site, posted)
