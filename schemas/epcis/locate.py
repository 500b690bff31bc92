"""Where in a document a text stands that strict JSON refuses: which event, which member.

The strict reader stops at the first fault and knows no path; this one is lenient, runs only after a refusal, and
finds the first place with the same fault. Where the text is no JSON at all there is nothing to find: the refusal
has line and column.

    locate(data, "json-duplicate-name")  ->  {"event": 3, "at": "/quantityList/0"}

RFC 8259 section 4 (names), RFC 7493 section 2.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from schemas.epcis.event import EVENTS_AT, pointer
from schemas.syntax.json_text import MAX_DEPTH, MAX_NUMBER_TEXT

Path = tuple[str | int, ...]


class _Repeating(dict[str, Any]):
    """An object in whose text a name stood twice."""


class _LongNumber:
    """A number with too many characters."""


def locate(data: bytes, code: str) -> dict[str, Any]:
    """`event` and `at` of the first fault of kind `code` (a code of `json_text`); empty where it cannot be told."""
    wanted = _WANTED.get(code)
    if wanted is None:
        return {}
    try:
        tree = json.loads(data, object_pairs_hook=_members, parse_int=_number, parse_float=_number)
        path = next(_faults(tree, (), wanted), None)
    except (ValueError, RecursionError):
        return {}
    return {} if path is None else _place(tree, path)


def _place(tree: Any, path: Path) -> dict[str, Any]:
    start: tuple[str, ...] = ()
    if isinstance(tree, dict) and isinstance(tree.get("type"), str):
        start = EVENTS_AT.get(tree["type"], ())
    event = path[len(start)] if len(path) > len(start) and path[: len(start)] == start else None
    if isinstance(event, int) and not isinstance(event, bool):
        return {"event": event, "at": pointer(*path[len(start) + 1 :]) or "/"}
    return {"at": pointer(*path) or "/"}


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Repeating(members)


def _number(text: str) -> Any:
    return _LongNumber() if len(text) > MAX_NUMBER_TEXT else 0


def _surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _half_character(value: Any, path: Path) -> bool:
    texts = value if isinstance(value, dict) else [value] if isinstance(value, str) else []
    return any(_surrogate(text) for text in texts)


_WANTED: dict[str, Callable[[Any, Path], bool]] = {
    "json-duplicate-name": lambda value, path: isinstance(value, _Repeating),
    "json-number-too-long": lambda value, path: isinstance(value, _LongNumber),
    "json-lone-surrogate": _half_character,
    "json-too-deep": lambda value, path: len(path) == MAX_DEPTH and isinstance(value, dict | list),
}


def _faults(value: Any, path: Path, wanted: Callable[[Any, Path], bool]) -> Iterator[Path]:
    if wanted(value, path):
        yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _faults(item, (*path, name), wanted)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _faults(item, (*path, position), wanted)
