"""What a query means where master data decides: places inside others, and places that have an attribute.

- `WD_`: a place, what its GLN extensions name, and every site whose master data put it inside, when it did.
- `HASATTR_`, `EQATTR_` of `readPoint` and `bizLocation`: the sites that had such an attribute, when they did. These
  have the names of CBV (`urn:epcglobal:cbv:mda:city`, `cbvmda:city`, `city`) or those of our master data (`kind`,
  `address.municipality`).
- Decided is by what the asker may see, and by what was known at the log's size that a page holds to.
  KNOWN LIMIT: of other fields (`epcClass`, `source`…) no attribute is known to a query (docs/limits.md).

    placed(node, parse_query({"WD_readPoint": ["https://id.gs1.org/414/…"]}), seen_by=audience)

EPCIS 2.0 section 8.2.7.1; CBV 2.0 section 10.3; docs/adr/0022-what-a-query-means.md.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ledger.audience import Audience
from ledger.lots.master import Version
from ledger.lots.places import Held, timeline, within
from ledger.readside.master import Opened, stated
from ledger.store import master
from ledger.store.connection import Connection
from schemas.epcis.query import Condition, Query, Span
from schemas.errors import InputError
from schemas.syntax.json_text import Number

PLACES = ("readPoint", "bizLocation")
MOST_SITES = 10_000
_PAGE = 500
_PREFIXES = ("urn:epcglobal:cbv:mda:", "cbvmda:", "https://ref.gs1.org/cbv/mda/")
# Location attributes of CBV 2.0, and the members of a site that say the same (`schemas.master.terms`).
_CBV = {
    "city": "address.municipality",
    "countryCode": "address.country",
    "postalCode": "address.postalCode",
    "state": "address.region",
    "streetAddressOne": "address.street",
    "latitude": "coordinates.latitude",
    "longitude": "coordinates.longitude",
    "site": "gln",
}
_NOT_SAID = frozenset(("type", "id", "validFrom", "validTo", "withdrawn", "reason"))


def placed(opened: Opened, query: Query, *, seen_by: Audience, size: int | None = None) -> Query:
    """The query with what master data decides made plain; `InputError("query-too-many-sites")`."""
    if not any(_decided(condition) for condition in query.conditions):
        return query
    with opened.store.read() as connection:
        asking = _Asking(opened, connection, seen_by, size)
        return replace(query, conditions=tuple([asking.plain(condition) for condition in query.conditions]))


def _decided(condition: Condition) -> bool:
    return condition.op in ("WD", "HASATTR", "EQATTR") and condition.field.name in PLACES


class _Asking:
    """One query's questions to the sites."""

    def __init__(self, opened: Opened, connection: Connection, seen_by: Audience, size: int | None) -> None:
        self._opened, self._connection, self._seen_by, self._size = opened, connection, seen_by, size

    def plain(self, condition: Condition) -> Condition:
        """The condition without master data in it."""
        if not _decided(condition):
            return condition
        wanted = [str(value.value) for value in condition.values]
        spans = self._inside(wanted) if condition.op == "WD" else self._having(condition, wanted)
        return replace(condition, op="AMONG", spans=tuple(spans))

    def _inside(self, wanted: Collection[str]) -> Iterator[Span]:
        for uri in wanted:
            yield Span(uri, inside=True)
        below, new = set[str](), set(wanted)
        while new := master.inside(self._connection, new, seen_by=self._seen_by) - below:
            below |= new
            if len(below) > MOST_SITES:
                raise InputError("query-too-many-sites", limit=MOST_SITES)
        sites = self._timelines(below)
        parents = master.parents(self._connection, [held.version for held_of in sites.values() for held in held_of])
        for place in wanted:
            found = within(place, sites, lambda version: parents.get(version.index))
            yield from (Span(uri, *time, inside=True) for uri, times in found.items() for time in times)

    def _having(self, condition: Condition, wanted: Collection[str]) -> Iterator[Span]:
        sites = self._timelines(self._every())
        versions = [held.version for held_of in sites.values() for held in held_of]
        said = {item.version.index: attributes(item.content) for item in stated(self._opened, versions)}
        for uri, held_of in sites.items():
            for held in held_of:
                if _has(said[held.version.index], condition, wanted):
                    yield Span(uri, held.start, held.stop)

    def _every(self) -> set[str]:
        found: set[str] = set()
        after: tuple[str, str] | None = None
        seen_by, limit = self._seen_by, _PAGE
        while page := master.things(self._connection, type="site", seen_by=seen_by, after=after, limit=limit):
            found.update(id for id, _ in page)
            after = page[-1]
            if len(found) > MOST_SITES:
                raise InputError("query-too-many-sites", limit=MOST_SITES)
        return found

    def _timelines(self, uris: Collection[str]) -> dict[str, list[Held]]:
        told: dict[str, list[Version]] = {}
        named = [(uri, "site") for uri in uris]
        for version in master.of_things(self._connection, named, seen_by=self._seen_by):
            if self._size is None or version.index < self._size:
                told.setdefault(version.id, []).append(version)
        return {uri: timeline(versions) for uri, versions in told.items()}


def attributes(content: Mapping[str, Any]) -> dict[str, set[str]]:
    """What master data says of a site, by the names of attributes, each value as text."""
    found: dict[str, set[str]] = {}
    for name, value in content.items():
        if name not in _NOT_SAID:
            _gather(name, value, found)
    return found | {cbv: found[own] for cbv, own in _CBV.items() if own in found}


def _gather(name: str, value: Any, found: dict[str, set[str]]) -> None:
    if isinstance(value, dict):
        for inner, item in value.items():
            _gather(f"{name}.{inner}", item, found)
    elif isinstance(value, list):
        for item in value:
            _gather(name, item, found)
    elif value is not None:
        said = value.text if isinstance(value, Number) else str(value).lower() if value in (True, False) else str(value)
        found.setdefault(name, set()).add(said)


def _has(said: Mapping[str, set[str]], condition: Condition, wanted: Collection[str]) -> bool:
    if condition.op == "HASATTR":
        return any(attribute_name(name) in said for name in wanted)
    return not said.get(attribute_name(condition.attribute), set()).isdisjoint(wanted)


def attribute_name(text: str) -> str:
    """The bare name of an attribute, from any of its spellings."""
    prefix = next((prefix for prefix in _PREFIXES if text.startswith(prefix)), "")
    return text.removeprefix(prefix)
