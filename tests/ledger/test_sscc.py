"""SSCCs: one after the other, never twice, whoever takes them, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger import sscc
from ledger.sscc import MOST_AT_ONCE, Series
from ledger.store.engine import Store
from schemas.gs1.check_digit import verify_check_digit
from tests.simulator.refusal import refused

SERIES = Series("9521001", 3)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    place: str = (
        request.getfixturevalue("postgres_url")
        if request.param == "postgresql"
        else str(tmp_path_factory.mktemp("units") / "store")
    )
    with Store.create(place) as made:
        yield made


def taken(store: Store, series: Series = SERIES, **more: object) -> list[str]:
    return [each.sscc for each in sscc.take(store, series, now=1_784_548_800, **more)]  # type: ignore[arg-type]


def test_they_follow_each_other_with_their_check_digits(store: Store) -> None:
    found = [*taken(store), *taken(store, count=3)]
    assert found == ["395210010000000018", "395210010000000025", "395210010000000032", "395210010000000049"]
    for each in found:
        verify_check_digit(each)
    assert [each.n for each in sscc.register(store, SERIES)] == [1, 2, 3, 4]


def test_each_prefix_and_extension_has_its_own(store: Store) -> None:
    others = Series("9521001", 0), Series("952100123456", 3)
    assert [taken(store, series)[0] for series in others] == ["095210010000000017", "395210012345600014"]
    assert taken(store) == ["395210010000000018"]
    assert set(sscc.series_of(store, "9521001")) == {SERIES, others[0]}


def test_asked_again_for_the_same_thing_the_number_is_the_same(store: Store) -> None:
    found = [taken(store, reference=reference)[0] for reference in ("a", "b", "a")]
    assert found == ["395210010000000018", "395210010000000025", "395210010000000018"]


def test_takers_at_the_same_time_get_each_numbers_of_their_own(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = [each for some in pool.map(lambda _: taken(store, count=5), range(8)) for each in some]
    assert len(set(found)) == 40


def test_a_series_that_is_used_up_says_so_and_takes_none(store: Store) -> None:
    small = Series("952100123456", 3)
    with store.begin() as connection:
        sscc.numbers.lock(connection, small.name)
        sscc.numbers.keep(connection, small.name, 9_998, 0, None)
    assert taken(store, small) == [small.sscc(9_999)]
    with refused("sscc-exhausted", prefix="952100123456", extension=3):
        taken(store, small)
    assert [each.n for each in sscc.register(store, small)] == [9_998, 9_999]


def test_what_is_no_series_or_too_much_is_refused(store: Store) -> None:
    with refused("company-prefix"):
        Series("952", 0)
    with refused("sscc-extension"):
        Series("9521001", 10)
    for count in (0, MOST_AT_ONCE + 1):
        with refused("sscc-count"):
            taken(store, count=count)
    with refused("sscc-count"):
        taken(store, count=2, reference="a")
    with refused("sscc-reference"):
        taken(store, reference=" ")
    assert sscc.register(store, SERIES) == []
