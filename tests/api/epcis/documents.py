"""Documents as clients send them."""

from typing import Any

from schemas.syntax import json_text
from tests.simulator.phones import CONTEXT, observed, unit

BAD = {"type": "ObjectEvent", "eventTime": "2026-07-01T08:00:00", "eventTimeZoneOffset": "+02:00", "action": "OBSERVE"}
"""An event without a zone in its time, and with nothing observed."""


def bare(event: dict[str, Any]) -> dict[str, Any]:
    """The event as it stands in a document: the context is the document's."""
    return {name: value for name, value in event.items() if name != "@context"}


def seen(serial: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    """An event of a document that saw one unit."""
    return bare(observed(unit(serial), minute=minute, **more))


def document(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An EPCISDocument."""
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-01T10:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **more,
    }


def query_document(*events: dict[str, Any]) -> dict[str, Any]:
    """The same as an EPCISQueryDocument."""
    results = {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": list(events)}}
    return document(type="EPCISQueryDocument", epcisBody={"queryResults": results})


def text(tree: Any) -> bytes:
    """A document as bytes."""
    return json_text.write(tree)
