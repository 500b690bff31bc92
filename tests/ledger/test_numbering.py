"""Numbers of delivery notes: one after the other, never twice, each accounted for, on both databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger import numbering
from ledger.numbering import Series
from ledger.store import numbers
from ledger.store.copy import copy_ledger
from ledger.store.engine import Store
from schemas.errors import InputError

GLN = "9521001000017"
SERIES = Series(GLN, 2026)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    with Store.create(location) as made:
        yield made


def taken(store: Store, series: Series = SERIES, reference: str | None = None) -> str:
    return numbering.take(store, series, now=1_784_548_800, reference=reference).text


def test_numbers_follow_each_other_from_one(store: Store) -> None:
    assert [taken(store) for _ in range(3)] == ["2026-1", "2026-2", "2026-3"]
    assert numbering.take(store, SERIES, now=0).uri == f"urn:epcglobal:cbv:bt:{GLN}:2026-4"


def test_each_issuer_year_and_section_has_its_own(store: Store) -> None:
    others = [Series(GLN, 2027), Series("9521001000116", 2026), Series(GLN, 2026, "A")]
    assert [taken(store, series) for series in (SERIES, *others, SERIES)] == [
        "2026-1", "2027-1", "2026-1", "A-2026-1", "2026-2",
    ]  # fmt: skip
    assert set(numbering.series_of(store)) == {SERIES, *others}
    assert len(numbering.series_of(store, GLN)) == 3


def test_asked_again_for_the_same_thing_the_number_is_the_same(store: Store) -> None:
    assert [taken(store, reference=reference) for reference in ("a", "b", "a", "b")] == [
        "2026-1", "2026-2", "2026-1", "2026-2",
    ]  # fmt: skip


def test_takers_at_the_same_time_get_each_a_number_of_their_own(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda place: taken(store, reference=f"{place % 20}"), range(40)))
    assert sorted(set(found)) == sorted(f"2026-{n}" for n in range(1, 21))
    assert found[:20] == found[20:]


_TAKER = """
import sys
from ledger import numbering
from ledger.store.engine import Store
with Store.open(sys.argv[1]) as store:
    for _ in range(10):
        print(numbering.take(store, numbering.Series("9521001000017", 2026), now=0).n)
"""


def test_processes_at_the_same_time_do_too(store: Store, location: str) -> None:
    said = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-c", _TAKER, location]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=said, text=True) for _ in range(2)]
    found = [int(line) for each in running for line in each.communicate()[0].split()]
    assert sorted(found) == list(range(1, 21))


def test_a_number_of_a_transaction_that_failed_was_never_taken(store: Store) -> None:
    def fail() -> None:
        with store.begin() as connection:
            numbers.keep(connection, SERIES.name, numbers.lock(connection, SERIES.name) + 1, 0, None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert taken(store) == "2026-1"


def test_what_was_given_up_stays_with_its_reason_and_is_not_taken_again(store: Store) -> None:
    taken(store)
    taken(store, reference="ordine 7")
    numbering.give_up(store, SERIES, 1, "spedizione annullata")
    assert taken(store) == "2026-3"
    listed = [(each.n, each.reference, each.given_up, each.open) for each in numbering.register(store, SERIES)]
    assert listed == [
        (1, None, "spedizione annullata", False), (2, "ordine 7", None, True), (3, None, None, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("n", "reason", "code"), [(2, "x", "number-not-taken"), (1, " ", "number-text")])
def test_what_cannot_be_given_up_is_refused(store: Store, n: int, reason: str, code: str) -> None:
    taken(store)
    with pytest.raises(InputError, match=code):
        numbering.give_up(store, SERIES, n, reason)


def test_nothing_is_given_up_twice(store: Store) -> None:
    taken(store)
    numbering.give_up(store, SERIES, 1, "x")
    with pytest.raises(InputError, match="number-given-up"):
        numbering.give_up(store, SERIES, 1, "y")


def test_a_copy_knows_what_was_taken(store: Store, tmp_path: Path) -> None:
    taken(store, reference="a")
    with Store.create(str(tmp_path / "copy")) as copy:
        copy_ledger(store, copy)
        assert [taken(copy, reference="a"), taken(copy)] == ["2026-1", "2026-2"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("952100100001", 2026), "number-issuer-form"),
        (("9521001000018", 2026), "wrong-check-digit"),
        ((GLN, 26), "number-year"),
        ((GLN, 2026, "a"), "number-section"),
        ((GLN, 2026, "A/B"), "number-section"),
    ],
)
def test_a_series_that_is_none_is_refused(said: tuple[str, int, str], code: str) -> None:
    with pytest.raises(InputError, match=code):
        Series(*said)


def test_a_reference_that_says_nothing_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="number-text"):
        taken(store, reference="")
