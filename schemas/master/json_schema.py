"""The JSON Schema of master data, generated from the table of terms: for who writes it with other tools.

- It gives the form. Check digits, the outline of a field and what members say together are `judge`'s: whatever that
  takes, this takes too, and a test holds them to it.

    schema()["$defs"]["product"]["required"]  ->  ["type", "id", "validFrom", "name", "quantityType"]

JSON Schema 2020-12.
"""

from functools import cache
from typing import Any

from schemas.master.shapes import SHAPES
from schemas.master.terms import KINDS, OBJECTS, Field, fields

SCHEMA_ID = "urn:filiera:schema:master:1"


@cache
def schema() -> dict[str, Any]:
    """One version of one thing, or a list of such."""
    kinds = {kind: _object(kind) for kind in KINDS}
    for kind, made in kinds.items():
        made["properties"]["type"] = {"const": kind}
    one = {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "anyOf": [one, {"type": "array", "minItems": 1, "items": one}],
        "$defs": {
            **{name: dict(form) for name, (_, form) in SHAPES.items()},
            **{name: _object(name) for name in OBJECTS},
            **kinds,
        },
    }


def _object(name: str) -> dict[str, Any]:
    known = fields(name)
    made: dict[str, Any] = {"type": "object", "properties": {field.name: _value(field) for field in known.values()}}
    required = [field.name for field in known.values() if field.required]
    if required:
        made["required"] = required
    # A name that is an absolute URI is somebody's extension.
    made["patternProperties"] = {"^[A-Za-z][A-Za-z0-9+.-]*:": {}}
    made["additionalProperties"] = False
    return made


def _value(field: Field) -> dict[str, Any]:
    one: dict[str, Any] = {"enum": list(field.words)} if field.words else {"$ref": f"#/$defs/{field.shape}"}
    return {"type": "array", "items": one, "minItems": 1, "uniqueItems": True} if field.many else one
