"""How far lots were judged: up to which entry, and which objects are still to be judged again. Derived.

- `judged` follows `read_side`: the objects of the entries between both may have other findings than are kept.
- `unjudged` is a queue of objects: those an entry touches are put there in the transaction that moves `judged` over it,
  and taken out in the one that keeps what was found about them. So work is done in bites, by whoever asks.
- `hold` first: of several processes one judges, the others wait and find it done.

docs/adr/0039-where-findings-are-kept.md.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, and_, delete, func, literal, or_, select

from ledger.store.bulk import insert
from ledger.store.tables import event, finding, judged, lot_finding, object_, object_entry, read_side, unjudged

_BATCH = 400


def settled(connection: Connection) -> bool:
    """Is everything judged that the read side holds?"""
    followed = connection.execute(select(read_side.c.size)).scalar() or 0
    return size(connection) >= followed and not _waiting(connection)


def size(connection: Connection) -> int:
    """Up to which entry objects were put in the queue."""
    return connection.execute(select(judged.c.size)).scalar() or 0


def _waiting(connection: Connection) -> bool:
    return connection.execute(select(unjudged.c.object).limit(1)).first() is not None


def hold(connection: Connection) -> int:
    """Hold it until the transaction ends; up to which entry it has come."""
    insert(connection, judged, [(1, 0)], "ignore")
    connection.execute(select(judged.c.size).with_for_update()).all()
    return size(connection)


def move(connection: Connection, stop: int) -> None:
    """The objects of the entries up to there are in the queue."""
    connection.execute(judged.update().values(size=stop))


def touched(connection: Connection, start: int, stop: int) -> set[str]:
    """The objects of the entries [start, stop), canonical URIs."""
    query = select(object_.c.uri).join(object_entry, object_entry.c.object == object_.c.id).distinct()
    return set(connection.execute(query.where(object_entry.c.idx >= start, object_entry.c.idx < stop)).scalars())


def queue(connection: Connection, uris: Collection[str]) -> None:
    """Put objects in the queue; unknown ones are none."""
    wanted = sorted(uris)
    for begin in range(0, len(wanted), _BATCH):
        query = select(object_.c.id).where(object_.c.uri.in_(wanted[begin : begin + _BATCH]))
        insert(connection, unjudged, [(id,) for id in connection.execute(query).scalars()], "ignore")


def queue_beginning(connection: Connection, beginning: str) -> None:
    """Put every object in the queue whose URI begins so."""
    end = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    query = select(object_.c.id).where(object_.c.uri >= beginning, object_.c.uri < end)
    insert(connection, unjudged, [(id,) for id in connection.execute(query).scalars()], "ignore")


def queue_member(connection: Connection, member: str) -> None:
    """Put every object in the queue that a member recorded anything about."""
    own = select(event.c.idx).where(event.c.member == member)
    wrong = select(finding.c.idx).where(finding.c.member == member)
    waiting = select(literal(1)).where(unjudged.c.object == object_entry.c.object).exists()
    either = or_(object_entry.c.idx.in_(own), object_entry.c.idx.in_(wrong))
    query = select(object_entry.c.object).where(either, ~waiting).distinct()
    insert(connection, unjudged, [(id,) for id in connection.execute(query).scalars()], "ignore")


def queue_made_from(connection: Connection, member: str) -> None:
    """Put every object in the queue that stands in one event with an object that a member recorded anything about."""
    own, near, beside = object_entry.alias(), object_entry.alias(), object_entry.alias()
    said = (
        select(event.c.idx)
        .where(event.c.member == member)
        .union(select(finding.c.idx).where(finding.c.member == member))
    )
    waiting = select(literal(1)).where(unjudged.c.object == beside.c.object).exists()
    query = select(beside.c.object).select_from(
        own.join(near, near.c.object == own.c.object).join(beside, beside.c.idx == near.c.idx)
    )
    query = query.where(own.c.idx.in_(said), ~waiting).distinct()
    insert(connection, unjudged, [(id,) for id in connection.execute(query).scalars()], "ignore")


def queue_processed(connection: Connection, product: str, used: int) -> None:
    """Put every object in the queue that an event made, or took part in, which used a product's lots or items; `used`:
    the roles (`ledger.store.events.ROLES`) that say so."""
    begins = f"{product}/"
    end = begins[:-1] + chr(ord(begins[-1]) + 1)
    own, beside = object_entry.alias(), object_entry.alias()
    waiting = select(literal(1)).where(unjudged.c.object == beside.c.object).exists()
    named = or_(object_.c.uri == product, and_(object_.c.uri >= begins, object_.c.uri < end))
    query = select(beside.c.object).select_from(
        own.join(object_, object_.c.id == own.c.object).join(beside, beside.c.idx == own.c.idx)
    )
    query = query.where(named, own.c.role.op("&")(used) != 0, ~waiting).distinct()
    insert(connection, unjudged, [(id,) for id in connection.execute(query).scalars()], "ignore")


def next_objects(connection: Connection, limit: int) -> dict[str, int]:
    """The first objects of the queue with their ids; what is no object any more goes out."""
    ids = list(connection.execute(select(unjudged.c.object).order_by(unjudged.c.object).limit(limit)).scalars())
    query = select(object_.c.uri, object_.c.id).where(object_.c.id.in_(ids))
    found = {row.uri: row.id for row in connection.execute(query)}
    done(connection, sorted(set(ids) - set(found.values())))
    return found


def done(connection: Connection, ids: Sequence[int]) -> None:
    """Take objects out of the queue, with all that was found about them before."""
    for begin in range(0, len(ids), _BATCH):
        some = list(ids[begin : begin + _BATCH])
        connection.execute(delete(unjudged).where(unjudged.c.object.in_(some)))
        connection.execute(delete(lot_finding).where(lot_finding.c.object.in_(some)))


def clear(connection: Connection) -> None:
    """Take out what was found about the objects in the queue, now and not when they are judged."""
    waiting = select(unjudged.c.object)
    connection.execute(delete(lot_finding).where(lot_finding.c.object.in_(waiting)))


def count(connection: Connection) -> int:
    """How many objects wait."""
    return connection.execute(select(func.count()).select_from(unjudged)).scalar() or 0
