"""Erase what an entry says, or parts of it, on a legal ground; and list what is held of one.

erase(node, [7], ground="GDPR art. 17, request of 3 May 2026").disclosures

ARCHITECTURE.md 3.8.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.verbs.export_bundle import object_uri
from ledger.custody.erase import Held, choose, declare, held
from ledger.node import Node
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: the entries, how many of their disclosures, and the log indexes of the `erasure` entries."""

    entries: tuple[int, ...]
    disclosures: int
    erasures: tuple[int, ...]


def list_held(node: Node, index: int) -> list[Held]:
    """What is held of an entry; `InputError("entry-missing")`."""
    return held(node.entry(index))


def about(node: Node, lot: str, *, member: str | None = None) -> list[int]:
    """The entries of a member about a lot or unit of which something is held; `InputError("erase-lot-unknown")`."""
    uri = object_uri(lot)
    iss = member or node.own_member("admin")
    found = [index for index in node.source.entries_of(uri) if node.entry(index).claims.iss == iss]
    if not found:
        raise InputError("erase-lot-unknown", lot=uri)
    return found


def erase(node: Node, indexes: Sequence[int], *, pointers: Sequence[str] = (), ground: str) -> Erased:
    """Declare the erasure of everything held of these entries, or of these places in each, and carry it out.

    `InputError`: `entry-missing`, those of `choose` and `declare`; `UnavailableError("wal-busy")` once it is declared
    and somebody still reads an older state: it is carried out after that.
    """
    entries = {index: node.entry(index) for index in sorted(set(indexes))}
    targets = [choose(index, entry, pointers) for index, entry in entries.items()]
    said = declare(node.membership, targets, ground)
    node.erased()
    left = sum(len(node.entry(index).disclosures) for index in entries)
    gone = sum(len(entry.disclosures) for entry in entries.values()) - left
    return Erased(tuple(entries), gone, tuple(item.index for item in said))


def finish(node: Node) -> None:
    """Carry out what was declared and is still due, as after a crash."""
    node.erased()
