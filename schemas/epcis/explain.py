"""What the schema engine found, as one problem in our own words: code, place, and the values of the sentence.

- The definition an error stands in (`zone`, `biz_steps`, `ObjectEvent`) and the keyword that failed say which
  rule of EPCIS was broken; the branches of an alternative are not repeated to the reader.
- A word of GS1's own vocabulary in its long form is told which bare word to write.
- A time without zone and a quantity written as text have sentences of their own: they are the usual mistakes.

    problem_of(error).code  ->  "time-without-zone"

RFC 6901 (pointers); GS1 EPCIS 2.0 section 10.2.
"""

import re
from collections.abc import Sequence
from typing import Any, Protocol

from schemas.epcis import vocabulary
from schemas.epcis.event import Problem, pointer
from schemas.epcis.holders import holder
from schemas.epcis.terms import CODE_LISTS

SHOWN = 80  # characters of a value that are repeated in a sentence


class Finding(Protocol):
    """What is used of an error of the engine."""

    instance: Any
    instance_path: list[str | int]
    schema_path: list[str | int]
    kind: Any


_TYPES = {
    "string": "member-not-text",
    "number": "member-not-number",
    "boolean": "member-not-boolean",
    "array": "member-not-list",
    "object": "member-not-object",
}
_PATTERNS = {
    "zone": "bad-zone-offset",
    "unit": "bad-unit",
    "hex": "bad-hex",
    "version": "bad-version",
}
_ENOUGH = {
    "ObjectEvent": "nothing-observed",
    "TransformationEvent": "transformation-one-sided",
    "AggregationEvent": "no-children",
    "AssociationEvent": "no-children",
    "TransactionEvent": "nothing-observed",
    "persistentDisposition": "set-and-unset-missing",
}
_WITHOUT_ZONE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?")


def problem_of(error: Finding, event: int | None = None) -> Problem:
    """One engine error as a problem of `event` (`None`: of the document around the events)."""
    code, inner, context = _explained(error)
    member = pointer(*error.instance_path, *inner)
    return Problem(code, event, member, {"member": member or "/", **context})


def _explained(error: Finding) -> tuple[str, Sequence[str | int], dict[str, Any]]:
    """Code, the path below the error's own place, and the values of its sentence."""
    keyword, value, found = error.kind.name, error.kind.value, error.instance
    definition = str(error.schema_path[1]) if len(error.schema_path) > 1 else ""
    if keyword == "required":
        return "missing-member", [value], {"name": value}
    if keyword == "propertyNames":
        return "unknown-member", [value.instance], {"name": value.instance}
    if keyword == "additionalProperties":
        return "member-not-allowed", [value[0]], {"name": value[0]}
    if keyword == "type":
        return _TYPES.get(value[0], "member-not-text"), [], {"value": shown(found)}
    if keyword == "format":
        return _format(value, found), [], {"value": shown(found)}
    if keyword == "pattern":
        return _PATTERNS.get(definition, "not-in-list"), [], {"value": shown(found)}
    if keyword == "uniqueItems":
        return "repeated-item", [], {"value": shown(_repeated(found))}
    if keyword == "minItems":
        return "empty-list", [], {"limit": value}
    if keyword == "const":
        return "ilmd-without-add", [], {"value": shown(found)}
    if keyword == "enum":
        return "not-in-list", [], {"value": shown(found), "allowed": ", ".join(map(str, value))}
    return _alternatives(definition, found)


def _format(name: str, found: Any) -> str:
    if name != "date-time":
        return "not-a-uri"
    return "time-without-zone" if _WITHOUT_ZONE.fullmatch(str(found)) else "not-a-time"


def _alternatives(definition: str, found: Any) -> tuple[str, Sequence[str | int], dict[str, Any]]:
    """Which of the alternatives was meant, and so what is wrong."""
    if definition in CODE_LISTS:
        return word_problem(definition, found)
    if definition == "context":
        return "bad-context", [], {}
    if definition in _ENOUGH and isinstance(found, dict):
        return _ENOUGH[definition], [], {"needed": needed(definition)}
    return "not-a-uri", [], {"value": shown(found)}


def word_problem(code_list: str, found: Any) -> tuple[str, Sequence[str | int], dict[str, Any]]:
    """Why `found` is no word of the list: not a text, a known word in its long form, or unknown."""
    if not isinstance(found, str):
        return "member-not-text", [], {"value": shown(found)}
    word = vocabulary.bare(code_list, found)
    if word is not None:
        return "word-spelled-out", [], {"value": shown(found), "word": word}
    return "unknown-word", [], {"value": shown(found), "allowed": vocabulary.suggested(code_list, found)}


def needed(name: str) -> str:
    """The alternatives of a holder as text: `epcList | quantityList | sensorElementList + readPoint`."""
    return " | ".join(" + ".join(one.removesuffix("+") for one in each) for each in holder(name).enough)


def shown(value: Any) -> str:
    """A value as it may stand in a sentence: short, on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _repeated(items: Any) -> Any:
    seen: list[Any] = []
    for item in items:
        if item in seen:
            return item
        seen.append(item)
    return ""
