"""What is asked for: a label of which thing, on which printer, how large; and whether anybody may print its keys.

- A key belongs to whoever licenses its company prefix. A label is printed only of keys under a prefix that a member of
  this log licenses: anybody else's number on our goods would send a recall to the wrong door.
- GS1's prefix 952 is for demonstrations; such a label says so in letters that nobody overlooks.

    check_licensed((("00", "395210010000000018"),), CompanyPrefixes(("9521001",)))

GS1 General Specifications, sections 1.4.4 and 1.4.6 (prefixes); docs/adr/0053-labels-stand-on-dots.md.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from exporters.labels.sizes import Grid
from schemas.errors import InputError
from schemas.gs1.company_prefix import NO_PREFIXES, CompanyPrefixes
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.gs1.keys import Element, Elements
from schemas.wording import Language

Size = tuple[float, float]
"""Width and height in millimetres."""
KEYS = ("00", "01", "02")
_DEMONSTRATION = "952"
_WEIGHT_DIGITS = 6
_KILOGRAMS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Order:
    """`size`: the name of one, None for the first that holds everything. `stem`: what the consumer's link begins with.
    `weight`: net kilograms of what is sold by weight."""

    uri: str
    grid: Grid
    language: Language
    prefixes: CompanyPrefixes = NO_PREFIXES
    size: str | None = None
    stem: str = CANONICAL_STEM
    weight: Decimal | None = None


def check_licensed(elements: Elements, prefixes: CompanyPrefixes) -> None:
    """`InputError("label-not-licensed")` naming the first key whose company prefix no member licenses."""
    for ai, value in elements:
        # The content of a unit (02) is a GTIN, whose prefix stands where that of a GTIN stands.
        if ai in KEYS and prefixes.length((("01" if ai == "02" else ai, value),)) is None:
            known = ", ".join(prefixes.prefixes) or "-"
            raise InputError("label-not-licensed", key=f"({ai}){value}", known=known)


def demonstration(elements: Elements) -> bool:
    """Whether any key is under the prefix for demonstrations."""
    return any(ai in KEYS and value[1:].startswith(_DEMONSTRATION) for ai, value in elements)


def kilograms(text: str) -> Decimal:
    """Kilograms as a scale writes them, `5.250`; `InputError("label-weight")` for another text."""
    if not _KILOGRAMS.fullmatch(text):
        raise InputError("label-weight", weight=text[:40])
    return Decimal(text)


def weight(ai: str, kilograms: Decimal) -> Element:
    """A weight as an element: `310` net, `330` gross, with as many decimals, up to three, as six digits hold.

    `InputError("label-weight")` for one that six digits do not hold, or that is none.
    """
    for places in (3, 2, 1, 0):
        digits = f"{kilograms.scaleb(places).quantize(Decimal(1), ROUND_HALF_EVEN):f}" if 0 < kilograms < 10**7 else ""
        if digits and len(digits) <= _WEIGHT_DIGITS and int(digits):
            return f"{ai}{places}", digits.zfill(_WEIGHT_DIGITS)
    raise InputError("label-weight", weight=f"{kilograms}"[:40])
