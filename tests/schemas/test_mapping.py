"""A column says a member and a member says a column; a plan that is wrong is refused with file, column and key."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.mapping import TRANSFORMS, Column, Value, day_pattern
from schemas.mapping_file import MOST_BYTES, MOST_COLUMNS, read_plan
from schemas.wording import LANGUAGES, explain

PATHS: dict[str, Any] = {"lot.gtin": "text", "lot.bestBefore": "day", "lot.useBy": "day", "weight": "number"}
PLAN = """
name = "mine"
sheet = "Lots"
rows = "line"
header_row = 3
first_row = 6
above = [["Supplier data"]]
below = [["14 digits", "kg"]]
[[columns]]
header = "GTIN"
path = "lot.gtin"
mandatory = true
[[columns]]
header = "Net"
path = "weight"
transform = "grams"
format = "comma"
[[columns]]
header = "Country"
text = "DE"
width = 6
"""
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(max_size=20),
    "number": st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3),
    "day": st.dates(),
}  # fmt: skip
FORMATS = {"text": [""], "number": ["", "comma", "point"], "day": ["", "dd/mm/yyyy", "yyyymmdd", "mm-dd-yyyy"]}


@given(st.data(), st.sampled_from(sorted(TRANSFORMS)))
def test_a_cell_gives_back_the_value_that_it_was_made_of(data: st.DataObject, transform: str) -> None:
    kind = TRANSFORMS[transform].of
    numbers = st.from_regex("[0-9]{14}", fullmatch=True)
    value = data.draw(numbers if transform == "gtin-13" else VALUES[kind])
    column = Column("X", "x", transform, format=data.draw(st.sampled_from(FORMATS[kind])))
    assert column.member(column.cell(value)) == value


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        (Column("A", "a", "gtin-13"), "09521001002018", "9521001002018"),
        (Column("A", "a", "gtin-13"), "19521001002018", "19521001002018"),
        (Column("A", "a", "day", format="dd.mm.yyyy"), date(2026, 7, 25), "25.07.2026"),
        (Column("A", "a", "day"), date(2026, 7, 25), date(2026, 7, 25)),
        (Column("A", "a", "number", format="comma"), Decimal("480.50"), "480,50"),
        (Column("A", "a", "grams"), Decimal("0.5"), Decimal("500.0")),
        (Column("A", "a", "tonnes", format="point"), Decimal("480"), "0.480"),
        (Column("A", "a", codes={"fixed": "F", "variable": "V"}), "variable", "V"),
    ],
)
def test_a_value_stands_as_the_column_says(column: Column, value: Value, cell: Value) -> None:
    assert column.cell(value) == cell
    assert column.member(cell) == value


def test_a_number_that_names_a_lot_is_its_name() -> None:
    assert Column("Lot", "lot.code").member(Decimal("196")) == "196"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (Column("A", "a", "day", format="dd/mm/yyyy"), "31/02/2026"),
        (Column("A", "a", "day", format="dd/mm/yyyy"), "2026-07-25"),
        (Column("A", "a", "day"), "25/07/2026"),
        (Column("A", "a", "number"), "12 kg"),
        (Column("A", "a", "number", format="comma"), "1.250,5"),
        (Column("A", "a", "gtin-13"), "95210O1002018"),
        (Column("A", "a"), Decimal("1.5")),
        (Column("A", "a"), date(2026, 1, 1)),
        (Column("A", "a", codes={"fixed": "F"}), "X"),
    ],
)
def test_a_cell_that_the_column_cannot_hold_is_refused(column: Column, cell: Value) -> None:
    with pytest.raises(InputError, match="mapping-cell") as caught:
        column.member(cell)
    assert caught.value.context["column"] == "A"


def test_a_value_without_a_code_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="mapping-value") as caught:
        Column("Type", "a", codes={"fixed": "F"}).cell("variable")
    assert caught.value.context == {"column": "Type", "value": "variable", "allowed": "fixed"}


@pytest.mark.parametrize(
    "format", ["", "dd", "dd/mm", "dd/mm/yy", "ddd/mm/yyyy", "dd/mm/yyyy hh", "dd/dd/yyyy", "DD/MM/YYYY"]
)
def test_what_is_no_format_of_days_is_none(format: str) -> None:
    assert day_pattern(format) is None


def read(text: str) -> Any:
    return read_plan(text, file="mine.toml", rows=("line", "lot"), paths=PATHS)


def test_a_plan_is_read_whole() -> None:
    plan = read(PLAN)
    assert (plan.name, plan.sheet, plan.rows, plan.header_row, plan.first_row) == ("mine", "Lots", "line", 3, 6)
    assert (plan.above, plan.below) == ((("Supplier data",), ()), (("14 digits", "kg"), ()))
    assert [(each.header, each.path, each.transform, each.text) for each in plan.columns] == [
        ("GTIN", "lot.gtin", "text", ""), ("Net", "weight", "grams", ""), ("Country", "", "text", "DE"),
    ]  # fmt: skip


WRONG = [
    ('name = "mine"', "name = mine", "mapping-toml", {}),
    ('name = "mine"', "", "mapping-lacks", {"key": "name"}),
    ('sheet = "Lots"', "", "mapping-lacks", {"key": "sheet"}),
    ('sheet = "Lots"', 'sheet = ""', "mapping-setting", {"key": "sheet"}),
    ('sheet = "Lots"', 'sheet = "a/b"', "mapping-setting", {"key": "sheet"}),
    ('sheet = "Lots"', f'sheet = "{"x" * 32}"', "mapping-setting", {"key": "sheet"}),
    ('rows = "line"', 'rows = "lines"', "mapping-setting", {"key": "rows", "allowed": "line, lot"}),
    ("header_row = 3", "header_row = 0", "mapping-setting", {"key": "header_row"}),
    ("header_row = 3", "header_row = true", "mapping-setting", {"key": "header_row"}),
    ("first_row = 6", "first_row = 3", "mapping-setting", {"key": "first_row"}),
    ('above = [["Supplier data"]]', "above = [[], [], []]", "mapping-setting", {"key": "above"}),
    ('above = [["Supplier data"]]', "above = [[1]]", "mapping-setting", {"key": "above"}),
    ('sheet = "Lots"', 'sheet = "Lots"\nheader = 3', "mapping-key", {"key": "header", "column": "–"}),
    ('path = "lot.gtin"', 'path = "lot.gtn"', "mapping-path", {"column": "GTIN", "near": "lot.gtin, lot.useBy"}),
    ('path = "lot.gtin"', "", "mapping-path", {"column": "GTIN"}),
    ('path = "lot.gtin"', 'field = "lot.gtin"', "mapping-key", {"column": "GTIN", "key": "field"}),
    ('header = "Net"', 'header = "GTIN"', "mapping-header-twice", {"column": "GTIN"}),
    ('header = "Net"', 'header = " "', "mapping-setting", {"key": "header"}),
    ('header = "Net"', "", "mapping-lacks", {"key": "header", "column": "2"}),
    ('transform = "grams"', 'transform = "day"', "mapping-setting", {"column": "Net", "key": "transform"}),
    ('format = "comma"', 'format = "dd/mm/yyyy"', "mapping-setting", {"column": "Net", "key": "format"}),
    ("mandatory = true", 'mandatory = "yes"', "mapping-setting", {"column": "GTIN", "key": "mandatory"}),
    ("mandatory = true", 'codes = { a = "1", b = "1" }', "mapping-setting", {"column": "GTIN", "key": "codes"}),
    ("mandatory = true", "codes = { a = 1 }", "mapping-setting", {"column": "GTIN", "key": "codes"}),
    ('transform = "grams"', 'codes = { a = "1" }', "mapping-setting", {"column": "Net", "key": "codes"}),
    ("width = 6", "width = 0", "mapping-setting", {"column": "Country", "key": "width"}),
    ("width = 6", "mandatory = true", "mapping-setting", {"column": "Country", "key": "mandatory"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "said"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_named_by_file_column_and_key(old: str, new: str, code: str, said: dict[str, str]) -> None:
    assert old in PLAN
    with pytest.raises(InputError, match=code) as caught:
        read(PLAN.replace(old, new, 1))
    context = caught.value.context
    assert context["file"] == "mine.toml"
    assert {name: context[name] for name in said} == said
    for language in LANGUAGES:
        assert "mine.toml" in explain(caught.value, language)


@pytest.mark.parametrize(
    "text", ["", "[" * 100_000, "x" * (MOST_BYTES + 1), PLAN + '[[columns]]\nheader = "n"\ntext = "n"\n' * MOST_COLUMNS]
)
def test_what_is_no_plan_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="mapping-"):
        read(text)
