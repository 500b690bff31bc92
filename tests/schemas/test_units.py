"""Values of one dimension meet exactly, whatever unit they were recorded in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.lists.table import rows
from schemas.units import based, unit


@pytest.mark.parametrize(
    ("value", "code", "other", "same"),
    [
        ("20", "CEL", "293.15", "KEL"),
        ("-40", "CEL", "-40", "FAH"),
        ("68", "FAH", "20", "CEL"),
        ("1", "MTS", "3.6", "KMH"),
        ("500", "KGM", "0.5", "TNE"),
        ("1", "LBR", "453.59237", "GRM"),
        ("1", "HLT", "0.1", "MTQ"),
        ("1", "DAY", "1440", "MIN"),
    ],
)
def test_the_same_value_in_two_units_has_one_base(value: str, code: str, other: str, same: str) -> None:
    assert based(Decimal(value), code) == based(Decimal(other), same)


def test_a_distance_has_no_zero_point() -> None:
    assert based(Decimal("0.5"), "CEL", difference=True) == based(Decimal("0.5"), "KEL", difference=True)
    assert based(Decimal("0.5"), "CEL", difference=True) == based(Decimal("0.9"), "FAH", difference=True)


def test_a_unit_outside_the_list_is_compared_with_itself_alone() -> None:
    assert based(Decimal(7), "XYZ") == ("XYZ", Decimal(7))
    assert unit("XYZ").dimension == "XYZ"


def test_what_has_no_exact_base_is_not_comparable() -> None:
    assert based(Decimal("1e9000"), "CEL") == ("temperature", None)
    assert based(Decimal("1e9000"), "KEL", difference=True)[1] is not None


def test_both_lists_of_units_agree() -> None:
    """What the list of units says of a factor is what the conversions say, up to the base of the dimension."""
    known = {row["code"]: row for row in rows("conversions")}
    for row in rows("units"):
        assert row["code"] in known
        assert known[row["code"]]["dimension"] == row["dimension"]
        if row["factor"]:
            base = next(other for other in rows("units") if other["dimension"] == row["dimension"] and other["factor"])
            ours = Decimal(known[row["code"]]["factor"]) * Decimal(base["factor"])
            assert ours == Decimal(known[base["code"]]["factor"]) * Decimal(row["factor"])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_order_is_kept(value: Decimal) -> None:
    for row in rows("conversions"):
        (_, low), (_, high) = based(value, row["code"]), based(value + Decimal("0.000001"), row["code"])
        assert low is not None
        assert high is not None
        assert low < high
