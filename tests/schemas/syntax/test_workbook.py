"""Spreadsheets as they come in: read within bounds, never run, refused with the reason."""

import zipfile
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.syntax import workbook
from schemas.syntax.workbook import CSV, MOST_BYTES, XLSX, Cell, column_name, read_table, with_column
from tests.simulator.sheets import csv, sheet, with_part

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">%s</Types>'


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(InputError, match=rf"^{code}\b")


def test_a_workbook_is_read_as_values() -> None:
    table = read_table(sheet(("Data", "Kg"), [datetime(2026, 8, 1), 0.1 + 0.2], [None, None], [" x ", "=A1+1"]))
    assert (table.media_type, table.sheet) == (XLSX, "Sheet")
    assert table.rows[1] == (Cell(datetime(2026, 8, 1)), Cell(Decimal("0.3")))
    assert table.rows[3] == (Cell("x"), Cell("=A1+1", formula=True))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_whatever_stands_between_its_cells(separator: str, encoding: str) -> None:
    table = read_table(csv(("Data", "Varietà"), ("1", "è"), ("2", "ò"), separator=separator, encoding=encoding))
    assert (table.media_type, table.separator) == (CSV, separator)
    assert [cell.value for cell in table.rows[1]] == ["1", "è"]


def test_a_decimal_comma_is_no_separator() -> None:
    table = read_table(csv(("Lotto", "Kg"), ("1", "12,5"), ("2", "1,5")))
    assert table.rows[1][1].value == "12,5"


def test_what_no_office_sends_is_refused_with_the_reason() -> None:
    plain = sheet(("Data", "Kg"), [1, 2])
    with refused("sheet-macros"):
        read_table(with_part(plain, "xl/vbaProject.bin", b"x"))
    macro = TYPES % b'<Override PartName="/xl/workbook.xml" ContentType="application/x.macroEnabled.main+xml"/>'
    with refused("sheet-macros"):
        read_table(with_part(plain, "[Content_Types].xml", macro, ["[Content_Types].xml"]))
    with refused("sheet-doctype"):
        read_table(with_part(plain, "xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'))
    with refused("sheet-bomb"):
        read_table(with_part(plain, "xl/media/a.bin", bytes(65 << 20)))
    with refused("sheet-old-format"):
        read_table(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    with refused("sheet-too-large"):
        read_table(bytes(MOST_BYTES + 1))
    for broken in (
        plain[:400],
        b"PK\x03\x04",
        plain[:-60],
        with_part(plain, "xl/workbook.xml", b"<a", ["xl/workbook.xml"]),
    ):
        with refused("sheet-damaged"):
            read_table(broken)


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(1 << 20))
    data = bytearray(out.getvalue())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(InputError, match=r"^sheet-(damaged|bomb)"):
        read_table(bytes(data))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheet-empty"), (b"\r\n \r\n", "sheet-empty"), (b"a;b\n1;\x00\n", "sheet-encoding"),
        (bytes(range(256)), "sheet-encoding"), (b'a;b\n"1;2\n', "sheet-csv"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "sheet-encoding"),
        (b"a;b\n1;" + b"x" * 1001, "sheet-cell-too-long"), (b";".join([b"a"] * 102), "sheet-too-many-columns"),
        (b"a;b\n" * 5002, "sheet-too-many-rows"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_table_is_refused(data: bytes, code: str) -> None:
    with refused(code):
        read_table(data)


def test_what_holds_nothing_is_made_no_cell_of(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()
    cell = workbook._text
    monkeypatch.setattr(workbook, "_text", lambda text: (read.append(text), cell(text))[1])
    assert len(read_table(b"a;b\n" + b";" * 100_000).rows) == 1
    assert read == ["a", "b"]


def test_a_cell_far_away_is_not_passed_over_and_does_not_fill_the_memory() -> None:
    plain = sheet(("Data",), ["x"])
    for row in (5001, 10**15):
        far = (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="%d"><c r="A%d"><v>2</v></c></row></sheetData></worksheet>'
        ) % (row, row)
        data = with_part(plain, "xl/worksheets/sheet1.xml", far, ["xl/worksheets/sheet1.xml"])
        if row > 1 << 20:
            assert len(read_table(data).rows) == 1  # no spreadsheet has such a row
        else:
            with refused("sheet-too-many-rows"):
                read_table(data)


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    for sent in (data, b"PK\x03\x04" + data):
        with suppress(InputError):
            assert read_table(sent).rows


def test_the_red_column_stands_beside_what_was_there(tmp_path: Path) -> None:
    for data in (sheet(("Data", "Kg"), [1, 2], [3, 4]), csv(("Data", "Kg"), ("1", "2"), ("3", "4"))):
        table = read_table(data)
        red = read_table(with_column(data, table, 1, "DA CORREGGERE", {3: "=B3: sbagliato"}))
        assert [row[2].value for row in red.rows] == ["DA CORREGGERE", None, "=B3: sbagliato"]
        assert not red.rows[2][2].formula
        assert [row[:2] for row in red.rows] == [row[:2] for row in table.rows]


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [column_name(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
