"""Values as offices type them, read as what they mean, or refused: nothing is guessed that could be read two ways.

- A *number* may carry its unit and be written as in Italy or in English: `kg 1.250,5`, `1,250.5 kg`. `1.250` alone
  could be either: what the other cells of its column show decides, else the person does (`Reading.decimal`).
- A *day* may be a real date, or `2026-08-12`, `12/08/2026`, `12.8.26`. `12/08` in that order only where another cell of
  the column shows it, or the person says it (`Reading.days`). A day without its year is refused.
- A *GTIN* or *GLN* that a spreadsheet took for a number has lost its zeros: they are put back where the check digit
  then holds. One that was turned into `9,52E+12` is lost, and refused.

    number("kg 1.250,5", Reading(decimal=","))  ->  Quantity(Decimal("1250.5"), "KGM")

FORMATS section 6 no. 9.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from schemas.errors import InputError
from schemas.gs1.check_digit import verify_check_digit
from schemas.syntax.workbook import Value

Days = Literal["", "dmy", "mdy"]
Point = Literal["", ",", "."]
UNITS: Mapping[str, str] = {
    "kg": "KGM", "kgs": "KGM", "kgm": "KGM", "chili": "KGM", "chilogrammi": "KGM", "kilogrammi": "KGM", "kilo": "KGM",
    "g": "GRM", "gr": "GRM", "grammi": "GRM", "grm": "GRM", "q": "DTN", "ql": "DTN", "qli": "DTN", "quintali": "DTN",
    "dtn": "DTN", "t": "TNE", "ton": "TNE", "tonnellate": "TNE", "tne": "TNE", "l": "LTR", "lt": "LTR", "litri": "LTR",
    "ltr": "LTR", "hl": "HLT", "ettolitri": "HLT", "hlt": "HLT", "pz": "H87", "pezzi": "H87", "pcs": "H87",
    "h87": "H87", "n": "H87", "nr": "H87",
}  # fmt: skip
"""What people write -> UN/CEFACT code."""
PIECES = "H87"
_GROUPED = r"[0-9]{1,3}(?:[.][0-9]{3})+|[0-9]{1,3}(?:[,][0-9]{3})+|[0-9]{1,3}(?:[ '\u00a0\u202f][0-9]{3})+|[0-9]+"
_NUMBER = re.compile(rf"(?P<whole>{_GROUPED})(?:(?P<point>[.,])(?P<part>[0-9]+))?")
_QUANTITY = re.compile(
    r"(?P<before>[A-Za-z]{0,20})\.?\s*(?P<number>[-+]?[0-9][0-9.,' \u00a0\u202f]*?)\s*(?P<after>[A-Za-z]{0,20})\.?"
)
_DAY = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
_YEARLESS = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}")
_LOT = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
"""AI (10): GS1 General Specifications 3.4.1, characters of set 82."""
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}))?")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_SHORTEST_GTIN, _GTIN, _GLN = 7, 14, 13
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read where its cells do not say: empty where nobody has said either."""

    days: Days = ""
    decimal: Point = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact amount, and the code of the unit that stood beside it; empty where none did."""

    amount: Decimal
    unit: str = ""


def number(value: Value, reading: Reading) -> Quantity:
    """`InputError`: `cell-number`, `cell-number-ambiguous`, `cell-number-sign`, `cell-unit`."""
    if isinstance(value, Decimal):
        return _counted(value, "")
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise InputError("cell-number", value=_said(value))
    said = [word for word in (found["before"], found["after"]) if word]
    if len(said) > 1:
        raise InputError("cell-number", value=_said(value))
    text = found["number"].strip()
    sign = -1 if text.startswith("-") else 1
    return _counted(sign * _amount(text.lstrip("+-"), reading), unit(said[0]) if said else "")


def unit(value: Value) -> str:
    """The UN/CEFACT code of a unit as people write it; `InputError("cell-unit")`."""
    code = UNITS.get(str(value).strip().lower().rstrip("."))
    if code is None:
        raise InputError("cell-unit", value=_said(value), known="kg, g, q, t, l, hl, pz")
    return code


def day(value: Value, reading: Reading) -> date:
    """`InputError`: `cell-day`, `cell-day-ambiguous`, `cell-day-yearless`."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = value if isinstance(value, str) else ""
    if iso := _ISO.fullmatch(text):
        return _date(value, int(iso[1]), int(iso[2]), int(iso[3]))
    if _YEARLESS.fullmatch(text):
        raise InputError("cell-day-yearless", value=text)
    found = _DAY.fullmatch(text)
    if found is None:
        raise InputError("cell-day", value=_said(value))
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    order = "dmy" if first > 12 else "mdy" if second > 12 else "dmy" if first == second else reading.days
    if not order:
        raise InputError("cell-day-ambiguous", value=text)
    month, number = (second, first) if order == "dmy" else (first, second)
    return _date(value, year if year > 99 else 2000 + year, month, number)


def moment(value: Value) -> time:
    """A time of day; `InputError("cell-time")`."""
    if isinstance(value, datetime):
        return value.time().replace(microsecond=0)
    if isinstance(value, time):
        return value.replace(microsecond=0)
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is not None:
            return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise InputError("cell-time", value=_said(value))


def gtin(value: Value) -> str:
    """Fourteen digits; `InputError`: `cell-code`, `cell-code-lost`, `cell-check-digit`."""
    return _code(value, "GTIN", _GTIN, _SHORTEST_GTIN)


def gln(value: Value) -> str:
    """Thirteen digits; `InputError` as `gtin`."""
    return _code(value, "GLN", _GLN, _GLN - 3)


def text(value: Value) -> str:
    """Words; a lot called 196 is a number to whoever typed it into a spreadsheet."""
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return f"{value:.0f}" if whole else f"{value:f}"
    return value.isoformat() if isinstance(value, date | time) else str(value)


def lot(value: Value) -> str:
    """The code of a lot, as GS1 has it; `InputError("cell-lot")`."""
    code = text(value)
    if not _LOT.fullmatch(code):
        raise InputError("cell-lot", value=_said(code))
    return code


def days_of(values: Iterable[Value]) -> Days:
    """In which order the days of a column are written, as far as one of its cells shows it; empty where none does, or
    where they show both."""
    shown = set()
    for value in values:
        found = _DAY.fullmatch(value) if isinstance(value, str) else None
        if found and (int(found[1]) > 12) != (int(found[3]) > 12):
            shown.add("dmy" if int(found[1]) > 12 else "mdy")
    return shown.pop() if len(shown) == 1 else ""  # type: ignore[return-value]


def decimal_of(values: Iterable[Value]) -> Point:
    """Which sign stands before the parts of a whole in a column, as far as one of its cells shows it."""
    shown = set()
    for value in values:
        found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
        signs = re.sub(r"[^.,]", "", found["number"]) if found else ""
        tail = len(re.split(r"[.,]", found["number"].strip())[-1]) if found and signs else 0
        if len(set(signs)) == 2 or (len(signs) == 1 and tail != 3):
            shown.add(signs[-1])
        elif len(signs) > 1:
            shown.add("," if signs[0] == "." else ".")
    return shown.pop() if len(shown) == 1 else ""  # type: ignore[return-value]


def _amount(text: str, reading: Reading) -> Decimal:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise InputError("cell-number", value=_said(text))
    whole, point, part = found["whole"], found["point"], found["part"]
    grouped = set(whole) & set(".,")
    if point and point in grouped:
        raise InputError("cell-number", value=_said(text))
    if not point and len(grouped) == 1 and len(re.findall("[.,]", whole)) == 1:
        # 1.250: a thousand and more, or one and a quarter?
        sign = grouped.pop()
        if not reading.decimal:
            raise InputError("cell-number-ambiguous", value=_said(text))
        if sign == reading.decimal:
            return Decimal(whole.replace(sign, "."))
    if point and reading.decimal and point != reading.decimal and not grouped:
        raise InputError("cell-number", value=_said(text))
    return Decimal(re.sub("[^0-9]", "", whole) + (f".{part}" if part else ""))


def _counted(amount: Decimal, unit: str) -> Quantity:
    if not amount.is_finite() or amount <= 0:
        raise InputError("cell-number-sign", value=str(amount)[:_SHOWN])
    return Quantity(amount.normalize() if amount == amount.to_integral_value() else amount, unit)


def _code(value: Value, kind: str, length: int, least: int) -> str:
    said = re.sub(r"[\s.'\u00a0-]", "", text(value)) if value is not None else ""
    if _SCIENTIFIC.fullmatch(str(value or "").strip()):
        raise InputError("cell-code-lost", value=_said(value), kind=kind)
    if not said.isascii() or not said.isdigit() or not least <= len(said) <= length:
        raise InputError("cell-code", value=_said(value), kind=kind, length=length)
    whole = said.zfill(length)
    try:
        verify_check_digit(whole)
    except InputError:
        raise InputError("cell-check-digit", value=_said(value), kind=kind) from None
    return whole


def _date(value: Value, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise InputError("cell-day", value=_said(value)) from None


def _said(value: Value) -> str:
    return str(value)[:_SHOWN]
