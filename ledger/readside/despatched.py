"""What was shipped under a delivery note: the units and lots whose bundles tell of it.

- A note is named by its URI, or by its number as printed: then it is the member's own.
- Units before lots: a bundle of a pallet tells of it and of the lots in it. What one bundle tells of needs no other.

    under(connection, node.entry, uri("2026-1", gln), audience=full())  ->  ("https://id.gs1.org/00/…", …)
"""

from collections.abc import Callable

from ledger.audience import Audience
from ledger.entry.parse import Entry
from ledger.lots.step import step
from ledger.lots.stock import is_unit
from ledger.store.connection import Connection
from ledger.store.event_query import find
from schemas.epcis.query import parse_query
from schemas.errors import InputError

MOST_EVENTS = 200


def uri(document: str, issuer: str | None) -> str:
    """The URI of a note that is named by it, or by its number with who issues it (a GLN); `InputError`
    (`note-issuer`) for a bare number of nobody's."""
    name = document.strip()
    if ":" in name:
        return name
    if issuer is None:
        raise InputError("note-issuer", document=name[:80])
    return f"urn:epcglobal:cbv:bt:{issuer}:{name}"


def under(
    connection: Connection, entry: Callable[[int], Entry], document: str, *, audience: Audience
) -> tuple[str, ...]:
    """The units, then the lots, that an audience may see to have been shipped under a note, as far as the read side has
    come; `InputError("note-unknown")` where there are none."""
    query = parse_query({"EQ_bizTransaction_desadv": [document], "EQ_bizStep": ["shipping"]})
    indexes = find(connection, query, seen_by=audience, limit=MOST_EVENTS).indexes
    steps = [step(index, "", entry(index).content or {}) for index in indexes]
    named = dict.fromkeys(each for found in steps for each in found.moves.objects)
    if not named:
        raise InputError("note-unknown", document=document[:200])
    return tuple(sorted(named, key=lambda each: not is_unit(each)))
