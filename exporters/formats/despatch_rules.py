"""The rules of a despatch advice in UBL: Peppol's for transaction T16, and those of the Italian DDT on top of them.

- The list (`schemas/lists/despatch_rules.tsv`) says which holds for which profile (`both`, `peppol`, `agid`), of what
  kind it is, at which element, and what it asks; this says what each kind means. Identifiers are the official ones, and
  so are verdicts: tests run the official Schematron on every official example and compare.
- *Paths* are local names from below the root, `DespatchLine/Item/Name`; `*/EndpointID` is one at any depth. In what is
  asked ` | ` separates what would do and ` & ` what must be there together.
- Left out are membership in long code lists (schemes of identifiers, units, packages, classifications): what is written
  here uses a handful of codes, and a test holds each to be in the official lists.

    [(rule, place) for rule, place in violations(root, "agid")]

OpenPeppol BIS Despatch Advice 3, release 2026-05; AgID, regole tecniche del DDT, release 3.2.1; ISO/IEC 19757-3.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal

from schemas.errors import InputError
from schemas.gs1.check_digit import is_digits, verify_check_digit
from schemas.gs1.code_lists import COUNTRIES2
from schemas.lists.table import rows
from schemas.master.validity import day
from schemas.syntax.xml_text import Element, split_name

Profile = Literal["peppol", "agid"]
_MIME = frozenset((
    "application/pdf", "image/png", "image/jpeg", "image/tiff", "application/acad", "application/dwg", "drawing/dwg",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
))  # fmt: skip
_LISTS: Mapping[str, frozenset[str]] = {"mime": _MIME, "countries": COUNTRIES2}
_WORD = re.compile(r"[A-Za-z]{6}\d\d[A-Za-z]\d\d.{3}\d[A-Za-z]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the list."""

    id: str
    kind: str
    at: str
    what: str


def violations(root: Element, profile: Profile) -> Iterator[tuple[str, str]]:
    """The rules that a document breaks, each with the path of the element that breaks it."""
    exact, anywhere = _rules(profile)
    for path, element in _all(root):
        name = path.rpartition("/")[2]
        for rule in (*exact.get(path, ()), *anywhere.get(name, ()), *anywhere.get("", ())):
            if f"/{path}".endswith(rule.at.lstrip("*")) and not _KINDS[rule.kind](element, rule.what):
                yield rule.id, path or "/"


@cache
def _rules(profile: Profile) -> tuple[Mapping[str, list[Rule]], Mapping[str, list[Rule]]]:
    """Those at one path, and those at every element of a name ("": at every element)."""
    exact: dict[str, list[Rule]] = {}
    anywhere: dict[str, list[Rule]] = {}
    for row in rows("despatch_rules"):
        if row["of"] in ("both", profile):
            rule = Rule(row["id"], row["kind"], row["at"], row["what"])
            if rule.at.startswith("*"):
                anywhere.setdefault(rule.at.rpartition("/")[2].lstrip("*"), []).append(rule)
            else:
                exact.setdefault(rule.at, []).append(rule)
    return exact, anywhere


def _all(element: Element, path: str = "") -> Iterator[tuple[str, Element]]:
    yield path, element
    for child in element:
        if isinstance(child.tag, str):
            yield from _all(child, f"{path}/{_local(child)}".lstrip("/"))


def _local(element: Element) -> str:
    return split_name(str(element.tag))[1]


def _found(element: Element, path: str) -> list[Element]:
    """What stands at a path below an element."""
    held = [element]
    for name in path.split("/"):
        held = [child for each in held for child in each if isinstance(child.tag, str) and _local(child) == name]
    return held


def _texts(element: Element, path: str) -> list[str]:
    return [_text(each) for each in _found(element, path)]


def _text(element: Element) -> str:
    return " ".join(_raw(element).split())


def _raw(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _own(element: Element) -> str:
    """The text of an element before anything that stands in it."""
    return " ".join((element.text or "").split())


def _present(element: Element, what: str) -> bool:
    return any(all(_found(element, path) for path in choice.split(" & ")) for choice in what.split(" | "))


def _closed(element: Element, what: str) -> bool:
    return {_local(child) for child in element if isinstance(child.tag, str)} <= set(what.split())


def _listed(element: Element, what: str) -> bool:
    """The text, or an attribute if it is there, is one of a list or of a few words."""
    where, _, named = what.partition(" ")
    allowed = _LISTS.get(named) or frozenset(named.split())
    value = element.get(where[1:]) if where.startswith("@") else _own(element)
    return value is None or value in allowed


def _with(element: Element, what: str) -> bool:
    first, second = what.split()
    return not _found(element, first) or bool(_found(element, second))


def _italian(element: Element, what: str) -> bool:
    """Of somebody in Italy, the identification is of one of these schemes; of `!` schemes it always may be."""
    schemes = [each.get("schemeID") for each in _found(element, "PartyIdentification/ID")]
    countries = _texts(element, "PostalAddress/Country/IdentificationCode")
    wanted = what.split()
    if any(f"!{scheme}" in wanted for scheme in schemes) or any(country != "IT" for country in countries):
        return True
    return "IT" in countries and any(scheme in wanted for scheme in schemes)


def _scheme(element: Element, what: str) -> bool:
    """An identifier of a scheme has its form."""
    scheme, _, form = what.partition(" ")
    return element.get("schemeID") != scheme or bool(re.fullmatch(form, _raw(element)))


def _endpoint(element: Element, what: str) -> bool:
    return element.get("schemeID") is not None and _scheme(element, what)


def _number(element: Element, what: str) -> bool:
    """An identifier of a scheme is a good one."""
    return element.get("schemeID") != what or _IDENTIFIERS[what](_text(element))


def _gln(text: str) -> bool:
    try:
        verify_check_digit(text)
    except InputError:
        return False
    return True


def _tax_code(text: str) -> bool:
    return bool(_WORD.fullmatch(text)) if len(text) == 16 else len(text) == 11 and is_digits(text)


def _vat_number(text: str) -> bool:
    """An Italian one has eleven digits that add up; of others nothing is asked."""
    if text[:2] not in ("IT", "it"):
        return True
    digits = text[2:]
    if len(digits) != 11 or not is_digits(digits):
        return False
    doubled = "0246813579"
    return sum(int(doubled[int(digit)]) if place % 2 else int(digit) for place, digit in enumerate(digits)) % 10 == 0


_IDENTIFIERS: Mapping[str, Callable[[str], bool]] = {
    "0088": _gln,
    "0201": lambda text: len(text) == 6 and text.isascii() and text.isalnum(),
    "0210": _tax_code,
    "0211": _vat_number,
}


def _quantity(element: Element, what: str) -> Decimal | None:
    found = _texts(element, what)
    try:
        return Decimal(found[0]) if found else None
    except InvalidOperation:
        return None


def _not_negative(element: Element, what: str) -> bool:
    found = _quantity(element, what)
    return found is not None and found >= 0


def _whole(element: Element, what: str) -> bool:
    found = _quantity(element, what)
    return found is not None and found == found.to_integral_value()


def _empty(element: Element) -> bool:
    return not len(element) and not _text(element)


_KINDS: Mapping[str, Callable[[Element, str], bool]] = {
    "present": _present,
    "closed": _closed,
    "attribute": lambda element, what: element.get(what) is not None,
    "equals": lambda element, what: _own(element) == what,
    "says": lambda element, what: what.split()[1] in _texts(element, what.split()[0]),
    "starts": lambda element, what: _text(element).startswith(what),
    "listed": _listed,
    "country": lambda element, what: any(_own(each) in COUNTRIES2 for each in _found(element, what)),
    "with": _with,
    "italian": _italian,
    "scheme": _scheme,
    "endpoint": _endpoint,
    "number": _number,
    "day": lambda element, what: len(_text(element)) == 10 and day(_text(element)) is not None,
    "whole": _whole,
    "not-negative": _not_negative,
    "not-empty": lambda element, what: not _empty(element),
    "unlocated": lambda element, what: all(split_name(str(name))[1] != "schemaLocation" for name in element.attrib),
}
