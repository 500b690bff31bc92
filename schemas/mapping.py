"""Somebody else's sheet and our members, column by column: one declaration, read in both directions.

- A *column* has a header and a *path*: the name of a member of ours. Its *transform* says how the member's value stands
  in a cell, and gives it back from there; nothing is rounded on either way. A column of a fixed text has no path.
- Codes are somebody's words for a text of ours, one for one.
- A *plan* is one sheet: its name, the row of its headers, the first row of data, what a row is of, and its columns.
- What writes a sheet and what reads one use the same plan: `cell` and `member` are each other's inverse.

    Column("GTIN", "lot.gtin", "gtin-13").cell("09521001002018")  ->  "9521001002018"

FORMATS 2.9 (templates of buyers and portals).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, DecimalException
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from schemas.errors import InputError
from schemas.units import EXACT

Kind = Literal["text", "number", "day"]
Value: TypeAlias = str | Decimal | date
"""A member's value, and a cell's: a text, an exact number, or a day."""
_THOUSAND, _THOUSANDTH = Decimal(1000), Decimal("0.001")
_SHOWN = 80
_GTIN = 14
_PARTS = "dd|mm|yyyy"


@dataclass(frozen=True, slots=True)
class Transform:
    """How a value of one kind stands in a cell. Both functions take a value and the column's format; `member` raises
    ValueError for a cell that is none."""

    of: Kind
    cell: Callable[[Any, str], Value]
    member: Callable[[Any, str], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `text`: what stands in every cell, of a column without a path. `codes`: a member's text -> a cell's.
    `format`: of days `dd/mm/yyyy`, of numbers `comma` or `point`, where they stand as texts. `width` in characters."""

    header: str
    path: str = ""
    transform: str = "text"
    text: str = ""
    mandatory: bool = False
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    format: str = ""
    width: int = 18

    def cell(self, value: Value) -> Value:
        """The cell of a member's value; `InputError("mapping-value")` where the code list has none for it."""
        if self.codes:
            if str(value) not in self.codes:
                raise self._refused("mapping-value", value, self.codes)
            return self.codes[str(value)]
        return TRANSFORMS[self.transform].cell(value, self.format)

    def member(self, cell: Value) -> Value:
        """The member's value of a cell; `InputError("mapping-cell")` where the column cannot hold it."""
        if self.codes:
            found = {said: value for value, said in self.codes.items()}.get(str(cell))
            if found is None:
                raise self._refused("mapping-cell", cell, self.codes.values())
            return found
        try:
            return TRANSFORMS[self.transform].member(cell, self.format)
        except (ValueError, DecimalException) as error:
            raise self._refused("mapping-cell", cell, (self.format or self.transform,)) from error

    def _refused(self, code: str, value: Value, allowed: Any) -> InputError:
        return InputError(code, column=self.header, value=str(value)[:_SHOWN], allowed=", ".join(allowed))


@dataclass(frozen=True, slots=True)
class Plan:
    """One sheet. `rows`: what a row is of. Rows are counted from 1. `above` and `below` are rows of fixed texts: those
    over the headers, and those between them and the data."""

    name: str
    sheet: str
    rows: str
    columns: tuple[Column, ...]
    header_row: int = 1
    first_row: int = 2
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()


def day_pattern(format: str) -> re.Pattern[str] | None:
    """The pattern of days so written (`dd/mm/yyyy`, `yyyymmdd`); None where it is no format of days."""
    rest = re.sub(_PARTS, "", format).strip(" ./-")
    if rest or sorted(re.findall(_PARTS, format)) != sorted(_PARTS.split("|")):
        return None
    parts = {"dd": "(?P<day>[0-9]{2})", "mm": "(?P<month>[0-9]{2})", "yyyy": "(?P<year>[0-9]{4})"}
    return re.compile(re.sub(_PARTS, lambda found: parts[found[0]], re.escape(format)))


def _text(value: Value, _: str) -> str:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        # A lot called 196 is a number to whoever typed it into a spreadsheet.
        return f"{value:.0f}"
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _number_cell(value: Decimal, format: str) -> Value:
    text = f"{value:f}"
    return {"comma": text.replace(".", ","), "point": text}.get(format, value)


def _number(cell: Value, format: str) -> Decimal:
    if isinstance(cell, Decimal):
        return cell
    text = str(cell).replace(",", ".", 1) if format == "comma" and "." not in str(cell) else str(cell)
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError(cell)
    return Decimal(text)


def _day_cell(value: date, format: str) -> Value:
    if not format:
        return value
    parts = {"dd": f"{value.day:02}", "mm": f"{value.month:02}", "yyyy": f"{value.year:04}"}
    return re.sub(_PARTS, lambda found: parts[found[0]], format)


def _day(cell: Value, format: str) -> date:
    if isinstance(cell, date):
        return cell
    pattern = day_pattern(format) if format else None
    found = pattern.fullmatch(str(cell)) if pattern else None
    if found is None:
        raise ValueError(cell)
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _short_gtin(value: str, _: str) -> str:
    return value.removeprefix("0") if len(value) == _GTIN else value


def _long_gtin(cell: Value, format: str) -> str:
    text = _text(cell, format)
    if not re.fullmatch("[0-9]{8,14}", text):
        raise ValueError(cell)
    return text.zfill(_GTIN)


def _times(factor: Decimal) -> Callable[[Decimal, str], Value]:
    return lambda value, format: _number_cell(EXACT.multiply(value, factor), format)


def _over(factor: Decimal) -> Callable[[Value, str], Value]:
    return lambda cell, format: EXACT.divide(_number(cell, format), factor)


TRANSFORMS: Mapping[str, Transform] = MappingProxyType(
    {
        "text": Transform("text", _text, _text),
        "number": Transform("number", _number_cell, _number),
        "day": Transform("day", _day_cell, _day),
        "gtin-13": Transform("text", _short_gtin, _long_gtin),
        "grams": Transform("number", _times(_THOUSAND), _over(_THOUSAND)),
        "tonnes": Transform("number", _times(_THOUSANDTH), _over(_THOUSANDTH)),
    }
)
"""By the name that a file gives it. `gtin-13`: without the first zero of fourteen; `grams`, `tonnes`: of kilograms."""
