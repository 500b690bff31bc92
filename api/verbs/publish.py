"""Publish what a member recorded about a lot, withdraw it, and give a member the events of a bundle.

- What is published are the member's own events about the lot, those of today and those to come; everybody sees of them
  what `ledger.audience.public` shows. Withdrawing takes nothing back from whoever read it.
- Who is given a bundle, a member or a buyer whom one invited, sees its events in its own account too, as far as the
  giver showed them whole.

    publish(node, "(01)09520001000011(10)P-7", member=iss).events

docs/adr/0024-what-a-member-sees.md.
"""

from contextlib import suppress
from dataclasses import dataclass

from api.roles import ROLES, guest_name
from api.verbs.account import find_account
from api.verbs.export_bundle import object_uri
from ledger.audience import Audience
from ledger.bundle import parse
from ledger.node import Node
from ledger.store import visibility
from schemas.errors import InputError, UnavailableError

_GIVEN = frozenset(("event", "correction", "document"))


@dataclass(frozen=True, slots=True)
class Published:
    """A lot (canonical URI) that a member publishes; `since`: seconds since 1970."""

    lot: str
    member: str
    since: int


def publish(node: Node, lot: str, *, member: str) -> int:
    """Publish a member's events about a lot; how many that is today. `InputError`: `lot-expected`, `member-unknown`."""
    uri = object_uri(lot)
    _known(node, member)
    # What the read side does not hold yet is published as it comes; only the number would be smaller.
    with suppress(UnavailableError):
        node.settled()
    with node.store.begin() as connection:
        return visibility.publish(connection, uri, member, int(node.clock()))


def withdraw(node: Node, lot: str, *, member: str) -> None:
    """Publish a lot no longer; `InputError`: `lot-expected`, `not-published`."""
    uri = object_uri(lot)
    with node.store.begin() as connection:
        if not visibility.withdraw(connection, uri, member):
            raise InputError("not-published", lot=uri)


def list_published(node: Node, *, member: str | None = None) -> list[Published]:
    """Everything published, or what one member publishes."""
    with node.store.read() as connection:
        return [Published(*found) for found in visibility.publications(connection, member)]


def give(node: Node, bundle: bytes, to: str, *, audience: Audience) -> int:
    """Note that a bundle made for this audience was handed to a member, or to a buyer (`guest:NAME`); how many events
    it sees by that.

    `InputError`: `member-unknown`, `account-unknown`, `give-nothing` where the bundle shows no event whole.
    """
    _receives(node, to)
    shown = [part.index for part in parse(bundle).entries if part.disclosures]
    entries = ((index, node.entry(index)) for index in shown)
    whole = [index for index, entry in entries if entry.claims.kind in _GIVEN and audience.opens(entry)]
    if not whole:
        raise InputError("give-nothing")
    with node.store.begin() as connection:
        visibility.give(connection, to, whole)
    return len(whole)


def _receives(node: Node, to: str) -> None:
    name = guest_name(to)
    if name is None:
        _known(node, to)
    elif not ROLES[find_account(node, name).role].guest:
        raise InputError("account-unknown", name=name[:100])


def _known(node: Node, member: str) -> None:
    if node.registry.member(member) is None:
        raise InputError("member-unknown", iss=member[:100])
