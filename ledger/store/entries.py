"""Entries as logged: the JWT bytes by index, found by lane; and the lanes' heads.

- Append-only: triggers refuse UPDATE and DELETE. Indexes are gapless from 0.
- The one unique index besides the index itself is (kid, seq); kids are interned to small integers.
- Lane heads are a derived table, kept in the same transaction.
- Entries of public kinds have a partial index of their own: start-up replays them and reads no other.

    append(connection, epoch, [EntryRow(index=0, kid=…, seq=0, leaf=…, jwt=…, public=True)])

ARCHITECTURE.md 4.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text

from ledger.entry.jwt import leaf_hash
from ledger.store import epochs
from ledger.store.bulk import insert
from ledger.store.connect import AS_BYTES
from ledger.store.tables import entry, kid, lane
from schemas.errors import InputError, UnavailableError

_BATCH = 500
# Made once: to make a statement takes longer than to look up a hundred entries.
_SPAN = (
    select(entry.c.jwt)
    .where(entry.c.idx >= bindparam("low"), entry.c.idx < bindparam("high"))
    .order_by(entry.c.idx)
    .execution_options(**AS_BYTES)
)


class EntryRow(NamedTuple):
    """One entry to append: `leaf` is its 32-byte leaf hash, `jwt` its ASCII bytes, `public` says its kind is public."""

    index: int  # type: ignore[assignment]
    kid: str
    seq: int
    leaf: bytes
    jwt: bytes
    public: bool


def append(connection: Connection, epoch: int, rows: Sequence[EntryRow]) -> None:
    """Append entries whose indexes follow the size, under the writer's epoch.

    `UnavailableError("fenced")` for an old writer; `UnavailableError("index-conflict")` where a gap would open;
    `UnavailableError("store-conflict")` where an index or (kid, seq) is taken.
    """
    epochs.check(connection, epoch)
    expected = size(connection)
    for offset, row in enumerate(rows):
        if row.index != expected + offset:
            raise UnavailableError("index-conflict", index=row.index, expected=expected + offset)
    kids = _interned(connection, {row.kid for row in rows})
    insert(connection, entry, [(row.index, kids[row.kid], row.seq, row.public, row.jwt) for row in rows])
    heads = {row.kid: (kids[row.kid], row.seq, row.leaf, row.index) for row in rows}
    insert(connection, lane, list(heads.values()), "replace")


def _interned(connection: Connection, kids: Iterable[str]) -> dict[str, int]:
    """The small integers of kids, given to new ones."""
    wanted = sorted(kids)
    known = {
        row.kid: row.id
        for start in range(0, len(wanted), _BATCH)
        for row in connection.execute(select(kid).where(kid.c.kid.in_(wanted[start : start + _BATCH])))
    }
    new = [name for name in wanted if name not in known]
    if new:
        highest = connection.execute(select(func.max(kid.c.id))).scalar() or 0
        rows = [(highest + 1 + offset, name) for offset, name in enumerate(new)]
        insert(connection, kid, rows)
        known.update((name, number) for number, name in rows)
    return known


def get(connection: Connection, index: int) -> bytes:
    """The JWT at an index; `InputError("entry-missing", entry=index)`."""
    found = connection.execute(select(entry.c.jwt).where(entry.c.idx == index)).scalar()
    if found is None:
        raise InputError("entry-missing", entry=index)
    return bytes(found)


def get_many(connection: Connection, indexes: Sequence[int]) -> dict[int, bytes]:
    """JWTs of many indexes in few queries; missing ones are left out."""
    found: dict[int, bytes] = {}
    for start in range(0, len(indexes), _BATCH):
        query = select(entry.c.idx, entry.c.jwt).where(entry.c.idx.in_(list(indexes[start : start + _BATCH])))
        found.update(connection.execute(query.execution_options(**AS_BYTES)).all())
    return found


def span(connection: Connection, start: int, stop: int) -> Iterator[bytes]:
    """JWTs of [start, stop) in order, streamed."""
    for low in range(start, stop, _BATCH):
        high = min(low + _BATCH, stop)
        yield from connection.execute(_SPAN, {"low": low, "high": high}).scalars().all()


def at(connection: Connection, kid_: str, seq: int) -> tuple[int, bytes] | None:
    """(index, JWT) of one place in a lane, or None."""
    number = select(kid.c.id).where(kid.c.kid == kid_).scalar_subquery()
    query = select(entry.c.idx, entry.c.jwt).where(entry.c.kid == number, entry.c.seq == seq)
    row = connection.execute(query).one_or_none()
    return (row.idx, bytes(row.jwt)) if row else None


def size(connection: Connection) -> int:
    """How many entries are committed."""
    highest = connection.execute(select(func.max(entry.c.idx))).scalar()
    return 0 if highest is None else highest + 1


def public_entries(connection: Connection, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(index, JWT) of the entries of public kinds from `start` on, in order, without reading the others."""
    query = select(entry.c.idx, entry.c.jwt).where(text("public"), entry.c.idx >= start).order_by(entry.c.idx)
    while rows := connection.execute(query.limit(_BATCH)).all():
        yield from ((row.idx, bytes(row.jwt)) for row in rows)
        query = select(entry.c.idx, entry.c.jwt).where(text("public"), entry.c.idx > rows[-1].idx)
        query = query.order_by(entry.c.idx)


def lanes(connection: Connection) -> dict[str, tuple[int, bytes, int]]:
    """Of every lane its head: kid -> (seq, leaf hash, index)."""
    query = select(kid.c.kid, lane.c.seq, lane.c.leaf, lane.c.idx).join(lane, lane.c.kid == kid.c.id)
    return {row.kid: (row.seq, bytes(row.leaf), row.idx) for row in connection.execute(query)}


def lanes_at(connection: Connection, stop: int) -> dict[str, tuple[int, bytes, int]]:
    """The lanes' heads as they were after the entries [0, stop): lanes that moved since are looked up one by one."""
    found: dict[str, tuple[int, bytes, int]] = {}
    for name, (seq, leaf, index) in lanes(connection).items():
        if index < stop:
            found[name] = seq, leaf, index
            continue
        number = select(kid.c.id).where(kid.c.kid == name).scalar_subquery()
        earlier = select(entry.c.idx, entry.c.seq, entry.c.jwt).where(entry.c.kid == number, entry.c.idx < stop)
        row = connection.execute(earlier.order_by(entry.c.seq.desc()).limit(1)).one_or_none()
        if row is not None:
            found[name] = row.seq, leaf_hash(bytes(row.jwt)), row.idx
    return found
