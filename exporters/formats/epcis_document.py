"""The one EPCIS document of a paper, which each EPCIS format spells in its own way.

- Events are in the order of time, and none is left out: one that was declared wrong stands beside its declaration, as
  EPCIS has it. What the bundle hides is not there. Members are in the order of EPCIS.
- An event keeps of its `@context` what the document's does not say.
- The header has the master data of what the events name, where there is any.
- What every event must say and the bundle hides is missing, as is a member that an object in it cannot be without.
- A buyer's profile may ask for more (`exporters.profiles.rules`).

    document(paper)["epcisBody"]["eventList"]

GS1 EPCIS 2.0 sections 9.4, 10; FORMATS 2.1; docs/adr/0048-epcis-made-from-a-bundle-alone.md.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from exporters.facts.history import Event
from exporters.format import Loss, Missing, Need, Paper
from exporters.formats.epcis_vocabularies import vocabularies
from exporters.profiles.apply import applied, milliseconds
from exporters.profiles.apply import losses as left_out
from exporters.profiles.apply import missing as lacked
from exporters.profiles.rules import rules
from exporters.spill import Picked
from schemas.epcis.context import ADDRESSES
from schemas.epcis.instant import written
from schemas.epcis.lacking import lacking
from schemas.epcis.member_order import in_order
from schemas.epcis.own_terms import NAMESPACE, PREFIX
from schemas.syntax.json_text import Json

CONTEXT: tuple[Json, ...] = (next(iter(ADDRESSES)), {PREFIX: NAMESPACE})
NEEDS = (Need("eventTime", "eventTime", "recorder"), Need("type", "type", "recorder"))


def document(paper: Paper) -> dict[str, Any]:
    """The document in the JSON-LD model; its events are made as they are asked for."""
    said, asked = vocabularies(paper), rules(paper.profile.options)
    header = {"epcisMasterData": {"vocabularyList": said}}
    found = events(paper)
    listed = Picked(lambda place: applied(asked, found[place], members_of(found[place])), range(len(found)))
    created = written(max(facts.made for facts in paper.facts))
    return {
        "@context": list(CONTEXT),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": milliseconds(created) if asked.times else created,
        **({"epcisHeader": header} if said else {}),
        "epcisBody": {"eventList": listed},
    }


def events(paper: Paper) -> Sequence[Event]:
    """The events of all bundles, each once: where the first that has it has it, as the last does."""
    found: dict[bytes, tuple[int, int]] = {}
    for bundle, facts in enumerate(paper.facts):
        found |= {event.leaf: (bundle, place) for place, event in enumerate(facts.events)}
    places = tuple(found.values())

    def event(number: int) -> Event:
        bundle, place = places[number]
        return paper.facts[bundle].events[place]

    return Picked(event, range(len(places)))


def members_of(event: Event) -> dict[str, Json]:
    """The event as it stands in a document with our context."""
    ordered = in_order(event.content)
    context = ordered.pop("@context", [])
    own = [item for item in (context if isinstance(context, list) else [context]) if item not in CONTEXT]
    return {"@context": own, **ordered} if own else ordered


def missing(paper: Paper) -> Iterator[Missing]:
    """What whoever made the bundle hid, and no event can be without; and what a buyer asks beyond it."""
    asked = rules(paper.profile.options)
    for event in events(paper):
        for place in lacking(event.content):
            yield Missing(place.lstrip("/"), event.about, "holder", event.index)
        yield from lacked(asked, event, applied(asked, event, members_of(event)), list(CONTEXT))


def losses(paper: Paper) -> Iterator[Loss]:
    """What the buyer's profile leaves out."""
    asked = rules(paper.profile.options)
    for event in events(paper):
        yield from left_out(asked, event)
