"""Keys of facts sort as their values do, whatever the values."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.store.fact_key import (
    compared,
    everything,
    key,
    number_key,
    presence_key,
    text_key,
    text_of,
    texts_from,
    time_key,
)
from schemas.epcis.query_value import Value

numbers = st.decimals(allow_nan=False, allow_infinity=False) | st.integers().map(Decimal)
numbers |= st.tuples(st.integers(-(10**12), 10**12), st.integers(-9000, 9000)).map(lambda n: Decimal(n[0]).scaleb(n[1]))
times = st.integers(-(2**62), 2**62)
_OPS = {"GT": lambda a, b: a > b, "GE": lambda a, b: a >= b, "LT": lambda a, b: a < b, "LE": lambda a, b: a <= b}


@given(numbers, numbers)
def test_numbers_sort_as_numbers(one: Decimal, other: Decimal) -> None:
    assert (number_key("f", one) < number_key("f", other)) == (one < other)
    assert (number_key("f", one) == number_key("f", other)) == (one == other)


@given(numbers, numbers, st.sampled_from(sorted(_OPS)), st.booleans())
def test_a_comparison_is_a_range_of_keys(one: Decimal, other: Decimal, op: str, read: bool) -> None:
    low, high = compared("f", op, Value("number", other))
    assert (low <= number_key("f", one, read=read) < high) == _OPS[op](one, other)
    low, high = compared("f", op, Value("time", 0))
    assert not low <= number_key("f", one) < high


@given(times, times, st.sampled_from(sorted(_OPS)))
def test_so_it_is_of_instants(one: int, other: int, op: str) -> None:
    low, high = compared("f", op, Value("time", other))
    assert (low <= time_key("f", one) < high) == _OPS[op](one, other)


@given(st.text(max_size=40), st.text(max_size=40))
def test_texts_sort_by_code_point_and_come_back(one: str, other: str) -> None:
    raw = [text.encode("utf-8", "surrogatepass") for text in (one, other)]
    assert (text_key("f", one) < text_key("f", other)) == (raw[0] < raw[1])
    assert text_of(text_key("f", one)) == one
    low, high = texts_from("f", other)
    assert (low <= text_key("f", one) < high) == one.startswith(other)


@pytest.mark.parametrize("length", [479, 480, 481, 5000])
def test_a_long_text_is_found_by_equality_and_fits_an_index(length: int) -> None:
    one, other = "x" * length, "x" * (length - 1) + "y"
    assert text_key("f", one) != text_key("f", other)
    assert text_key("f", one) == key("f", Value("text", one))
    assert len(text_key("f", one)) <= 489
    assert (text_of(text_key("f", one)) == one) == (length < 480)


def test_all_keys_of_a_field_lie_together_and_apart_from_others() -> None:
    said = [presence_key("f"), text_key("f", ""), text_key("f", "\uffff"), number_key("f", Decimal("-1e9999"))]
    said += [number_key("f", Decimal("9e9999")), time_key("f", -(2**63)), time_key("f", 2**63 - 1)]
    low, high = everything("f")
    assert said == sorted(said)
    assert all(low <= each < high for each in said)
    assert not low <= text_key("g", "x") < high


def test_a_text_that_reads_as_a_number_is_another_fact_than_the_number() -> None:
    assert number_key("f", Decimal(7), read=True) != key("f", Value("number", Decimal(7)))
