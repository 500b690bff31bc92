"""What everybody may know of a place or a party: what a pack tells of it, found by its GLN.

- A place is known where its member said that it is public, and publishes lots; a party where it is a member that does.
  What a member keeps of its customers and suppliers is nobody else's.
- What is shown of it is `ledger.audience`'s to say: of a place its kind and municipality, of a member its name, its
  municipality and its own words.

    presented(node, "https://id.gs1.org/417/9521001000017", everybody, at)  ->  Presented(kind="party", …)

docs/adr/0060-what-a-pack-tells.md, 0069-every-code-is-answered.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ledger.audience import Audience, full
from ledger.entry.shown import plain
from ledger.lots.master import Version, holding
from ledger.lots.said import as_party
from ledger.readside.introduced import own_party
from ledger.readside.named import Opened
from ledger.store import master

_PARTY, _PLACE = "https://id.gs1.org/417/", "https://id.gs1.org/414/"


@dataclass(frozen=True, slots=True)
class Presented:
    """A place or party. `member`: who says it (iss), called `name`; `content`: what everybody may see of its words."""

    kind: Literal["site", "party"]
    uri: str
    member: str
    name: str
    content: Mapping[str, Any]


def presented(opened: Opened, uri: str, everybody: Audience, at: datetime) -> Presented | None:
    """What everybody may know of a GLN (canonical URI) at a moment; the newest where several members say something."""
    kind: Literal["site", "party"] = "party" if uri.startswith(_PARTY) else "site"
    if not uri.startswith((_PARTY, _PLACE)):
        return None
    # KNOWN LIMIT: other members' words about the same GLN are not shown beside the newest; docs/limits.md.
    for version in reversed(_held(opened, uri, kind, at)):
        if kind == "party" and own_party(opened, version.member) != uri:
            continue
        content = _shown(opened, version, everybody)
        if content.get("type") == kind:
            return Presented(kind, uri, version.member, _name(opened, version.member, everybody, at), content)
    return None


def _held(opened: Opened, uri: str, kind: str, at: datetime) -> Sequence[Version]:
    """What holds of a thing by this very GLN: a place inside another one is not that one."""
    with opened.store.read() as connection:
        # Who sees which of these is asked of each below: what a member keeps for itself is not shown by it.
        said = master.naming(connection, {uri}, seen_by=full()).get(uri, [])
    own = [version for version in said if version.type == kind and _is(version, uri)]
    return holding(own, at)


def _is(version: Version, uri: str) -> bool:
    return version.id == uri or as_party(version.id) == uri or not version.id.startswith(_PLACE)


def _shown(opened: Opened, version: Version, everybody: Audience) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = plain(everybody.shown(opened.entry(version.index)).content or {})
    return shown


def _name(opened: Opened, iss: str, everybody: Audience, at: datetime) -> str:
    """What a member calls itself; empty where it does not say."""
    party = own_party(opened, iss)
    said = (
        _shown(opened, version, everybody) for version in _held(opened, party, "party", at) if version.member == iss
    )
    return next((name for content in said if isinstance(name := content.get("name"), str)), "")
