"""Which version holds: the rule word by word, and as a property against a naive reading of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.lots.master import Version, as_of, holding, standing

THING = "https://id.gs1.org/414/9521001000017"


def version(index: int, start: str, end: str | None = None, *, member: str = "a", withdrawn: bool = False) -> Version:
    return Version(index, member, "site", THING, start, end, withdrawn)


def held(versions: list[Version], day: str) -> int | None:
    found = as_of(versions, datetime.fromisoformat(f"{day}T12:00:00+02:00"))
    return None if found is None else found.index


def test_what_began_last_takes_the_place_of_what_began_before() -> None:
    both = [version(1, "2024-01-01"), version(2, "2025-01-01")]
    assert [held(both, day) for day in ("2023-12-31", "2024-06-01", "2025-01-01")] == [None, 1, 2]
    # In whatever order they were logged.
    swapped = [version(1, "2025-01-01"), version(2, "2024-01-01")]
    assert [held(swapped, day) for day in ("2024-06-01", "2025-01-01")] == [2, 1]


def test_where_it_has_ended_nothing_holds() -> None:
    both = [version(1, "2024-01-01"), version(2, "2025-01-01", "2025-12-31")]
    assert [held(both, day) for day in ("2025-12-31", "2026-01-01")] == [2, None]


def test_of_those_that_begin_together_the_one_logged_last_is_meant() -> None:
    both = [version(1, "2024-01-01"), version(2, "2024-01-01", "2024-12-31")]
    assert [held(both, day) for day in ("2024-06-01", "2025-06-01")] == [2, None]
    assert [item.index for item in standing(both)] == [2]


def test_what_is_withdrawn_never_was() -> None:
    three = [version(1, "2024-01-01"), version(2, "2025-01-01"), version(3, "2025-01-01", withdrawn=True)]
    assert held(three, "2025-06-01") == 1
    again = [*three, version(4, "2025-01-01")]
    assert held(again, "2025-06-01") == 4


def test_members_speak_for_themselves_and_the_asker_prefers() -> None:
    at = datetime(2025, 6, 1, tzinfo=UTC)
    said = [
        version(1, "2024-01-01", member="a"),
        version(2, "2025-01-01", member="b"),
        version(3, "2024-01-01", member="c"),
    ]
    assert [item.index for item in holding(said, at)] == [1, 2, 3]
    newest, preferred = as_of(said, at), as_of(said, at, preferring=["x", "a"])
    assert newest is not None
    assert preferred is not None
    assert (newest.index, preferred.index) == (3, 1)


def test_what_was_not_logged_yet_was_not_known() -> None:
    both = [version(1, "2024-01-01"), version(9, "2024-01-01", "2024-03-01")]
    assert held([item for item in both if item.index < 5], "2024-06-01") == 1
    assert held(both, "2024-06-01") is None


DAYS = st.integers(0, 9).map(lambda n: f"2025-01-0{n + 1}" if n < 9 else "2025-01-10")


@given(st.lists(st.tuples(DAYS, st.none() | DAYS, st.booleans()), max_size=8), st.integers(-1, 12))
def test_it_is_what_reading_the_log_from_its_end_gives(said: list[tuple[str, str | None, bool]], day: int) -> None:
    versions = [version(n, *item[:2], withdrawn=item[2]) for n, item in enumerate(said)]
    at = datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    expected = None
    for start in sorted(
        {item.valid_from for item in versions if item.valid_from <= at.date().isoformat()}, reverse=True
    ):
        last = [item for item in versions if item.valid_from == start][-1]
        if not last.withdrawn:
            expected = None if last.valid_to is not None and last.valid_to < at.date().isoformat() else last.index
            break
    found = as_of(versions, at)
    assert (None if found is None else found.index) == expected
