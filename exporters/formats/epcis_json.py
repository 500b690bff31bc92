"""EPCIS 2.0 in JSON-LD: the events of a lot as they were signed, with the master data that names what is in them.

- Events are in the order of time, and none is left out: one that was declared wrong stands beside its declaration, as
  EPCIS has it. What the bundle hides is not there.
- An event keeps its own `@context` only where it differs from the document's.

    content(paper)["epcisBody"]["eventList"]

GS1 EPCIS 2.0 section 10; FORMATS 2.1.
"""

from collections.abc import Iterator
from typing import Any

from exporters.facts.history import Event
from exporters.files import json_file
from exporters.format import Format, Missing, Need, Paper
from schemas.epcis.context import ADDRESSES
from schemas.epcis.instant import written
from schemas.epcis.own_terms import NAMESPACE, PREFIX

CONTEXT = next(iter(ADDRESSES))


def content(paper: Paper) -> dict[str, Any]:
    """The document."""
    return {
        "@context": [CONTEXT, {PREFIX: NAMESPACE}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": written(max(facts.made for facts in paper.facts)),
        "epcisBody": {"eventList": [dict(event.content) for event in events(paper)]},
    }


def events(paper: Paper) -> list[Event]:
    """The events of all bundles, each once."""
    return list({event.leaf: event for facts in paper.facts for event in facts.events}.values())


def missing(paper: Paper) -> Iterator[Missing]:
    """An event that is not one: whoever made the bundle hid what every event must say."""
    for event in events(paper):
        for name in ("type", "eventTime", "eventTimeZoneOffset"):
            if name not in event.content:
                yield Missing(name, f"{event.index}", "holder", event.index)


FORMAT = Format(
    "epcis-json",
    json_file.KIND,
    "application/ld+json",
    "jsonld",
    direction="both",
    asked_by="asked-epcis-json",
    validator="JSON Schema 2.0.1",
    content=content,
    needs=(Need("eventTime", "eventTime", "recorder"), Need("type", "type", "recorder")),
    missing=missing,
)
