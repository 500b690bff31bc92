"""Weeks of a period: ISO 8601's, cut at the midnights of a place, also where its clocks are moved."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.lots.weeks import ROME, day_of, midnight, weeks

HOUR = 3_600_000_000


def test_weeks_are_those_of_the_calendar_and_cut_at_the_ends_of_the_period() -> None:
    found = weeks(midnight(date(2026, 7, 22), ROME), midnight(date(2026, 8, 4), ROME), ROME)
    assert [(week.name, week.monday) for week in found] == [
        ("2026-W30", date(2026, 7, 20)), ("2026-W31", date(2026, 7, 27)), ("2026-W32", date(2026, 8, 3)),
    ]  # fmt: skip
    assert (found[0].begins, found[-1].ends) == (
        midnight(date(2026, 7, 22), ROME), midnight(date(2026, 8, 4), ROME)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169), (date(2026, 6, 1), 168)]
)
def test_a_week_in_which_clocks_are_moved_is_an_hour_shorter_or_longer(day: date, hours: int) -> None:
    (week,) = weeks(midnight(day, ROME), midnight(day + timedelta(days=7), ROME), ROME)
    assert week.ends - week.begins == hours * HOUR


def test_the_first_days_of_a_year_may_be_of_the_last_week_before() -> None:
    (week,) = weeks(midnight(date(2027, 1, 1), ROME), midnight(date(2027, 1, 3), ROME), ROME)
    assert week.name == "2026-W53"


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 400), st.sampled_from(["Europe/Rome", "UTC"]))
def test_weeks_follow_each_other_without_a_gap(first: date, days: int, name: str) -> None:
    zone = ZoneInfo(name)
    start, stop = midnight(first, zone), midnight(first + timedelta(days=days), zone)
    found = weeks(start, stop, zone)
    assert (found[0].begins, found[-1].ends) == (start, stop)
    assert all(one.ends == other.begins for one, other in pairwise(found))
    assert all(day_of(week.begins, zone).isocalendar()[:2] == (week.year, week.number) for week in found)
