"""Facts: what events say, each kept once and named by an integer, and which events say it. Derived.

- Integers follow the order of first mention, so a rebuild gives the same ones.
- A fact that no event says any more is gone with the last that did: it may be what was erased.

    ids = interned(connection, keys);  put(connection, [(7, ids[key])])

docs/adr/0021-what-queries-are-answered-from.md.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, or_, select

from ledger.store.bulk import insert
from ledger.store.tables import event, event_fact, fact

_BATCH = 500
_COLUMNS = ("event_type", "action", "biz_step", "disposition", "read_point", "biz_location")


def interned(connection: Connection, keys: Iterable[bytes]) -> dict[bytes, int]:
    """The integers of facts, given to new ones in their order."""
    wanted = list(dict.fromkeys(keys))
    known = ids(connection, wanted)
    new = [key for key in wanted if key not in known]
    if new:
        highest = connection.execute(select(func.max(fact.c.id))).scalar() or 0
        rows = [(highest + 1 + offset, key) for offset, key in enumerate(new)]
        insert(connection, fact, rows)
        known.update((key, number) for number, key in rows)
    return known


def ids(connection: Connection, keys: Sequence[bytes]) -> dict[bytes, int]:
    """The integers of facts that are known; others are left out."""
    found: dict[bytes, int] = {}
    for start in range(0, len(keys), _BATCH):
        query = select(fact.c.id, fact.c.key).where(fact.c.key.in_(list(keys[start : start + _BATCH])))
        found.update((bytes(key), number) for number, key in connection.execute(query))
    return found


def put(connection: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """Keep who says what: (index of the event, fact)."""
    insert(connection, event_fact, rows)


def remove(connection: Connection, index: int, named: Sequence[int]) -> None:
    """Take out what an event said; `named`: the facts of its columns, its row being gone already."""
    own = select(event_fact.c.fact).where(event_fact.c.idx == index)
    said = [*named, *connection.execute(own).scalars()]
    connection.execute(delete(event_fact).where(event_fact.c.idx == index))
    for start in range(0, len(said), _BATCH):
        others = select(event_fact.c.idx).where(event_fact.c.fact == fact.c.id).exists()
        naming = [select(event.c.idx).where(event.c[name] == fact.c.id).exists() for name in _COLUMNS]
        some = fact.c.id.in_(said[start : start + _BATCH])
        connection.execute(delete(fact).where(some, ~or_(others, *naming)))
