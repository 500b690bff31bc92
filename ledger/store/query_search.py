"""A query read against the tables: its conditions as sieves and bounds, and the few events that can meet it.

- *Bounds* are conditions on event time and record time; a record time is a place in the log. All else is a sieve.
- Few or many: where one condition is met by few events, these alone are looked at (docs/adr/0021).
- Who sees a part of an event finds nothing by a condition on the rest (docs/adr/0024-what-a-member-sees.md).

    search = Search(connection, query, seen_by, size);  search.few, search.where(search.few)

docs/adr/0021-what-queries-are-answered-from.md.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, func, literal, select

from ledger.audience import Audience
from ledger.store import logged
from ledger.store.query_place import By, Place
from ledger.store.query_sieve import Sieve, namespaces, sieve_of
from ledger.store.tables import event
from ledger.store.visibility import askable, visible
from schemas.epcis.query import Condition, Query
from schemas.epcis.query_name import Field
from schemas.errors import InputError

FEW = 1000
"""As many events are looked at one by one rather than met on a walk."""
_ENOUGH = 100
_TIMES = ("eventTime", "recordTime")
Where = list[ColumnElement[bool]]
Window = list[tuple[str, int]]


class Search:
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
        window = select(event.c.idx).where(*bounded(event.c.at, self.window))
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
        within = select(literal(1)).select_from(event).where(*self.where(self.few)).limit(most + 1)
        count = self.connection.execute(select(func.count()).select_from(within.subquery())).scalar_one()
        if count > most:
            raise InputError("query-too-large", limit=most)

    def where(self, few: Sequence[int] | None) -> Where:
        """Every condition; `few`: only of these events."""
        sieves = [sieve.where for sieve in self.sieves]
        among = [] if few is None else [event.c.idx.in_(few)]
        return [*among, *self.within, *bounded(event.c.at, self.window), *sieves, *self.seen]


def bounded(at: ColumnElement[int], window: Window) -> Where:
    """The time window as conditions on a column."""
    return [at >= bound if op == "GE" else at < bound for op, bound in window]
