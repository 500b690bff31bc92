"""Which events somebody may see, as a condition on `event.idx`; and what was given to members or published.

- *Given*: the entries of a bundle that was handed to a member. *Published*: a lot that a member shows to everybody;
  of it everybody sees that member's own events (docs/adr/0024-what-a-member-sees.md).
- `published_event` is derived: written with the events it is about, made again by `rebuild`, while `publication` is
  kept. A lot published before its next event has that one published too.

    select(event.c.idx).where(*filter(None, [visible(audience)]))

ARCHITECTURE.md rule 8: `ledger.audience` says the same of one entry in hand; a test holds the two equal.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, literal, or_, select

from ledger.audience import PUBLIC_EVENT, PUBLIC_ILMD, Audience, Parties, confirms_guesses
from ledger.store import read_side
from ledger.store.bulk import insert
from ledger.store.tables import event, event_party, given, object_, object_entry, publication, published_event
from schemas.epcis.namespaces import joined
from schemas.epcis.query import Condition
from schemas.epcis.terms import PREFIXES

_MOST_NAMES = 500


def visible(audience: Audience) -> ColumnElement[bool] | None:
    """The condition on `event.idx` that holds for what this audience may see; None where that is everything."""
    if audience.whole:
        return None
    if audience.member is None:
        return event.c.idx.in_(select(published_event.c.idx))
    own = event.c.member == audience.member
    handed = event.c.idx.in_(select(given.c.idx).where(given.c.iss == audience.member))
    return or_(own, handed, _addressed(audience.parties))


def seen(connection: Connection, audience: Audience, indexes: Sequence[int]) -> set[int]:
    """Those of these events that the audience may see."""
    condition = visible(audience)
    if condition is None:
        return set(indexes)
    found: set[int] = set()
    for start in range(0, len(indexes), _MOST_NAMES):
        some = event.c.idx.in_(list(indexes[start : start + _MOST_NAMES]))
        found.update(connection.execute(select(event.c.idx).where(some, condition)).scalars())
    return found


def _addressed(names: Parties) -> ColumnElement[bool]:
    """Does the event go from or to one of these names?"""
    uri = event_party.c.uri
    like: list[ColumnElement[bool]] = [uri.in_(sorted(names.exact))]
    like += [and_(uri >= begins, uri < begins[:-1] + chr(ord(begins[-1]) + 1)) for begins in names.beginnings]
    named = select(literal(1)).where(event_party.c.idx == event.c.idx, or_(*like))
    # Row by row, whatever a database foresees (`ledger.store.query_sieve.probed`).
    return named.correlate(event).limit(1).scalar_subquery().is_not(None)


def askable(audience: Audience, condition: Condition) -> bool:
    """May this audience put a condition on this field? Who sees a part of an event only must not learn the rest of it
    by asking; then no event meets the condition, as if what is hidden were not there."""
    if audience.whole or audience.member is not None:
        return True
    field = condition.field
    if field.family == "ILMD":
        return field.name in _PUBLIC_ILMD
    values = [str(value.value) for value in condition.values]
    if field.name == "eventID" and any(confirms_guesses(value) for value in values):
        return False
    return not field.family and (condition.op == "MATCH" or field.name.partition(" ")[0] in _PUBLIC_FIELDS)


_PUBLIC_FIELDS = PUBLIC_EVENT | {"recordTime", "quantity", "errorDeclaration"}
_PUBLIC_FIELDS |= {"errorDeclaration.declarationTime", "errorDeclaration.reason"}
_PUBLIC_ILMD = {joined(PREFIXES["cbvmda"], name) for name in PUBLIC_ILMD} | {f"#{name}" for name in PUBLIC_ILMD}


def give(connection: Connection, iss: str, indexes: Iterable[int]) -> None:
    """Note that the entries at these indexes were given to a member; those given before stay given."""
    insert(connection, given, [(iss, index) for index in sorted(set(indexes))], "ignore")


def forget_given(connection: Connection, iss: str) -> None:
    """Forget what was given to somebody who is no longer there."""
    connection.execute(delete(given).where(given.c.iss == iss))


def was_given(connection: Connection, iss: str, index: int) -> bool:
    """Was the entry at this index given to the member?"""
    query = select(given.c.idx).where(given.c.iss == iss, given.c.idx == index)
    return connection.execute(query).first() is not None


def was_published(connection: Connection, index: int) -> bool:
    """Is the event at this index published?"""
    return connection.execute(select(published_event.c.idx).where(published_event.c.idx == index)).first() is not None


def publishes(connection: Connection, iss: str) -> bool:
    """Does this member publish anything?"""
    query = select(publication.c.uri).where(publication.c.iss == iss).limit(1)
    return connection.execute(query).first() is not None


def published_of(connection: Connection, indexes: Iterable[int]) -> tuple[int, ...]:
    """Those of these entries that are published events, rising."""
    wanted, found = sorted(indexes), list[int]()
    for start in range(0, len(wanted), _MOST_NAMES):
        some = published_event.c.idx.in_(wanted[start : start + _MOST_NAMES])
        found += connection.execute(select(published_event.c.idx).where(some).order_by(published_event.c.idx)).scalars()
    return tuple(found)


def published_firsts(connection: Connection, stem: str, digits: int, limit: int) -> list[str]:
    """Of published lots the first of each class, which is the stem and so many digits, in order; found by stepping from
    one class to the next, however many lots each has."""
    uri: Any = publication.c.uri.collate("C") if connection.dialect.name == "postgresql" else publication.c.uri
    found: list[str] = []
    after = stem
    while len(found) < limit:
        first = connection.execute(select(publication.c.uri).where(uri > after).order_by(uri).limit(1)).scalar()
        if first is None or not first.startswith(stem):
            break
        found.append(first)
        # The slash that follows a class is the character before "0".
        after = first[: len(stem) + digits] + "0"
    return found


def publication_mark(connection: Connection) -> tuple[int, int]:
    """How much is published, and when something was last; other numbers than before where that changed."""
    row = connection.execute(select(func.count(), func.max(publication.c.since)).select_from(publication)).one()
    return int(row[0]), int(row[1] or 0)


def publishers(connection: Connection, uri: str) -> list[str]:
    """The members that publish a lot."""
    query = select(publication.c.iss).where(publication.c.uri == uri)
    return list(connection.execute(query.order_by(publication.c.iss)).scalars())


def published_around(connection: Connection, uri: str, each: int) -> list[str]:
    """The published lots that stand before and after a URI, up to so many each way, each once."""
    own: Any = publication.c.uri.collate("C") if connection.dialect.name == "postgresql" else publication.c.uri
    query = select(publication.c.uri)
    before = connection.execute(query.where(own < uri).order_by(own.desc()).limit(each)).scalars()
    after = connection.execute(query.where(own >= uri).order_by(own).limit(each)).scalars()
    return list(dict.fromkeys((*before, *after)))


def publications(connection: Connection, iss: str | None = None) -> list[tuple[str, str, int]]:
    """(lot, member, since) of everything published, or of what one member published; oldest first."""
    query = select(publication.c.uri, publication.c.iss, publication.c.since)
    if iss is not None:
        query = query.where(publication.c.iss == iss)
    rows = connection.execute(query.order_by(publication.c.since, publication.c.uri, publication.c.iss))
    return [(row.uri, row.iss, row.since) for row in rows]


def publish(connection: Connection, uri: str, iss: str, now: int) -> int:
    """Publish what a member recorded, and will record, about a lot; how many of its events that is today.

    The read side is held: an event that is written meanwhile would see no publication, and be seen by none.
    """
    read_side.hold(connection)
    insert(connection, publication, [(uri, iss, now)], "ignore")
    own = _own_events(connection, [uri], iss)
    insert(connection, published_event, [(index,) for index in own], "ignore")
    return len(own)


def withdraw(connection: Connection, uri: str, iss: str) -> bool:
    """Publish a member's events about a lot no longer, unless it publishes them for another lot; False where it did
    not publish this lot."""
    read_side.hold(connection)
    where = (publication.c.uri == uri, publication.c.iss == iss)
    if connection.execute(delete(publication).where(*where)).rowcount == 0:
        return False
    own = _own_events(connection, [uri], iss)
    for start in range(0, len(own), _MOST_NAMES):
        connection.execute(delete(published_event).where(published_event.c.idx.in_(own[start : start + _MOST_NAMES])))
    # An event about two lots stays published while one of them is.
    left = set(own).intersection(_own_events(connection, [other for other, _, _ in publications(connection, iss)], iss))
    insert(connection, published_event, [(index,) for index in sorted(left)], "ignore")
    return True


def seen_events(connection: Connection, indexes: Iterable[int], audience: Audience) -> set[int]:
    """Those of these events that somebody may see."""
    wanted, condition, found = sorted(set(indexes)), visible(audience), set[int]()
    for start in range(0, len(wanted), _MOST_NAMES):
        query = select(event.c.idx).where(event.c.idx.in_(wanted[start : start + _MOST_NAMES]))
        found.update(connection.execute(query if condition is None else query.where(condition)).scalars())
    return found


def note_events(connection: Connection, events: Sequence[tuple[int, str, Iterable[str]]]) -> None:
    """Mark new events of published lots: (index, member, canonical URIs of the objects it is about) each.

    Most ledgers publish little, and capture counts its microseconds: one question settles a group where nothing is
    published.
    """
    if not events or connection.execute(select(publication.c.uri).limit(1)).first() is None:
        return
    members = sorted({member for _, member, _ in events})
    named = sorted({uri for _, _, uris in events for uri in uris})
    known: set[tuple[str, str]] = set()
    for start in range(0, len(named), _MOST_NAMES):
        some = publication.c.uri.in_(named[start : start + _MOST_NAMES])
        query = select(publication.c.uri, publication.c.iss).where(some, publication.c.iss.in_(members))
        known.update((row.uri, row.iss) for row in connection.execute(query))
    rows = [(index,) for index, member, uris in events if any((uri, member) in known for uri in uris)]
    insert(connection, published_event, rows, "ignore")


def remove_event(connection: Connection, index: int) -> None:
    """Take out the mark of one event."""
    connection.execute(delete(published_event).where(published_event.c.idx == index))


def _own_events(connection: Connection, uris: Sequence[str], iss: str) -> list[int]:
    """The indexes of the events of one member about any of these lots, rising."""
    found: set[int] = set()
    for start in range(0, len(uris), _MOST_NAMES):
        query = (
            select(event.c.idx)
            .join(object_entry, object_entry.c.idx == event.c.idx)
            .join(object_, object_.c.id == object_entry.c.object)
            .where(object_.c.uri.in_(uris[start : start + _MOST_NAMES]), event.c.member == iss)
        )
        found.update(connection.execute(query).scalars())
    return sorted(found)


def knows_lot(connection: Connection, audience: Audience, uri: str) -> bool:
    """May this audience know that the log holds something about this lot: does it see, or anybody, an event of it?"""
    condition = visible(audience)
    if condition is None:
        return True
    query = (
        select(event.c.idx)
        .join(object_entry, object_entry.c.idx == event.c.idx)
        .join(object_, object_.c.id == object_entry.c.object)
        .where(object_.c.uri == uri, or_(condition, event.c.idx.in_(select(published_event.c.idx))))
    )
    return connection.execute(query.limit(1)).first() is not None


def known_lots(connection: Connection, audience: Audience, uris: Iterable[str]) -> set[str]:
    """Those of these lots of which this audience may know, as `knows_lot` says of one."""
    condition, wanted = visible(audience), sorted(set(uris))
    if condition is None:
        return set(wanted)
    shown = or_(condition, event.c.idx.in_(select(published_event.c.idx)))
    found: set[str] = set()
    for start in range(0, len(wanted), _MOST_NAMES):
        query = (
            select(object_.c.uri)
            .join(object_entry, object_.c.id == object_entry.c.object)
            .join(event, object_entry.c.idx == event.c.idx)
            .where(object_.c.uri.in_(wanted[start : start + _MOST_NAMES]), shown)
        )
        found.update(connection.execute(query.distinct()).scalars())
    return found


def among(connection: Connection, audience: Audience, indexes: Collection[int]) -> set[int]:
    """Those of these entries that are events which this audience may see."""
    condition, wanted = visible(audience), sorted(indexes)
    found: set[int] = set()
    for start in range(0, len(wanted), _MOST_NAMES):
        query = select(event.c.idx).where(event.c.idx.in_(wanted[start : start + _MOST_NAMES]))
        found.update(connection.execute(query if condition is None else query.where(condition)).scalars())
    return found
