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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, not_, or_, select

from ledger.audience import Audience
from ledger.store import fact_key, logged
from ledger.store.query_place import By, Place
from ledger.store.query_sieve import Sieve, namespaces, probed, sieve_of, still
from ledger.store.resources import resources as resources
from ledger.store.tables import event, event_fact, fact
from ledger.store.visibility import askable, visible
from schemas.epcis.query import Condition, Query
from schemas.epcis.query_name import Field
from schemas.errors import InputError

FEW = 1000
"""As many events are looked at one by one rather than met on a walk."""
_ENOUGH = 100
_CHUNK = 250
_TIMES = ("eventTime", "recordTime")
Where = list[ColumnElement[bool]]
Window = list[tuple[str, int]]


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
    search = _Search(connection, query, seen_by, after.size if after else _size(connection))
    if search.nothing:
        return Found((), None)
    place = after or search.first()
    if after is None and query.max_event_count is not None:
        search.hold(query.max_event_count)
    wanted = limit if place.left is None else min(limit, place.left)
    return search.page(place, wanted)


def _size(connection: Connection) -> int:
    highest = connection.execute(select(func.max(event.c.idx))).scalar()
    return 0 if highest is None else highest + 1


@dataclass(frozen=True, slots=True)
class _Row:
    """One event with what orders it."""

    index: int
    at: int = 0
    key: bytes = b""


class _Search:
    """One query being answered, of the first `size` entries of the log."""

    def __init__(self, connection: Connection, query: Query, seen_by: Audience, size: int) -> None:
        self.connection, self.query, self.size, self.seen_by = connection, query, size, seen_by
        self.known = self._meanings()
        self.window: Window = []
        self.within: Where = [event.c.idx < size]
        self.sieves: list[Sieve] = []
        self.nothing = size == 0
        for condition in query.conditions:
            self._read(condition)
        self.nothing = self.nothing or any(sieve.nothing for sieve in self.sieves)
        seen = visible(seen_by)
        self.seen: Where = [] if seen is None else [seen]
        self.few = None if self.nothing else self._few()

    def _meanings(self) -> Mapping[str, Collection[str]]:
        """What the log's events mean by the prefixes that the query does not explain."""
        fields = [condition.field for condition in self.query.conditions]
        prefixes = {field.prefix for field in fields if field.prefix}
        if self.query.order is not None and self.query.order.field.prefix:
            prefixes.add(self.query.order.field.prefix)
        for condition in self.query.conditions:
            if condition.field == Field("type"):
                prefixes.update(str(value.value).partition(":#")[0] for value in condition.values)
        return {prefix: namespaces(self.connection, prefix) for prefix in prefixes}

    def _read(self, condition: Condition) -> None:
        """One condition: a bound of event time or of the log, or a sieve."""
        if not askable(self.seen_by, condition):
            self.nothing = True
            return
        if condition.field.family or condition.field.name not in _TIMES:
            self.sieves.append(sieve_of(self.connection, condition, self.known))
            return
        at = int(condition.values[0].value)
        if condition.field.name == "eventTime":
            self.window.append((condition.op, at))
            return
        # Record times rise with the log, so one of them is a place in it.
        index = logged.index_at(self.connection, at)
        if condition.op == "LT" and index is not None:
            self.within.append(event.c.idx < index)
        elif condition.op == "GE":
            self.nothing = self.nothing or index is None
            self.within.append(event.c.idx >= (index or 0))

    def _few(self) -> list[int] | None:
        """The events that meet the conditions which few meet, rising; None where every condition is met by many.

        A condition whose whole list was read is met by these events, and is not asked of them again.
        """
        lists = [(sieve.listed, sieve) for sieve in self.sieves if sieve.listed is not None]
        window = select(event.c.idx).where(*_bounded(event.c.at, self.window))
        found: set[int] | None = None
        for listed, sieve in [*lists, (window, None)] if self.window else lists:
            if found is not None and len(found) <= _ENOUGH:
                break
            indexes: list[int] = [row[0] for row in self.connection.execute(listed.limit(FEW + 1))]
            if len(indexes) <= FEW:
                found = set(indexes) if found is None else found.intersection(indexes)
                self.sieves = [other for other in self.sieves if other is not sieve]
        return None if found is None else sorted(index for index in found if index < self.size)

    def first(self) -> Place:
        """Where the first page begins."""
        order = self.query.order
        if order is not None and not askable(self.seen_by, Condition("orderBy", "EXISTS", order.field)):
            order = None
        if order is None:
            by: By = "time" if self.window and self.few is None else "log"
        else:
            by = "time" if order.field.name == "eventTime" else "log" if order.field.name == "recordTime" else "field"
        descending = order is not None and order.descending
        return Place(self.size, by, descending, left=self.query.event_count_limit)

    def hold(self, most: int) -> None:
        """`InputError("query-too-large")` where more than `most` events meet the query."""
        within = select(literal(1)).select_from(event).where(*self._where(self.few)).limit(most + 1)
        count = self.connection.execute(select(func.count()).select_from(within.subquery())).scalar_one()
        if count > most:
            raise InputError("query-too-large", limit=most)

    def _where(self, few: Sequence[int] | None) -> Where:
        """Every condition; `few`: only of these events."""
        sieves = [sieve.where for sieve in self.sieves]
        among = [] if few is None else [event.c.idx.in_(few)]
        return [*among, *self.within, *_bounded(event.c.at, self.window), *sieves, *self.seen]

    # Pages.

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
        if self.few is None:
            return self._walked(place, count)
        left = [index for index in self.few if place.index < 0 or _beyond(index, place)]
        if place.descending:
            left.reverse()
        found: list[_Row] = []
        for start in range(0, len(left), _CHUNK):
            query = select(event.c.idx).where(*self._where(left[start : start + _CHUNK]))
            found += self._read_rows(query.order_by(_sorted(event.c.idx, place)).limit(count - len(found)))
            if len(found) == count:
                break
        return found

    def _walked(self, place: Place, count: int) -> list[_Row]:
        """The events in the log's order, along the list of the rarest value that has one."""
        walks = [(sieve.walk, sieve) for sieve in self.sieves if sieve.walk is not None]
        if not walks:
            where = [*self._where(None), *_after_index(event.c.idx, place)]
            query = select(event.c.idx).where(*where).order_by(_sorted(event.c.idx, place))
            return self._read_rows(query.limit(count))
        walk, walked = max(walks, key=lambda pair: self._span(pair[1])) if len(walks) > 1 else walks[0]
        query = select(walk.index)
        if walk.table is not None:
            query = query.join_from(walk.table, event, event.c.idx == walk.index)
        others = [sieve.where for sieve in self.sieves if sieve is not walked]
        query = query.where(walk.where, walk.index < self.size, *others, *self.seen, *_after_index(walk.index, place))
        query = query.where(*self.within[1:], *_bounded(still(event.c.at), self.window))
        return self._read_rows(query.order_by(_sorted(walk.index, place)).limit(count))

    def _span(self, sieve: Sieve) -> int:
        """How much of the log the first events of a list lie in: the more, the rarer its value."""
        assert sieve.walk is not None
        first = select(sieve.walk.index).where(sieve.walk.where).order_by(sieve.walk.index).limit(FEW).subquery()
        return self.connection.execute(select(func.max(first.c[0]) - func.min(first.c[0]))).scalar() or 0

    def _in_time_order(self, place: Place, count: int) -> list[_Row]:
        beyond: Where = []
        if place.index >= 0:
            at, index = event.c.at, event.c.idx
            further, same = (
                (at < place.at, index < place.index) if place.descending else (at > place.at, index > place.index)
            )
            beyond = [at <= place.at if place.descending else at >= place.at, or_(further, same)]
        query = select(event.c.idx, event.c.at).where(*self._where(self.few), *beyond)
        query = query.order_by(_sorted(event.c.at, place), _sorted(event.c.idx, place)).limit(count)
        return self._read_rows(query)

    # Extension fields.

    def _ordering_range(self) -> fact_key.Range:
        """The keys of the field that is ordered by."""
        assert self.query.order is not None
        names = self.query.order.field.names(self.known)
        if len(names) > 1:
            names = tuple(name for name in names if self._used(name)) or names[:1]
        if len(names) > 1:
            raise InputError("query-prefix-ambiguous", prefix=self.query.order.field.prefix)
        return fact_key.everything(names[0])

    def _used(self, name: str) -> bool:
        low, high = fact_key.everything(name)
        query = select(fact.c.id).where(fact.c.key >= low, fact.c.key < high).limit(1)
        return self.connection.execute(query).first() is not None

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
        query = query.where(fact.c.key >= low, fact.c.key < high, *self._where(self.few))
        query = query.where(own.correlate(event, fact).limit(1).scalar_subquery().is_(None))
        if place.index >= 0:
            further = fact.c.key < place.key if place.descending else fact.c.key > place.key
            query = query.where(or_(further, and_(fact.c.key == place.key, _after_index(event.c.idx, place)[0])))
        ordered = query.order_by(_sorted(fact.c.key, place), _sorted(event.c.idx, place)).limit(count)
        return [_Row(row.idx, row.at, bytes(row.key)) for row in self.connection.execute(ordered)]

    def _rest(self, place: Place, count: int) -> list[_Row]:
        """The events that lack the field, in the log's order."""
        low, high = self._ordering_range()
        own = select(literal(1)).join_from(event_fact, fact, fact.c.id == event_fact.c.fact)
        own = own.where(event_fact.c.idx == event.c.idx, fact.c.key >= low, fact.c.key < high)
        where = [*self._where(self.few), *_after_index(event.c.idx, place), not_(probed(own))]
        query = select(event.c.idx).where(*where).order_by(_sorted(event.c.idx, place)).limit(count)
        return self._read_rows(query)

    def _read_rows(self, query: Select[Any]) -> list[_Row]:
        return [_Row(*row) for row in self.connection.execute(query)]


def _beyond(index: int, place: Place) -> bool:
    return index < place.index if place.descending else index > place.index


def _after_index(index: ColumnElement[int], place: Place) -> Where:
    if place.index < 0:
        return []
    return [index < place.index if place.descending else index > place.index]


def _sorted(column: ColumnElement[Any], place: Place) -> ColumnElement[Any]:
    return column.desc() if place.descending else column.asc()


def _bounded(at: ColumnElement[int], window: Window) -> Where:
    """The time window as conditions on a column."""
    return [at >= bound if op == "GE" else at < bound for op, bound in window]
