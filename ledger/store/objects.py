"""Objects (lots, units, items), their keys and next n, and the entries about them (ARCHITECTURE.md 3.2). Derived.

- Ids follow the order of first mention, so a rebuild gives the same ones (but for what was erased since).
- An object's key is the first it was logged under; next n counts under that key only.

    object_key(connection, uri) -> 16 bytes or None;  next_n(connection, uri) -> 3;  entries_of(connection, uri)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from ledger.lots.movement import Movement
from ledger.store.bulk import insert
from ledger.store.step_row import unpack
from ledger.store.tables import event, movement, object_, object_entry

_BATCH = 400
_RECENT = 20_000


@dataclass(frozen=True, slots=True)
class ObjectUse:
    """One entry about one object (canonical URI), with key (16 bytes) and n as the entry's record gives them, or None
    where it does not. `role`: the lists of the event it stands in (`ledger.store.events.ROLES`), 0 for none."""

    uri: str
    index: int
    key: bytes | None
    n: int | None
    role: int = 0


@dataclass(slots=True)
class _Known:
    id: int
    key: bytes | None
    next_n: int
    changed: bool = False


def put(connection: Connection, uses: Sequence[ObjectUse]) -> None:
    """Keep uses, in order of index; raises the next n of each object to n + 1."""
    if not uses:
        return
    known = _known(connection, dict.fromkeys(use.uri for use in uses))
    highest = connection.execute(select(func.max(object_.c.id))).scalar() or 0
    new: dict[str, _Known] = {}
    for use in uses:
        found = known.get(use.uri)
        if found is None:
            found = known[use.uri] = new[use.uri] = _Known(highest + len(new) + 1, None, 0)
        _count(found, use)
    insert(connection, object_, [(found.id, uri, found.key, found.next_n) for uri, found in new.items()])
    changed = [found for uri, found in known.items() if found.changed and uri not in new]
    _update(connection, changed)
    insert(connection, object_entry, [(known[use.uri].id, use.index, use.role) for use in uses], "ignore")


def named_between(connection: Connection, start: int, stop: int) -> set[str]:
    """The URIs of the objects that the entries [start, stop) are about."""
    query = select(object_.c.uri).join(object_entry, object_entry.c.object == object_.c.id)
    return set(connection.execute(query.where(object_entry.c.idx >= start, object_entry.c.idx < stop)).scalars())


def _count(found: _Known, use: ObjectUse) -> None:
    if use.key is None or use.n is None:
        return
    if found.key is None:
        found.key, found.changed = use.key, True
    if found.key == use.key and use.n >= found.next_n:
        found.next_n, found.changed = use.n + 1, True


def _update(connection: Connection, changed: Sequence[_Known]) -> None:
    if not changed:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    sql = f'UPDATE "object" SET "key" = {mark}, "next_n" = {mark} WHERE "id" = {mark}'
    connection.exec_driver_sql(sql, [(found.key, found.next_n, found.id) for found in changed])


def _known(connection: Connection, uris: Iterable[str]) -> dict[str, _Known]:
    wanted = list(uris)
    found: dict[str, _Known] = {}
    for start in range(0, len(wanted), _BATCH):
        query = select(object_).where(object_.c.uri.in_(wanted[start : start + _BATCH]))
        for row in connection.execute(query):
            found[row.uri] = _Known(row.id, None if row.key is None else bytes(row.key), row.next_n)
    return found


def remove_all(connection: Connection, indexes: Sequence[int]) -> set[str]:
    """Take out that entries are about anything; the objects they were about, whose own rows stay (`recount`)."""
    touched: set[str] = set()
    for start in range(0, len(indexes), _BATCH):
        where = object_entry.c.idx.in_(list(indexes[start : start + _BATCH]))
        query = select(object_.c.uri).join(object_entry, object_entry.c.object == object_.c.id).where(where).distinct()
        touched.update(connection.execute(query).scalars())
        connection.execute(delete(object_entry).where(where))
    return touched


def recount(connection: Connection, uri: str, uses: Callable[[int], Iterable[ObjectUse]]) -> None:
    """Key and next n of an object again from the entries that are still about it; without any the object goes.

    `uses(index)`: what an entry is about. Ids stay: that they follow the order of first mention is for new ones.
    """
    found = connection.execute(select(object_.c.id).where(object_.c.uri == uri)).scalar()
    if found is None:
        return
    query = select(object_entry.c.idx).where(object_entry.c.object == found).order_by(object_entry.c.idx)
    again, indexes = _Known(found, None, 0), list(connection.execute(query).scalars())
    for index in indexes:
        for use in uses(index):
            if use.uri == uri:
                _count(again, use)
    if indexes:
        _update(connection, [again])
    else:
        connection.execute(delete(object_).where(object_.c.id == found))


def entries_of(connection: Connection, uri: str) -> list[tuple[int, str]]:
    """(index, role) of every entry about an object, rising; role: made, used, parent, child, moved or named."""
    query = (
        select(object_entry.c.idx, movement.c.packed)
        .join(object_, object_.c.id == object_entry.c.object)
        .outerjoin(movement, movement.c.idx == object_entry.c.idx)
        .where(object_.c.uri == uri)
        .order_by(object_entry.c.idx)
    )
    return [(index, _role(uri, packed)) for index, packed in connection.execute(query)]


def _role(uri: str, packed: str | None) -> str:
    moves = Movement() if packed is None else unpack(packed)
    roles = (("made", moves.made), ("used", moves.used), ("child", moves.children), ("moved", moves.moved))
    if uri == moves.parent:
        return "parent"
    return next((role for role, uris in roles if uri in uris), "named")


def recent(connection: Connection, member: str, count: int) -> list[tuple[str, bytes, int, int]]:
    """The objects that a member's newest events are about, newest first: URI, key, next n, index of that event.

    KNOWN LIMIT: looked for among the newest `_RECENT` entries of the log, so that the cost does not grow with it.
    """
    newest = select(func.coalesce(func.max(event.c.idx), 0)).scalar_subquery()
    last = func.max(object_entry.c.idx).label("last")
    query = (
        select(object_.c.uri, object_.c.key, object_.c.next_n, last)
        .join(object_entry, object_entry.c.object == object_.c.id)
        .join(event, event.c.idx == object_entry.c.idx)
        .where(event.c.member == member, event.c.idx > newest - _RECENT, object_.c.key.is_not(None))
        .group_by(object_.c.uri, object_.c.key, object_.c.next_n)
        .order_by(last.desc(), object_.c.uri)
        .limit(count)
    )
    return [(uri, bytes(key), next_n, index) for uri, key, next_n, index in connection.execute(query)]


def latest(connection: Connection, uris: Sequence[str]) -> dict[str, int]:
    """The newest entry about each of many objects; unknown ones are left out."""
    found: dict[str, int] = {}
    for start in range(0, len(uris), _BATCH):
        query = select(object_.c.uri, func.max(object_entry.c.idx))
        query = query.join(object_entry, object_.c.id == object_entry.c.object)
        query = query.where(object_.c.uri.in_(list(uris[start : start + _BATCH]))).group_by(object_.c.uri)
        found.update((uri, index) for uri, index in connection.execute(query))
    return found


def object_key(connection: Connection, uri: str) -> bytes | None:
    """The key under which an object was first logged, or None."""
    return lots(connection, [uri]).get(uri, (None, 0))[0]


def next_n(connection: Connection, uri: str) -> int:
    """The n of the next entry about an object; 0 for one never logged."""
    return lots(connection, [uri]).get(uri, (None, 0))[1]


def lots(connection: Connection, uris: Sequence[str]) -> dict[str, tuple[bytes | None, int]]:
    """(key, next n) of many objects at once; the key is None where no entry showed one; unknown ones are left out."""
    return {uri: (found.key, found.next_n) for uri, found in _known(connection, uris).items()}


def every(connection: Connection, *, after: str = "", limit: int = 100) -> list[str]:
    """A page of object URIs, sorted by code point: those beyond `after`, `limit` at most."""
    binary = object_.c.uri.collate("C") if connection.dialect.name == "postgresql" else object_.c.uri
    return list(connection.execute(select(object_.c.uri).where(binary > after).order_by(binary).limit(limit)).scalars())


def around(connection: Connection, uri: str, *, least: int = 20, most: int = 200) -> list[str]:
    """Objects whose URIs begin like this one, by code point: as much of it as `least` of them share, `most` at most."""
    found: list[str] = []
    for length in range(len(uri) - 1, max(len(uri) // 2, 8), -3):
        begins = uri[:length]
        beyond = begins[:-1] + chr(ord(begins[-1]) + 1)
        query = select(object_.c.uri).where(object_.c.uri >= begins, object_.c.uri < beyond)
        found = list(connection.execute(query.order_by(object_.c.uri).limit(most)).scalars())
        if len(found) >= least:
            return found
    return found
