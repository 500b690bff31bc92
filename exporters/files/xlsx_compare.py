"""A spreadsheet against what it should say: sheets, rows and cells by their values, and whatever keeps them from sight.

- Styles are nobody's business, but for what changes what is seen: hidden rows, columns and sheets, merged cells, number
  formats that show another value, names, formulas, and anything in the package beside cells.
- A day whose month is a figure is seen in the order of its language, or year first: 07/08 is not 8 July in Italian.
- A value is compared with its type. A text that became a number is shown with the apostrophe that Excel has for texts.

    next(differences(workbook, workbook.sheets, book, COPY)).place  ->  "Shipping!B4"

KNOWN LIMIT: colours, fonts, widths that cut and window panes are not compared: white letters on white are seen by who
looks, not here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from exporters.compare import Difference
from exporters.files.rows import row_differences
from exporters.files.workbook import (
    Cell,
    Lines,
    Row,
    Sheet,
    Workbook,
    cell_place,
    kept_as,
    letter,
    row_place,
    sheet_place,
)
from exporters.files.xlsx_book import Book, FoundSheet
from exporters.files.xlsx_cells import Found, FoundRow, Notes, rows
from schemas.wording import Language

HIDES, OTHERWISE, BESIDES, ORDER = "paper-hides", "paper-shows-otherwise", "paper-holds-besides", "paper-sheet-order"
_BUILT_IN = "_xlnm."
_PLAIN = ("General", "@")
_NUMBER = re.compile(r"(?:#,##|#*)0(?:\.([0#]+))?")
# Python takes more for a number, and another program less of it: `9_6`.
_WRITTEN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]+)?")
_SPOKEN = re.compile(r"\[\$-[0-9A-Fa-f]+\]|;@$|\\(?=[ /.,-])")
_DAY = re.compile(r"(?=[^d]*d{1,2}[^d]*$)(?=[^m]*m{1,5}[^m]*$)(?=[^y]*y{2,4}[^y]*$)[dmy /.,-]+")
_READERS = "[14]"
"""The built-in format of days, which everybody sees in the order of their own country."""
_ORDERS: Mapping[Language, tuple[str, ...]] = {"it": ("ymd", "dmy"), "en": ("ymd",)}
_COUNTED_FROM = date(1899, 12, 30), date(1904, 1, 1)


def differences(workbook: Workbook, sheets: Sequence[Sheet], book: Book, apart: str) -> Iterator[Difference]:
    """Every difference of these sheets of a workbook; of the one `apart` only what it shows beside its first column."""
    found = {sheet.name: sheet for sheet in book.sheets if sheet.name != apart}
    yield from _order([sheet.name for sheet in sheets], list(found))
    for sheet in sheets:
        if sheet.name in found:
            yield from _sheet(sheet, found[sheet.name], book, workbook.language)
    for other in book.sheets:
        if other.name == apart:
            yield from _beside_first(other, book)
    yield from _beside(book)


def _order(expected: list[str], found: list[str]) -> Iterator[Difference]:
    for name in expected:
        if name not in found:
            yield Difference(sheet_place(name), name, None)
    for name in found:
        if name not in expected:
            yield Difference(sheet_place(name), None, name)
    if sorted(expected) == sorted(found):
        for number, (name, other) in enumerate(zip(expected, found, strict=True), start=1):
            if name != other:
                yield Difference(str(number), name, other, ORDER)


def _beside_first(sheet: FoundSheet, book: Book) -> Iterator[Difference]:
    """Cells of a sheet that stand beside its first column."""
    for number, row in rows(book, sheet, Notes()):
        for column, cell in row.cells.items():
            if column > 1:
                yield Difference(cell_place(sheet.name, number, column), None, cell.text)


def _beside(book: Book) -> Iterator[Difference]:
    for name in book.names:
        if not name.startswith(_BUILT_IN):
            yield Difference(name, None, name, BESIDES)
    package = book.package
    parts = [("", ""), (package.workbook, "workbook")]
    for part, kind in (*parts, *((sheet.part, "worksheet") for sheet in book.sheets if sheet.part)):
        for target in package.besides(part, kind):
            yield Difference(part or package.workbook, None, target, BESIDES)


def _sheet(sheet: Sheet, found: FoundSheet, book: Book, language: Language) -> Iterator[Difference]:
    if found.hidden:
        yield Difference(sheet_place(sheet.name), sheet.name, None, HIDES)
    compared, notes = _Compared(sheet.name, book.from_1904, language), Notes()
    for one in row_differences(Lines(sheet), rows(book, found, notes), compared.same, compared.whole, compared.cells):
        if one.expected or one.found:
            yield one
    yield from _notes(sheet, notes)


def _notes(sheet: Sheet, notes: Notes) -> Iterator[Difference]:
    place = sheet_place(sheet.name)
    if notes.hides:
        yield Difference(place, sheet.name, None, HIDES)
    for first, last in notes.hidden_columns:
        for number in range(first, min(last, len(sheet.columns)) + 1):
            name = letter(number)
            yield Difference(f"{place}!{name}:{name}", sheet.columns[number - 1].header, None, HIDES)
    for reference in notes.merged:
        yield Difference(f"{place}!{reference[:20]}", None, None, HIDES)
    for element in notes.besides:
        yield Difference(place, None, element, BESIDES)


class _Compared:
    """The cells of one sheet, compared."""

    def __init__(self, name: str, from_1904: bool, language: Language) -> None:
        self._name, self._zero, self._orders = name, _COUNTED_FROM[from_1904], _ORDERS[language]

    def same(self, expected: Row, found: FoundRow) -> bool:
        """Whether a row says what it should, and all of it is seen."""
        return next(self.cells(0, expected, found), None) is None

    def whole(self, number: int, expected: Row | None, found: FoundRow | None) -> Difference:
        """A row that is missing or too many."""
        said = None if found is None else " | ".join(cell.text for cell in found.cells.values())
        should = None if expected is None else _row_text(expected)
        return Difference(row_place(self._name, number), should, said)

    def cells(self, number: int, expected: Row, found: FoundRow) -> Iterator[Difference]:
        """How a row that is there differs."""
        if found.hidden:
            yield Difference(row_place(self._name, number), _row_text(expected), None, HIDES)
        for column in range(1, max(len(expected), *found.cells) + 1):
            cell = expected[column - 1] if column <= len(expected) else None
            yield from self._cell(cell_place(self._name, number, column), cell, found.cells.get(column))

    def _cell(self, place: str, expected: Cell, found: Found | None) -> Iterator[Difference]:
        kept = None if expected is None or expected == "" else kept_as(expected)
        if kept is None or found is None:
            if kept is not None or found is not None:
                yield Difference(place, None if kept is None else _text(kept), found.text if found else None)
        elif not _equal(kept, found, self._zero):
            said, should = self._said(kept, found), _text(kept)
            yield Difference(place, should, f"'{said}" if said == should else said)
        elif not _shown(kept, found.shown_as, self._orders):
            yield Difference(place, _text(kept), found.shown_as, OTHERWISE)

    def _said(self, expected: str | Decimal | date, found: Found) -> str:
        day = _number(found) if isinstance(expected, date) else None
        if day is None or not 0 < day < 2_958_466:
            return found.text
        return (self._zero + timedelta(days=day)).isoformat()


def _equal(expected: str | Decimal | date, found: Found, zero: date) -> bool:
    if isinstance(expected, str):
        return found.kind == "text" and found.text == expected
    number = _number(found)
    if isinstance(expected, Decimal):
        return number is not None and number == float(expected)
    return number is not None and number == (expected - zero).days


def _number(found: Found) -> float | None:
    """What a spreadsheet makes of a number: a double, of which other programs write seventeen digits."""
    return float(found.text) if found.kind == "number" and _WRITTEN.fullmatch(found.text) else None


def _shown(value: str | Decimal | date, code: str, orders: tuple[str, ...]) -> bool:
    """Whether a number format lets the value be seen as it is; a day whose month is a figure in one of these orders."""
    number = _NUMBER.fullmatch(code)
    day = _DAY.fullmatch(_SPOKEN.sub("", code).lower())
    if isinstance(value, date):
        said = day[0] if day is not None else ""
        order = "".join(dict.fromkeys(part for part in said if part in "dmy"))
        return code == _READERS or "mmm" in said or order in orders
    if isinstance(value, str):
        return code in _PLAIN or number is not None or day is not None
    exponent = value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return code in _PLAIN or (number is not None and len(number[1] or "") >= decimals)


def _text(cell: str | Decimal | date) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, date) else cell


def _row_text(row: Row) -> str:
    return " | ".join(_text(cell) for cell in row if cell is not None and cell != "")
