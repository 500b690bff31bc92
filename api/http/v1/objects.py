"""JSON objects that requests carry: named members of known kinds, and nothing else.

    said = read_object(ask.body, required={"name": str}, optional={"days": int})

A member that is missing, unknown or of another kind is named in the refusal; what it held is not said again.
"""

from collections.abc import Mapping
from typing import Any

from api.bodies import read_json
from schemas.errors import InputError
from schemas.syntax.json_text import Number, write

Kind = type
_NAMES: Mapping[type, str] = {str: "string", int: "integer", list: "array of strings", bool: "boolean"}


def read_object(body: bytes, *, required: Mapping[str, Kind], optional: Mapping[str, Kind]) -> dict[str, Any]:
    """The members of a request's object.

    `InputError`: `request-no-object`, `request-member-missing`, `request-member-unknown`, `request-member-kind`, and
    those of the JSON reader. Absent and null are the same for what is optional.
    """
    tree = read_json(body)
    if not isinstance(tree, dict):
        raise InputError("request-no-object")
    known = {**required, **optional}
    for name in tree:
        if name not in known:
            raise InputError("request-member-unknown", name=name[:40], known=", ".join(known))
    found = {}
    for name, kind in known.items():
        value = tree.get(name)
        if value is None:
            if name in required:
                raise InputError("request-member-missing", name=name)
            continue
        found[name] = _of_kind(name, value, kind)
    return found


def read_jwk(body: bytes) -> tuple[dict[str, str], bytes]:
    """The public key in a request's member `jwk`, and the request without it.

    `InputError`: `request-no-object`, `request-member-missing`, `request-member-kind`, those of the JSON reader.
    """
    tree = read_json(body)
    if not isinstance(tree, dict):
        raise InputError("request-no-object")
    jwk = tree.pop("jwk", None)
    if jwk is None:
        raise InputError("request-member-missing", name="jwk")
    if not isinstance(jwk, dict) or not all(isinstance(value, str) for value in jwk.values()):
        raise InputError("request-member-kind", name="jwk", expected="object of strings")
    return {name: str(value) for name, value in jwk.items()}, write(tree)


def _of_kind(name: str, value: Any, kind: Kind) -> Any:
    if kind is int and isinstance(value, Number):
        if value.text.isdigit() and len(value.text) <= 16:
            return int(value.text)
    elif kind is list and isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return value
    elif isinstance(value, kind) and kind is not list:
        return value
    raise InputError("request-member-kind", name=name, expected=_NAMES[kind])
