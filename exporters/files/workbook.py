"""What a spreadsheet says, before it is one: sheets of typed cells under headers.

- A cell is a text, an exact decimal, a day, or nothing. A text stays a text whatever it begins with: `=1+1` and `0012`
  are what somebody called a lot, not what a program should make of them.
- The first row of a sheet is its headers, unless others stand above them; rows follow in the order given and are never
  sorted here.
- `made` is the paper's date in microseconds since 1970. `logs` are what the Proof sheet says of each bundle.

    Sheet("Shipping", (Column("Quantity", 12),), ((Decimal("96"),),))

ECMA-376 part 1, section 18 (SpreadsheetML).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, overload

from schemas.units import EXACT
from schemas.wording import Language

Cell: TypeAlias = str | Decimal | date | None
Row: TypeAlias = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's header, and its width in characters."""

    header: str
    width: int = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `name`: at most 31 characters, as Excel has it. `above`: rows that stand over the headers."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Row] = ()
    above: Sequence[Row] = ()

    @property
    def header(self) -> Row:
        """The row of headers."""
        return tuple(column.header for column in self.columns)


class Lines(Sequence[Row]):
    """A sheet from its first row to its last, the headers among them, none of them copied."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def __len__(self) -> int:
        return len(self._sheet.above) + 1 + len(self._sheet.rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        headers = len(self._sheet.above)
        if index < headers:
            return self._sheet.above[index]
        return self._sheet.header if index == headers else self._sheet.rows[index - headers - 1]


@dataclass(frozen=True, slots=True)
class LogSize:
    """Of which log a bundle speaks, and how many entries that had."""

    origin: str
    size: int


@dataclass(frozen=True, slots=True)
class Workbook:
    """A whole spreadsheet, without what proves it. `language`: that of the sheets, and so of the Proof sheet."""

    sheets: tuple[Sheet, ...]
    made: int
    language: Language
    logs: tuple[LogSize, ...]


MOST_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)


def kept_as(cell: str | Decimal | date) -> str | Decimal | date:
    """The cell as a spreadsheet can hold it: what it would round, or take for another day, is a text."""
    if isinstance(cell, Decimal):
        whole = cell.normalize(EXACT) if cell.is_finite() else cell
        fits = cell.is_finite() and len(whole.as_tuple().digits) <= MOST_DIGITS and abs(whole.adjusted()) < MOST_DIGITS
        return whole if fits else format(cell, "f")
    if isinstance(cell, date) and cell < _FIRST_DAY:
        return cell.isoformat()
    return cell


def letter(column: int) -> str:
    """The name of a column counted from 1: A, B, … Z, AA."""
    name = ""
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(65 + place) + name
    return name


def sheet_place(name: str) -> str:
    """A sheet's name as it stands in front of a cell's: quoted where Excel quotes it."""
    return name if name.isidentifier() and name.isascii() else "'" + name.replace("'", "''") + "'"


def cell_place(sheet: str, row: int, column: int) -> str:
    """A cell as Excel names it: `Shipping!B4`, `'Initial Packing'!AA2`."""
    return f"{sheet_place(sheet)}!{letter(column)}{row}"


def row_place(sheet: str, row: int) -> str:
    """A whole row as Excel names it: `Shipping!4:4`."""
    return f"{sheet_place(sheet)}!{row}:{row}"
