"""What goes with a published lot: the master data that says what it is, whose, from which town, and certified by whom.

- Chosen are a member's own words about what it published itself: its products, itself, the places it made public, and
  the certificates that it holds itself for those products. What it keeps of its customers is nobody else's.
- Depends on this history, its publication and these members' master data alone: what else is published changes nothing.
- What is shown of each is `ledger.audience`'s to say.

    prove(node.source, lot, "back", audience, naming=introduced(node, audience))

docs/adr/0060-what-a-pack-tells.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ledger.audience import Audience, full
from ledger.entry.parse import Entry
from ledger.lots.master import Version
from ledger.lots.said import as_party, without_extension
from ledger.lots.step import Step, step
from ledger.lots.stock import product_of
from ledger.readside.named import Opened
from ledger.store import master
from schemas.gs1.canonical import canonical_uri

_PARTY = "https://id.gs1.org/417/"


class OpenPlaces:
    """The question whether a member made a place public, by what it said of it last; each place is asked once."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._known: dict[tuple[str, str], bool] = {}

    def __call__(self, iss: str, uri: str) -> bool:
        """Did this member (iss) say that this place (canonical URI) is public?"""
        key = iss, uri
        if key not in self._known:
            self._known[key] = self._asked(iss, uri)
        return self._known[key]

    def _asked(self, iss: str, uri: str) -> bool:
        said = [version for version in versions(self._opened, iss, {uri}) if version.type == "site"]
        if not said or said[-1].withdrawn:
            return False
        content = self._opened.entry(said[-1].index).content
        return content is not None and content.get("public") is True


def introduced(opened: Opened, audience: Audience) -> Callable[[Sequence[Entry]], set[int]]:
    """The question `ledger.prove.prove` asks: the entries that introduce what is published of a history."""

    def answer(history: Sequence[Entry]) -> set[int]:
        steps: dict[str, list[Step]] = {}
        for entry in history:
            # What is shown of an entry says whether it is published: of any other, not even its type is.
            if entry.content and audience.sees(entry, ("content", "type"), None):
                steps.setdefault(entry.claims.iss, []).append(step(0, entry.claims.iss, entry.content))
        return {index for iss, told in steps.items() for index in _of_member(opened, iss, told)}

    return answer


def own_party(opened: Opened, iss: str) -> str:
    """The URI under which a member keeps itself: the GLN of its profile; empty where it has none that is held."""
    member = opened.registry.member(iss)
    if member is None or member.profile is None:
        return ""
    profile = opened.entry(member.profile).profile
    gln = None if profile is None else profile.get("gln")
    return _PARTY + gln if isinstance(gln, str) else ""


def versions(opened: Opened, iss: str, names: set[str]) -> list[Version]:
    """What a member said of things known by any of these names, in the log's order."""
    with opened.store.read() as connection:
        listed = master.naming(connection, names, seen_by=full())
    found = {version.index: version for named in listed.values() for version in named if version.member == iss}
    return [found[index] for index in sorted(found)]


def _of_member(opened: Opened, iss: str, steps: Sequence[Step]) -> Iterator[int]:
    member = opened.registry.member(iss)
    if member is not None and member.profile is not None:
        yield member.profile
    party = own_party(opened, iss)
    # KNOWN LIMIT: a certificate that names no product, of a whole company, is not found by these; docs/limits.md.
    names = {name for each in steps for name in _names(each)} | {party}
    # A certificate names a product by any of its levels: all are looked for under the one that it is kept by.
    names |= {version.id for version in versions(opened, iss, names) if version.type == "product"}
    for version in versions(opened, iss, names):
        content: Mapping[str, Any] = opened.entry(version.index).content or {}
        if version.type == "party" and version.id != party:
            continue
        if version.type == "certificate" and as_party(canonical_uri(str(content.get("holder", "")))) != party:
            continue
        yield version.index


def _names(each: Step) -> Iterator[str]:
    """Products of everything that is named, and where it happened."""
    yield from (product_of(uri) for uri in each.moves.objects)
    for place in (each.read_point, each.biz_location):
        if place:
            yield from (place, without_extension(place))
