"""One condition of a query as SQL: a sieve for the event at hand, and where it can be, the list of all that pass.

- *Sieve*: a condition on the row of an event, answered by a probe or two into an index. It is written so that no
  database takes it for a reason to begin elsewhere (`+column`); which list is walked is decided in `event_query`.
- *List*: the indexes of all events that pass, read from an index of the values it comes down to.
- *Walk*: where it comes down to one value, its list in the log's order, which may be as long as it likes.

    sieve = sieve_of(connection, condition, known);  sieve.where;  sieve.listed

docs/adr/0021-what-queries-are-answered-from.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, false, func, literal, or_, select, union_all
from sqlalchemy.sql.expression import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from ledger.store import fact_key
from ledger.store.events import COLUMNS, ROLES, id_digest
from ledger.store.fact_key import Range
from ledger.store.tables import event, event_fact, fact, object_, object_entry
from schemas.epcis.query import Condition, Span
from schemas.epcis.query_name import Field, meant
from schemas.errors import InputError
from schemas.gs1.pattern import Pattern

MOST_VALUES = 500
"""Values of a range that are looked up one by one; a wider range is joined."""
MOST_MEANINGS = 50
"""Namespaces that one prefix may stand for in the events of a log."""
SUBLOCATION = "/254/"
_BATCH = 500
_PARTS = 100
_PREFIX = "@prefix "
# Above these many, one walk over the event's own rows is cheaper than a probe for each value.
_FEW = 8

Listed = Select[Any]


@dataclass(frozen=True, slots=True)
class Walk:
    """A list in the log's order: the condition that reads it, its column of indexes, and its table where that is not
    the events' own. `holds_step`: its index holds the business step as well."""

    where: ColumnElement[bool]
    index: ColumnElement[int]
    table: Table | None = None
    holds_step: bool = False


@dataclass(frozen=True, slots=True)
class Sieve:
    """One condition. `listed`: the indexes of all events that pass, in no order. `beside`: the same as `where`, for
    PostgreSQL on a walk whose index holds this column too, so that no event's row is read to find that it fails."""

    where: ColumnElement[bool]
    listed: Listed | None = None
    walk: Walk | None = None
    beside: ColumnElement[bool] | None = None

    @property
    def nothing(self) -> bool:
        """Is it known that no event passes?"""
        return self.where is _NOTHING


_NOTHING: ColumnElement[bool] = false()
NOBODY = Sieve(_NOTHING)


def still(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The number of a column as a value only: no index of it is walked."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def probed(own: Select[Any]) -> ColumnElement[bool]:
    """Does the event at hand have such a row? Asked row by row: PostgreSQL makes of EXISTS, where it does not foresee
    that a page is full soon, a list of all events that do."""
    return own.correlate(event).limit(1).scalar_subquery().is_not(None)


def namespaces(connection: Connection, prefix: str) -> list[str]:
    """What the events of this log mean by a prefix; `InputError("query-prefix-ambiguous")` where that is too much."""
    low, high = fact_key.everything(_PREFIX + prefix)
    query = select(fact.c.key).where(fact.c.key >= low, fact.c.key < high).limit(MOST_MEANINGS + 1)
    keys = connection.execute(query).scalars().all()
    if len(keys) > MOST_MEANINGS:
        raise InputError("query-prefix-ambiguous", prefix=prefix[:80])
    return [text for key in keys if (text := fact_key.text_of(bytes(key))) is not None]


def sieve_of(connection: Connection, condition: Condition, known: Mapping[str, Collection[str]]) -> Sieve:
    """The sieve of any condition but those on event time and record time, which `event_query` makes bounds of."""
    if condition.op in ("HASATTR", "EQATTR"):
        return NOBODY  # Not of a place, or asked by who has no master data: `readside.places` makes the others AMONG.
    if condition.op == "AMONG":
        return _among(connection, condition)
    if condition.op == "MATCH":
        return _matching(connection, condition)
    if condition.field == Field("eventID"):
        return _identified([str(value.value) for value in condition.values])
    if condition.field.name in COLUMNS and not condition.field.family:
        return _column(connection, condition, known)
    names = condition.field.names(known)
    if condition.op == "EQ":
        keys = [fact_key.key(name, value) for name in names for value in condition.values]
        return _saying(list(_ids(connection, keys).values()))
    if condition.op == "EXISTS":
        return _saying_within(connection, [fact_key.everything(name) for name in names])
    ranges = [fact_key.compared(name, condition.op, value) for name in names for value in condition.values]
    return _saying_within(connection, ranges)


def _ids(connection: Connection, keys: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for start in range(0, len(keys), _BATCH):
        query = select(fact.c.key, fact.c.id).where(fact.c.key.in_(list(keys[start : start + _BATCH])))
        found.update((bytes(key), number) for key, number in connection.execute(query))
    return found


def _identified(event_ids: list[str]) -> Sieve:
    exact = and_(event.c.id_digest.in_([id_digest(text) for text in event_ids]), event.c.event_id.in_(event_ids))
    return Sieve(exact, select(event.c.idx).where(exact))


def _column(connection: Connection, condition: Condition, known: Mapping[str, Collection[str]]) -> Sieve:
    """A member with a column of its own: one of a few facts, or a place within one of them."""
    name, column = condition.field.name, COLUMNS[condition.field.name]
    texts = [str(value.value) for value in condition.values]
    if name == "type":
        texts = [found for text in texts for found in meant(text, known)]
    ids = list(_ids(connection, [fact_key.text_key(name, text) for text in texts]).values())
    if condition.op == "WD":
        ranges = [fact_key.texts_from(name, text + SUBLOCATION) for text in texts]
        within = _within(connection, ranges)
        if within is None:
            inside = select(fact.c.id).where(_in_ranges(fact.c.key, ranges))
            return Sieve(or_(still(column).in_(ids), still(column).in_(inside)))
        ids += within
    if not ids:
        return NOBODY
    held = name in ("readPoint", "bizLocation")
    walk = Walk(column == ids[0], event.c.idx, holds_step=held) if len(ids) == 1 else None
    beside = column.in_(ids) if name == "bizStep" else None
    return Sieve(still(column).in_(ids), select(event.c.idx).where(column.in_(ids)), walk, beside)


def _among(connection: Connection, condition: Condition) -> Sieve:
    """A place out of some, each in its time."""
    name, column = condition.field.name, COLUMNS[condition.field.name]
    own: list[ColumnElement[bool]] = []
    listed: list[ColumnElement[bool]] = []
    walk: Walk | None = None
    for (start, stop), spans in _by_time(condition.spans).items():
        ids = _places(connection, name, spans)
        if ids:
            own.append(and_(still(column).in_(ids), *_between(still(event.c.at), start, stop)))
            listed.append(and_(column.in_(ids), *_between(event.c.at, start, stop)))
            walk = (
                Walk(column == ids[0], event.c.idx, holds_step=True)
                if len(ids) == 1 and start is None and stop is None
                else None
            )
    if not own:
        return NOBODY
    return Sieve(or_(*own), select(event.c.idx).where(or_(*listed)), walk if len(own) == 1 else None)


def _places(connection: Connection, name: str, spans: Sequence[Span]) -> list[int]:
    """The facts of places, and of those inside them by an extension."""
    ids = list(_ids(connection, [fact_key.text_key(name, span.uri) for span in spans]).values())
    ranges = [fact_key.texts_from(name, span.uri + SUBLOCATION) for span in spans if span.inside]
    for first in range(0, len(ranges), _PARTS):
        inside = select(fact.c.id).where(_in_ranges(fact.c.key, ranges[first : first + _PARTS]))
        ids.extend(connection.execute(inside).scalars())
    return ids


def _between(at: ColumnElement[Any], start: int | None, stop: int | None) -> list[ColumnElement[bool]]:
    return ([] if start is None else [at >= start]) + ([] if stop is None else [at < stop])


def _by_time(spans: Sequence[Span]) -> dict[tuple[int | None, int | None], list[Span]]:
    found: dict[tuple[int | None, int | None], list[Span]] = {}
    for span in spans:
        found.setdefault((span.start, span.stop), []).append(span)
    return found


# Facts.


def _saying(ids: list[int]) -> Sieve:
    if not ids:
        return NOBODY
    chosen = event_fact.c.fact if len(ids) <= _FEW else still(event_fact.c.fact)
    own = select(literal(1)).where(event_fact.c.idx == event.c.idx, chosen.in_(ids))
    walk = Walk(event_fact.c.fact == ids[0], event_fact.c.idx, event_fact) if len(ids) == 1 else None
    return Sieve(probed(own), select(event_fact.c.idx).where(event_fact.c.fact.in_(ids)), walk)


def _saying_within(connection: Connection, ranges: list[Range]) -> Sieve:
    ids = _within(connection, ranges)
    if ids is not None:
        return _saying(ids)
    within = _in_ranges(fact.c.key, ranges)
    return Sieve(_one_of_its(event_fact, fact, within), _all_of(event_fact, fact, within))


def _one_of_its(
    saying: Table, said: Table, like: ColumnElement[bool], *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Does the event at hand say something like that? Read from its own rows on: PostgreSQL would gather all that is
    like that first, for every event anew, if it were free to."""
    named = select(literal(1)).where(said.c.id == _naming_column(saying), like).correlate(saying).limit(1)
    own = select(literal(1)).where(saying.c.idx == event.c.idx, *more, named.scalar_subquery().is_not(None))
    return probed(own)


def _all_of(saying: Table, said: Table, like: ColumnElement[bool], *more: ColumnElement[bool]) -> Listed:
    """The events that say something like that."""
    joined = select(saying.c.idx).join_from(said, saying, _naming_column(saying) == said.c.id)
    return joined.where(like, *more)


def _naming_column(saying: Table) -> ColumnElement[int]:
    return saying.c.object if saying is object_entry else saying.c.fact


def _within(connection: Connection, ranges: Sequence[Range]) -> list[int] | None:
    """The facts within ranges, None where they are too many to be looked up one by one."""
    return _bounded(connection, [select(fact.c.id).where(fact.c.key >= low, fact.c.key < high) for low, high in ranges])


def _bounded(connection: Connection, parts: Sequence[Select[Any]], before: int = 0) -> list[int] | None:
    """What these find together, in one question; None where that, with those found `before`, is too many."""
    most = MOST_VALUES + 1 - before
    found: list[int] = []
    for start in range(0, len(parts), _PARTS):
        limited = [part.limit(most).subquery() for part in parts[start : start + _PARTS]]
        query = union_all(*(select(part.c[0]) for part in limited))
        found.extend(connection.execute(query).scalars())
        if len(found) >= most:
            return None
    return found


def _in_ranges(key: ColumnElement[Any], ranges: Sequence[Range]) -> ColumnElement[bool]:
    return or_(*(and_(key >= low, key < high) for low, high in ranges))


# Objects and the lists they stand in.


def _matching(connection: Connection, condition: Condition) -> Sieve:
    """MATCH: tagged objects by their own table and role, other identifiers of the same lists as facts."""
    role = sum(ROLES[name] for name in condition.lists)
    objects = _objects(connection, condition.patterns)
    facts = _others(connection, condition)
    if objects is None or facts is None:
        named, other = _named_like(condition.patterns), _other_like(condition)
        has_role = object_entry.c.role.op("&")(role) != 0
        own = or_(_one_of_its(object_entry, object_, named, has_role), _one_of_its(event_fact, fact, other))
        listed = _all_of(object_entry, object_, named, has_role), _all_of(event_fact, fact, other)
        return Sieve(own, select(union_all(*listed).subquery().c.idx))
    if not objects and not facts:
        return NOBODY
    if not objects:
        return _saying(facts)
    naming = _naming(objects, role)
    if not facts:
        return naming
    others = _saying(facts)
    assert naming.listed is not None
    assert others.listed is not None
    return Sieve(or_(naming.where, others.where), select(union_all(naming.listed, others.listed).subquery().c.idx))


def _naming(objects: list[int], role: int) -> Sieve:
    """Events that name one of these objects in one of these lists."""
    chosen = object_entry.c.object if len(objects) <= _FEW else still(object_entry.c.object)
    has_role = object_entry.c.role.op("&")(role) != 0
    own = select(literal(1)).where(object_entry.c.idx == event.c.idx, chosen.in_(objects), has_role)
    listed = select(object_entry.c.idx).where(object_entry.c.object.in_(objects), has_role)
    one = and_(object_entry.c.object == objects[0], has_role)
    return Sieve(probed(own), listed, Walk(one, object_entry.c.idx, object_entry) if len(objects) == 1 else None)


def _objects(connection: Connection, patterns: Sequence[Pattern]) -> list[int] | None:
    """The objects that patterns cover, None where they are too many to be looked up one by one."""
    exact = [pattern.exact for pattern in patterns if pattern.exact]
    found: list[int] = []
    for start in range(0, len(exact), _BATCH):
        some = object_.c.uri.in_(exact[start : start + _BATCH])
        found.extend(connection.execute(select(object_.c.id).where(some)).scalars())
    parts = [
        select(object_.c.id).where(_begins(object_.c.uri, beginning), _tail(object_.c.uri, pattern))
        for pattern in patterns
        for beginning in pattern.beginnings
    ]
    within = _bounded(connection, parts, len(found))
    return None if within is None else found + within


def _begins(uri: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    return and_(uri >= beginning, uri < beginning[:-1] + chr(ord(beginning[-1]) + 1))


def _tail(uri: ColumnElement[Any], pattern: Pattern, before: int = 0) -> ColumnElement[bool]:
    """What stands behind the key: one of the tails; `before`: bytes in front of the URI, which is then bytes itself."""
    tests = []
    for tail in pattern.tails:
        at = before + pattern.tail_at
        said: Any = tail.encode("ascii") if before else tail
        tests.append(func.substr(uri, at + 1, len(tail)) == said if tail else func.length(uri) == at)
    return or_(*tests) if tests else literal(True)


def _fact_ranges(condition: Condition) -> list[tuple[Range, Pattern]]:
    return [
        (fact_key.texts_from(name, beginning), pattern)
        for name in condition.lists
        for pattern in condition.patterns
        for beginning in pattern.beginnings
    ]


def _others(connection: Connection, condition: Condition) -> list[int] | None:
    """The facts of identifiers that are no tagged objects; None where they are too many."""
    exact = [pattern.exact for pattern in condition.patterns if pattern.exact]
    found = list(_ids(connection, [fact_key.text_key(name, uri) for name in condition.lists for uri in exact]).values())
    parts = [
        select(fact.c.id).where(fact.c.key >= low, fact.c.key < high, _fact_tail(pattern))
        for (low, high), pattern in _fact_ranges(condition)
    ]
    within = _bounded(connection, parts, len(found))
    return None if within is None else found + within


def _fact_tail(pattern: Pattern) -> ColumnElement[bool]:
    return _tail(fact.c.key, pattern, fact_key.FIELD_SIZE + 1)


def _named_like(patterns: Sequence[Pattern]) -> ColumnElement[bool]:
    """What says of a tagged object that a pattern covers it."""
    uri = object_.c.uri
    like = [
        and_(_begins(uri, beginning), _tail(uri, pattern)) for pattern in patterns for beginning in pattern.beginnings
    ]
    return or_(*like, uri.in_([pattern.exact for pattern in patterns if pattern.exact]))


def _other_like(condition: Condition) -> ColumnElement[bool]:
    """The same of something else."""
    key = fact.c.key
    like = [and_(key >= low, key < high, _fact_tail(pattern)) for (low, high), pattern in _fact_ranges(condition)]
    exact = [pattern.exact for pattern in condition.patterns if pattern.exact]
    return or_(*like, key.in_([fact_key.text_key(name, uri) for name in condition.lists for uri in exact]))
