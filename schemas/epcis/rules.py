"""What is refused at unsigned capture beyond the schema: identifiers that cannot be right, names that are ours.

- Every identifier that looks like GS1's (an EPC URN, or a GS1 Digital Link) has the right length, characters and
  check digit; other URIs are their owners' business. So are documents under a `urn:epc:` scheme nobody registered,
  and addresses in the domains reserved for examples, which identify nothing (RFC 2606).
- No object in an event uses the names `_sd`, `_sd_alg` or `...`: selective disclosure would take them for its own
  (RFC 9901 section 4.2; ARCHITECTURE.md 3.2).

    [p.code for p in problems(event)]  ->  ["wrong-check-digit"]

GS1 General Specifications section 7.9 (check digits); GS1 EPCIS 2.0 section 6.4 (identifiers).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from schemas.epcis.event import EventDict, Problem, pointer
from schemas.epcis.holders import EVENTS, OBJECTS, holder
from schemas.epcis.terms import Term
from schemas.errors import InputError
from schemas.gs1.canonical import check
from schemas.syntax.json_text import Json

RESERVED = frozenset({"_sd", "_sd_alg", "..."})
_EXAMPLE = re.compile(r"https?://([^/:]*\.)?example(\.(com|net|org))?[:/]", re.IGNORECASE)
_OBJECTS = frozenset(row.name for row in OBJECTS)
_NOTHING: "Plan" = {}

# Name -> None where the member itself is an identifier (or a list of them), else what its object holds.
Plan = Mapping[str, "Plan | None"]


def problems(event: EventDict, *, disclosed: bool = False) -> list[Problem]:
    """Everything these rules have against one event, in the order of the members.

    `disclosed`: it is the content of an entry, which could not be read if it used a reserved name.
    """
    hidden = reserved(event) if not disclosed and _uses_reserved(event) else ()
    if not hidden and _sound(event, _event_plan()):
        return []
    found = [Problem("reserved-name", None, pointer(*path), _at(path, name=path[-1])) for path in hidden]
    for path, uri in identifiers(event):
        try:
            check(uri)
        except InputError as error:
            if not _excused(error, path[-1], uri):
                found.append(Problem(error.code, None, pointer(*path), {**error.context, **_at(path)}))
    return found


def _sound(members: Mapping[str, Any], plan: Plan) -> bool:
    """Whether every identifier is right as it stands, which is nearly always so: asked without noting where each is."""
    for name, value in members.items():
        if name not in plan:
            continue
        inner = plan[name]
        for item in value if isinstance(value, list) else (value,):
            if inner is not None:
                if isinstance(item, dict) and not _sound(item, inner):
                    return False
            elif isinstance(item, str) and not _passes(item):
                return False
    return True


def _passes(uri: str) -> bool:
    try:
        check(uri)
    except InputError:
        return False
    return True


def _excused(error: InputError, name: str | int, uri: str) -> bool:
    if _EXAMPLE.match(uri):
        return True
    return error.code == "urn-unknown-scheme" and name == "bizTransaction"


def _at(path: tuple[str | int, ...], **more: Any) -> dict[str, Any]:
    return {"member": pointer(*path), **more}


def identifiers(event: EventDict) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of the event that names an object, place, party, device or document, with its path."""
    return _walk(event, (), _event_plan())


def _walk(members: Any, path: tuple[str | int, ...], plan: Plan) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name, inner in plan.items():
        value = members.get(name)
        if value is None:
            continue
        for position, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            place = (*path, name) if position is None else (*path, name, position)
            if inner is None and isinstance(item, str):
                yield place, item
            elif inner is not None and isinstance(item, dict):
                yield from _walk(item, place, inner)


@cache
def _event_plan() -> Plan:
    """What to look at in an event of any type: the members that some type has."""
    terms = {row.name: row for event in EVENTS for row in event.terms()}
    return {name: inner for name, row in terms.items() if (inner := _inside(row)) != _NOTHING}


def _inside(term: Term) -> "Plan | None":
    """`None`: the value itself identifies; a plan: something inside it does; empty: nothing does."""
    if term.shape not in _OBJECTS:
        return None if term.identifies else _NOTHING
    rows = holder(term.shape).terms()
    return {row.name: inner for row in rows if (inner := _inside(row)) != _NOTHING}


def _uses_reserved(value: Json) -> bool:
    """Whether a reserved name stands anywhere: asked of every event, and nearly always no."""
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if type(item) is dict:
            if "_sd" in item or "..." in item or "_sd_alg" in item:
                return True
            waiting += item.values()
        elif type(item) is list:
            waiting += item
    return False


def reserved(value: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every reserved name at any depth."""
    found: list[tuple[str | int, ...]] = []
    if isinstance(value, dict):
        if not RESERVED.isdisjoint(value):
            found += [(*path, name) for name in value if name in RESERVED]
        for name, item in value.items():
            if isinstance(item, dict | list):
                found += reserved(item, (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            if isinstance(item, dict | list):
                found += reserved(item, (*path, position))
    return found
