"""Texts that have one spelling: base64url, JSON without ambiguity, RFC 8785. From docs/spec/entry.md, section 1."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

LIMIT = 2**53


class Refused(Exception):
    """What was read breaks the rule that `code` names."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Number(str):
    """A number below `content`, as it was written."""

    __slots__ = ()


def need(condition: object, code: str) -> None:
    if not condition:
        raise Refused(code)


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: object, length: int | None = None, code: str = "base64url") -> bytes:
    """The bytes of a base64url text in its only spelling; `code` where it is no text or of another length."""
    need(isinstance(text, str), code)
    try:
        data = urlsafe_b64decode(str(text).encode("ascii") + b"=" * (-len(str(text)) % 4))
    except (Error, ValueError):
        raise Refused("base64url") from None
    need(b64(data) == text, "base64url")
    need(length is None or len(data) == length, code)
    return data


def digest(text: object) -> bytes:
    """A SHA-256 digest as entries write it."""
    need(isinstance(text, str) and len(str(text)) == 43, "entry-digest")
    return unb64(text)


def read(data: bytes, *, integers: bool = True) -> Any:
    """One JSON value: with integers alone, or with the text of its numbers kept."""
    try:
        text = data.decode("utf-8")
        tree = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer if integers else _number,
            parse_float=_fraction if integers else _number,
            parse_constant=_constant,
        )
    except UnicodeDecodeError:
        raise Refused("json-not-utf8") from None
    except json.JSONDecodeError:
        raise Refused("json-byte-order-mark" if data[:3] == b"\xef\xbb\xbf" else "json-syntax") from None
    except RecursionError:
        raise Refused("json-too-deep") from None
    _check(tree, 0)
    return tree


def canonical(tree: Any) -> bytes:
    """RFC 8785 of a tree whose numbers are integers and whose names are ASCII."""
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    need(len(members) == len(pairs), "json-duplicate-name")
    return members


def _integer(text: str) -> int:
    need(text[0] != "-" and len(text) < 17 and int(text) <= LIMIT, "json-not-integer")
    return int(text)


def _fraction(text: str) -> Any:
    raise Refused("json-not-integer")


def _number(text: str) -> Number:
    need(len(text) <= 64, "json-number-too-long")
    return Number(text)


def _constant(text: str) -> Any:
    raise Refused("json-not-a-number")


def _check(value: Any, depth: int) -> None:
    if isinstance(value, dict | list):
        need(depth < 32, "json-too-deep")
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            _check(item, depth + 1)
    elif isinstance(value, str):
        need(not any("\ud800" <= character <= "\udfff" for character in value), "json-lone-surrogate")
