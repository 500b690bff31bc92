"""How far lots were judged: up to which entry, and which objects are still to be judged again. Derived.

- `judged` follows `read_side`: the objects of the entries between both may have other findings than are kept.
- `unjudged` is a queue of objects, of those stretches of entries that changed more than is judged at once: they are put
  there in the transaction that moves `judged` over the stretch, and taken out in the one that keeps what was found.
- `turn` rises with all that is judged or forgotten. Who judges reads without holding anything and writes only if nobody
  took a turn meanwhile (`take`); who forgets holds (`hold`), and what others had read is worth nothing then.

docs/adr/0039-where-findings-are-kept.md, 0047-judged-in-pauses.md.
"""

from collections.abc import Collection

from sqlalchemy import Connection, and_, delete, literal, or_, select

from ledger.store.bulk import insert
from ledger.store.many import Many
from ledger.store.tables import event, finding, judged, lot_finding, object_, object_entry, read_side, unjudged

_BY_ID = Many(object_.c.id, lambda named: select(object_.c.uri, object_.c.id).where(named))
_BY_URI = Many(object_.c.uri, lambda named: select(object_.c.uri, object_.c.id).where(named))
_DONE = (
    Many(unjudged.c.object, lambda named: delete(unjudged).where(named)),
    Many(lot_finding.c.object, lambda named: delete(lot_finding).where(named)),
)


def settled(connection: Connection) -> bool:
    """Is everything judged that the read side holds?"""
    followed = connection.execute(select(read_side.c.size)).scalar() or 0
    return size(connection) >= followed and not waiting(connection)


def size(connection: Connection) -> int:
    """Up to which entry objects were judged or put in the queue."""
    return connection.execute(select(judged.c.size)).scalar() or 0


def waiting(connection: Connection) -> bool:
    """Does any object wait in the queue?"""
    return connection.execute(select(unjudged.c.object).limit(1)).first() is not None


def turn(connection: Connection) -> int:
    """The turn that was taken last."""
    return connection.execute(select(judged.c.turn)).scalar() or 0


def take(connection: Connection, after: int) -> bool:
    """Take the turn after another; False where somebody else did, and then nothing may be written.

    Holds it until the transaction ends.
    """
    insert(connection, judged, [(1, 0, 0)], "ignore")
    taken = connection.execute(judged.update().where(judged.c.turn == after).values(turn=after + 1))
    return taken.rowcount == 1


def hold(connection: Connection) -> None:
    """Take the next turn, whichever it is."""
    insert(connection, judged, [(1, 0, 0)], "ignore")
    connection.execute(judged.update().values(turn=judged.c.turn + 1))


def begin_again(connection: Connection, turn: int) -> None:
    """Nothing is judged, by whoever had a turn until then: for who makes every derived row anew."""
    insert(connection, judged, [(1, 0, turn + 1)], "replace")


def move(connection: Connection, stop: int) -> None:
    """The objects of the entries up to there were judged, or are in the queue."""
    connection.execute(judged.update().values(size=stop))


def touched(connection: Connection, start: int, stop: int) -> set[str]:
    """The objects of the entries [start, stop), canonical URIs."""
    query = select(object_.c.uri).join(object_entry, object_entry.c.object == object_.c.id).distinct()
    return set(connection.execute(query.where(object_entry.c.idx >= start, object_entry.c.idx < stop)).scalars())


def queue(connection: Connection, uris: Collection[str]) -> None:
    """Put objects in the queue; unknown ones are none."""
    insert(connection, unjudged, [(id,) for id in sorted(ids(connection, uris).values())], "ignore")


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


def next_objects(connection: Connection, limit: int) -> list[int]:
    """The ids of the first objects of the queue."""
    return list(connection.execute(select(unjudged.c.object).order_by(unjudged.c.object).limit(limit)).scalars())


def uris_of(connection: Connection, ids: Collection[int]) -> dict[str, int]:
    """The URIs of objects, with their ids; what is no object any more is left out."""
    return dict(map(tuple, _BY_ID.rows(connection, ids)))


def ids(connection: Connection, uris: Collection[str]) -> dict[str, int]:
    """The same by URI; unknown ones are left out."""
    return dict(map(tuple, _BY_URI.rows(connection, uris)))


def done(connection: Connection, ids: Collection[int]) -> None:
    """Take objects out of the queue, with all that was found about them before."""
    for statement in _DONE:
        statement.carry_out(connection, ids)


def clear(connection: Connection) -> None:
    """Take out what was found about the objects in the queue, now and not when they are judged."""
    waiting = select(unjudged.c.object)
    connection.execute(delete(lot_finding).where(lot_finding.c.object.in_(waiting)))
