"""CSV files: one sheet as text, as the spreadsheet programs of its language open it, and harmless in all of them.

- RFC 4180: a header, lines that end in CR LF, quotes around what needs them. UTF-8, with the mark Excel knows it by.
- In English the comma separates, decimals have a point and days are written as ISO 8601 has them. In Italian the
  semicolon separates, decimals have a comma and days are written 31/12/2026: an Italian Excel opens it with a click.
- A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line end) gets an
  apostrophe in front. Numbers are numbers, and get none.

    b"".join(CsvFile("eu-one-step.csv", sheet, "it").pieces())

RFC 4180; docs/adr/0050-spreadsheets.md.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import zip_longest

from exporters.compare import Difference
from exporters.files.rows import row_differences
from exporters.files.workbook import Cell, Lines, Row, Sheet, cell_place, row_place
from schemas.errors import InputError
from schemas.wording import Language

MEDIA_TYPE = "text/csv"
_MARK = "\ufeff"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SEPARATOR = {"en": ",", "it": ";"}


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A sheet as CSV, under a name, in a language."""

    name: str
    sheet: Sheet
    language: Language

    @property
    def media_type(self) -> str:
        """Its media type (RFC 7111)."""
        return MEDIA_TYPE

    def pieces(self) -> Iterator[bytes]:
        """The file, a row at a time."""
        out = StringIO()
        writer = csv.writer(out, delimiter=_SEPARATOR[self.language], lineterminator="\r\n")
        yield _MARK.encode("utf-8")
        for row in Lines(self.sheet):
            writer.writerow(self._said(row))
            yield out.getvalue().encode("utf-8")
            out.seek(0)
            out.truncate()

    def compare(self, data: bytes) -> Iterator[Difference]:
        """By cell, named as a spreadsheet names it; `InputError("csv-unreadable")`."""
        yield from row_differences(Lines(self.sheet), self._read(data), self._same, self._whole, self._cells)

    def _said(self, row: Row) -> list[str]:
        return [written(cell, self.language) for cell in row]

    def _same(self, expected: Row, found: list[str]) -> bool:
        return self._said(expected) == found

    def _read(self, data: bytes) -> Iterator[tuple[int, list[str]]]:
        try:
            text = data.decode("utf-8").removeprefix(_MARK)
            reader = csv.reader(StringIO(text, newline=""), delimiter=_SEPARATOR[self.language], strict=True)
            yield from enumerate((row for row in reader if row), start=1)
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError("csv-unreadable", name=self.name) from error

    def _whole(self, number: int, expected: Row | None, found: list[str] | None) -> Difference:
        should = None if expected is None else self._said(expected)
        return Difference(row_place(self.sheet.name, number), _text(should), _text(found))

    def _cells(self, number: int, expected: Row, found: list[str]) -> Iterator[Difference]:
        for column, (should, says) in enumerate(zip_longest(self._said(expected), found), start=1):
            if should != says:
                yield Difference(cell_place(self.sheet.name, number, column), should, says)


def written(cell: Cell, language: Language) -> str:
    """A cell as it stands in the file."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_RUNS) else cell
    if isinstance(cell, Decimal):
        return format(cell, "f").replace(".", "," if language == "it" else ".")
    return f"{cell:%d/%m/%Y}" if language == "it" else date.isoformat(cell)


def _text(row: list[str] | None) -> str | None:
    return None if row is None else " | ".join(row)
