"""Events as an EPCISQueryDocument: what `/events` answers, and what subscribers are sent.

- What all events say before anything else of their `@context` stands once, at the document; each event keeps only what
  it adds. A document captured whole comes back with the `@context` it had.
- Nothing else of an event is touched here: number text, unknown members and their order stay.

    query_document([event], now=1_782_900_000_000_000)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]

GS1 EPCIS 2.0 sections 8.2.5 (query results) and 10.2 (EPCISQueryDocument).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api.epcis.answers import CONTEXT
from api.epcis.times import text_of

QUERY_NAME = "SimpleEventQuery"


def query_document(
    events: Sequence[Mapping[str, Any]], *, now: int, name: str = QUERY_NAME, subscription: str | None = None
) -> dict[str, Any]:
    """The document of these events, each with its own `@context`; `now`: microseconds since 1970."""
    context, listed = _shared(events)
    results: dict[str, Any] = {} if subscription is None else {"subscriptionID": subscription}
    results |= {"queryName": name, "resultsBody": {"eventList": listed}}
    return {
        "@context": context,
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": text_of(now),
        "epcisBody": {"queryResults": results},
    }


def _shared(events: Sequence[Mapping[str, Any]]) -> tuple[Any, list[dict[str, Any]]]:
    """The `@context` of a document of these events, and the events with what they add to it."""
    contexts = [event.get("@context") for event in events]
    if contexts and contexts[0] is not None and all(each == contexts[0] for each in contexts):
        return contexts[0], [_with(event, []) for event in events]
    listed = [each if isinstance(each, list) else [each] for each in contexts if each is not None]
    common = _beginning(listed) if len(listed) == len(events) else []
    if not common:
        return CONTEXT, [dict(event) for event in events]
    return common, [_with(event, own[len(common) :]) for event, own in zip(events, listed, strict=True)]


def _beginning(lists: Sequence[list[Any]]) -> list[Any]:
    """What all lists begin with."""
    found: list[Any] = []
    for items in zip(*lists, strict=False):
        if any(item != items[0] for item in items):
            break
        found.append(items[0])
    return found


def _with(event: Mapping[str, Any], own: list[Any]) -> dict[str, Any]:
    rest = {name: value for name, value in event.items() if name != "@context"}
    return {"@context": own, **rest} if own else rest
