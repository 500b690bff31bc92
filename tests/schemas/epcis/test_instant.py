"""Instants are whole microseconds in UTC, and only what has a zone is one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.epcis.instant import instant, microseconds, written


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2026-05-04T11:00:00.5+02:00", 1777885200500000),
        ("2026-05-03T24:00:00Z", 1777852800000000),
        ("2026-05-04T00:00:00.0000019Z", 1777852800000001),
        ("2026-05-04T00:00:00z", 1777852800000000),
        ("0001-01-01T00:00:00+14:00", -62135647200000000),
    ],
)
def test_a_time_with_its_zone_is_an_instant(text: str, at: int) -> None:
    assert microseconds(text) == at


@pytest.mark.parametrize(
    "text",
    ["", "2026-05-04", "2026-05-04T11:00:00", "2026-13-04T11:00:00Z", "2026-05-04 11:00:00Z", "x" * 30, "9" * 99],
)
def test_what_names_no_instant(text: str) -> None:
    assert microseconds(text) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_comes_back_as_it_was_written(moment: datetime) -> None:
    at = microseconds(moment.isoformat())
    assert at is not None
    assert instant(at) == moment
    assert microseconds(written(at)) == at
