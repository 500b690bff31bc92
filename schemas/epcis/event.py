"""What is sent: a document's events, each with the `@context` it stands in, and what is wrong with one.

- An event is signed with its own copy of its document's `@context`, its own appended (ARCHITECTURE.md 3.1);
  what its document already gives is not repeated, since EPCIS refuses a context that says one thing twice.
- Nothing else of an event is touched: unknown members, their order and the text of numbers stay.
- Accepted are an EPCISDocument, an EPCISQueryDocument, a bare event and a list of bare events.

    sent = split(json_text.read(data)); [with_context(sent.context, event) for event in sent.events]

EPCIS 2.0 section 10.1 (documents) and 10.3 (JSON-LD).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from schemas.syntax.json_text import Json

EventDict: TypeAlias = "dict[str, Json]"
# Names and positions that lead to a member, for `pointer`.
Path: TypeAlias = "tuple[str | int, ...]"

# Where the events of each kind of document stand (EPCIS 2.0 JSON schema, section 10.3).
EVENTS_AT = {
    "EPCISDocument": ("epcisBody", "eventList"),
    "EPCISQueryDocument": ("epcisBody", "queryResults", "resultsBody", "eventList"),
}
# Contexts longer than this, together, are not compared item by item.
MAX_COMPARED = 64


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `code` with the values of its sentence, and where.

    `event` is the position of the event in its document, from 0, or `None` for the document around the events;
    `member` is a JSON pointer (RFC 6901) inside that event or document, empty for the whole of it.
    """

    code: str
    event: int | None = None
    member: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A document taken apart: its type, its own `@context` (None: none of its own), its events as written."""

    kind: str
    context: Json
    events: tuple[Json, ...]


def split(tree: Json) -> Sent:
    """The events of a document, or the bare events themselves (`kind` is then `event` or `list`)."""
    if isinstance(tree, list):
        return Sent("list", None, tuple(tree))
    kind = tree.get("type") if isinstance(tree, dict) else None
    if not isinstance(tree, dict) or not isinstance(kind, str) or kind not in EVENTS_AT:
        return Sent("event", None, (tree,))
    found: Json = tree
    for name in EVENTS_AT[kind]:
        found = found.get(name) if isinstance(found, dict) else None
    return Sent(kind, tree.get("@context"), tuple(found) if isinstance(found, list) else ())


def envelope(tree: dict[str, Json]) -> dict[str, Json]:
    """The document around its events: the same members, an event list emptied; shares everything else."""
    return _emptied(tree, EVENTS_AT[str(tree["type"])])


def _emptied(tree: dict[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    inner = tree.get(path[0])
    if len(path) == 1:
        return {**tree, path[0]: []} if isinstance(inner, list) else tree
    return {**tree, path[0]: _emptied(inner, path[1:])} if isinstance(inner, dict) else tree


def with_context(context: Json, event: EventDict) -> EventDict:
    """The event with its own copy of `context` (of its document), its own appended; `context` None: as it is."""
    if context is None:
        return event
    if "@context" not in event:
        return {"@context": context, **event}
    if event["@context"] == context:
        return event
    given, own = _listed(context), _listed(event["@context"])
    return {**event, "@context": [*given, *_unsaid(own, given)]}


def _unsaid(own: list[Json], given: list[Json]) -> list[Json]:
    """What `own` adds to `given`. One that repeats itself, or is absurdly long, stays whole: the schema judges it."""
    fresh = [item for item in own if item not in given] if len(own) + len(given) <= MAX_COMPARED else own
    repeating = len(fresh) < len(own) and any(item in own[:place] for place, item in enumerate(own))
    return own if repeating else fresh


def _listed(context: Json) -> list[Json]:
    return context if isinstance(context, list) else [context]


def pointer(*path: str | int) -> str:
    """The JSON pointer (RFC 6901) of a path of names and positions."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
