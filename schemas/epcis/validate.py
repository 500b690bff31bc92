"""The verdict of our EPCIS schema on a document or event: the one door to the schema engine.

- Each event is judged by the schema of its own type, so that an error names what is wrong with it and not
  every type it is not.
- Valid or invalid is what the ratified schema 2.0.1 says of JSON with format assertion; a list of bare events, which
  that schema does not know, is judged event by event. XML may lack what only JSON demands (docs/adr/0033).
- The engine needs of a number only that it is one: it gets the nearest double, the document keeps its text.

    [p.code for p in problems(b'{"type":"ObjectEvent", …}')]  ->  ["time-without-zone"]

GS1 EPCIS 2.0 section 10.2; JSON Schema draft 7 with `format` asserted.
"""

from collections.abc import Iterable
from functools import cache
from math import copysign, isfinite
from sys import float_info
from typing import Any

import jsonschema_rs

from schemas.epcis.binding import Binding
from schemas.epcis.event import EventDict, Sent, envelope, split
from schemas.epcis.event import Problem as Problem
from schemas.epcis.explain import problem_of, shown
from schemas.epcis.holders import EVENT_TYPES, EXTENDED
from schemas.epcis.json_schema import part
from schemas.syntax.json_text import Json, Number, read

LARGEST = float_info.max
_ROOT = {"member": "/"}

# Each error of the engine brings the whole event along: of a larger one that is wrong everywhere, only the first
# place is named, or a single hostile record would hold the machine for minutes.
MOST_EXPLAINED = 2_000


def problems(document: bytes) -> list[Problem]:
    """Everything the schema has against a document; `InputError` where it is not strict JSON."""
    tree = read(document)
    sent = split(tree)
    found = document_problems(tree, sent)
    for index, event in enumerate(sent.events):
        position = None if sent.kind == "event" else index
        found += event_problems(event, position, bare=sent.kind in ("event", "list"))
    return found


def document_problems(tree: Json, sent: Sent) -> list[Problem]:
    """What is wrong with the document around its events; nothing where there is none around them."""
    if sent.kind in ("event", "list") or not isinstance(tree, dict):
        return []
    return _judge(sent.kind, plain(envelope(tree)), None)


def event_problems(
    event: Json, index: int | None = None, *, bare: bool = True, binding: Binding = "json"
) -> list[Problem]:
    """What is wrong with one event that came in `binding`; `bare`: alone, so that it must carry its `@context`."""
    if not isinstance(event, dict):
        return [Problem("member-not-object", index, "", {**_ROOT, "value": shown(event)})]
    kind = event.get("type")
    if not isinstance(kind, str):
        code = "member-not-text" if "type" in event else "missing-member"
        return [Problem(code, index, "/type", {"member": "/type", "name": "type", "value": shown(kind)})]
    found = _judge(_definition(kind), plain(event), index, binding)
    if bare and "@context" not in event:
        found.append(Problem("missing-member", index, "/@context", {"member": "/@context", "name": "@context"}))
    return found


def is_valid(event: EventDict) -> bool:
    """Whether a bare event has no problem: the verdict alone, quicker where there are reasons to give."""
    kind = event.get("type")
    if not isinstance(kind, str) or "@context" not in event:
        return False
    return bool(_validator(_definition(kind)).is_valid(plain(event)))


def _definition(kind: str) -> str:
    return kind if kind in EVENT_TYPES else EXTENDED.name


def _judge(name: str, value: Any, index: int | None, binding: Binding = "json") -> list[Problem]:
    validator = _validator(name, binding)
    if validator.is_valid(value):
        return []
    if _nodes(value) > MOST_EXPLAINED:
        try:
            validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return [problem_of(error, index)]
    return _distinct(problem_of(error, index) for error in validator.iter_errors(value))


def _nodes(value: Any) -> int:
    """How many values a tree holds."""
    count, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        count += 1
        waiting.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
    return count


def _distinct(found: Iterable[Problem]) -> list[Problem]:
    """One problem per place; that ilmd wants another action is said only of an action that is one."""
    first: dict[str, Problem] = {}
    for problem in sorted(found, key=lambda problem: problem.code == "ilmd-without-add"):
        first.setdefault(problem.member, problem)
    return sorted(first.values(), key=lambda problem: problem.member)


@cache
def _validator(name: str, binding: Binding = "json") -> Any:
    """The engine for one definition of the schema, compiled at its first use."""
    return jsonschema_rs.Draft7Validator(part(name, binding), validate_formats=True)


def plain(value: Any) -> Any:
    """A tree as the engine takes it: a `Number` becomes a double, everything else stays."""
    kind = type(value)
    if kind is dict:
        return {name: item if type(item) is str else plain(item) for name, item in value.items()}
    if kind is Number:
        # The nearest finite double: the engine has no infinity, and a number too large for one is still a number.
        double = float(value.text)
        return double if isfinite(double) else copysign(LARGEST, double)
    if kind is list:
        return [item if type(item) is str else plain(item) for item in value]
    return value
