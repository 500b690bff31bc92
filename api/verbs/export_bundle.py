"""Export a bundle: a lot's history, or one event's, with the proofs that make it checkable offline.

- A lot is named in any form that GS1 has for it, or by an absolute URI of its member's.
- Whoever exports says for whom (`ledger.audience`); there is no default.
- What an audience may not know of is answered like what is not there (`may_know`).
- A writer makes a snapshot first, so that the bundle speaks of everything logged until now.

    data = export_bundle(node, "(01)09520001000011(10)P-7", direction="back", audience=full())

ARCHITECTURE.md 3.7, section 7 (`export bundle`).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from ledger.audience import Audience
from ledger.bundle import Direction
from ledger.node import Node
from ledger.prove import Naming, Source, nothing, prove
from ledger.store import visibility
from schemas.errors import InputError
from schemas.gs1.canonical import check, tagged_object
from schemas.gs1.recognise import recognise


class Ledger(Protocol):
    """What is asked of an opened node."""

    @property
    def source(self) -> Source:
        """The log as a source of proofs."""
        ...

    def snapshot(self) -> int:
        """Write a snapshot of everything committed; `InputError("read-only")` where this node does not write."""
        ...


def everything(_: str | int) -> bool:
    """Whoever asks may know of every lot and entry."""
    return True


def export_bundle(
    node: Ledger,
    lot: str | None = None,
    *,
    entry: int | None = None,
    direction: Direction,
    audience: Audience,
    knows: Callable[[str | int], bool] = everything,
    naming: Naming = nothing,
    keys: Sequence[str] = (),
) -> bytes:
    """The bundle about a lot or unit, or with `entry` about the event at that index; `knows`: whether who asks may
    know that it exists; `naming`: the master data to bring; `keys`: those whose standing to show besides.

    `InputError`: `bundle-of-what` unless exactly one of the two is given, `lot-expected` for an identifier that names
    no lot, unit or item, and what `prove` and `recognise` raise.
    """
    if (lot is None) == (entry is None):
        raise InputError("bundle-of-what")
    subject = object_uri(lot) if lot is not None else int(entry or 0)
    _newest_snapshot(node)
    try:
        if not knows(subject):
            raise _unknown(node, subject)
        return prove(node.source, subject, direction, audience, naming=naming, keys=keys)
    except InputError as error:
        # Said only of what the log does not hold: a name that was logged is exported as it was logged.
        if lot is not None and error.code == "unknown-lot":
            check(lot.strip())
        raise


def may_know(node: Node, audience: Audience) -> Callable[[str | int], bool]:
    """Whether somebody may know of a lot (canonical URI) or an entry (index): where it sees a part of it."""

    def knows(subject: str | int) -> bool:
        if isinstance(subject, str):
            node.settled()
            with node.store.read() as connection:
                return visibility.knows_lot(connection, audience, subject)
        with node.store.read() as connection:
            if audience.whole or visibility.was_published(connection, subject):
                return True
        try:
            return audience.opens(node.entry(subject))
        except InputError:
            return False

    return knows


def _unknown(node: Ledger, subject: str | int) -> InputError:
    """What is said of a lot or an entry that the log does not hold."""
    if isinstance(subject, str):
        return InputError("unknown-lot", lot=subject)
    return InputError("no-entry", index=subject, size=node.source.snapshot())


def _newest_snapshot(node: Ledger) -> None:
    """A node that only reads proves from the last snapshot its writer made."""
    try:
        node.snapshot()
    except InputError as error:
        if error.code != "read-only":
            raise


def object_uri(text: str) -> str:
    """The canonical URI of a lot, unit or item in any of its forms; an absolute URI that is not GS1's as written."""
    name = text.strip()
    if ":" not in name or name.startswith("("):
        name = recognise(name).digital_link
    found = tagged_object(name)
    if found is None:
        raise InputError("lot-expected", value=text[:200])
    return found
