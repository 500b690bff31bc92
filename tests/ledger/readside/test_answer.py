"""Events as they are answered: as sent, with what the log adds, and what an erasure left."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.audience import full
from ledger.capture.document import read_document
from ledger.node import Node
from ledger.readside import refresh
from ledger.readside.answer import answers, with_repository_members
from ledger.readside.derive import derive
from ledger.store import disclosures
from ledger.store.event_query import find
from schemas.epcis.query import parse_query
from schemas.syntax import json_text
from schemas.syntax.json_text import Number
from tests.simulator.queries import EVENTS, as_captured

NOW = 1_790_000_000.25
# In JSON a standard word stands bare; these are as a gateway takes them.
SHIPPED = {
    **EVENTS["shipped"],
    "bizStep": "shipping",
    "disposition": "in_transit",
    "persistentDisposition": {"set": ["completeness_verified"]},
    "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:9521234.00003.0"}],
}
TOLD = [EVENTS["harvest"], SHIPPED, EVENTS["packed"]]


@pytest.fixture
def node(tmp_path: Path) -> Node:
    with Node.init(str(tmp_path / "store"), name="Cooperativa Sole", passphrase=b"p", clock=lambda: NOW) as made:
        yield made  # type: ignore[misc]


def capture(node: Node, *told: dict[str, Any]) -> list[int]:
    return [item.index for item in node.capture(read_document(json_text.write(list(told)), name="told.jsonld"))]


def test_an_event_comes_back_as_it_was_sent_number_text_kept(node: Node) -> None:
    indexes = capture(node, *TOLD)
    node.settled()
    found = answers(node, [indexes[2], 999, indexes[0], 0, indexes[1]], seen_by=full())
    assert [answer.index for answer in found] == [indexes[2], indexes[0], indexes[1]]
    assert [answer.event for answer in found] == [as_captured(TOLD[place]) for place in (2, 0, 1)]
    assert found[1].event["quantityList"][0]["quantity"] == Number("500")
    assert {answer.member for answer in found} == {node.own_member()}


def test_the_log_adds_the_time_it_took_the_event_and_an_event_id_where_there_was_none(node: Node) -> None:
    with_own = {**EVENTS["harvest"], "recordTime": "2001-01-01T00:00:00Z"}
    indexes = capture(node, with_own, SHIPPED)
    node.settled()
    own, added = answers(node, indexes, seen_by=full())
    assert own.record_time.tzinfo is UTC
    # The founding, the first snapshot and this capture were logged one after the other, by a clock that stood still.
    assert own.record_time == added.record_time
    assert (own.record_time - datetime.fromtimestamp(NOW, UTC)).total_seconds() < 0.001
    returned = with_repository_members(own)
    assert returned["recordTime"] == own.record_time.isoformat().replace("+00:00", "Z")
    assert returned["eventID"] == EVENTS["harvest"]["eventID"]
    assert "eventID" not in added.event
    assert with_repository_members(added)["eventID"] == added.event_id
    assert added.event_id.startswith("ni:///sha-256;")


def test_what_was_erased_is_neither_answered_nor_found(node: Node) -> None:
    (index,) = capture(node, SHIPPED)
    node.settled()
    entry = node.entry(index)
    key = node.keyring.wrapping_key(entry.claims.iss)
    hidden = [item.digest for item in entry.disclosures if item.name in ("ex:note", "bizLocation")]
    hidden += [item.digest for item in entry.disclosures if isinstance(item.value, dict) and "source" in item.value]
    assert disclosures.erase(node.store, index, hidden, key) == 3

    def found(**parameters: str) -> tuple[int, ...]:
        with node.store.read() as connection:
            query = parse_query({name: [value] for name, value in parameters.items()})
            return find(connection, query, seen_by=full()).indexes

    gone = {"EQ_ex:note": "by road", "EQ_bizLocation": "https://id.gs1.org/414/9521234000020"}
    gone |= {"EQ_source_owning_party": "https://id.gs1.org/417/9521234000013"}
    assert all(found(**{name: value}) == (index,) for name, value in gone.items())
    with node.store.begin() as connection:
        refresh.replace(connection, [index], lambda at: derive(at, node.entry(at)))
    assert all(found(**{name: value}) == () for name, value in gone.items())
    assert found(EQ_bizStep="shipping") == (index,)
    (answer,) = answers(node, [index], seen_by=full())
    assert {"ex:note", "bizLocation"}.isdisjoint(answer.event)
    assert answer.event["sourceList"] == []
    assert answer.event["disposition"] == "in_transit"
    assert with_repository_members(answer).get("eventID") is None
