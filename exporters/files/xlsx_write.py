"""A spreadsheet written by openpyxl, row by row, so that a hundred thousand rows take no more memory than one.

- Texts are inline texts in the text format: no program makes a formula, a date or a number of them, not even of `=1+1`
  or `0012`. Numbers are written as they are up to fifteen digits, which is what a spreadsheet can hold; longer ones,
  and days before 1900-03-01, are texts.
- Characters that XML cannot hold, and texts that look like their spelling, are written as `_x000D_`.
- Nothing of the package says when or on which machine it was made: the date is the paper's.

    write_xlsx([Placed(sheet), Placed(copy, hidden=True)], out, made=…, part=[b"…"])

ECMA-376 part 1, sections 18.3.1.4 (cells) and 22.9.2.19 (ST_Xstring).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any
from zipfile import ZipFile

from openpyxl import Workbook as Written
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.writer.excel import ExcelWriter

from exporters.files.archive import CHUNK, check_size, entry, write_part
from exporters.files.workbook import Lines, Row, Sheet, cell_place, kept_as, letter
from exporters.files.xlsx_package import OWN_PART, OWN_RELATION, OWN_TYPE
from schemas.errors import InputError

MOST_TEXT = 32_767
KEYWORD = "filiera-paper"
_DAY_ZERO = date(1899, 12, 30)
_CLOSING = b"</Relationships>"
_ROOT = "_rels/.rels"
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
_DATES: Mapping[str, str] = {"it": "dd/mm/yyyy", "en": "yyyy-mm-dd"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A sheet as it stands in the file. `plain`: without a styled header and a filter."""

    sheet: Sheet
    hidden: bool = False
    plain: bool = False


def write_xlsx(sheets: Iterable[Placed], out: IO[bytes], *, made: int, language: str, part: Iterable[bytes]) -> None:
    """The file, with `part` embedded; `made` in microseconds since 1970; `InputError("sheet-text-too-long")`."""
    book = Written(write_only=True)
    at = datetime(1970, 1, 1) + timedelta(microseconds=made)  # noqa: DTZ001 openpyxl writes UTC without a zone
    book.properties.creator, book.properties.keywords, book.properties.language = "Filiera", KEYWORD, language
    book.properties.created = book.properties.modified = at
    for placed in sheets:
        _write_sheet(book, placed, _DATES[language])
    with _Archive(out, "w") as archive:
        writer = ExcelWriter(book, archive)
        writer.manifest.append(_Part())
        writer.write_data()
        write_part(archive, OWN_PART, part)
        check_size(sum(each.file_size for each in archive.infolist()))


def _write_sheet(book: Written, placed: Placed, days: str) -> None:
    sheet, made = placed.sheet, book.create_sheet(placed.sheet.name)
    for number, column in enumerate(sheet.columns, start=1):
        made.column_dimensions[letter(number)].width = column.width
    made.sheet_state = "hidden" if placed.hidden else "visible"
    headers = len(sheet.above) + 1
    if not placed.plain:
        made.freeze_panes = f"A{headers + 1}"
        made.auto_filter.ref = f"A{headers}:{letter(len(sheet.columns))}{headers + len(sheet.rows)}"
    styles = _styles(made, days)
    for number, row in enumerate(Lines(sheet), start=1):
        header = number == headers and not placed.plain
        made.append(_cells(made, sheet.name, number, row, {**styles, str: styles[Sheet if header else str]}))


def _styles(sheet: Any, days: str) -> dict[Any, Any]:
    """The style of a header, of a text, a number and a day, each made once: openpyxl looks up whatever is set anew."""
    header, text, number, day = (_cell(sheet) for _ in range(4))
    header.number_format = text.number_format = "@"
    header.font, header.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBDA")
    header.alignment = text.alignment = Alignment(vertical="top", wrap_text=True)
    day.number_format = days
    day.alignment = number.alignment = Alignment(vertical="top")
    return {Sheet: header._style, str: text._style, Decimal: number._style, date: day._style}


def _cell(sheet: Any) -> Any:
    return WriteOnlyCell(sheet)


def _cells(sheet: Any, name: str, number: int, row: Row, styles: Mapping[Any, Any]) -> Iterator[Any]:
    for column, value in enumerate(row, start=1):
        if value is None or value == "":
            yield None
            continue
        kept = kept_as(value)
        if isinstance(kept, str) and len(kept.encode("utf-16-le", "surrogatepass")) > 2 * MOST_TEXT:
            raise InputError("sheet-text-too-long", place=cell_place(name, number, column), limit=MOST_TEXT)
        cell = _cell(sheet)
        # Past openpyxl's own reading of values, which takes `=1+1` for a formula.
        cell._value, cell.data_type, cell._style = *_said(kept), styles[type(kept)]
        yield cell


def _said(kept: str | Decimal | date) -> tuple[str, str]:
    """A cell's text, and its type as openpyxl names it."""
    if isinstance(kept, str):
        return escaped(kept), "s"
    return (format(kept, "f") if isinstance(kept, Decimal) else str((kept - _DAY_ZERO).days)), "n"


def escaped(text: str) -> str:
    """A text as SpreadsheetML holds it."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


class _Part:
    """Our part, as openpyxl's list of content types asks for one."""

    path = f"/{OWN_PART}"
    mime_type = OWN_TYPE


class _Archive(ZipFile):
    """The package as openpyxl writes it, dated as every archive of ours, with our part related to its root."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        name = str(zinfo_or_arcname)
        if name == _ROOT:
            related = f'<Relationship Type="{OWN_RELATION}" Target="{OWN_PART}" Id="filiera"/>'.encode()
            data = data.replace(_CLOSING, related + _CLOSING)
        super().writestr(entry(name), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with open(filename, "rb") as source, self.open(entry(str(arcname)), "w", force_zip64=True) as part:
            while chunk := source.read(CHUNK):
                part.write(chunk)
