"""A spreadsheet says what it was given, in bytes that never change, keeps its proof when it is saved again, and
whatever is changed or hidden in it is named as Excel names it."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from exporters.claim import Claim
from exporters.compare import Difference
from exporters.files import archive
from exporters.files.kind import bytes_of
from exporters.files.proof_sheet import COPY
from exporters.files.workbook import Cell, Column, LogSize, Sheet, Workbook, cell_place, letter
from exporters.files.xlsx import KIND
from schemas.errors import InputError
from tests.exporters.papers import packed

CLAIM = Claim("eu-one-step", "standard", "en", (b'{"first":"bundle"}', b'{"second":"bundle"}'))
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("T-196", Decimal("96"), "cases", date(2026, 7, 16)),
    ("T-197", Decimal("520.5"), "kg", date(2026, 7, 17)),
    ("=1+1", Decimal("0.29"), "", None),
    ("0012", Decimal("12345678901234567.5"), " two \n lines ", date(2026, 7, 18)),
    ("T-200", Decimal("7"), "kg", date(2026, 7, 19)),
)
COLUMNS = Column("Lot"), Column("Quantity"), Column("Unit\n(of measure)"), Column("Date")
BOOK = Workbook(
    (Sheet("Shipping", COLUMNS, ROWS), Sheet("Farm Purchase by RFE or Rest.  ", (Column("Food"),))),
    1_784_000_000_000_000,
    "en",
    (LogSize("log.example/coop", 9), LogSize("log.example/coop", 12)),
)


@pytest.fixture(scope="module")
def data() -> bytes:
    return bytes_of(KIND, BOOK, CLAIM)


def found(data: bytes, book: Workbook = BOOK, claim: Claim = CLAIM) -> list[Difference]:
    return list(KIND.compare(book, claim, data))


def resaved(data: bytes, change: Callable[[Any], None] = lambda book: None) -> bytes:
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], Any]) -> bytes:
    """The package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    return packed(parts)


def replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return repacked(data, change)


SHEET = "xl/worksheets/sheet1.xml"
INLINE = re.compile(r'<c r="([A-Z0-9]+)"( s="\d+")? t="inlineStr"><is>(<t.*?</t>)</is></c>', re.S)
END = "</Relationships>"
RELATED = END.encode()
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_it_says_what_it_was_given(data: bytes) -> None:
    assert KIND.recognises(data)
    assert KIND.claim(data) == CLAIM
    assert found(data) == []


def test_the_same_content_gives_the_same_bytes_and_no_part_says_when(data: bytes) -> None:
    assert bytes_of(KIND, BOOK, CLAIM) == data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core) == ["2026-07-14T03:33:20Z"] * 2


def test_a_second_reader_finds_the_same_cells(data: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["Shipping", "Farm Purchase by RFE or Rest.  ", "Proof", COPY]
    assert book.get_sheet_by_name("Shipping").to_python() == [
        ["Lot", "Quantity", "Unit\n(of measure)", "Date"],
        ["T-196", 96.0, "cases", date(2026, 7, 16)],
        ["T-197", 520.5, "kg", date(2026, 7, 17)],
        ["=1+1", 0.29, "", ""],
        ["0012", "12345678901234567.5", " two \n lines ", date(2026, 7, 18)],
        ["T-200", 7.0, "kg", date(2026, 7, 19)],
    ]
    proof = dict(row[:2] for row in book.get_sheet_by_name("Proof").to_python())
    assert proof["Bundle 2: entries in the log"] == 12
    assert len(str(proof["Bundle 1: SHA-256"])) == 64


def test_saved_again_by_another_program_it_keeps_its_proof_and_says_the_same(data: bytes) -> None:
    again = resaved(data)
    assert b"filiera/paper.json" not in again
    assert KIND.recognises(again)
    assert KIND.claim(again) == CLAIM
    assert found(again) == []
    assert found(resaved(resaved(again))) == []


def test_saved_again_with_its_texts_shared_it_says_the_same(data: bytes) -> None:
    """As Excel and LibreOffice save: texts in a table of their own, numbers with seventeen digits."""
    texts: list[str] = []

    def share(found: re.Match[str]) -> str:
        texts.append(found[3])
        return f'<c r="{found[1]}"{found[2]} t="s"><v>{len(texts) - 1}</v></c>'

    def change(parts: dict[str, bytes]) -> None:
        for name in [name for name in parts if name.startswith("xl/worksheets/")]:
            text = INLINE.sub(share, parts[name].decode())
            parts[name] = text.replace("<v>0.29</v>", "<v>0.28999999999999998</v>").encode()
        table = "".join(f"<si>{text}</si>" for text in texts)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{table}</sst>'.encode()
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
            RELATED, f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>{END}'.encode()
        )
        del parts["filiera/paper.json"]

    again = repacked(data, change)
    assert KIND.claim(again) == CLAIM
    assert found(again) == []
    rows = CalamineWorkbook.from_filelike(io.BytesIO(again)).get_sheet_by_name("Shipping").to_python()
    assert rows[3][:2] == ["=1+1", 0.29]


def cell(place: str, value: Any, sheet: str = "Shipping") -> Callable[[Any], None]:
    return lambda book: book[sheet].__setitem__(place, value)


def of_shipping(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda book: change(book["Shipping"])


def hide_row(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


def hide_column(sheet: Any) -> None:
    sheet.column_dimensions["B"].hidden = True


def hide_sheet(sheet: Any) -> None:
    sheet.sheet_state = "hidden"


def rename(sheet: Any) -> None:
    sheet.title = "Shipments"


def show_as(code: str, place: str = "B2") -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[place].number_format = code

    return of_shipping(change)


def comment(sheet: Any) -> None:
    sheet["B2"].comment = Comment("really 900", "x")


def link(sheet: Any) -> None:
    sheet["A2"].hyperlink = "https://elsewhere.example"


def colour(sheet: Any) -> None:
    sheet.conditional_formatting.add("B2", CellIsRule(operator="equal", formula=["96"]))


def fill(sheet: Any) -> None:
    """96 is shown as 969696."""
    sheet["B2"].alignment = Alignment(horizontal="fill")


def prompt(sheet: Any) -> None:
    sheet.add_data_validation(
        DataValidation(sqref="B2", promptTitle="Note", prompt="really 900", showInputMessage=True)
    )


def footer(sheet: Any) -> None:
    sheet.oddFooter.center.text = "Quantities in pounds"


def numbered(sheet: Any) -> None:
    sheet.oddHeader.center.text, sheet.oddFooter.center.text = "&A", "Page &P of &N"


@pytest.mark.parametrize(
    ("place", "code", "change"),
    [
        ("Shipping!B2", "paper-differs", cell("B2", 95)),
        ("Shipping!B2", "paper-differs", cell("B2", "96")),
        ("Shipping!A5", "paper-differs", cell("A5", 12)),
        ("Shipping!A2", "paper-differs", cell("A2", "T-196 ")),
        ("Shipping!D2", "paper-differs", cell("D2", date(2026, 7, 15))),
        ("Shipping!B2", "paper-differs", cell("B2", None)),
        ("Shipping!E2", "paper-differs", cell("E2", "note")),
        ("Shipping!B2", "paper-differs", cell("B2", "=48*2")),
        ("Shipping!A4", "paper-differs", cell("A4", "=1+1")),
        ("Shipping!B1", "paper-differs", cell("B1", "Pounds")),
        ("Shipping!9:9", "paper-differs", cell("C9", "more")),
        ("Proof!B3", "paper-differs", cell("B3", "visit https://elsewhere.example", "Proof")),
        ("'Farm Purchase by RFE or Rest.  '!2:2", "paper-differs", cell("A2", "x", "Farm Purchase by RFE or Rest.  ")),
        ("Shipping!3:3", "paper-differs", of_shipping(lambda sheet: sheet.delete_rows(3))),
        ("Shipping!3:3", "paper-differs", of_shipping(lambda sheet: sheet.insert_rows(3))),
        ("Shipping!6:6", "paper-differs", of_shipping(lambda sheet: sheet.delete_rows(6))),
        ("Shipping!7:7", "paper-differs", of_shipping(lambda sheet: sheet.append(["T-200"]))),
        ("Shipping!3:3", "paper-hides", of_shipping(hide_row)),
        ("Shipping!B:B", "paper-hides", of_shipping(hide_column)),
        ("Shipping", "paper-hides", of_shipping(hide_sheet)),
        ("Shipping", "paper-differs", of_shipping(rename)),
        ("Shipping", "paper-differs", lambda book: book.remove(book["Shipping"])),
        ("Proof", "paper-differs", lambda book: book.remove(book["Proof"])),
        ("Extra", "paper-differs", lambda book: book.create_sheet("Extra")),
        ("1", "paper-sheet-order", lambda book: book.move_sheet("Shipping", 1)),
        ("total", "paper-holds-besides", lambda book: book.defined_names.add(DefinedName("total", attr_text="1"))),
        ("Shipping!B2", "paper-shows-otherwise", show_as('"900"')),
        ("Shipping!B2", "paper-shows-otherwise", show_as("0,")),
        ("Shipping!B2", "paper-shows-otherwise", show_as(";;;")),
        ("Shipping!B2", "paper-shows-otherwise", show_as("0%")),
        ("Shipping!B3", "paper-shows-otherwise", show_as("0", "B3")),
        ("Shipping!A2", "paper-shows-otherwise", show_as(';;;"T-900"', "A2")),
        ("Shipping!D2", "paper-shows-otherwise", show_as("0", "D2")),
        ("Shipping!D2", "paper-shows-otherwise", show_as("dd/mm", "D2")),
        ("Shipping!D2", "paper-shows-otherwise", show_as("mm/dd/yyyy", "D2")),
        ("Shipping!D2", "paper-shows-otherwise", show_as("dd/mm/yyyy", "D2")),
        ("Shipping!B2", "paper-shows-otherwise", of_shipping(fill)),
        ("Shipping", "paper-holds-besides", of_shipping(prompt)),
        ("Shipping", "paper-holds-besides", of_shipping(footer)),
        ("'filiera-paper'!B2", "paper-differs", cell("B2", "1000 kg", COPY)),
        ("Shipping", "paper-holds-besides", of_shipping(comment)),
        ("Shipping", "paper-holds-besides", of_shipping(link)),
        ("Shipping", "paper-holds-besides", of_shipping(colour)),
    ],
)  # fmt: skip
def test_whatever_another_program_changed_is_named(
    data: bytes, place: str, code: str, change: Callable[[Any], Any]
) -> None:
    first, *_ = found(resaved(data, change))
    assert (first.place, first.code) == (place, code)


@pytest.mark.parametrize(
    ("code", "place"),
    [("#,##0.00", "B3"), ("0.0", "B3"), ("yyyy\\-mm\\-dd;@", "D2"), ("[$-410]d mmmm yyyy", "D2"), ("@", "B2")],
)
def test_a_format_that_shows_the_same_is_nobodys_business(data: bytes, code: str, place: str) -> None:
    assert found(resaved(data, show_as(code, place))) == []


def test_a_day_is_seen_in_the_order_of_its_language_and_numbered_pages_say_nothing(data: bytes) -> None:
    italian = replace(BOOK, language="it")
    assert found(resaved(bytes_of(KIND, italian, CLAIM), show_as("d/m/yyyy", "D2")), italian) == []
    assert found(resaved(data, of_shipping(numbered))) == []


def test_one_row_left_out_is_one_difference(data: bytes) -> None:
    dropped = found(resaved(data, of_shipping(lambda sheet: sheet.delete_rows(3))))
    assert [(one.place, one.expected, one.found) for one in dropped] == [
        ("Shipping!3:3", "T-197 | 520.5 | kg | 2026-07-17", None)
    ]
    added = found(resaved(data, of_shipping(lambda sheet: (sheet.insert_rows(3), sheet.cell(3, 1, "T-000")))))
    assert [(one.place, one.expected, one.found) for one in added] == [("Shipping!3:3", None, "T-000")]


@pytest.mark.parametrize(
    ("place", "part", "old", "new"),
    [
        ("Shipping!D2", "xl/workbook.xml", "<workbookPr", '<workbookPr date1904="1"'),
        ("Shipping", SHEET, "<sheetFormatPr", '<sheetFormatPr zeroHeight="1"'),
        ("Shipping", SHEET, "<sheetView ", '<sheetView showZeros="0" '),
        ("Shipping!B:B", SHEET, '<col width="18" customWidth="1" min="2"', '<col width="0" customWidth="1" min="2"'),
        ("Shipping!B:B", SHEET, '<col width="18" customWidth="1" min="2"', '<col width="0.1" customWidth="1" min="2"'),
        ("Shipping!3:3", SHEET, '<row r="3"', '<row r="3" ht="0" customHeight="1"'),
        ("Shipping!3:3", SHEET, '<row r="3"', '<row r="3" ht="0.75" customHeight="1"'),
        ("Shipping", SHEET, "<sheetFormatPr", '<sheetFormatPr defaultColWidth="0"'),
        ("Shipping", SHEET, '<autoFilter ref="A1:D6"/>', '<autoFilter ref="A1:D6"><filterColumn colId="0"><filters>'
         '<filter val="T-196"/></filters></filterColumn></autoFilter>'),
        ("Shipping!B2", SHEET, "<v>96</v>", "<v>9_6</v>"),
        ("Shipping!1:1", "xl/workbook.xml", "<sheet ", f'<sheet xmlns:q="{STRICT_OFFICE}" q:id="rId2" '),
        ("Shipping!A2:A3", SHEET, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>'),
        ("Shipping!B2", SHEET, "<v>96</v>", "<v>96.5</v>"),
        ("Shipping!B2", SHEET, 't="n"><v>96</v>', 't="b"><v>1</v>'),
        ("Shipping!A2", SHEET, "T-196", "T-196_x0030_"),
        ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "</Relationships>",
         '<Relationship Id="v" Target="v.bin" '
         'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/>'
         "</Relationships>"),
    ],
)  # fmt: skip
def test_whatever_is_changed_in_the_package_is_named(data: bytes, place: str, part: str, old: str, new: str) -> None:
    assert found(replaced(data, part, old, new))[0].place == place


def test_a_format_left_to_the_named_style_is_that_of_the_style(data: bytes) -> None:
    """A percentage in programs that take it from there."""
    styled = replaced(data, "xl/styles.xml", '<xf numFmtId="0"', '<xf numFmtId="9"')
    assert found(styled) == []
    left = replaced(styled, "xl/styles.xml", 'pivotButton="0" quotePrefix="0" xfId="0"><alignment vertical="top"/>',
                    'applyNumberFormat="0" xfId="0"><alignment vertical="top"/>')  # fmt: skip
    assert [(one.place, one.code) for one in found(left)][:1] == [("Shipping!B2", "paper-shows-otherwise")]


OTHER_MAIN = '<x:row xmlns:x="urn:x"><x:c/></x:row>'


@pytest.mark.parametrize(
    ("code", "part", "old", "new"),
    [
        ("sheet-order", SHEET, '<row r="3">', '<row r="2">'),
        ("sheet-order", SHEET, "<v>96</v>", "<v>9</v><is><t>6</t></is>"),
        ("sheet-order", SHEET, "<v>96</v>", "<v>9</v><v>6</v>"),
        ("sheet-order", SHEET, "<v>96</v>", "<v>9<x/>6</v>"),
        ("sheet-order", SHEET, "<v>96</v>", f'<s:v xmlns:s="{STRICT}">96</s:v>'),
        ("sheet-order", SHEET, "<is><t>T-196</t></is>", "<v>T-1</v><is><t>96</t></is>"),
        ("sheet-order", SHEET, "<is><t>T-196</t></is>", "<is><t>T-1</t><r><t>96</t></r></is>"),
        ("sheet-order", SHEET, "<is><t>T-196</t></is>", "<is><t>T-1</t><t>96</t></is>"),
        ("sheet-order", SHEET, 'r="B2"', 'r="A2"'),
        ("sheet-order", SHEET, 'r="B2"', 'r="B9"'),
        ("sheet-order", SHEET, "</sheetData>", OTHER_MAIN + "</sheetData>"),
        ("sheet-order", SHEET, "</sheetData>", '</sheetData><sheetData><row r="9"/></sheetData>'),
        ("sheet-order", "xl/workbook.xml", 'name="Proof"', 'name="shipping"'),
        ("sheet-order", "xl/workbook.xml", "</sheets>", OTHER_MAIN + "</sheets>"),
        ("sheet-order", "xl/_rels/workbook.xml.rels", "sheet2.xml", "sheet1.xml"),
        ("sheet-number", SHEET, '<row r="3">', '<row r="three">'),
        ("sheet-order", SHEET, 't="inlineStr"><is><t>Lot</t></is>', 't="s"><v>7</v>'),
        ("archive-part-xml", SHEET, "<worksheet", '<!DOCTYPE x [<!ENTITY a "96">]><worksheet'),
        ("archive-part-xml", SHEET, "</worksheet>", ""),
        ("archive-part-xml", SHEET, "<sheetData>", "<sheetData>" + "<a>" * 80),
        ("archive-part-twice", "xl/_rels/workbook.xml.rels", 'Id="rId2"', 'Id="rId1"'),
        ("archive-damaged", "xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet9.xml"),
        ("sheet-workbook", "_rels/.rels", "</Relationships>",
         '<Relationship Id="two" Target="xl/two.xml" '
         'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'),
        ("sheet-workbook", "_rels/.rels", "xl/workbook.xml", "xl/other.xml"),
    ],
)  # fmt: skip
def test_a_file_in_which_two_programs_read_two_things_is_refused(
    data: bytes, code: str, part: str, old: str, new: str
) -> None:
    with pytest.raises(InputError) as caught:
        found(replaced(data, part, old, new))
    assert caught.value.code == code


def test_a_part_that_stands_twice_is_refused(data: bytes) -> None:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/Worksheets/sheet1.xml", b"<worksheet/>")
    with pytest.raises(InputError, match="archive-part-twice"):
        found(out.getvalue())
    assert KIND.recognises(out.getvalue())


def test_an_archive_that_unpacks_to_too_much_is_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    with pytest.raises(InputError, match="archive-too-large"):
        KIND.claim(data)


@pytest.mark.parametrize("keep", [0, 4, 5, 100, 4000])
def test_a_file_cut_short_is_refused_and_never_fails_otherwise(data: bytes, keep: int) -> None:
    cut = data[:keep]
    if KIND.recognises(cut):
        with pytest.raises(InputError):
            KIND.claim(cut)


def test_without_both_copies_it_says_that_it_lost_its_proof(data: bytes) -> None:
    bare = resaved(data, lambda book: book.remove(book[COPY]))
    assert KIND.recognises(bare)
    with pytest.raises(InputError, match="sheet-proof-lost"):
        KIND.claim(bare)


def test_without_the_hidden_sheet_the_part_is_enough(data: bytes) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts.update({"filiera/paper.json": original["filiera/paper.json"]})

    with zipfile.ZipFile(io.BytesIO(data)) as source:
        original = {name: source.read(name) for name in source.namelist()}
    bare = repacked(resaved(data, lambda book: book.remove(book[COPY])), change)
    assert KIND.claim(bare) == CLAIM


def test_a_copy_of_another_claim_is_named(data: bytes) -> None:
    other = bytes_of(KIND, BOOK, Claim("eu-fish", "standard", "en", CLAIM.bundles))
    with zipfile.ZipFile(io.BytesIO(other)) as source:
        sheet = source.read("xl/worksheets/sheet4.xml")
    mixed = repacked(data, lambda parts: parts.update({"xl/worksheets/sheet4.xml": sheet}))
    assert [one.place for one in found(mixed)] == ["'filiera-paper'"]


@pytest.mark.parametrize(("old", "new"), [("filiera-paper/1", "filiera-paper/2"), ("<t>eyJ", "<t>!yJ")])
def test_a_copy_that_cannot_be_read_is_refused(data: bytes, old: str, new: str) -> None:
    with pytest.raises(InputError):
        found(replaced(data, "xl/worksheets/sheet4.xml", old, new))


@pytest.mark.parametrize("value", ["x", b"", b"PK\x03\x04"])
def test_what_is_no_spreadsheet_of_ours_is_not_recognised(value: Any) -> None:
    assert not KIND.recognises(value if isinstance(value, bytes) else value.encode())
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    assert not KIND.recognises(out.getvalue())


def test_a_text_that_no_cell_holds_is_refused_with_its_place() -> None:
    book = Workbook((Sheet("A", (Column("a"),), (("x" * 32_768,),)),), 0, "en", BOOK.logs)
    with pytest.raises(InputError) as caught:
        bytes_of(KIND, book, CLAIM)
    assert caught.value.context["place"] == "A!A2"


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    st.sampled_from(["_x000D_", "=SUM(A1)", "+39", "-1", "@x", "\r\n", "\x00\x1f", "  ", "\ufffe", "<&>\"'", "00"]),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20),
    st.dates(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4))
def test_any_cells_are_read_back_as_they_were(rows: list[tuple[Cell, ...]]) -> None:
    book = Workbook((Sheet("A", COLUMNS[:3], rows),), 0, "it", BOOK.logs)
    assert found(bytes_of(KIND, book, CLAIM), book) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 16_384))
def test_columns_are_named_as_excel_names_them(number: int) -> None:
    assert letter(number) == openpyxl.utils.get_column_letter(number)
    assert cell_place("A b", 2, number) == f"'A b'!{openpyxl.utils.get_column_letter(number)}2"


class Rows(Sequence[tuple[Cell, ...]]):
    """Rows that are made when they are asked for, so that only what the kind of file keeps is in memory."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: Any) -> Any:
        if not 0 <= index < self.count:
            raise IndexError
        return (f"T-{index}", Decimal(index), "cases", date(2026, 7, 16))


def peak(work: Callable[[], Any]) -> int:
    """Bytes at the most while working, beyond those before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_what_could_not_be_opened_again_is_not_written(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
    monkeypatch.setattr(archive, "MOST_BYTES", unpacked - 1)
    with pytest.raises(InputError, match="paper-too-large"):
        bytes_of(KIND, BOOK, CLAIM)


@pytest.mark.long
def test_twelve_times_the_rows_take_no_more_memory_than_the_larger_file() -> None:
    """Kept whole, a cell takes a hundred bytes and more: 96,000 of them ten million."""
    files, peaks = list[bytes](), list[int]()
    for count in (2_000, 24_000):
        book = replace(BOOK, sheets=(Sheet("Shipping", COLUMNS, Rows(count)),))
        written = peak(lambda book=book: files.append(bytes_of(KIND, book, CLAIM)))  # type: ignore[misc]
        read = peak(lambda book=book: found(files[-1], book))  # type: ignore[misc]
        peaks += [written, read]
    more = len(files[1]) - len(files[0])
    assert peaks[2] - peaks[0] < 3 * more + 500_000
    assert peaks[3] - peaks[1] < 500_000
