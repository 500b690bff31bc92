"""What the buyer's page shows of one lot: the verdicts of its bundle, its journey, its steps, recalls that stand.

- Everything but the recalls is made from one bundle, the one that the page offers to take away: what she sees is what
  she can check.
- The verdicts are this server's, for a first look; the page says so, and how to have them from a program of her own.

    lot_of(visit, "(01)09521001002011(10)F26175").account.verdicts["complete"]

ARCHITECTURE.md rule 5; FORMATS 5.1, 6.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.pages.shell.visit import Visit
from api.verbs.export_bundle import export_bundle, may_know, object_uri
from api.verbs.recalls import Recalls, recall_status
from api.verbs.verify import trusted_here, verify
from exporters.facts.figures import amount, moment, number
from exporters.facts.history import Event, Facts, kind_of, read
from exporters.facts.journey import Journey, Thing, journey
from ledger.readside.named import named
from ledger.verify.account import Account
from schemas.wording import Language, sentence, words


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot, as this visitor may see it."""

    uri: str
    account: Account
    facts: Facts
    told: Journey
    recalls: Recalls


def lot_of(visit: Visit, text: str) -> Lot:
    """The lot that a text names, in any form. `InputError`: `lot-expected`, `unknown-lot`, those of `recognise`."""
    node, uri = visit.node, object_uri(text)
    known = recall_status(node, uri, audience=visit.audience)
    data = export_bundle(
        node, uri, direction="both", audience=visit.audience, knows=may_know(node, visit.audience),
        naming=named(node, visit.audience, visit.audience),
    )  # fmt: skip
    facts = read(data)
    account = verify(data, known=trusted_here(node, visit.settings.policies))
    return Lot(uri, account, facts, journey(facts), known)


def ways_of(lot: Lot, language: Language) -> Iterator[dict[str, str]]:
    """The rows that say what the drawing shows: what became what, how much of it."""
    for way in lot.told.ways:
        source, target = lot.told.things.get(way.source), lot.told.things.get(way.target)
        if source is not None and target is not None:
            yield {
                "source": source.uri, "source_name": _named(source, language), "source_code": source.code,
                "target": target.uri, "target_name": _named(target, language), "target_code": target.code,
                "sort": target.sort, "amount": amount(way.amount, language),
                "kilograms": "" if way.weight is None else format(way.weight, "f"),
                "weight": "–" if way.weight is None else number(way.weight, language),
            }  # fmt: skip


def _named(thing: Thing, language: Language) -> str:
    return thing.name or sentence(f"drawing-{thing.sort}", {}, language)


def steps_of(lot: Lot, language: Language) -> Iterator[dict[str, Any]]:
    """The events along time, those that do not stand marked."""
    standing = {event.index for event in lot.facts.standing}
    spoken = words(language)
    for event in lot.facts.events:
        step = event.step
        yield {
            "index": event.index,
            "when": moment(event.at, str(event.content.get("eventTimeZoneOffset", "+00:00")), language),
            "time": event.content.get("eventTime"),
            "step": spoken.get(f"step-{kind_of(event)}", kind_of(event)),
            "who": str(lot.facts.members.get(event.member, {}).get("name", event.member)),
            "where": _where(lot.facts, event),
            "flows": [
                {
                    "uri": flow.uri, "role": flow.role, "amount": amount(flow.amount, language),
                    "code": lot.told.things[flow.uri].code if flow.uri in lot.told.things else flow.uri,
                    "known": flow.uri in lot.told.things,
                }
                for flow in step.flows
            ],
            "stands": event.index in standing,
        }  # fmt: skip


def _where(facts: Facts, event: Event) -> str:
    uri = event.step.read_point or event.step.biz_location or ""
    return facts.masters.called(uri, event.at, event.member) or uri.rpartition("/")[2]
