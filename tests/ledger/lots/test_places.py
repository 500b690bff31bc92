"""Which places lie in which, and when: by example, and as a property against asking moment by moment."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ledger.lots.master import Version, as_of
from ledger.lots.places import timeline, within

NAMES = ("A", "B", "C", "D")
MOMENTS = [datetime(2025, month, day, 12, tzinfo=UTC) for month in range(1, 13) for day in (1, 15)]


def version(index: int, id: str, start: str, end: str | None = None, *, withdrawn: bool = False) -> Version:
    return Version(index, "m", "site", id, start, end, withdrawn)


def micros(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000


def at(year: int, month: int, day: int) -> int:
    return micros(datetime(year, month, day, tzinfo=UTC))


def test_a_place_is_inside_another_while_its_version_says_so() -> None:
    moved = timeline([version(1, "B", "2025-01-01"), version(2, "B", "2025-06-01", "2025-12-31")])
    parents = {1: "A", 2: "C"}
    assert within("A", {"B": moved}, lambda held: parents[held.index]) == {"B": [(at(2025, 1, 1), at(2025, 6, 1))]}
    # The last day counts whole.
    assert within("C", {"B": moved}, lambda held: parents[held.index]) == {"B": [(at(2025, 6, 1), at(2026, 1, 1))]}


def test_what_is_inside_something_inside_is_inside_while_both_were() -> None:
    sites = {
        "B": timeline([version(1, "B", "2025-03-01")]),
        "C": timeline([version(2, "C", "2025-01-01", "2025-08-31")]),
    }
    found = within("A", sites, lambda held: {"B": "A", "C": "B"}[held.id])
    assert found["C"] == [(at(2025, 3, 1), at(2025, 9, 1))]


def test_a_circle_ends() -> None:
    sites = {name: timeline([version(at, name, "2025-01-01")]) for at, name in enumerate("ABC")}
    found = within("A", sites, lambda held: {"A": "C", "B": "A", "C": "B"}[held.id])
    assert sorted(found) == ["B", "C"]


DAYS = st.sampled_from([f"2025-{month:02}-01" for month in range(1, 13)])
TOLD = st.lists(
    st.tuples(st.sampled_from(NAMES), DAYS, st.none() | DAYS, st.booleans(), st.sampled_from((*NAMES, None))),
    max_size=8,
)


@given(TOLD)
def test_it_is_what_asking_moment_by_moment_gives(told: list[tuple[str, str, str | None, bool, str | None]]) -> None:
    versions = [
        version(index, id, start, end if end is None or end >= start else None, withdrawn=withdrawn)
        for index, (id, start, end, withdrawn, _) in enumerate(told)
    ]
    parents = {index: parent for index, (*_, parent) in enumerate(told)}
    sites = {name: timeline([item for item in versions if item.id == name]) for name in NAMES}
    found = within("A", sites, lambda held: parents[held.index])
    for moment in MOMENTS:
        held = {name: as_of([item for item in versions if item.id == name], moment) for name in NAMES}
        up = {name: parents[item.index] for name, item in held.items() if item is not None}
        for name in NAMES[1:]:
            seen, above = set(), up.get(name)
            while above is not None and above not in seen and above != "A":
                seen.add(above)
                above = up.get(above)
            now = micros(moment)
            spans = found.get(name, [])
            inside = any((low is None or low <= now) and (high is None or now < high) for low, high in spans)
            assert inside == (above == "A")
