"""GS1 Application Identifiers: what each two to four digit code says of the value that follows it.

- A value is made of parts, each of a character set and a length; the parts that may be left out come last.
- Two digits of a code tell how long it is (`01` two, `24x` three, `31xx` four), so a plain string can be read.
- `check_value` refuses a wrong length, a character outside the set and content that breaks a part's rule (a check
  digit, a date that does not exist, a country that ISO 3166 does not know).

KNOWN LIMIT: currencies are only checked to be three digits, coupon codes not at all.

    check_value(find("10"), "L2025-117")

GS1 General Specifications, sections 3.2 and 7.11 (character sets); the facts are in `ai_table`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from schemas.errors import InputError
from schemas.gs1.ai_table import TABLE
from schemas.gs1.check_digit import is_digits, verify_check_digit, verify_check_pair
from schemas.gs1.code_lists import COUNTRIES, COUNTRIES2, PACKAGES, is_iban, is_medium

CharacterSet = Literal["N", "X", "Y", "Z"]
_CLASSES: dict[CharacterSet, str] = {
    "N": "[0-9]",
    "X": '[!"%-/0-9:-?A-Z_a-z]',
    "Y": "[#\\-/0-9A-Z]",
    "Z": "[-_=0-9A-Za-z]",
}
_SETS = {characters: re.compile(f"{allowed}*") for characters, allowed in _CLASSES.items()}
# Padding of base64url, where there is any, fills groups of three (GS1 General Specifications, section 7.11).
_PADDED = r"[-_0-9A-Za-z]*|(?:[-_0-9A-Za-z]{3})*(?:[-_0-9A-Za-z]{2}=|[-_0-9A-Za-z]==)"
_PART = re.compile(r"([NXYZ])(?:(\d+)-)?(\d+)(\?)?(?::(.+))?")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a value: its characters, its length in characters, and the rules its content keeps."""

    characters: CharacterSet
    least: int
    most: int
    optional: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """One code. `qualifiers` is None unless it is a primary key of a Digital Link, then its qualifier sequences."""

    code: str
    title: str
    parts: tuple[Part, ...]
    predefined: bool  # its length is known from the code, so no separator follows it in a plain string
    attribute: bool  # may stand in the query of a Digital Link
    qualifiers: tuple[tuple[str, ...], ...] | None
    needs: tuple[tuple[tuple[str, ...], ...], ...]  # every need: one of the alternatives, all codes of one
    excludes: tuple[str, ...]

    @property
    def most(self) -> int:
        """The longest value, in characters."""
        return sum(part.most for part in self.parts)


@cache
def _table() -> dict[str, ApplicationIdentifier]:
    found: dict[str, ApplicationIdentifier] = {}
    for line in TABLE.splitlines():
        codes, *fields = line.split("; ")
        first, _, last = codes.partition("-")
        for number in range(int(first), int(last or first) + 1):
            code = str(number).zfill(len(first))
            found[code] = _row(code, *fields)
    return found


def _row(code: str, parts: str, flags: str, keys: str, needs: str, excludes: str, title: str) -> ApplicationIdentifier:
    qualifiers = None if keys == "-" else () if keys == "key" else tuple(tuple(s.split(",")) for s in keys.split("|"))
    return ApplicationIdentifier(
        code=code,
        title=title,
        parts=tuple(_part(text) for text in parts.split(" ")),
        predefined="F" in flags,
        attribute="A" in flags,
        qualifiers=qualifiers,
        needs=()
        if needs == "-"
        else tuple(tuple(tuple(way.split("+")) for way in need.split("|")) for need in needs.split("&")),
        excludes=() if excludes == "-" else tuple(excludes.split("|")),
    )


@cache
def _part(text: str) -> Part:
    match = _PART.fullmatch(text)
    if match is None:
        raise ValueError(f"not a part: {text}")
    characters, least, most, optional, rules = match.groups()
    kept = tuple(filter(None, (rules or "").split(",")))
    return Part(cast(CharacterSet, characters), int(least or most), int(most), bool(optional), kept)


def find(code: str) -> ApplicationIdentifier:
    """The application identifier of a code; `InputError("gs1-unknown-ai")` when GS1 assigned none."""
    found = _table().get(code)
    if found is None:
        raise InputError("gs1-unknown-ai", ai=code[:8])
    return found


def known(code: str) -> bool:
    """Whether GS1 assigned this code."""
    return code in _table()


def starting(text: str) -> ApplicationIdentifier:
    """The application identifier a plain string starts with: the first two digits settle how long a code is."""
    table = _table()
    for length in (2, 3, 4):
        if text[:length] in table:
            return table[text[:length]]
    raise InputError("gs1-unknown-ai", ai=text[:4])


def check_value(ai: ApplicationIdentifier, value: str) -> None:
    """Raise `InputError` unless `value` has the length, the characters and the content its code asks for."""
    pattern, rules = _pattern(ai.code)
    match = pattern.fullmatch(value)
    if match is None:
        raise _complaint(ai, value)
    for group, rule in rules:
        piece = match[group]
        if piece:
            check_rule(rule, piece, ai=ai.code)


@cache
def _pattern(code: str) -> tuple[re.Pattern[str], tuple[tuple[int, str], ...]]:
    """One expression for the whole value of a code, and the rules of each of its groups."""
    parts = find(code).parts
    groups = "".join(f"({_CLASSES[p.characters]}{{{p.least},{p.most}}}){'?' if p.optional else ''}" for p in parts)
    rules = tuple((group, rule) for group, part in enumerate(parts, 1) for rule in part.rules)
    return re.compile(groups), rules


def _complaint(ai: ApplicationIdentifier, value: str) -> InputError:
    """What is wrong with a value, part by part: a character outside its set, or too short or too long."""
    rest = value
    for part in ai.parts:
        piece, rest = rest[: part.most], rest[part.most :]
        wrong = next((c for c in piece if not _SETS[part.characters].fullmatch(c)), None)
        if wrong is not None:
            return InputError("gs1-character", ai=ai.code, value=value[:90], character=wrong)
    return InputError("gs1-length", ai=ai.code, value=value[:90], expected=_lengths(ai))


def _lengths(ai: ApplicationIdentifier) -> str:
    least = sum(0 if part.optional else part.least for part in ai.parts)
    return str(least) if least == ai.most else f"{least}-{ai.most}"


def check_rule(rule: str, piece: str, *, ai: str = "") -> None:
    """Raise `InputError` unless the text of a part keeps one named rule of `ai_table` (a name without rule passes)."""
    if rule == "check":
        verify_check_digit(piece)
    elif rule == "pair":
        verify_check_pair(piece)
    elif rule in _RULES and not _RULES[rule](piece):
        raise InputError("gs1-content", ai=ai, value=piece[:90], rule=rule)


def _date(text: str, *, day_may_be_zero: bool = False) -> bool:
    if not is_digits(text) or len(text) not in (6, 8):
        return False
    month, day = int(text[-4:-2]), int(text[-2:])
    if not 1 <= month <= 12:
        return False
    year = int(text[:-4])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) if len(text) == 8 else year % 4 == 0
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return (0 if day_may_be_zero else 1) <= day <= days


def _pieces(text: str) -> bool:
    half = len(text) // 2
    return is_digits(text) and len(text) % 2 == 0 and 0 < int(text[:half]) <= int(text[half:])


def _matching(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


_RULES: dict[str, Callable[[str], bool]] = {
    "date": _date,
    "date0": lambda text: _date(text, day_may_be_zero=True),
    "longdate": lambda text: len(text) == 8 and _date(text),
    "longdate0": lambda text: len(text) == 8 and _date(text, day_may_be_zero=True),
    "time": _matching(r"(?:[01][0-9]|2[0-3])[0-5][0-9]"),
    "hour": _matching(r"[01][0-9]|2[0-3]"),
    "minute": _matching(r"[0-5][0-9]"),
    "country": COUNTRIES.__contains__,
    "country2": COUNTRIES2.__contains__,
    "country999": lambda text: text == "999" or text in COUNTRIES,
    "package": PACKAGES.__contains__,
    "medium": is_medium,
    "iban": is_iban,
    "piece": _pieces,
    "nonzero": _matching(r"0*[1-9][0-9]*"),
    "zero": _matching(r"0+"),
    "yesno": _matching(r"[01]"),
    "nolead": _matching(r"0|[1-9][0-9]*"),
    "nondigit": _matching(r".*[^0-9].*"),
    "latitude": lambda text: is_digits(text) and len(text) == 10 and int(text) <= 1_800_000_000,
    "longitude": lambda text: is_digits(text) and len(text) == 10 and int(text) <= 3_600_000_000,
    "sex": _matching(r"[0129]"),
    "hyphen": _matching(r"-"),
    "winding": _matching(r"[019]"),
    "importer": _matching(r"[-_0-9A-Za-z]"),
    "place": _matching(r"[1-9]/[1-9]"),
    "padded": _matching(_PADDED),
    "percent": _matching(r"(?:[^%]|%[0-9A-Fa-f]{2})*"),
}
