"""What a compressed GS1 Digital Link is made of: codes that stand for application identifiers, and how wide values are.

- A code is written digit by digit, four bits each. A pair that is no pair of digits stands for several identifiers at
  once (`OPTIMISED`), or begins with `F`: a pair of name and value that is not GS1's.
- A value has one or two fields. Digits of a known number are one binary number; where their number varies it stands
  before them. Text says how it is coded (`ENCODINGS`), then its number of characters where that varies.
- The fields follow from the formats in `ai_table`: digits that belong together are one field, and so is text.

    fields(find("8003"))  ->  (Field(digits=True, least=14, most=14), Field(digits=False, least=0, most=16))

GS1 Digital Link Standard: Compression (release 1.2), tables F, P, E and Opt.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from schemas.gs1.application_identifiers import Part, find

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NOT_GS1 = "F"
NAME_BITS = 7
"""Bits of the lengths of a name and a value that are not GS1's."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How text is coded: bits a character and the characters in their order. `bits` 0: as one number, digits alone."""

    bits: int
    characters: str


_ASCII = "".join(map(chr, range(128)))
ENCODINGS = (
    Encoding(0, "0123456789"),
    Encoding(4, "0123456789abcdef"),
    Encoding(4, "0123456789ABCDEF"),
    Encoding(6, ALPHABET),
    Encoding(7, _ASCII),
)
"""By their number, which three bits say; 5 to 7 mean nothing."""
ENCODING_BITS = 3

_PAIRS = """\
0A 01 22; 0B 01 10; 0C 01 21; 0D 01 17; 0E 01 7003; 0F 01 30; 1A 01 10 21 17; 1B 01 15; 1C 01 11; 1D 01 16; 1E 01 91
1F 01 10 15; 9A 8010 8011; 9B 8017 8019; 9C 8018 8019; 9D 414 254"""
# Codes whose last sign counts the decimals: begin, first of them, key, what its last digit completes, how many.
_RUNS = (
    ("2", 10, "01", "310", 6),
    ("3", 10, "01", "320", 6),
    ("A", 0, "01", "392", 10),
    ("C", 0, "255", "390", 10),
    ("C", 10, "255", "394", 4),
)


def _optimised() -> Mapping[str, tuple[str, ...]]:
    listed = [line.split() for line in _PAIRS.replace("\n", "; ").split("; ")]
    found = {code: tuple(identifiers) for code, *identifiers in listed}
    for begin, first, key, stem, count in _RUNS:
        found |= {f"{begin}{first + place:X}": (key, f"{stem}{place}") for place in range(count)}
    return MappingProxyType(found)


OPTIMISED = _optimised()
"""Two hexadecimal digits, and the identifiers whose values follow."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a value: digits or text, of so many characters."""

    digits: bool
    least: int
    most: int

    @property
    def length_bits(self) -> int:
        """How many bits say its length; none where it does not vary."""
        return 0 if self.least == self.most else self.most.bit_length()


def number_bits(digits: int) -> int:
    """Bits of the number that so many digits make: the standard's formula, which gives 59 digits one more than they
    take, and no digits one."""
    return math.ceil(digits * math.log2(10) + 0.01)


@cache
def fields(code: str) -> tuple[Field, ...]:
    """The fields of the value of an application identifier; `InputError("gs1-unknown-ai")`."""
    found: list[Field] = []
    for part in find(code).parts:
        field = _field(part)
        joined = _joined(found[-1], field) if found else None
        if joined is None:
            found.append(field)
        else:
            found[-1] = joined
    return tuple(found)


def _field(part: Part) -> Field:
    return Field(part.characters == "N", 0 if part.optional else part.least, part.most)


def _joined(before: Field, after: Field) -> Field | None:
    """Two parts as one field, where the standard takes them together: text always, digits of one kind."""
    if before.digits != after.digits or (before.digits and _varies(before) != _varies(after)):
        return None
    return Field(before.digits, before.least + after.least, before.most + after.most)


def _varies(field: Field) -> bool:
    return field.least != field.most
