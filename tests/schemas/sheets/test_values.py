"""What offices type, read as what they mean; what could be read two ways is asked (FORMATS section 6 no. 9)."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.gs1.check_digit import check_digit
from schemas.sheets import values
from schemas.sheets.values import Quantity, Reading
from schemas.syntax.workbook import Value

COMMA, POINT = Reading(decimal=","), Reading(decimal=".")
D = Decimal


@pytest.mark.parametrize(
    ("typed", "reading", "meant"),
    [
        ("kg 1.250,5", Reading(), Quantity(D("1250.5"), "KGM")),
        ("1.250,5 kg", Reading(), Quantity(D("1250.5"), "KGM")),
        ("1,250.5", Reading(), Quantity(D("1250.5"))),
        ("Kg. 12", Reading(), Quantity(D("12"), "KGM")),
        ("3 q.li", Reading(), None),
        ("3 q", Reading(), Quantity(D("3"), "DTN")),
        ("1.250", COMMA, Quantity(D("1250"))),
        ("1.250", POINT, Quantity(D("1.250"))),
        ("1,250", COMMA, Quantity(D("1.250"))),
        ("12,5", Reading(), Quantity(D("12.5"))),
        ("12,5", POINT, None),
        ("1.234.567", Reading(), Quantity(D("1234567"))),
        ("1 250,5", Reading(), Quantity(D("1250.5"))),
        ("1.25.0", Reading(), None),
        ("12..5", Reading(), None),
        ("kg 12 pz", Reading(), None),
        ("dodici", Reading(), None),
        ("12 cassette", Reading(), None),
        (D("12.5"), Reading(), Quantity(D("12.5"))),
        (date(2026, 1, 1), Reading(), None),
    ],
)
def test_a_number_is_read_as_it_is_meant_or_refused(typed: Value, reading: Reading, meant: Quantity | None) -> None:
    if meant is not None:
        assert values.number(typed, reading) == meant
    else:
        with pytest.raises(InputError, match=r"^cell-(number|unit)"):
            values.number(typed, reading)


@pytest.mark.parametrize(
    ("typed", "code"), [("1.250", "ambiguous"), ("1,250", "ambiguous"), ("-3", "sign"), ("0", "sign")]
)
def test_a_number_that_could_be_two_or_is_none_is_said(typed: str, code: str) -> None:
    with pytest.raises(InputError, match=f"^cell-number-{code}"):
        values.number(typed, Reading())


@given(st.decimals("0.01", "9999999", places=2))
def test_an_amount_written_as_italians_and_as_english_do_is_the_same(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    italian = english.translate(str.maketrans(",.", ".,"))
    for typed in (english, italian, f"kg {italian}", f"{english} kg"):
        assert values.number(typed, Reading()).amount == amount


@pytest.mark.parametrize(
    ("typed", "days", "meant"),
    [
        ("31/08/2026", "", date(2026, 8, 31)),
        ("08/31/2026", "", date(2026, 8, 31)),
        ("12/08/2026", "dmy", date(2026, 8, 12)),
        ("12/08/2026", "mdy", date(2026, 12, 8)),
        ("8.8.26", "", date(2026, 8, 8)),
        ("2026-08-12", "", date(2026, 8, 12)),
        (datetime(2026, 8, 12, 0, 0), "", date(2026, 8, 12)),
    ],
)
def test_a_day_is_read_as_it_is_meant(typed: Value, days: values.Days, meant: date) -> None:
    assert values.day(typed, Reading(days=days)) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12/08/2026", "cell-day-ambiguous"), ("12/08", "cell-day-yearless"), ("31/02/2026", "cell-day"),
        ("31/31/2026", "cell-day"), ("ieri", "cell-day"), ("12/08-2026", "cell-day"), (D("46000"), "cell-day"),
    ],
)  # fmt: skip
def test_a_day_that_could_be_two_or_is_none_is_said(typed: Value, code: str) -> None:
    with pytest.raises(InputError, match=rf"^{code}\b"):
        values.day(typed, Reading())


def test_a_column_shows_how_its_cells_are_to_be_read() -> None:
    assert values.days_of(["12/08/2026", "31/08/2026", None]) == "dmy"
    assert values.days_of(["12/08/2026", "08/31/2026"]) == "mdy"
    assert values.days_of(["31/08/2026", "08/31/2026"]) == ""
    assert values.decimal_of(["1.250", "12,5"]) == ","
    assert values.decimal_of(["1.250", "1,5", "1.5"]) == ""
    assert values.decimal_of(["1.250", "2.500"]) == ""
    assert values.decimal_of(["1.250.000"]) == ","


@given(st.integers(0, 10**12 - 1).map(lambda n: f"{n:013d}"))
def test_a_gtin_that_lost_its_zeros_gets_them_back(body: str) -> None:
    whole = body + check_digit(body)
    bare = whole.lstrip("0")
    if len(bare) >= 7:
        assert values.gtin(D(bare)) == values.gtin(bare) == values.gtin(f" {whole} ") == whole


@pytest.mark.parametrize(
    ("typed", "code"),
    [("9521001002012", "cell-check-digit"), ("9,52E+12", "cell-code-lost"), ("9.52100E+12", "cell-code-lost"),
     ("MELE", "cell-code"), ("12345", "cell-code"), ("1" * 15, "cell-code"), ("²" * 8, "cell-code")],
)  # fmt: skip
def test_a_gtin_that_is_none_is_said(typed: str, code: str) -> None:
    with pytest.raises(InputError, match=rf"^{code}\b"):
        values.gtin(typed)


def test_a_lot_that_a_spreadsheet_took_for_a_number_is_its_digits() -> None:
    assert values.text(D("196")) == "196"
    assert values.moment("7.30") == values.moment(time(7, 30)) == time(7, 30)
    with pytest.raises(InputError, match=r"^cell-time"):
        values.moment("25:00")
