"""What a phone has to know to record without a network: its log and member, the secret from which lot keys come, where
its lane is, and what its member deals with: products, places, companies, recent lots.

- Given to a device of the member only (`api.device_proof`): the secret lets its holder find every entry about a lot
  that the member first named.
- `lots`: those of the member's newest events, with the key and the number the next entry about each carries.
- `lane`: the place the log expects next of this device. A phone that stands elsewhere was restored from a copy:
  `recent` tells it what the log has of its lane, the newest or those from `since` on, and it sends nothing in their
  place.

    facts(node, kid=kid, member=iss, audience=audience)["products"][0]["name"]

ARCHITECTURE.md 3.2 (objects and tags), 3.4.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from api.verbs.findings import found_in, said
from api.verbs.master import list_things
from api.verbs.member import list_members
from ledger.audience import Audience
from ledger.entry.jwt import leaf_hash
from ledger.licences import own_gln
from ledger.node import Node
from ledger.store import objects
from ledger.writer.lane import following
from schemas.master.terms import Kind
from schemas.syntax import base64url
from schemas.wording import Language

MOST_LOTS = 200
MOST_THINGS = 1000
MOST_RECENT, MOST_SINCE = 100, 500


def facts(
    node: Node, *, kid: str, member: str, audience: Audience, language: Language, since: int | None = None
) -> dict[str, Any]:
    """Everything a phone of a member keeps."""
    seq, prev = following(node.registry.lane(kid))
    recent = _recent(node, kid, seq, since)
    name = next((found.name for found in list_members(node) if found.member == member), None)
    return {
        "origin": node.origin,
        "member": member,
        "name": name or member,
        "own": _party(node, member),
        "now": int(node.clock()),
        "secret": base64url.encode(node.keyring.object_secret(member)),
        "lane": {"seq": seq, "prev": None if prev is None else base64url.encode(prev)},
        "products": [_product(thing) for thing in _things(node, audience, "product")],
        "sites": [_named(thing, "kind") for thing in _things(node, audience, "site")],
        "parties": [_named(thing, "roles") for thing in _things(node, audience, "party")],
        "lots": list(_lots(node, member)),
        "recent": [
            {"seq": at, "index": index, "leaf": base64url.encode(leaf_hash(node.leaf(index)))}
            for at, index in recent.items()
        ],
        "findings": list(_findings(node, audience, list(recent.values()), language)),
    }


def _recent(node: Node, kid: str, seq: int, since: int | None) -> dict[int, int]:
    """Where entries of a lane stand in the log: its newest, or those from a place on."""
    start = max(0, seq - MOST_RECENT) if since is None else since
    return {at: node.source.lane_index(kid, at) for at in range(start, min(seq, start + MOST_SINCE))}


def _party(node: Node, member: str) -> str:
    """How events name the member: by its GLN, where its profile says one."""
    gln = own_gln(node.registry.member(member), node.entry)
    return member if gln is None else f"https://id.gs1.org/417/{gln}"


def _findings(node: Node, audience: Audience, indexes: list[int], language: Language) -> Iterator[dict[str, Any]]:
    """What does not add up of these entries, in words."""
    for found in found_in(node, indexes, audience=audience):
        yield {name: value for name, value in said(found, language).items() if name in ("index", "code", "text")}


def _things(node: Node, audience: Audience, kind: Kind) -> Iterator[Mapping[str, Any]]:
    found, _ = list_things(node, audience=audience, type=kind, limit=MOST_THINGS)
    for stated in found:
        if not stated.content.get("withdrawn"):
            yield stated.content


def _named(thing: Mapping[str, Any], *members: str) -> dict[str, Any]:
    return {"id": thing["id"], "name": thing.get("name", thing["id"])} | {
        member: thing[member] for member in members if member in thing
    }


def _product(thing: Mapping[str, Any]) -> dict[str, Any]:
    """A product with its unit: pieces where it has a content of its own, else kilograms."""
    content = thing.get("netContent")
    fixed = thing.get("quantityType") == "fixed" or isinstance(content, Mapping)
    return _named(thing) | {"unit": None if fixed else "KGM"}


def _lots(node: Node, member: str) -> Iterator[dict[str, Any]]:
    node.settled()
    with node.store.read() as connection:
        found = objects.recent(connection, member, MOST_LOTS)
    for uri, key, n, index in found:
        yield {"id": uri, "key": base64url.encode(key), "n": n, "index": index}
