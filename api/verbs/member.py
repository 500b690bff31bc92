"""Propose, approve, list and recover members."""

from dataclasses import dataclass

from ledger.node import Node
from ledger.writer.keys import check_gln
from ledger.writer.membership import Said
from ledger.writer.offers import Offer, read_offer
from schemas.errors import InputError
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.syntax import base64url, json_text

_INDEX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Listed:
    """A member: since which index, its name where its profile is disclosed here."""

    member: str
    since: int
    founder: bool
    name: str | None


def offer(node: Node, *, member: str | None = None) -> bytes:
    """A fresh admin key offered to this log, as JSON for whoever proposes it; the key stays in this keyring."""
    return json_text.canonical(node.membership.offer(member).body())


def propose(
    node: Node,
    offered: bytes,
    *,
    name: str | None = None,
    gln: str | None = None,
    prefixes: tuple[str, ...] = (),
    by: str | None = None,
) -> Said:
    """Propose the member whose key is offered.

    Raises `InputError`: `offer`, `gln-wrong`, `wrong-check-digit`, `company-prefix`, `profile-without-name`.
    """
    check_gln(gln)
    CompanyPrefixes(prefixes)
    if name is None and (gln or prefixes):
        raise InputError("profile-without-name")
    proposer = by or node.own_member("admin")
    return node.membership.propose(proposer, _read(offered), name=name, gln=gln, prefixes=prefixes)


def recover(node: Node, offered: bytes, *, by: str | None = None) -> Said:
    """Propose that a member whose admin keys are lost gets the key offered."""
    return node.membership.propose_recovery(by or node.own_member("admin"), _read(offered))


def approve(node: Node, leaf: str, *, by: str | None = None) -> Said:
    """Vote for the proposal with this leaf hash (base64url), or at this log index."""
    if leaf.isascii() and leaf.isdigit():
        if len(leaf) > _INDEX_DIGITS:
            raise InputError("entry-missing", entry=leaf)
        digest = node.entry(int(leaf)).jwt.leaf
    else:
        digest = base64url.decode(leaf, member="leaf")
    return node.membership.approve(by or node.own_member("admin"), digest)


def list_members(node: Node) -> list[Listed]:
    """The members, in order of admission."""
    return [
        Listed(member.iss, member.since, member.founder, _name(node, member.profile))
        for member in node.registry.members()
    ]


def _name(node: Node, profile: int | None) -> str | None:
    if profile is None:
        return None
    try:
        shown = node.entry(profile).profile
    except InputError as error:
        if error.code != "passphrase-missing":
            raise
        return None
    name = shown.get("name") if shown else None
    return name if isinstance(name, str) else None


def _read(offered: bytes) -> Offer:
    return read_offer(json_text.read_integers(offered))
