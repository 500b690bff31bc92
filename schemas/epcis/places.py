"""Where identifiers and words stand in an event: one table for all who read or write them in another spelling.

- Derived from the tables of terms and holders: a member is an identifier, a word of a code list, or an object (or a
  list of objects) with members of its own. Everything else, and whatever is not of that shape, is let alone.
- `translate` gives the event with some texts replaced; what does not change is shared, and an event in which nothing
  changes is given back as it is.
- Names of events (`eventID`, `correctiveEventIDs`), certificates and vocabularies name no object and are not here.

    translate(event, uri=lambda text, path: canonical_uri(text), word=lambda code_list, text, path: text)

GS1 EPCIS 2.0 section 7.4; CBV 2.0 sections 7 and 8.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final, TypeAlias

from schemas.epcis.event import Path
from schemas.epcis.holders import EVENTS, OBJECTS, holder
from schemas.epcis.terms import Term
from schemas.syntax.json_text import Json

# Member -> "uri", the code list of its words, or what the object it holds has in turn.
Places: TypeAlias = "Mapping[str, str | Places]"
Respell: TypeAlias = "Callable[[str, Path], str]"
URI: Final = "uri"

_OBJECTS = frozenset(row.name for row in OBJECTS)
# A reading's value may name anything, so a GS1 identifier too: spelled like one, though not judged as one.
_MAY_IDENTIFY = frozenset({"uriValue"})


@cache
def places() -> Places:
    """Every place of an event of any type."""
    terms = {row.name: row for event in EVENTS for row in event.terms()}
    return _of(terms.values())


def _of(terms: Iterable[Term]) -> Places:
    found = {row.name: _inside(row) for row in terms}
    return {name: inner for name, inner in found.items() if inner}


def _inside(term: Term) -> "str | Places":
    if term.shape in _OBJECTS:
        return _of(holder(term.shape).terms())
    return term.words or (URI if term.identifies or term.name in _MAY_IDENTIFY else "")


def translate(
    event: Mapping[str, Json], uri: Respell, word: Callable[[str, str, Path], str], plan: "Places | None" = None
) -> Mapping[str, Json]:
    """The event with each identifier as `uri(text, path)` and each word as `word(code_list, text, path)` has it.

    `plan`: the places of another object than an event.
    """

    def members(held: Mapping[str, Json], plan: Places, path: Path) -> Mapping[str, Json]:
        changed: dict[str, Json] = {}
        for name, inner in plan.items():
            if name in held:
                before = held[name]
                after = several(before, inner, (*path, name))
                if after is not before:
                    changed[name] = after
        return {**held, **changed} if changed else held

    def several(value: Json, inner: "str | Places", path: Path) -> Json:
        if not isinstance(value, list):
            return one(value, inner, path)
        items = [one(item, inner, (*path, place)) for place, item in enumerate(value)]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items

    def one(value: Json, inner: "str | Places", path: Path) -> Json:
        if isinstance(value, dict) and not isinstance(inner, str):
            return dict(found) if (found := members(value, inner, path)) is not value else value
        if not isinstance(value, str) or not isinstance(inner, str):
            return value
        after = uri(value, path) if inner == URI else word(inner, value, path)
        return value if after == value else after

    return members(event, places() if plan is None else plan, ())
