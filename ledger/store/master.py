"""Versions of master data, a row each: which thing, who said it, from when to when. Derived.

- Rows hold no more than finds a version; what it says stays in its disclosures. A site's `parent` is here too, for what
  asks for everything inside a place, and of a product what it is of and holds (`goods`), for who judges every lot.
- Names are what a version is found by besides its id: the GTINs and GLNs of the thing, and of a certificate what its
  scope names and its scheme, of a site the vessels whose rule it gives. What is written in events is held against them
  (`ledger.lots.findings.masters`, `ledger.readside.mixing`).
- `digest` tells a repeat: of (member, content), None where a part of the content was erased.

    put(connection, [MasterRow(41, iss, "site", "https://id.gs1.org/414/…", "2026-03-01", None, False, digest, None)])

ARCHITECTURE.md 3.2; docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, select, tuple_

from ledger.audience import Audience, full
from ledger.lots.master import Version
from ledger.store.bulk import insert
from ledger.store.tables import given, master, master_name

_BATCH = 400


ITSELF, PRODUCT, SITE, SCHEME, CYCLE, FIFO = range(6)
"""What a name is: one of the thing's own, a product or a site in a certificate's scope, its scheme; a vessel that a
site says is mixed by one of these rules."""


@dataclass(frozen=True, slots=True)
class MasterRow:
    """One version, as its entry says it; `id`, `parent` and `names` (what it is, name) canonical. `goods`: of a product
    what quantities are counted by, as JSON (`ledger.lots.products`)."""

    version: Version
    digest: bytes | None
    parent: str | None = None
    names: tuple[tuple[int, str], ...] = ()
    goods: str | None = None


def put(connection: Connection, rows: Sequence[MasterRow]) -> None:
    """Keep versions."""
    insert(connection, master, [_values(row) for row in rows])
    insert(connection, master_name, [(row.version.index, *name) for row in rows for name in row.names])


def _values(row: MasterRow) -> tuple[Any, ...]:
    said = row.version
    named = (said.index, said.type, said.id, said.member, said.valid_from, said.valid_to, said.withdrawn)
    return (*named, row.digest, row.parent, row.goods)


def remove(connection: Connection, indexes: Sequence[int]) -> None:
    """Take out what entries say."""
    for start in range(0, len(indexes), _BATCH):
        gone = list(indexes[start : start + _BATCH])
        connection.execute(delete(master).where(master.c.idx.in_(gone)))
        connection.execute(delete(master_name).where(master_name.c.idx.in_(gone)))


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


def seen(connection: Connection, indexes: Iterable[int], audience: Audience) -> set[int]:
    """Those of these versions that somebody may see."""
    wanted = sorted(set(indexes))
    found: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        query = select(master.c.idx).where(master.c.idx.in_(wanted[start : start + _BATCH]))
        found.update(connection.execute(_seen(query, audience)).scalars())
    return found


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


def kinds(connection: Connection, *, before: int | None = None) -> dict[str, frozenset[str]]:
    """Of which kinds each member keeps anything; `before`: in the log's first entries."""
    query = select(master.c.member, master.c.type).distinct()
    found: dict[str, set[str]] = {}
    for row in connection.execute(query if before is None else query.where(master.c.idx < before)):
        found.setdefault(row.member, set()).add(row.type)
    return {member: frozenset(types) for member, types in found.items()}


def naming(
    connection: Connection, names: Iterable[str], *, before: int | None = None, seen_by: Audience
) -> dict[str, list[Version]]:
    """The versions by which any of these names is known: one of the thing's own, or of a product in a scope."""
    wanted = sorted(set(names))
    found: dict[str, list[Version]] = {}
    for start in range(0, len(wanted), _BATCH):
        query = select(master_name.c.name, *master.c).join(master_name, master_name.c.idx == master.c.idx)
        query = query.where(master_name.c.name.in_(wanted[start : start + _BATCH]), master_name.c.role <= PRODUCT)
        if before is not None:
            query = query.where(master.c.idx < before)
        for row in connection.execute(_seen(query, seen_by).order_by(master.c.idx)):
            found.setdefault(row.name, []).append(_read(row))
    return found


def scopes(connection: Connection, indexes: Iterable[int]) -> dict[int, tuple[str, frozenset[str]]]:
    """The scheme of certificates, and the sites that their scope names, by the version's index."""
    wanted = sorted(set(indexes))
    found: dict[int, tuple[str, frozenset[str]]] = {}
    for start in range(0, len(wanted), _BATCH):
        query = select(master_name).where(master_name.c.idx.in_(wanted[start : start + _BATCH]))
        for row in connection.execute(query.where(master_name.c.role.in_((SITE, SCHEME)))):
            scheme, sites = found.get(row.idx, ("", frozenset()))
            found[row.idx] = (row.name, sites) if row.role == SCHEME else (scheme, sites | {row.name})
    return found


def any_mixing(connection: Connection) -> bool:
    """Does any site give the rule of a vessel?"""
    query = select(master_name.c.idx).where(master_name.c.role.in_((CYCLE, FIFO))).limit(1)
    return connection.execute(query).first() is not None


def mixing(
    connection: Connection, vessels: Iterable[str], *, before: int | None = None
) -> tuple[list[Version], list[tuple[int, str, int]]]:
    """Every version of the sites that ever gave the rule of one of these vessels, and which of them gives which:
    (index, vessel, CYCLE or FIFO)."""
    wanted = sorted(set(vessels))
    named: list[tuple[int, str, int]] = []
    for start in range(0, len(wanted), _BATCH):
        query = select(master_name.c.idx, master_name.c.name, master_name.c.role).where(
            master_name.c.name.in_(wanted[start : start + _BATCH]), master_name.c.role.in_((CYCLE, FIFO))
        )
        if before is not None:
            query = query.where(master_name.c.idx < before)
        named += [(row.idx, row.name, row.role) for row in connection.execute(query)]
    indexes = sorted({index for index, _, _ in named})
    ids: set[str] = set()
    for start in range(0, len(indexes), _BATCH):
        query = select(master.c.id).where(master.c.idx.in_(indexes[start : start + _BATCH]))
        ids.update(connection.execute(query).scalars())
    sites = of_things(connection, [(id, "site") for id in ids], seen_by=full())
    return [version for version in sites if before is None or version.index < before], named


def goods(connection: Connection, versions: Iterable[Version]) -> list[tuple[Version, str]]:
    """Of these versions those of products, with what quantities are counted by, as JSON."""
    products = {version.index: version for version in versions if version.type == "product"}
    wanted, found = sorted(products), list[tuple[Version, str]]()
    for start in range(0, len(wanted), _BATCH):
        query = select(master.c.idx, master.c.goods).where(master.c.idx.in_(wanted[start : start + _BATCH]))
        rows = connection.execute(query.where(master.c.goods.is_not(None)).order_by(master.c.idx))
        found += [(products[row.idx], row.goods) for row in rows]
    return found


def stated_in(connection: Connection, start: int, stop: int) -> list[tuple[Version, bool, list[str]]]:
    """What the entries [start, stop) say: each version, whether its member kept such things before, and its names."""
    found = []
    query = select(master).where(master.c.idx >= start, master.c.idx < stop).order_by(master.c.idx)
    for version in [_read(row) for row in connection.execute(query)]:
        same = (master.c.member == version.member, master.c.type == version.type, master.c.idx < version.index)
        kept = connection.execute(select(master.c.idx).where(*same).limit(1)).first() is not None
        names = select(master_name.c.name).where(master_name.c.idx == version.index, master_name.c.role <= PRODUCT)
        found.append((version, kept, list(connection.execute(names).scalars())))
    return found
