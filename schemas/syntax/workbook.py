"""Spreadsheets as they come in, XLSX or CSV: a table of plain values, read strictly and within bounds; never run.

- What it is says its content, not its name. Refused with the reason: macro files, the format of before 2007, files
  with a password, archives that unpack to too much, XML with a document type, too many rows or columns, bytes that are
  no text.
- A formula is not worked out: its cell says so (`Cell.formula`), for what Excel last showed may be anybody's number.
- Numbers come as the decimals that Excel shows (fifteen digits), days and times as such; texts lose the blanks at
  their ends.
- CSV: UTF-8, or UTF-16 with its mark, else Windows-1252, which Excel writes in Italy; `encoding` says which. Between
  cells stands `;`, `,` or a tab: whichever cuts every row into the same number of cells.

KNOWN LIMIT: of several sheets the first that holds anything is read, and of an XLSX no column far beyond the hundredth.

    table = read_table(data);  table.rows[0][2].value

ECMA-376; RFC 4180. OWASP, CSV injection and Denial of service through archives.
"""

import csv
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles import Font, PatternFill

from schemas.errors import InputError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 5 << 20, 64 << 20, 2000
MOST_ROWS, MOST_COLUMNS, MOST_TEXT, MOST_SAID = 5000, 100, 1000, 2000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPE, _UTF16 = b"<!DOCTYPE", (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ";\t,"
_LOOKED_AT = 50
_LAST_ROW = 1 << 20
Value = str | Decimal | date | time | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `value` None: empty. `formula`: there is a formula, which nobody works out here."""

    value: Value = None
    formula: bool = False


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Table:
    """The first sheet that is not empty: its name (empty for CSV), and its rows from the first, all of one length."""

    media_type: str
    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    encoding: str = ""
    separator: str = ""


def read_table(data: bytes) -> Table:
    """The table in a file; `InputError`: `sheet-too-large`, `sheet-old-format`, `sheet-macros`, `sheet-damaged`,
    `sheet-bomb`, `sheet-doctype`, `sheet-empty`, `sheet-too-many-rows`, `sheet-too-many-columns`, `sheet-encoding`,
    `sheet-cell-too-long`, `sheet-csv`."""
    if len(data) > MOST_BYTES:
        raise InputError("sheet-too-large", size=len(data), limit=MOST_BYTES)
    if data.startswith(_OLE):
        raise InputError("sheet-old-format")
    return _xlsx(data) if data.startswith(_ZIP) else _csv(data)


def with_column(data: bytes, table: Table, header_row: int, header: str, said: Mapping[int, str]) -> bytes:
    """The same file with one more column, red: what is `said` of its rows (from 1), under `header` in `header_row`."""
    column = {header_row: header, **{row: text[:MOST_SAID] for row, text in said.items()}}
    if table.media_type == CSV:
        out = StringIO(newline="")
        writer = csv.writer(out, delimiter=table.separator)
        for number, row in enumerate(_cut(_decoded(data)[0], table.separator), start=1):
            writer.writerow([*row, column.get(number, "")])
        return out.getvalue().encode("utf-8-sig")
    book = load_workbook(BytesIO(data))
    sheet = book[table.sheet]
    place = len(table.rows[0]) + 1
    for number, text in column.items():
        cell = sheet.cell(number, place)
        cell.value, cell.data_type = text, "s"
        cell.fill, cell.font = PatternFill("solid", fgColor="FFC7CE"), Font(color="9C0006", bold=True)
    sheet.column_dimensions[column_name(place - 1)].width = 70
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def column_name(number: int) -> str:
    """The letters of a column, counted from 0."""
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def _xlsx(data: bytes) -> Table:
    _check_package(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            rows = _squared(_used(sheet.iter_rows(max_row=_LAST_ROW, max_col=MOST_COLUMNS + 1)))
            if rows:
                return Table(XLSX, sheet.title, rows)
    except InputError:
        raise
    except Exception as error:
        # Whatever a reader of somebody else's makes of a broken file: it is broken.
        raise InputError("sheet-damaged") from error
    raise InputError("sheet-empty")


def _check_package(data: bytes) -> None:
    """What no reader should be given."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise InputError("sheet-bomb", limit=MOST_UNPACKED)
            names = [part.filename.lower() for part in parts]
            if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
                raise InputError("sheet-macros")
            if "xl/workbook.xml" not in names:
                raise InputError("sheet-damaged")
            _check_parts(archive, parts)
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError) as error:
        raise InputError("sheet-damaged") from error


def _check_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack each part once, as far as it says it reaches, and look for what has no place in a spreadsheet."""
    for part in parts:
        with archive.open(part) as opened:
            content = opened.read(part.file_size + 1)
        if len(content) > part.file_size:
            raise InputError("sheet-bomb", limit=MOST_UNPACKED)
        if part.filename.lower().endswith((".xml", ".rels")):
            if _DOCTYPE in content or content.startswith(_UTF16):
                raise InputError("sheet-doctype")
            if b"macroEnabled" in content and part.filename == "[Content_Types].xml":
                raise InputError("sheet-macros")


def _used(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[Cell]]:
    """Each row, without cells where it has none. Of rows that are not there the reader gives one and the same, so that
    a single cell at the end of a sheet costs a million steps and no memory."""
    blank: tuple[Any, ...] | None = None
    for row in rows:
        if row is not blank and all(cell.value is None for cell in row):
            blank = row
        yield [] if row is blank else [_cell(cell) for cell in row]


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if kind == "f":
        return Cell(str(value)[:80], formula=True)
    if value is None or isinstance(value, datetime | time):
        return Cell(value)
    if isinstance(value, bool):
        return Cell(str(value).upper())
    if isinstance(value, int | float):
        return Cell(Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value))
    return _text(str(value))


def _text(text: str) -> Cell:
    if len(text) > MOST_TEXT:
        raise InputError("sheet-cell-too-long", limit=MOST_TEXT)
    return Cell(text.strip() or None)


def _csv(data: bytes) -> Table:
    text, encoding = _decoded(data)
    found = [(rows, separator) for separator in _SEPARATORS if (rows := _cut(text, separator))]
    if not found:
        raise InputError("sheet-csv" if text.strip() else "sheet-empty")
    # The one that cuts most rows alike, then the one that cuts them into most.
    best, separator = max(found, key=lambda cut: _regular(cut[0]))
    cells = _squared(map(_cells, best))
    if not cells:
        raise InputError("sheet-empty")
    return Table(CSV, "", cells, encoding, separator)


def _cells(row: list[str]) -> list[Cell]:
    """A row up to its last cell that holds something: a file of separators alone has millions that do not."""
    width = next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)
    if width > MOST_COLUMNS:
        raise InputError("sheet-too-many-columns", limit=MOST_COLUMNS)
    return [_text(cell) for cell in row[:width]]


def _decoded(data: bytes) -> tuple[str, str]:
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(letter.isprintable() or letter in "\r\n\t\xa0\xad" for letter in text):
            return text, {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}[encoding]
    raise InputError("sheet-encoding")


def _cut(text: str, separator: str) -> list[list[str]]:
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        return [row for _, row in zip(range(MOST_ROWS + 2), reader, strict=False)]
    except csv.Error:
        return []


def _regular(rows: list[list[str]]) -> tuple[int, int]:
    """How many of the first rows are cut alike, and into how many cells."""
    widths = Counter(len(row) for row in rows[:_LOOKED_AT] if any(row)).most_common(1)
    (width, count) = widths[0] if widths else (0, 0)
    return (count if width > 1 else 0, width)


def _squared(rows: Iterable[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows up to the last that holds something, all as long as the longest; none where none does."""
    kept: list[list[Cell]] = []
    width = last = 0
    for number, row in enumerate(rows, start=1):
        used = max((place for place, cell in enumerate(row, start=1) if cell.value is not None), default=0)
        if used and number > MOST_ROWS:
            raise InputError("sheet-too-many-rows", limit=MOST_ROWS)
        if used:
            width, last = max(width, used), number
        if number <= MOST_ROWS:
            kept.append(row)
    if width > MOST_COLUMNS:
        raise InputError("sheet-too-many-columns", limit=MOST_COLUMNS)
    return tuple(tuple((row + [EMPTY] * width)[:width]) for row in kept[:last])
