"""Queries answered from the tables, on both databases, with the answers that the events themselves give."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.audience import full
from ledger.store.engine import Store
from ledger.store.event_query import Found, find
from schemas.epcis.instant import microseconds
from schemas.epcis.query import parse_query
from tests.ledger.store.indexed import kept
from tests.simulator.queries import CASES, EVENTS, Case, shown

RECORDED = (microseconds("2026-06-01T00:00:00Z") or 0) // 1_000_000
NAMES = list(EVENTS)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Every event of the cases in a store, with other entries between them."""
    sqlite = request.param == "sqlite"
    folder: Path = tmp_path_factory.mktemp("told") / "store"
    location = str(folder) if sqlite else str(request.getfixturevalue("module_postgres_url"))
    with Store.create(location) as store:
        kept(store, EVENTS.values(), now=RECORDED)
        yield store


def names(found: Found) -> list[str]:
    return [NAMES[index // 2] for index in found.indexes]


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_a_parameter_finds_what_it_names(told: Store, case: Case) -> None:
    parameters, expected = case
    with told.read() as connection:
        found = find(connection, parse_query(parameters), seen_by=full(), limit=100)
    assert found.next is None
    assert sorted(names(found)) == sorted(expected)
