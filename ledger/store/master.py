"""Versions of master data, a row each: which thing, who said it, from when to when. Derived.

- Rows hold no more than finds a version; what it says stays in its disclosures. A site's `parent` is here too, for what
  asks for everything inside a place.
- `digest` tells a repeat: of (member, content), None where a part of the content was erased.

    put(connection, [MasterRow(41, iss, "site", "https://id.gs1.org/414/…", "2026-03-01", None, False, digest, None)])

ARCHITECTURE.md 3.2; docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, select, tuple_

from ledger.audience import Audience
from ledger.lots.master import Version
from ledger.store.bulk import insert
from ledger.store.tables import given, master

_BATCH = 400


@dataclass(frozen=True, slots=True)
class MasterRow:
    """One version, as its entry says it; `id` and `parent` canonical."""

    version: Version
    digest: bytes | None
    parent: str | None = None


def put(connection: Connection, rows: Sequence[MasterRow]) -> None:
    """Keep versions."""
    insert(connection, master, [_values(row) for row in rows])


def _values(row: MasterRow) -> tuple[Any, ...]:
    said = row.version
    named = (said.index, said.type, said.id, said.member, said.valid_from, said.valid_to, said.withdrawn)
    return (*named, row.digest, row.parent)


def remove(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out what entries say."""
    for start in range(0, len(indexes), _BATCH):
        connection.execute(delete(master).where(master.c.idx.in_(list(indexes[start : start + _BATCH]))))


def latest(connection: Connection, like: Version) -> tuple[int, bytes | None] | None:
    """Index and digest of the version logged last by this member for this thing and beginning, or None."""
    query = select(master.c.idx, master.c.digest).where(
        *_thing(like.type, like.id), master.c.member == like.member, master.c.valid_from == like.valid_from
    )
    row = connection.execute(query.order_by(master.c.idx.desc()).limit(1)).first()
    return None if row is None else (row.idx, None if row.digest is None else bytes(row.digest))


def newest(connection: Connection, like: Version) -> int | None:
    """Index of what this member said last of this thing, whatever its beginning, or None."""
    query = select(master.c.idx).where(*_thing(like.type, like.id), master.c.member == like.member)
    return connection.execute(query.order_by(master.c.idx.desc()).limit(1)).scalar()


def versions(
    connection: Connection, id: str, *, type: str | None = None, seen_by: Audience, before: int | None = None
) -> list[Version]:
    """Every version of a thing (canonical id), by index; `before`: of those in the log's first entries only."""
    query = _seen(select(master).where(master.c.id == id), seen_by)
    if type is not None:
        query = query.where(master.c.type == type)
    if before is not None:
        query = query.where(master.c.idx < before)
    return [_read(row) for row in connection.execute(query.order_by(master.c.idx))]


def things(
    connection: Connection, *, type: str | None, seen_by: Audience, after: tuple[str, str] | None, limit: int
) -> list[tuple[str, str]]:
    """A page of things that something was said of, as (id, type), in order of code points."""
    query = _seen(select(master.c.id, master.c.type).distinct(), seen_by)
    if type is not None:
        query = query.where(master.c.type == type)
    if after is not None:
        query = query.where(tuple_(master.c.id, master.c.type) > tuple_(*after))
    return [(row.id, row.type) for row in connection.execute(query.order_by(master.c.id, master.c.type).limit(limit))]


def of_things(connection: Connection, named: Iterable[tuple[str, str]], *, seen_by: Audience) -> list[Version]:
    """Every version of these things (id, type), by index."""
    wanted = set(named)
    ids = sorted({id for id, _ in wanted})
    found: list[Version] = []
    for start in range(0, len(ids), _BATCH):
        query = _seen(select(master).where(master.c.id.in_(ids[start : start + _BATCH])), seen_by)
        found += [_read(row) for row in connection.execute(query)]
    return sorted((item for item in found if (item.id, item.type) in wanted), key=lambda item: item.index)


def inside(connection: Connection, parents: Iterable[str], *, seen_by: Audience) -> set[str]:
    """The sites (canonical ids) that ever named one of these as their parent."""
    wanted = sorted(set(parents))
    found: set[str] = set()
    for start in range(0, len(wanted), _BATCH):
        query = select(master.c.id).where(master.c.type == "site", master.c.parent.in_(wanted[start : start + _BATCH]))
        found.update(connection.execute(_seen(query, seen_by)).scalars())
    return found


def parents(connection: Connection, versions: Iterable[Version]) -> dict[int, str]:
    """The parent that each of these versions names (canonical), by index; those without are left out."""
    indexes = sorted(version.index for version in versions)
    found: dict[int, str] = {}
    for start in range(0, len(indexes), _BATCH):
        named = master.c.idx.in_(indexes[start : start + _BATCH]), master.c.parent.is_not(None)
        found.update(tuple(row) for row in connection.execute(select(master.c.idx, master.c.parent).where(*named)))
    return found


def _thing(type: str, id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return master.c.id == id, master.c.type == type


def _seen(query: Select[Any], audience: Audience) -> Select[Any]:
    """What somebody may see: master data is nobody's but the member's that said it, until it is given."""
    if audience.whole:
        return query
    handed = select(given.c.idx).where(given.c.iss == audience.member)
    return query.where((master.c.member == audience.member) | master.c.idx.in_(handed))


def _read(row: Row[Any]) -> Version:
    return Version(row.idx, row.member, row.type, row.id, row.valid_from, row.valid_to, bool(row.withdrawn))
