"""Which master data names what is in some events: what a bundle brings so that papers can be made from it.

- Asked for: places (with and without their extension), parties however they are spelled, products of everything that is
  named, certificates that are referred to or that name a product, and the members who signed.
- A place brings the place it lies in, at any depth; a product the certificates that name it.
- Every version of a thing comes, so that who reads decides which one held; of others' only what the audience sees.

    prove(node.source, lot, "back", audience, naming=named(node, audience))

ARCHITECTURE.md 3.7 (`entries`); FORMATS section 3.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ledger.audience import Audience
from ledger.entry.parse import Entry
from ledger.lots.master import Version
from ledger.lots.step import Step, step
from ledger.lots.stock import product_of
from ledger.registry.replay import Registry
from ledger.store import master
from ledger.store.connection import Connection
from ledger.store.engine import Store
from schemas.epcis.own_terms import OWN_TERMS, own_members
from schemas.gs1.canonical import canonical_uri

PUBLIC = "public"
_PARTY, _PLACE = "https://id.gs1.org/417/", "https://id.gs1.org/414/"
_GLN = 13
_DEEPEST = 16


class Opened(Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    @property
    def store(self) -> Store:
        """Its store."""
        ...

    @property
    def registry(self) -> Registry:
        """Its members."""
        ...

    def entry(self, index: int) -> Entry:
        """An entry with what is held of it."""
        ...


def named(opened: Opened, audience: Audience, to: Audience | None = None) -> Callable[[Sequence[Entry]], set[int]]:
    """The question `ledger.prove.prove` asks: the entries that name what is in a history. `audience`: who asks; `to`:
    whom it is for, where that is another: the public is shown no master data, and so gets none."""
    if to is not None and to.name == PUBLIC:
        return lambda _: set()

    def answer(history: Sequence[Entry]) -> set[int]:
        profiles = _profiles(opened, {entry.claims.iss for entry in history})
        steps = [step(0, entry.claims.iss, entry.content) for entry in history if entry.content]
        wanted = {name for each in steps for name in _names(each)}
        wanted |= {name for entry in history if entry.content for name in _in_own_terms(entry.content)}
        wanted |= {_PARTY + gln for index in profiles if (gln := _gln(opened.entry(index)))}
        with opened.store.read() as connection:
            return profiles | {version.index for version in _versions(connection, wanted, audience)}

    return answer


def _profiles(opened: Opened, members: set[str]) -> set[int]:
    """The entries with the profiles of members."""
    found = (opened.registry.member(iss) for iss in members)
    return {member.profile for member in found if member is not None and member.profile is not None}


def _gln(entry: Entry) -> str | None:
    value = None if entry.profile is None else entry.profile.get("gln")
    return value if isinstance(value, str) else None


def _versions(connection: Connection, names: set[str], audience: Audience) -> Iterator[Version]:
    """The versions under these names, and those of the places around them."""
    seen: set[str] = set()
    for _ in range(_DEEPEST):
        names = names - seen
        if not names:
            return
        seen |= names
        listed = master.naming(connection, names, seen_by=audience)
        versions = [version for versions in listed.values() for version in versions]
        yield from versions
        names = set(master.parents(connection, [version for version in versions if version.type == "site"]).values())
        # A certificate names a product by any of its levels: all are looked for under the one that it is kept by.
        names |= {version.id for version in versions if version.type == "product"}


def _names(each: Step) -> Iterator[str]:
    """The identifiers that an event holds of things that master data describes."""
    yield from each.claims
    yield from (product_of(uri) for uri in each.moves.objects)
    for _, uri in (*each.sources, *each.destinations):
        yield from _of_place(uri)
    for place in (each.read_point, each.biz_location):
        yield from _of_place(place) if place else ()


def _in_own_terms(event: Mapping[str, Any]) -> Iterator[str]:
    """Those that it names by terms of ours: who carried the goods, who gave a lot its code."""
    for _, _, name, value in own_members(event):
        if name in OWN_TERMS and OWN_TERMS[name].shape == "uri" and isinstance(value, str):
            yield from _of_place(canonical_uri(value))


def _of_place(uri: str) -> Iterator[str]:
    """A place or party, its GLN alone, and who has that GLN."""
    yield uri
    if uri.startswith(_PLACE):
        gln = uri[len(_PLACE) : len(_PLACE) + _GLN]
        yield from (_PLACE + gln, _PARTY + gln)
