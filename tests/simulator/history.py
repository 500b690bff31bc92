"""Facts without a log: events that all stand, and master data, as a bundle would bring them.

history(event, event).standing
"""

from typing import Any

from exporters.facts.history import Event, Facts
from ledger.lots.master import Version
from ledger.lots.said import Masters
from ledger.lots.step import step
from schemas.gs1.canonical import canonical_uri
from tests.simulator.paperwork import CONTEXT, COOP, masters


def history(*contents: dict[str, Any], said: tuple[dict[str, Any], ...] | None = None) -> Facts:
    """Facts of events that all stand, in this order, with the season's master data."""
    events = tuple(
        Event(index, bytes(32), "urn:uuid:m", content, step(index, "urn:uuid:m", content))
        for index, content in enumerate({"@context": CONTEXT, **content} for content in contents)
    )
    kept = [
        (Version(index, "urn:uuid:m", item["type"], canonical_uri(item["id"]), item["validFrom"], None), item)
        for index, item in enumerate(masters() if said is None else said)
    ]
    members = {"urn:uuid:m": {"name": "Cooperativa Sole", "gln": COOP}}
    return Facts(None, "back", events, events, Masters(kept), members, "log", len(events), 0)
