"""Whatever the events and whatever the query: the tables answer as the events do, page by page, on both databases."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.audience import full
from ledger.store import event_query, query_search, query_sieve
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.event_query import find
from ledger.store.query_place import Place
from schemas.epcis.instant import microseconds
from schemas.epcis.namespaces import namespace_of, namespaces, prefix_of
from schemas.epcis.query import Query, parse_query
from schemas.epcis.query_match import Known, matches
from tests.ledger.store.indexed import STEP, put
from tests.simulator.queries import as_captured
from tests.simulator.random_queries import asked, events, orders

NOW = 1_790_000_000
ASKED = 25


class Undone(Exception):
    """Ends an example without a trace of it."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("property") / "store"
    sqlite = request.param == "sqlite"
    with Store.create(str(folder) if sqlite else str(request.getfixturevalue("module_postgres_url"))) as made:
        yield made


@pytest.fixture(params=["few", "many"])
def walked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With bounds as they are a handful of events is always few; with these every way through the tables is taken."""
    if request.param == "many":
        monkeypatch.setattr(query_search, "FEW", 1)
        monkeypatch.setattr(event_query, "_CHUNK", 2)
        monkeypatch.setattr(query_sieve, "MOST_VALUES", 1)


def meanings(told: list[dict[str, Any]]) -> dict[str, set[str]]:
    """What the events mean by each prefix they use."""
    found: dict[str, set[str]] = {}

    def names(value: Any) -> Iterator[str]:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list):
                yield from names(item)
            for name, within in item.items() if isinstance(item, dict) else ():
                if name[:1] != "@":
                    yield name
                    yield from names(within)

    for event in told:
        known = namespaces(event["@context"])
        for name in [*names(event), event["type"]]:
            if prefix := prefix_of(name):
                found.setdefault(prefix, set()).add(namespace_of(prefix, known))
    return found


def expected(query: Query, told: list[dict[str, Any]]) -> set[int]:
    meant = meanings(told)
    ids = [event.get("eventID", f"urn:uuid:derived-{place * STEP}") for place, event in enumerate(told)]
    known = [Known(NOW, event_id, meant) for event_id in ids]
    return {place * STEP for place, event in enumerate(told) if matches(query, event, known[place])}


def paged(connection: Connection, query: Query, limit: int) -> list[int]:
    found, place = [], None
    while True:
        page = find(connection, query, seen_by=full(), after=place, limit=limit)
        assert len(page.indexes) <= limit
        found += page.indexes
        if page.next is None:
            return found
        assert page.indexes
        assert isinstance(page.next, Place)
        place = page.next


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    told=st.lists(events, min_size=1, max_size=6),
    random=st.randoms(use_true_random=False),
    order=orders,
    direction=st.sampled_from(["ASC", "DESC"]),
)
def test_the_tables_answer_as_the_events_do(
    store: Store, walked: None, told: list[dict[str, Any]], random: Random, order: str, direction: str
) -> None:
    captured = [as_captured(event) for event in told]
    by = {"orderBy": [order], "orderDirection": [direction]} if order else {}
    with suppress(Undone), store.begin() as connection:
        for place, event in enumerate(captured):
            put(connection, place * STEP, event, now=NOW + place)
        for parameters in asked(random, ASKED):
            query = parse_query({**parameters, **by})
            found = paged(connection, query, 2)
            assert len(found) == len(set(found))
            assert set(found) == expected(query, captured), parameters
            assert found == list(find(connection, query, seen_by=full(), limit=100).indexes)
            in_order(order, direction, [(index, captured[index // STEP]) for index in found])
        raise Undone


def in_order(order: str, direction: str, found: list[tuple[int, dict[str, Any]]]) -> None:
    """Event time, then the log; the log alone for record time. Extension fields have a test of their own."""
    if order in ("eventTime", "recordTime"):
        times = [(microseconds(event["eventTime"]) or 0) if order == "eventTime" else 0 for _, event in found]
        keys = list(zip(times, [index for index, _ in found], strict=True))
        assert keys == sorted(keys, reverse=direction == "DESC")
