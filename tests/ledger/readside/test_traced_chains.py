"""Chains made by chance, captured, on both databases: tables and memory agree, and rebuild changes nothing."""

import random
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from ledger.lots.genealogy import MemorySteps, Steps
from ledger.lots.step import Step
from ledger.lots.traced import Traced, trace
from ledger.node import Node
from ledger.readside.rebuild import rebuild
from ledger.store.edges import StoreEdges
from tests.ledger.readside.test_rebuild import dump
from tests.simulator.chains import CRATES, PALLETS, Chain
from tests.simulator.cooperatives import document, harvested, lot
from tests.simulator.phones import made


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with made(location, tmp_path) as node:
        yield node


def captured(node: Node, chain: Chain) -> range:
    """Log the events of a chain in the order of chance, each with an eventID; the indexes they got."""
    order = list(range(len(chain.told)))
    chain.chance.shuffle(order)
    events = []
    for position in order:
        event, wrong = chain.told[position]
        events.append({**event, "eventID": f"urn:uuid:00000000-0000-4000-8000-{wrong or position:012d}"})
    kept = [item.index for item in node.capture(document(*events))]
    return range(min(kept), max(kept) + 1)


def traces(steps: Steps, chain: Chain) -> list[Traced]:
    subjects = [*chain.stock, *CRATES, *PALLETS]
    return [trace(steps, subject, forward=forward) for subject in subjects for forward in (False, True)]


@pytest.mark.parametrize("seed", [1, 2])
def test_tables_and_memory_agree_as_of_any_size_and_rebuild_changes_nothing(node: Node, seed: int) -> None:
    chain = Chain(random.Random(seed), 60)
    indexes = captured(node, chain)
    node.settled()
    told = []
    for _ in range(2):
        for size in (indexes.start + len(indexes) // 2, None):
            with node.store.read() as connection:
                kept = StoreEdges(connection, size)
                known = kept.steps(indexes if size is None else range(indexes.start, size))
                assert len(known) == len(indexes if size is None else range(indexes.start, size))
                found = traces(kept, chain)
                assert found == traces(MemorySteps(known.values()), chain)
            told.append(found)
        before = dump(node.store)
        rebuild(node.store, node.keyring.wrapping_key)
        assert dump(node.store) == before
    assert told[:2] == told[2:]
    assert any(found.corrected for found in told[1])


def test_a_trace_asks_the_database_as_often_as_it_is_deep_not_as_it_is_wide(node: Node) -> None:
    fields = [lot(f"M{number}") for number in range(60)]
    blend = {
        "type": "TransformationEvent", "eventTime": "2026-07-02T08:00:00Z", "eventTimeZoneOffset": "+02:00",
        "inputQuantityList": [{"epcClass": uri, "quantity": 1, "uom": "KGM"} for uri in fields],
        "outputQuantityList": [{"epcClass": lot("P"), "quantity": 60, "uom": "KGM"}],
    }  # fmt: skip
    node.capture(document(*(harvested(f"M{number}") for number in range(60)), blend))
    node.settled()
    rounds = []

    class Counted(StoreEdges):
        # Findings are judged meanwhile, and ask for themselves.
        def steps_of(self, uris: Collection[str]) -> dict[str, list[Step]]:
            rounds.append(len(uris))
            return super().steps_of(uris)

    with node.store.read() as connection:
        found = trace(Counted(connection), lot("P"), forward=False)
    assert len(found.lots) == 61
    assert rounds == [1, 60]
