"""What a document or an event says, whichever of JSON-LD and XML it is written in: when two of them are called equal.

Two events are equal when, member by member and in every list in the same order, they hold the same values, where

- a name with a prefix is its namespace and local name, so that prefixes do not matter; the four of GS1 are known;
- an extension's text, number and truth value are the text they are written as, since XML has no other kind;
- an extension's list of one is its one item, what is null or an empty list says nothing, an empty object is
  an empty text;
- a member of an extension is one, whether XML has it as attribute or element;
- a list that XML cannot write empty (`sourceList`, …) is the same empty as absent;
- a standard word is the word, however it is spelled.

The text of a number, of a time and of every other value counts (`exact`). Twins that two programs wrote differ in how
they write times and numbers and in the spaces around a text: they are compared by instant, value and trimmed text.
"""

from decimal import Decimal
from typing import Any

from schemas.epcis.hash_values import instant
from schemas.epcis.holders import EVENT_TYPES, OBJECTS, holder
from schemas.epcis.terms import CODE_LISTS, PREFIXES, Term, term
from schemas.epcis.vocabulary import bare
from schemas.epcis.xml_event import _ANY
from schemas.epcis.xml_layout import NEVER_EMPTY
from schemas.syntax.json_text import Number

HOLDERS = frozenset(row.name for row in OBJECTS)
MDA = "urn:epcglobal:cbv:mda"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Meaning:
    def __init__(self, context: Any, *, exact: bool = True, typed: bool = True) -> None:
        self.exact, self.typed = exact, typed
        self.spaces = {**PREFIXES, "cbvmda": MDA}
        for part in context if isinstance(context, list) else [context]:
            for prefix, iri in part.items() if isinstance(part, dict) else ():
                self.spaces[prefix] = iri.get("@id", "") if isinstance(iri, dict) else iri
        for prefix, iri in self.spaces.items():
            if iri in (f"{MDA}:", f"{MDA}#"):
                self.spaces[prefix] = MDA

    def name(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return f"{{{self.spaces[prefix]}}}{local}" if colon and prefix in self.spaces else name

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        kind = event["type"]
        own = kind in EVENT_TYPES
        terms = {row.name: row for row in holder(kind).terms()} if own else dict(_ANY)
        return {"type": self.name(kind), **self.members(event, terms, ("@context", "type"))}

    def members(self, members: dict[str, Any], terms: dict[str, Term], left: tuple[str, ...] = ()) -> dict[str, Any]:
        said = {}
        for name, value in members.items():
            if name in left:
                continue
            found = terms.get(name)
            meant = self.standard(found, value) if found else self.further(value)
            if meant is not None:
                said[self.name(name)] = meant
        return said

    def standard(self, found: Term, value: Any) -> Any:
        if isinstance(value, list):
            if not value and found.name in NEVER_EMPTY:
                return None
            if found.repeat == "one or list" and len(value) == 1:
                return self.standard(found, value[0])
            return [self.standard(found, item) for item in value]
        if isinstance(value, dict):
            if found.shape not in HOLDERS:
                return self.members(value, {})
            return self.members(value, {row.name: row for row in holder(found.shape).terms()})
        if found.shape in CODE_LISTS and isinstance(value, str):
            return bare(found.shape, value) or value
        if isinstance(value, Number):
            plain = found.name == "quantity" or not self.exact
            return value.decimal() if plain else value.text
        if self.exact or not isinstance(value, str):
            return value
        return instant(value) if found.shape == "time" else " ".join(value.split())

    def further(self, value: Any) -> Any:
        if isinstance(value, dict):
            meant = {self.name(name): self.further(inner) for name, inner in value.items()}
            meant = {name: inner for name, inner in meant.items() if inner is not None}
            if not self.typed:
                meant.pop(XSI_TYPE, None)
            return meant.get("#text") if set(meant) == {"#text"} else meant or ""
        if isinstance(value, list):
            flat = [meant for item in value if (meant := self.further(item)) is not None]
            items = [inner for meant in flat for inner in (meant if isinstance(meant, list) else [meant])]
            return items if len(items) > 1 else items[0] if items else None
        if value is None:
            return None
        text = (
            str(value).lower() if isinstance(value, bool) else value.text if isinstance(value, Number) else str(value)
        )
        return text if self.exact else self.loose(text.strip())

    def loose(self, text: str) -> Any:
        try:
            return Decimal(text).normalize()
        except ArithmeticError:
            pass
        try:
            return instant(text)
        except (ValueError, OverflowError):
            return text


def event_meaning(event: dict[str, Any], *, exact: bool = True, typed: bool = True) -> dict[str, Any]:
    """What an event with its own `@context` says; `typed` False: without the XML Schema types of extensions."""
    return Meaning(event.get("@context"), exact=exact, typed=typed).event(event)


def term_names(name: str) -> tuple[str, ...]:
    return tuple(row.name for row in (term(member, name) for member in holder(name).members))
