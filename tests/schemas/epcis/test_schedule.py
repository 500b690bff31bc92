from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.epcis.schedule import FIELDS, Schedule, parse_schedule
from schemas.errors import InputError

ANY_TIME = st.datetimes(datetime(1970, 1, 1), datetime(2300, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@st.composite
def elements(draw: st.DrawFn, name: str) -> str:
    low, high = FIELDS[name]
    first, last = sorted(draw(st.tuples(st.integers(low, high), st.integers(low, high))))
    return draw(st.sampled_from([str(first), f"[{first}-{last}]", f"{first:02d}"]))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    names = draw(st.sets(st.sampled_from(list(FIELDS)), min_size=1))
    fields = {name: ",".join(draw(st.lists(elements(name), min_size=1, max_size=3))) for name in names}
    try:
        return parse_schedule(fields)
    except InputError as refused:
        assume(refused.code != "schedule-never")
        raise


@given(schedules(), ANY_TIME)
def test_the_next_time_matches_comes_later_and_none_is_left_out_before_it(schedule: Schedule, moment: datetime) -> None:
    then = schedule.next_after(moment)
    assert then is not None
    assert then > moment
    assert then.microsecond == 0
    assert schedule.matches(then)
    for seconds in range(1, 200):
        between = moment.replace(microsecond=0) + timedelta(seconds=seconds)
        assert between >= then or not schedule.matches(between)
        before = then - timedelta(seconds=seconds)
        assert before <= moment or not schedule.matches(before)


@given(schedules(), ANY_TIME, st.timedeltas(timedelta(0), timedelta(days=5000)))
def test_a_later_question_has_no_earlier_answer(schedule: Schedule, moment: datetime, more: timedelta) -> None:
    first, second = schedule.next_after(moment), schedule.next_after(moment + more)
    assert first is not None
    assert second is not None
    assert first <= second
    if moment + more < first:
        assert first == second


@given(schedules(), ANY_TIME, st.integers(-14 * 60, 14 * 60))
def test_the_zone_a_moment_is_written_in_changes_nothing(schedule: Schedule, moment: datetime, minutes: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert schedule.next_after(elsewhere) == schedule.next_after(moment)


@pytest.mark.parametrize(
    ("fields", "after", "then"),
    [
        # As the contract describes it: every morning at 1.05.
        ({"hour": "1", "minute": "5"}, "2026-05-04T00:00:00Z", "2026-05-04T01:05:00Z"),
        ({"hour": "1", "minute": "5"}, "2026-05-04T01:05:00Z", "2026-05-05T01:05:00Z"),
        ({"hour": "1", "minute": "5"}, "2026-05-04T01:04:59.999Z", "2026-05-04T01:05:00Z"),
        ({"second": "0/30"}, "2026-05-04T10:00:00Z", "2026-05-04T10:00:30Z"),
        ({"second": "0/30"}, "2026-12-31T23:59:30Z", "2027-01-01T00:00:00Z"),
        ({"second": "0"}, "2026-05-04T10:00:01Z", "2026-05-04T10:01:00Z"),
        ({"second": "0", "hour": "1"}, "2026-05-04T01:58:30Z", "2026-05-04T01:59:00Z"),
        ({"minute": "0,[20-21]"}, "2026-05-04T10:21:00Z", "2026-05-04T11:00:00Z"),
        ({"dayOfMonth": "31"}, "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"),
        ({"dayOfWeek": "1"}, "2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z"),
        ({"dayOfWeek": "7", "hour": "23"}, "2026-05-04T00:00:00Z", "2026-05-10T23:00:00Z"),
        ({"month": "2", "dayOfMonth": "29"}, "2026-05-04T00:00:00Z", "2028-02-29T00:00:00Z"),
        # A 29 February that is a Monday: 2044, over no century that leaves the leap day out.
        ({"month": "2", "dayOfMonth": "29", "dayOfWeek": "1"}, "2026-05-04T00:00:00Z", "2044-02-29T00:00:00Z"),
        # Both must match: the next Friday the 13th, not every Friday and every 13th.
        ({"dayOfMonth": "13", "dayOfWeek": "5"}, "2026-05-04T00:00:00Z", "2026-11-13T00:00:00Z"),
    ],
)
def test_a_schedule_is_read_as_the_standard_describes_it(fields: dict[str, str], after: str, then: str) -> None:
    assert parse_schedule(fields).next_after(at(after)) == at(then)


def test_what_was_written_is_kept() -> None:
    fields = {"minute": "5", "hour": "[1-3],07"}
    assert dict(parse_schedule(fields).said) == fields


def test_the_calendar_has_an_end() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert parse_schedule({"second": "0"}).next_after(last) is None
    assert parse_schedule({"dayOfWeek": "1"}).next_after(at("9999-12-30T00:00:00Z")) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("second", "60"),
        ("minute", "-1"),
        ("hour", "24"),
        ("dayOfMonth", "0"),
        ("dayOfMonth", "32"),
        ("month", "13"),
        ("dayOfWeek", "0"),
        ("dayOfWeek", "8"),
        ("second", ""),
        ("second", "1,"),
        ("second", ",1"),
        ("second", "1,,2"),
        ("second", "[5-1]"),
        ("second", "[1-60]"),
        ("second", "1-5"),
        ("second", "[1-5"),
        ("second", "[1-5]]"),
        ("second", "*"),
        ("second", "0/0"),
        ("second", "60/5"),
        ("second", " 1"),
        ("second", "1\n"),
        ("second", "001"),
        ("second", "١"),  # a digit, but none of ASCII
        ("second", "1," * 300 + "1"),
        ("second", 1),
        ("second", None),
        ("second", ["1"]),
    ],
)
def test_what_is_no_value_is_refused_with_the_field_and_its_bounds(name: str, value: object) -> None:
    with pytest.raises(InputError) as refused:
        parse_schedule({name: value})
    assert refused.value.code == "schedule-value"
    assert (refused.value.context["name"], refused.value.context["low"]) == (name, FIELDS[name][0])


def test_a_schedule_without_a_field_or_with_an_unknown_one_is_refused() -> None:
    with pytest.raises(InputError) as empty:
        parse_schedule({})
    assert empty.value.code == "schedule-empty"
    with pytest.raises(InputError) as unknown:
        parse_schedule({"hour": "1", "year": "2026"})
    assert (unknown.value.code, unknown.value.context["name"]) == ("schedule-field", "year")


@pytest.mark.parametrize(("day", "month"), [("31", "2,4,6"), ("30,31", "2")])
def test_a_day_that_never_comes_is_refused(day: str, month: str) -> None:
    with pytest.raises(InputError) as never:
        parse_schedule({"dayOfMonth": day, "month": month})
    assert never.value.code == "schedule-never"
