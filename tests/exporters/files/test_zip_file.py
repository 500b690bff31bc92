"""CSV travels in a ZIP beside its proof; what is changed in either is named, and no cell of it is ever run."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.claim import Claim
from exporters.compare import Difference
from exporters.files.csv_file import CsvFile
from exporters.files.kind import bytes_of
from exporters.files.workbook import Cell, Column, Sheet
from exporters.files.zip_file import CLAIM, KIND
from schemas.errors import InputError
from schemas.wording import Language
from tests.exporters.papers import packed

SHEET = Sheet(
    "Register",
    (Column("Lot"), Column("Quantity"), Column("Date")),
    (
        ("T-196", Decimal("96.5"), date(2026, 7, 16)),
        ('=HYPERLINK("https://elsewhere.example")', Decimal("-3"), None),
        ("two\nlines; with, both", Decimal("1000"), date(2026, 7, 17)),
    ),
)
SAID = Claim("eu-one-step-csv", "standard", "it", (b'{"first":"bundle"}', b'{"second":"bundle"}'))


def enclosed(language: Language = "it") -> CsvFile:
    return CsvFile("eu-one-step.csv", SHEET, language)


@pytest.fixture(scope="module")
def data() -> bytes:
    return bytes_of(KIND, enclosed(), SAID)


def repacked(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    return packed(parts)


def found(data: bytes) -> list[Difference]:
    return list(KIND.compare(enclosed(), SAID, data))


def test_the_file_and_its_proof_are_in_one_archive(data: bytes) -> None:
    assert KIND.recognises(data)
    assert KIND.claim(data) == SAID
    assert found(data) == []
    assert bytes_of(KIND, enclosed(), SAID) == data
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == ["eu-one-step.csv", CLAIM, "bundle-1.filiera.json", "bundle-2.filiera.json"]


def test_an_italian_file_opens_in_an_italian_excel() -> None:
    text = b"".join(enclosed("it").pieces())
    assert text.startswith(b"\xef\xbb\xbfLot;Quantity;Date\r\nT-196;96,5;16/07/2026\r\n")
    assert b'"\'=HYPERLINK(""https://elsewhere.example"")";-3;\r\n' in text


def test_an_english_file_is_what_rfc_4180_describes() -> None:
    text = b"".join(enclosed("en").pieces()).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["Lot", "Quantity", "Date"],
        ["T-196", "96.5", "2026-07-16"],
        ['\'=HYPERLINK("https://elsewhere.example")', "-3", ""],
        ["two\nlines; with, both", "1000", "2026-07-17"],
    ]


@pytest.mark.parametrize("begins", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_no_text_is_run_as_a_formula(begins: str) -> None:
    file = CsvFile("x.csv", Sheet("X", (Column("a"),), ((begins,),)), "en")
    (_, (cell,)) = csv.reader(io.StringIO(b"".join(file.pieces()).decode("utf-8-sig"), newline=""))
    assert cell == f"'{begins}"


def in_csv(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts["eu-one-step.csv"]
        parts["eu-one-step.csv"] = parts["eu-one-step.csv"].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("Register!B2", in_csv(b"96,5", b"95,5")),
        ("Register!C2", in_csv(b"16/07", b"15/07")),
        ("Register!A1", in_csv(b"Lot;", b"Lots;")),
        ("Register!A3", in_csv(b"'=HYP", b"=HYP")),
        ("Register!D2", in_csv(b"16/07/2026", b"16/07/2026;x")),
        ("Register!2:2", in_csv(b"T-196;96,5;16/07/2026\r\n", b"")),
        ("Register!2:2", in_csv(b"T-196", b"T-195;1;\r\nT-196")),
        ("more.csv", lambda parts: parts.update({"more.csv": b""})),
        ("eu-one-step.csv", lambda parts: parts.pop("eu-one-step.csv")),
    ],
)
def test_whatever_is_changed_is_named(data: bytes, place: str, change: Callable[[dict[str, bytes]], None]) -> None:
    assert [one.place for one in found(repacked(data, change))][:1] == [place]


def test_a_folder_that_holds_something_is_a_file(data: bytes) -> None:
    assert found(repacked(data, lambda parts: parts.update({"more/": b""}))) == []
    forged = repacked(data, lambda parts: parts.update({"eu-one-step.csv/": b"forged"}))
    assert found(forged) == [Difference("eu-one-step.csv/", None, "eu-one-step.csv/")]


def test_a_part_that_the_directory_leaves_out_is_refused(data: bytes) -> None:
    """Programs that unpack while they read get the first of two that have one name."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        own, other = {name: source.read(name) for name in source.namelist()}, {"eu-one-step.csv": b"forged"}
    before = packed(other)
    for forged in (before[: before.index(b"PK\x01\x02")] + packed(own), before + data):
        assert KIND.recognises(forged)
        with pytest.raises(InputError, match="archive-part-twice"):
            found(forged)


def test_unpacked_and_packed_again_it_says_the_same(data: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as again:
        for name in reversed(source.namelist()):
            again.writestr(name, source.read(name))
    assert KIND.claim(out.getvalue()) == SAID
    assert found(out.getvalue()) == []


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("zip-without-bundle", lambda parts: parts.pop("bundle-2.filiera.json")),
        ("archive-damaged", lambda parts: parts.update({"bundle-2.filiera.json": b"\xff"})),
        ("zip-without-bundle", lambda parts: parts.update({CLAIM: parts[CLAIM].replace(b'"bundle-1.f', b'"x')})),
        ("file-missing-member", lambda parts: parts.update({CLAIM: b"[]"})),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_read_is_refused(
    data: bytes, code: str, change: Callable[[dict[str, bytes]], None]
) -> None:
    with pytest.raises(InputError) as caught:
        KIND.claim(repacked(data, change))
    assert caught.value.code == code


def test_a_csv_that_is_none_is_refused(data: bytes) -> None:
    for wrong in (b"\xff\xfe", b'"never closed'):
        with pytest.raises(InputError, match="csv-unreadable"):
            found(repacked(data, lambda parts, wrong=wrong: parts.update({"eu-one-step.csv": wrong})))  # type: ignore[misc]


def test_an_archive_of_anything_else_is_not_recognised(data: bytes) -> None:
    assert not KIND.recognises(packed({"a.csv": b"a"}))
    assert not KIND.recognises(b"a,b\r\n")
    assert KIND.recognises(data[:-30])
    with pytest.raises(InputError, match="archive-damaged"):
        KIND.claim(data[:-30])


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.dates(min_value=date(1000, 1, 1)),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=5), st.sampled_from(["it", "en"]))
def test_any_cells_are_read_back_as_they_were(rows: list[tuple[Cell, ...]], language: Language) -> None:
    file = CsvFile("a.csv", Sheet("A", (Column("a"), Column("b")), rows), language)
    assert list(file.compare(b"".join(file.pieces()))) == []


def test_what_could_not_be_opened_again_is_not_written(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
    for limit, refused in ((unpacked, False), (unpacked - 1, True), (3, True)):
        monkeypatch.setattr("exporters.files.archive.MOST_BYTES", limit)
        if refused:
            with pytest.raises(InputError, match="paper-too-large"):
                bytes_of(KIND, enclosed(), SAID)
        else:
            assert KIND.claim(bytes_of(KIND, enclosed(), SAID)) == SAID
