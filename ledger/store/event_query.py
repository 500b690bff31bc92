"""SimpleEventQuery answered from the tables: the indexes of the events that meet a query, a page at a time.

- Every condition is answered in SQL and none in Python; `schemas.epcis.query_match` says what they mean.
- Few or many: where one condition is met by few events, these alone are looked at. Where every condition is met by
  many, the events are walked in the order asked for until the page is full, along the list of the rarest value.
  So no page waits for a sort of the whole log, and neither database has to guess.
- Without `orderBy` events come in the log's order, or, where a time window is all that narrows them, in the order of
  event time. Either is stable under capture: the first page fixes how much of the log is asked (`query_place`).
- Events that lack the extension field they are ordered by come last.

    found = find(connection, query, seen_by=audience, after=None, limit=30);  found.indexes, found.next

EPCIS 2.0 sections 8.2.7.1 and 12.6; docs/adr/0021-what-queries-are-answered-from.md.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, not_, or_, select

from ledger.audience import Audience
from ledger.store import fact_key
from ledger.store.query_place import Place
from ledger.store.query_search import FEW, Search, Where, bounded
from ledger.store.query_sieve import Sieve, Walk, probed, still
from ledger.store.resources import resources as resources
from ledger.store.tables import event, event_fact, fact
from schemas.epcis.query import Query
from schemas.errors import InputError

_CHUNK = 250


@dataclass(frozen=True, slots=True)
class Found:
    """One page: the indexes of its events in order, and where the next one begins, None behind the last."""

    indexes: tuple[int, ...]
    next: Place | None


def find(
    connection: Connection, query: Query, *, seen_by: Audience, after: Place | None = None, limit: int = 30
) -> Found:
    """The events that meet a query and that `seen_by` may see, `limit` at most, beyond the place `after`.

    `InputError`: `query-too-large` (more than `maxEventCount`), `query-prefix-ambiguous`.
    """
    search = Search(connection, query, seen_by, after.size if after else _size(connection))
    if search.nothing:
        return Found((), None)
    place = after or search.first()
    if after is None and query.max_event_count is not None:
        search.hold(query.max_event_count)
    wanted = limit if place.left is None else min(limit, place.left)
    return _Pages(search).page(place, wanted)


def _size(connection: Connection) -> int:
    highest = connection.execute(select(func.max(event.c.idx))).scalar()
    return 0 if highest is None else highest + 1


@dataclass(frozen=True, slots=True)
class _Row:
    """One event with what orders it."""

    index: int
    at: int = 0
    key: bytes = b""


class _Pages:
    """The pages of one search, in each of the orders."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def page(self, place: Place, wanted: int) -> Found:
        """The page that begins at a place."""
        rows = self._rows(place, wanted + 1)
        if place.by == "field" and len(rows) <= wanted:
            rest = replace(place, by="rest", index=-1, key=b"")
            return self._ended(rest, [*rows, *self._rest(rest, wanted + 1 - len(rows))], wanted, len(rows))
        return self._ended(place, rows, wanted, 0)

    def _ended(self, place: Place, rows: list[_Row], wanted: int, before: int) -> Found:
        """The page of these rows; `before`: how many of them come before the order that `place` names."""
        shown = rows[:wanted]
        left = None if place.left is None else place.left - len(shown)
        if len(rows) <= wanted or left == 0:
            return Found(tuple(row.index for row in shown), None)
        if len(shown) == before:
            return Found(tuple(row.index for row in shown), replace(place, left=left))
        last = shown[-1]
        return Found(
            tuple(row.index for row in shown), replace(place, index=last.index, at=last.at, key=last.key, left=left)
        )

    def _rows(self, place: Place, count: int) -> list[_Row]:
        if place.by == "log":
            return self._in_log_order(place, count)
        if place.by == "time":
            return self._in_time_order(place, count)
        return self._in_field_order(place, count) if place.by == "field" else self._rest(place, count)

    def _in_log_order(self, place: Place, count: int) -> list[_Row]:
        if self._search.few is None:
            return self._walked(place, count)
        left = [index for index in self._search.few if place.index < 0 or _beyond(index, place)]
        if place.descending:
            left.reverse()
        found: list[_Row] = []
        for start in range(0, len(left), _CHUNK):
            query = select(event.c.idx).where(*self._search.where(left[start : start + _CHUNK]))
            found += self._read_rows(query.order_by(_sorted(event.c.idx, place)).limit(count - len(found)))
            if len(found) == count:
                break
        return found

    def _walked(self, place: Place, count: int) -> list[_Row]:
        """The events in the log's order, along the list of the rarest value that has one."""
        walks = [(sieve.walk, sieve) for sieve in self._search.sieves if sieve.walk is not None]
        if not walks:
            where = [*self._search.where(None), *_after_index(event.c.idx, place)]
            query = select(event.c.idx).where(*where).order_by(_sorted(event.c.idx, place))
            return self._read_rows(query.limit(count))
        walk, walked = max(walks, key=lambda pair: self._span(pair[1])) if len(walks) > 1 else walks[0]
        query = select(walk.index)
        if walk.table is not None:
            query = query.join_from(walk.table, event, event.c.idx == walk.index)
        others = [self._beside(walk, sieve) for sieve in self._search.sieves if sieve is not walked]
        query = query.where(walk.where, walk.index < self._search.size, *_after_index(walk.index, place))
        query = query.where(*others, *self._search.seen)
        query = query.where(*self._search.within[1:], *bounded(still(event.c.at), self._search.window))
        return self._read_rows(query.order_by(_sorted(walk.index, place)).limit(count))

    def _beside(self, walk: Walk, sieve: Sieve) -> ColumnElement[bool]:
        """A condition as it is put on the events of a walk."""
        free = walk.holds_step and self._search.connection.dialect.name == "postgresql"
        return sieve.beside if free and sieve.beside is not None else sieve.where

    def _span(self, sieve: Sieve) -> int:
        """How much of the log the first events of a list lie in: the more, the rarer its value."""
        assert sieve.walk is not None
        first = select(sieve.walk.index).where(sieve.walk.where).order_by(sieve.walk.index).limit(FEW).subquery()
        return self._search.connection.execute(select(func.max(first.c[0]) - func.min(first.c[0]))).scalar() or 0

    def _in_time_order(self, place: Place, count: int) -> list[_Row]:
        beyond: Where = []
        if place.index >= 0:
            at, index = event.c.at, event.c.idx
            further, same = (
                (at < place.at, index < place.index) if place.descending else (at > place.at, index > place.index)
            )
            beyond = [at <= place.at if place.descending else at >= place.at, or_(further, same)]
        query = select(event.c.idx, event.c.at).where(*self._search.where(self._search.few), *beyond)
        query = query.order_by(_sorted(event.c.at, place), _sorted(event.c.idx, place)).limit(count)
        return self._read_rows(query)

    # Extension fields.

    def _ordering_range(self) -> fact_key.Range:
        """The keys of the field that is ordered by."""
        assert self._search.query.order is not None
        names = self._search.query.order.field.names(self._search.known)
        if len(names) > 1:
            names = tuple(name for name in names if self._used(name)) or names[:1]
        if len(names) > 1:
            raise InputError("query-prefix-ambiguous", prefix=self._search.query.order.field.prefix)
        return fact_key.everything(names[0])

    def _used(self, name: str) -> bool:
        low, high = fact_key.everything(name)
        query = select(fact.c.id).where(fact.c.key >= low, fact.c.key < high).limit(1)
        return self._search.connection.execute(query).first() is not None

    def _in_field_order(self, place: Place, count: int) -> list[_Row]:
        """The events that have the field, each at its first value in this order."""
        low, high = self._ordering_range()
        earlier = fact.alias()
        said = event_fact.alias()
        before = earlier.c.key > fact.c.key if place.descending else earlier.c.key < fact.c.key
        own = select(literal(1)).join_from(said, earlier, earlier.c.id == said.c.fact)
        own = own.where(said.c.idx == event.c.idx, earlier.c.key >= low, earlier.c.key < high, before)
        query = select(event.c.idx, event.c.at, fact.c.key).join_from(fact, event_fact, event_fact.c.fact == fact.c.id)
        query = query.join(event, event.c.idx == event_fact.c.idx)
        query = query.where(fact.c.key >= low, fact.c.key < high, *self._search.where(self._search.few))
        query = query.where(own.correlate(event, fact).limit(1).scalar_subquery().is_(None))
        if place.index >= 0:
            further = fact.c.key < place.key if place.descending else fact.c.key > place.key
            query = query.where(or_(further, and_(fact.c.key == place.key, _after_index(event.c.idx, place)[0])))
        ordered = query.order_by(_sorted(fact.c.key, place), _sorted(event.c.idx, place)).limit(count)
        return [_Row(row.idx, row.at, bytes(row.key)) for row in self._search.connection.execute(ordered)]

    def _rest(self, place: Place, count: int) -> list[_Row]:
        """The events that lack the field, in the log's order."""
        low, high = self._ordering_range()
        own = select(literal(1)).join_from(event_fact, fact, fact.c.id == event_fact.c.fact)
        own = own.where(event_fact.c.idx == event.c.idx, fact.c.key >= low, fact.c.key < high)
        where = [*self._search.where(self._search.few), *_after_index(event.c.idx, place), not_(probed(own))]
        query = select(event.c.idx).where(*where).order_by(_sorted(event.c.idx, place)).limit(count)
        return self._read_rows(query)

    def _read_rows(self, query: Select[Any]) -> list[_Row]:
        return [_Row(*row) for row in self._search.connection.execute(query)]


def _beyond(index: int, place: Place) -> bool:
    return index < place.index if place.descending else index > place.index


def _after_index(index: ColumnElement[int], place: Place) -> Where:
    if place.index < 0:
        return []
    return [index < place.index if place.descending else index > place.index]


def _sorted(column: ColumnElement[Any], place: Place) -> ColumnElement[Any]:
    return column.desc() if place.descending else column.asc()
