"""Texts of XML as values of JSON and back: numbers, truth values, words.

- A number keeps its text wherever JSON can write it so: of `+05.50` it takes the sign and the first zero, no more.
- White space around a value is XML's, not the value's (`whiteSpace="collapse"` in the schemas); in a text it stays.
- A standard word is bare in JSON and a URN in XML, but for those of sensors (`gs1:Temperature`, `cbv:Comp-x`).

    number("+05.50")  ->  Number("5.50")

XML Schema Part 2 sections 3.2 (decimal, double, boolean), 4.3.6 (whiteSpace); CBV 2.0 section 7.1.1.
"""

import re
from collections.abc import Mapping
from functools import cache

from schemas.epcis.terms import CODE_LISTS, Term
from schemas.epcis.vocabulary import bare
from schemas.lists.table import rows
from schemas.syntax.json_text import MAX_NUMBER_TEXT, Json, Number

MOST_DIGITS = 400
PREFIXED = frozenset({"measurement_types", "sensor_alerts", "components"})

_NUMBER = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


def value_of(term: Term, text: str) -> Json:
    """The value of one member; what is not of its kind stays a text, which the schema then refuses."""
    if term.shape == "text":
        return text
    text = " ".join(text.split())
    if term.shape == "number":
        return number(text)
    if term.shape == "boolean":
        return True if text in _TRUE else False if text in _FALSE else text
    if term.shape in CODE_LISTS:
        return bare(term.shape, text) or text
    return text


def number(text: str) -> Number | str:
    """A number of XML Schema as JSON writes it; the text itself where JSON cannot (`INF`, `NaN`)."""
    if len(text) > MAX_NUMBER_TEXT:
        return text
    if _JSON_NUMBER.fullmatch(text):
        return Number(text)
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3] or "0" in text.partition(".")[0]):
        return text
    sign, whole, fraction, exponent = match.groups()
    written = f"{'-' if sign == '-' else ''}{whole or '0'}{f'.{fraction}' if fraction else ''}"
    return Number(f"{written}e{exponent}" if exponent else written)


def text_of(term: Term, value: Json) -> str | None:
    """One value as the text of an element or attribute of the member `term`; None for a number XML cannot write."""
    if term.shape in CODE_LISTS and isinstance(value, str):
        return word(term.shape, value)
    if term.name == "quantity" and isinstance(value, Number) and "e" in value.text.lower():
        # xsd:decimal has no exponent; written out, a large one would fill the memory.
        exact = value.decimal()
        return format(exact, "f") if abs(exact.adjusted()) <= MOST_DIGITS else None
    return plain(value)


def word(code_list: str, value: str) -> str:
    """A bare standard word as XML spells it; any other text, a word spelled out too, as it is."""
    return value if ":" in value else _spellings(code_list).get(value, value)


@cache
def _spellings(code_list: str) -> Mapping[str, str]:
    """Measurements, alerts and components stand with the prefix of their vocabulary, as in GS1's examples."""
    prefixed = code_list in PREFIXED
    return {row["word"]: row["iri"] if prefixed else row["urn"] for row in rows(code_list)}


def plain(value: Json) -> str:
    """A scalar as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.text
    return "" if value is None else str(value)
