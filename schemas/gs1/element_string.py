"""Element strings: codes and values in a row, as people read them (`(01)…(10)…`) and as symbols hold them.

- Bracketed: every code in round brackets; a bracket inside a value is written `\\(`.
- Plain: codes and values run together. A value whose length its code does not settle ends at a separator (FNC1,
  read as ASCII 29) or at the end; a symbology identifier (`]C1`, `]d2`) may stand in front.
- Every value satisfies its code. `check_together` judges what may and must stand beside what.

    read_bracketed("(01)19521234543210(10)L7") -> (("01", "19521234543210"), ("10", "L7"))

GS1 General Specifications, sections 4.13 (combinations), 7.8 (concatenation).
"""

import re

from schemas.errors import InputError
from schemas.gs1.application_identifiers import check_value, find, known, starting
from schemas.gs1.keys import Elements

SEPARATOR = "\x1d"
MOST_ELEMENTS = 64
_CODE = re.compile(r"\((\d{2,4})\)", re.ASCII)
_SYMBOLOGY = re.compile(r"\](?:C1|e0|d2|Q3|J1)")
_UNESCAPED = re.compile(r"(?<!\\)\(")


def read_bracketed(text: str) -> Elements:
    """The elements of a bracketed string; `InputError("element-string")` or what `check_value` finds."""
    elements: list[tuple[str, str]] = []
    at = 0
    while at < len(text) and len(elements) < MOST_ELEMENTS:
        code = _CODE.match(text, at)
        if code is None:
            break
        following = _UNESCAPED.search(text, code.end())
        end = following.start() if following else len(text)
        value = text[code.end() : end].replace("\\(", "(")
        check_value(find(code[1]), value)
        elements.append((code[1], value))
        at = end
    if not elements or at < len(text):
        raise InputError("element-string", value=text[:200], position=at + 1)
    return tuple(elements)


def read_plain(text: str) -> Elements:
    """The elements of a plain string; superfluous separators are passed over, as scanners must."""
    match = _SYMBOLOGY.match(text)
    rest = text[match.end() :] if match else text
    elements: list[tuple[str, str]] = []
    rest = rest.lstrip(SEPARATOR)
    while rest:
        ai = starting(rest)
        body = rest[len(ai.code) :]
        if ai.predefined:
            value, rest = body[: ai.most], body[ai.most :]
        else:
            value, _, rest = body.partition(SEPARATOR)
        check_value(ai, value)
        elements.append((ai.code, value))
        rest = rest.lstrip(SEPARATOR)
        if len(elements) > MOST_ELEMENTS:
            raise InputError("element-string", value=text[:200], position=1)
    if not elements:
        raise InputError("element-string", value=text[:200], position=1)
    return tuple(elements)


def write_bracketed(elements: Elements) -> str:
    """`(01)…(10)…`; a bracket in a value is escaped, so that it reads back the same."""
    return "".join(f"({ai})" + value.replace("(", "\\(") for ai, value in elements)


def write_plain(elements: Elements) -> str:
    """Codes and values in a row, a separator where a length is not predefined and something follows."""
    text = ""
    for position, (ai, value) in enumerate(elements):
        last = position == len(elements) - 1
        text += ai + value + ("" if last or find(ai).predefined else SEPARATOR)
    return text


def check_together(elements: Elements) -> None:
    """Raise `InputError` unless these elements may mark one thing together.

    `element-repeated` (one code, two values), `element-excluded` (two that exclude each other), `element-missing`
    (one needs another that is absent); codes GS1 did not assign are only held to not repeat.
    """
    values: dict[str, str] = {}
    for ai, value in elements:
        if values.setdefault(ai, value) != value:
            raise InputError("element-repeated", ai=ai)
    for ai in filter(known, values):
        _check_excludes(ai, values)
        for need in find(ai).needs:
            if not any(all(_present(code, values, ai) for code in way) for way in need):
                wanted = ", ".join("+".join(way) for way in need)
                raise InputError("element-missing", ai=ai, needs=wanted)
    _check_signature(values)


def _check_excludes(ai: str, values: dict[str, str]) -> None:
    for pattern in find(ai).excludes:
        other = next((code for code in values if code != ai and _matches(code, pattern)), None)
        if other is not None:
            raise InputError("element-excluded", ai=ai, other=other)


def _check_signature(values: dict[str, str]) -> None:
    """A digital signature stands only beside a key that names one thing: with a serial (section 4.13.2)."""
    if "8030" in values:
        for ai, length in (("253", 13), ("255", 13), ("8003", 14)):
            if len(values.get(ai, "")) == length:
                raise InputError("element-missing", ai="8030", needs=f"{ai} + serial")


def _present(pattern: str, values: dict[str, str], ai: str) -> bool:
    return any(code != ai and _matches(code, pattern) for code in values)


def _matches(code: str, pattern: str) -> bool:
    fixed = pattern.rstrip("n")
    return len(code) == len(pattern) and code.startswith(fixed)
