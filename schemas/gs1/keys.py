"""The kinds of GS1 keys: which codes make one, at what level it names things, and how its URN is built.

- A key is its primary code and at most one qualifier, the finest: a GTIN with a serial is an item, whatever its lot.
- `level` says what is named: a class of things, a lot, one item, one logistic unit, a location, a party; documents
  and payment slips are `other`.
- `head` is the number of digits the primary value starts with, check digit included; a serial may follow them.

    kind_of("01", "10").name  ->  "lgtin"

GS1 General Specifications, section 3; EPC Tag Data Standard, section 6; CBV 2.0 section 8.2.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["class", "lot", "item", "unit", "location", "party", "other"]
# One code with its value, as in an element string; a key is a short tuple of them.
Element = tuple[str, str]
Elements = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class KeyKind:
    """One kind of key. `scheme` is its EPC URN scheme (`sgtin`), empty where the EPC standard gives it none."""

    name: str
    ai: str
    qualifier: str
    level: Level
    scheme: str


_KINDS = (
    KeyKind("gtin", "01", "", "class", "sgtin"),
    KeyKind("lgtin", "01", "10", "lot", "lgtin"),
    KeyKind("sgtin", "01", "21", "item", "sgtin"),
    KeyKind("upui", "01", "235", "item", "upui"),
    KeyKind("sscc", "00", "", "unit", "sscc"),
    KeyKind("itip", "8006", "", "class", "itip"),
    KeyKind("itip", "8006", "10", "lot", ""),
    KeyKind("itip", "8006", "21", "item", "itip"),
    KeyKind("gln", "414", "", "location", "sgln"),
    KeyKind("sgln", "414", "254", "location", "sgln"),
    KeyKind("pgln", "417", "", "party", "pgln"),
    KeyKind("giai", "8004", "", "item", "giai"),
    KeyKind("cpid", "8010", "", "class", "cpi"),
    KeyKind("cpi", "8010", "8011", "item", "cpi"),
    KeyKind("ginc", "401", "", "unit", "ginc"),
    KeyKind("gsin", "402", "", "unit", "gsin"),
    KeyKind("gsrnp", "8017", "", "party", "gsrnp"),
    KeyKind("gsrn", "8018", "", "party", "gsrn"),
    KeyKind("gmn", "8013", "", "class", ""),
    KeyKind("refno", "415", "8020", "other", ""),
)
# Keys whose serial is the tail of the primary value: without it a class, with it one thing.
_SERIAL_TAILS = {
    "8003": (KeyKind("grai", "8003", "", "class", "grai"), KeyKind("grai", "8003", "", "item", "grai")),
    "253": (KeyKind("gdti", "253", "", "class", "gdti"), KeyKind("gdti", "253", "", "item", "gdti")),
    "255": (KeyKind("gcn", "255", "", "class", "sgcn"), KeyKind("sgcn", "255", "", "item", "sgcn")),
}
_BY_CODES = {(kind.ai, kind.qualifier): kind for kind in _KINDS}

# Digits at the start of the primary value, check digit included (the ITIP's piece and total follow its GTIN).
HEADS = {"00": 18, "01": 14, "253": 13, "255": 13, "402": 17, "414": 13, "415": 13, "417": 13}
HEADS |= {"8003": 14, "8006": 14, "8017": 18, "8018": 18}
# The finest qualifier first: what a canonical identifier keeps (CBV 2.0 section 8.9.2, rule on Digital Links).
FINEST = {"01": ("235", "21", "10"), "8006": ("21", "10"), "414": ("254",), "8010": ("8011",), "415": ("8020",)}
# What an SGLN says of a location without an extension.
NO_EXTENSION: Element = ("254", "0")
PRIMARY = frozenset({"00", "01", "253", "255", "401", "402", "414", "415", "417"})
PRIMARY |= frozenset({"8003", "8004", "8006", "8010", "8013", "8017", "8018"})


def kind_of(ai: str, qualifier: str = "", *, value: str = "") -> KeyKind | None:
    """The kind of key that a primary code, its qualifier and its value make; None when they make none."""
    if ai in _SERIAL_TAILS and not qualifier:
        return _SERIAL_TAILS[ai][len(value) > HEADS[ai]]
    return _BY_CODES.get((ai, qualifier))


def finest(elements: Elements) -> Elements:
    """The primary key with its finest qualifier alone; what else stands beside it describes, and is left out.

    A location's extension `0` says that it has none (EPC Tag Data Standard, section 6.3.3), so it is no qualifier.
    """
    primary, *others = elements
    values = dict(others)
    for qualifier in FINEST.get(primary[0], ()):
        if qualifier in values and (qualifier, values[qualifier]) != NO_EXTENSION:
            return (primary, (qualifier, values[qualifier]))
    return (primary,)


def kind_of_elements(elements: Elements) -> KeyKind | None:
    """The kind of key of a primary element and, if there is one, its qualifier."""
    ai, value = elements[0]
    return kind_of(ai, elements[1][0] if len(elements) > 1 else "", value=value)
