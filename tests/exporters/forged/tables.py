"""Spreadsheets and CSV with one cell changed, a row dropped, a row added, a sheet renamed, the proof swapped."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from exporters.files.xlsx_package import OWN_PART
from tests.exporters.forged.forgery import MORE, Forgery
from tests.exporters.papers import Made, packed, parts_of

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*>(?:<is><t[^>]*>|<v>)(.*?)(?:</t></is>|</v>)</c>', re.S)
_MARKS = {"it": ";", "en": ","}


def of_xlsx(made: Made) -> Iterator[Forgery]:
    """A workbook's: of every sheet that is shown, then as a spreadsheet program changes it."""
    parts = parts_of(made.data)
    *shown, _ = openpyxl.load_workbook(io.BytesIO(made.data), read_only=True).sheetnames
    for number, name in enumerate(shown, start=1):
        part = f"xl/worksheets/sheet{number}.xml"
        for cell, text in _cells(parts[part].decode()):
            place = f"{_sheet(name)}!{cell}"
            yield Forgery(f"{place} changed", place, packed({**parts, part: text.encode()}))
    claim = {**json.loads(parts[OWN_PART]), "language": "la"}
    yield Forgery("the part is no claim", "", packed({**parts, OWN_PART: json.dumps(claim).encode()}))
    yield from _saved(made.data, shown[:-1])


def _cells(text: str) -> Iterator[tuple[str, str]]:
    for found in _CELL.finditer(text):
        value = found[2]
        other = str(int(value) + 1) if value.isdigit() else value + "x"
        yield found[1], text[: found.start(2)] + other + text[found.end(2) :]


def _saved(data: bytes, names: Sequence[str]) -> Iterator[Forgery]:
    for name in names:
        place = _sheet(name)
        if openpyxl.load_workbook(io.BytesIO(data))[name].max_row > 1:
            yield Forgery(
                f"{place}: a row dropped", f"{place}!2:2", _changed(data, name, lambda sheet: sheet.delete_rows(2))
            )
        yield Forgery(f"{place}: a row added", f"{place}!", _changed(data, name, lambda sheet: sheet.append(["x"])))
        yield Forgery(f"{place} renamed", place, _changed(data, name, lambda sheet: setattr(sheet, "title", "Altro")))


def _changed(data: bytes, name: str, change: Any) -> bytes:
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    change(book[name])
    book.save(out)
    return out.getvalue()


def of_csv(made: Made, data: bytes) -> Iterator[Forgery]:
    """A CSV's."""
    sheet, mark = _sheet(made.content.sheet.name), _MARKS[made.claim.language]
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=mark))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = f"{sheet}!{get_column_letter(column + 1)}{number + 1}"
            changed = [*row[:column], cell + MORE, *row[column + 1 :]]
            yield Forgery(f"{place} changed", place, _text([*rows[:number], changed, *rows[number + 1 :]], mark))
    yield Forgery("a row dropped", f"{sheet}!", _text(rows[:-1], mark))
    yield Forgery("a row added", f"{sheet}!", _text([*rows, rows[-1]], mark))


def _text(rows: Sequence[Sequence[str]], mark: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode()


def _sheet(name: str) -> str:
    return name if re.fullmatch(r"[^\W\d]\w*", name) else f"'{name}'"
