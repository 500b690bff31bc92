"""Our JSON Schema of EPCIS 2.0, generated from the tables of terms and holders.

- Its verdict is that of the ratified schema 2.0.1 with format assertion, on whatever is sent; its form is ours:
  one definition per holder and per shape, so that an error names the rule that was broken.
- Each event is judged by the definition of its type; any other type is an extension and must be a URI.
- What comes in XML is judged by the same definitions, less what only JSON demands (`Holder.json_asks`).
- Official gaps are kept, since a verdict must not depend on who gives it (`Holder.unjudged`); what we demand
  beyond the standard is in `rules.py`.

    schema()["definitions"]["quantity"]["required"]  ->  ["epcClass"]

GS1 EPCIS 2.0 section 10.2; JSON Schema draft 7.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeAlias

from schemas.epcis.binding import Binding
from schemas.epcis.holders import DOCUMENTS, EVENTS, EXTENDED, OBJECTS, Holder
from schemas.epcis.terms import CODE_LISTS, Term
from schemas.lists.table import rows

Schema: TypeAlias = "dict[str, Any]"

SCHEMA_ID = "urn:filiera:schema:epcis:2.0"
# URIs of GS1's own vocabularies: the standard writes their words bare, so the long form is refused.
_OWN = {"cbv": r"^(urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/)", "gs1": r"^https?://(www\.)?gs1\.org/voc/"}

_CONTEXT_ITEM: Schema = {"anyOf": [{"type": "string", "format": "uri"}, {"type": "object"}]}
SHAPES: dict[str, Schema] = {
    "text": {"type": "string"},
    "uri": {"type": "string", "format": "uri"},
    "time": {"type": "string", "format": "date-time"},
    "zone": {"type": "string", "pattern": r"^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "hex": {"type": "string", "pattern": "^[0-9A-Fa-f]+$"},
    "unit": {"type": "string", "pattern": "^[A-Z0-9]{2,3}$"},
    "version": {"type": "string", "pattern": r"^\d+(\.\d+)*$"},
    "action": {"type": "string", "enum": ["OBSERVE", "ADD", "DELETE"]},
    "ilmd": {"type": "object", "propertyNames": {"$ref": "#/definitions/uri"}},
    "attributeValue": {"type": ["number", "string", "object"]},
    "context": {"anyOf": [*_CONTEXT_ITEM["anyOf"], {"type": "array", "uniqueItems": True, "items": _CONTEXT_ITEM}]},
}


@cache
def definitions(binding: Binding = "json") -> Schema:
    """Every shape, code list, object, event and document, by name."""
    lists = {name: _words(name) for name in CODE_LISTS}
    holders = {holder.name: _holder(holder, binding) for holder in (*OBJECTS, *EVENTS, *DOCUMENTS)}
    extended = _holder(EXTENDED, binding)
    extended["properties"]["type"] = _ref("uri")
    return {**SHAPES, **lists, **holders, EXTENDED.name: extended, "event": _event()}


@cache
def schema() -> Schema:
    """The whole schema: a document of either kind, or a bare event with its `@context`."""
    branches = [_when(document.name, _ref(document.name)) for document in DOCUMENTS]
    bare = {"allOf": [_ref("event"), {"required": ["@context"]}]}
    otherwise = {"if": _type_in(document.name for document in DOCUMENTS), "else": bare}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA_ID,
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string"}},
        "allOf": [*branches, otherwise],
        "definitions": definitions(),
    }


def part(name: str, binding: Binding = "json") -> Schema:
    """The schema of one definition by itself; an `event` inside it is left unjudged (each is judged on its own)."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": f"#/definitions/{name}",
        "definitions": {**definitions(binding), "event": {}},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _type_in(names: Iterable[str]) -> Schema:
    return {"properties": {"type": {"enum": list(names)}}}


def _when(name: str, then: Schema) -> Schema:
    return {"if": _type_in([name]), "then": then}


def _event() -> Schema:
    own = [event.name for event in EVENTS]
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string"}},
        "allOf": [*(_when(name, _ref(name)) for name in own), {"if": _type_in(own), "else": _ref(EXTENDED.name)}],
    }


def _words(name: str) -> Schema:
    """A bare word of the list, or a URI of somebody else's vocabulary."""
    foreign = {"type": "string", "format": "uri", "not": {"pattern": _OWN[CODE_LISTS[name]]}}
    return {"anyOf": [{"enum": [row["word"] for row in rows(name)]}, foreign]}


def _value(term: Term, at_least: int) -> Schema:
    one = _ref(term.shape)
    if term.repeat == "one":
        return one
    many: Schema = {"type": "array", "items": one}
    if term.repeat == "set":
        many["uniqueItems"] = True
    if at_least:
        many["minItems"] = at_least
    return {"anyOf": [many, one]} if term.repeat == "one or list" else many


def _holder(holder: Holder, binding: Binding) -> Schema:
    required = [name for name in holder.required if binding == "json" or name not in holder.json_asks]
    least = dict(holder.at_least)
    judged = [term for term in holder.terms() if term.name not in holder.unjudged]
    properties = {term.name: _value(term, least.get(term.name, term.at_least)) for term in judged}
    out: Schema = {"type": "object", "properties": properties, "required": required}
    if holder.further == "none":
        out["additionalProperties"] = False
    elif holder.further == "uri":
        out["propertyNames"] = {"anyOf": [{"enum": list(holder.members)}, _ref("uri")]}
    if holder.enough:
        out["anyOf"] = [_alternative(conditions) for conditions in holder.enough]
    if holder.ilmd_with:
        out["if"] = {"required": ["ilmd"]}
        out["then"] = {"properties": {"action": {"const": holder.ilmd_with}}}
    return out


def _alternative(conditions: tuple[str, ...]) -> Schema:
    required: list[str] = []
    properties: Schema = {}
    for condition in conditions:
        name, equals, value = condition.partition("=")
        if equals:
            properties[name] = {"const": value}
        elif name.endswith("+"):
            properties[name[:-1]] = {"minItems": 1}
        required.append(name.removesuffix("+"))
    return {"required": required, "properties": properties}
