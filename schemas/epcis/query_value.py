"""The values of query parameters: texts of one spelling, exact numbers, instants and patterns.

- Identifiers become canonical Digital Links and words bare, as the read side holds them, so a query finds what it
  asks for in whatever spelling it was captured.
- An extension field has no declared type, and in a URL everything is text: a text that reads as a number or an instant
  finds numbers and instants too, and a number finds the text it is written as (XML knows no other).
- Numbers are exact decimals; one whose exponent is absurd is none.

    word("biz_steps")("EQ_bizStep", "urn:epcglobal:cbv:bizstep:shipping")  ->  (Value("text", "shipping"),)

EPCIS 2.0 section 8.2.7.1; CBV 2.0 section 7.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from schemas.epcis.holders import EVENT_TYPES
from schemas.epcis.instant import microseconds
from schemas.epcis.namespaces import namespace_of, prefix_of, split_iri
from schemas.epcis.vocabulary import bare, is_own, suggested
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Number

Kind = Literal["text", "number", "time"]
LARGEST_EXPONENT = 9999
_NUMERIC = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
_LONGEST_NUMBER = 64
_LONGEST = 2048
_ACTIONS = ("ADD", "OBSERVE", "DELETE")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")


@dataclass(frozen=True, slots=True)
class Value:
    """One value that a field may be compared with: text, exact number, or an instant in microseconds."""

    kind: Kind
    value: str | Decimal | int


Values: TypeAlias = tuple[Value, ...]
Reader: TypeAlias = Callable[[str, Any], Values]
"""(parameter, one value as given) -> what it may be compared with; `InputError("query-parameter-value")`."""


def refused(parameter: str, value: Any, expected: str) -> InputError:
    """The error of a value that does not fit its parameter; `expected` is a phrase of words.toml."""
    return InputError("query-parameter-value", parameter=parameter[:120], value=_shown(value), problem=expected)


def unknown_word(parameter: str, value: Any, allowed: str) -> InputError:
    """The error of a word that its parameter does not know."""
    return InputError("query-parameter-word", parameter=parameter[:120], value=_shown(value), allowed=allowed)


def _shown(value: Any) -> str:
    return (value.text if isinstance(value, Number) else str(value))[:120]


def decimal(value: Any) -> Decimal | None:
    """The exact number that a JSON number or a text is, or None."""
    text = value.text if isinstance(value, Number) else value
    if isinstance(text, int | float) and not isinstance(text, bool):
        text = repr(text)
    if not isinstance(text, str) or len(text) > _LONGEST_NUMBER or not _NUMERIC.fullmatch(text):
        return None
    found = Decimal(text)
    return found if abs(found.adjusted()) <= LARGEST_EXPONENT or not found else None


def string(parameter: str, value: Any) -> str:
    """A text, not empty, not endless, and without a NUL, which no database keeps."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST or "\0" in value:
        raise refused(parameter, value, "query-text")
    return value


def number(parameter: str, value: Any) -> Values:
    """An exact number."""
    found = decimal(value)
    if found is None:
        raise refused(parameter, value, "query-number")
    return (Value("number", found),)


def time(parameter: str, value: Any) -> Values:
    """An instant: a time without its zone names none."""
    found = microseconds(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise refused(parameter, value, "query-time")
    return (Value("time", found),)


def text(parameter: str, value: Any) -> Values:
    """A text as it is."""
    return (Value("text", string(parameter, value)),)


def uri(parameter: str, value: Any) -> Values:
    """An absolute URI in its canonical spelling."""
    found = string(parameter, value).strip()
    if not _URI.fullmatch(found):
        raise refused(parameter, value, "query-uri")
    return (Value("text", canonical_uri(found)),)


def plain_uri(parameter: str, value: Any) -> Values:
    """An absolute URI that is compared letter by letter (an eventID)."""
    found = string(parameter, value).strip()
    if not _URI.fullmatch(found):
        raise refused(parameter, value, "query-uri")
    return (Value("text", found),)


def word(code_list: str) -> Reader:
    """A word of a code list, bare whatever its spelling; somebody else's word is their URI."""

    def read(parameter: str, value: Any) -> Values:
        said = string(parameter, value).strip()
        found = bare(code_list, said)
        if found is None and (":" not in said or is_own(said)):
            raise unknown_word(parameter, value, suggested(code_list, said))
        return (Value("text", found or canonical_uri(said)),)

    return read


def action(parameter: str, value: Any) -> Values:
    """ADD, OBSERVE or DELETE, in capitals."""
    if value not in _ACTIONS:
        raise unknown_word(parameter, value, ", ".join(_ACTIONS))
    return (Value("text", value),)


def boolean(parameter: str, value: Any) -> Values:
    """True or false."""
    if value in (True, "true"):
        return (Value("text", "true"),)
    if value in (False, "false"):
        return (Value("text", "false"),)
    raise refused(parameter, value, "query-boolean")


def hexadecimal(parameter: str, value: Any) -> Values:
    """Bytes in hexadecimal digits, whose case says nothing."""
    said = string(parameter, value)
    if not _HEX.fullmatch(said):
        raise refused(parameter, value, "query-hex")
    return (Value("text", said.upper()),)


def event_type(known: dict[str, str]) -> Reader:
    """One of the five types, or the name of an extension's, its prefix resolved by `known`."""

    def read(parameter: str, value: Any) -> Values:
        said = string(parameter, value).strip()
        if said not in EVENT_TYPES and ":" not in said:
            raise unknown_word(parameter, value, ", ".join(sorted(EVENT_TYPES)))
        return (Value("text", type_name(said, known)),)

    return read


def type_name(said: str, known: dict[str, str]) -> str:
    """The one name of an event type: bare for the standard's, with its namespace for an extension's."""
    prefix = prefix_of(said)
    if prefix == "epcis" and said[6:] in EVENT_TYPES:
        return said[6:]
    if prefix:
        return split_iri(namespace_of(prefix, known).rstrip("/#") + "#" + said[len(prefix) + 1 :])
    return split_iri(said) if ":" in said else said


def free(parameter: str, value: Any) -> Values:
    """What a value of an extension field may mean: its text, and the number or the instant it reads as.

    A captured text is never found by the number it reads as: lot 0123 is not lot 123.
    """
    said = string(parameter, value)
    return (Value("text", said), *_read(said))


def comparable(parameter: str, value: Any) -> Values:
    """A number or an instant: what greater and less are asked of."""
    found = _read(value.text if isinstance(value, Number) else value if isinstance(value, str) else repr(value))
    if not found or isinstance(value, bool):
        raise refused(parameter, value, "query-comparable")
    return found


def _read(said: str) -> Values:
    found = decimal(said)
    if found is not None:
        return (Value("number", found),)
    at = microseconds(said)
    return () if at is None else (Value("time", at),)
