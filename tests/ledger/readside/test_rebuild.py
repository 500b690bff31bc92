import os
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from ledger.entry.parse import parse_leaf, with_disclosures
from ledger.lots.genealogy import MemoryEdges
from ledger.lots.movement import movement
from ledger.readside import refresh
from ledger.readside.derive import Derived, derive
from ledger.readside.rebuild import rebuild
from ledger.store import disclosures, duplicates, entries, epochs, events, findings, objects, read_side, tables
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store
from ledger.store.entries import EntryRow
from ledger.store.lookups import Lookups
from tests.simulator import chain
from tests.simulator.chain import PACKED, PALLET, PEACHES, PLUMS, Chain
from tests.simulator.consortium import Consortium

DUMPED = (tables.lane, tables.read_side, *tables.READ_SIDE)


def wrapping_key(iss: str) -> bytes:
    return sha256(iss.encode()).digest()


def kept(store: Store, log: Consortium, group: int = 5) -> None:
    """The log written as the writer does, and followed, in groups."""
    with store.begin() as connection:
        epoch = epochs.take(connection, "w")
    for start in range(0, log.size, group):
        batch = list(enumerate(log.entries))[start : start + group]
        items = [(i, [d.text for d in e.disclosures], wrapping_key(e.claims.iss)) for i, e in batch]
        secrets, rows = disclosures.seal(epoch, items, os.urandom)
        derived = [derive(index, entry) for index, entry in batch if entry.claims.private]
        with store.begin_secrets() as connection:
            disclosures.put_secrets(connection, secrets)
        with store.begin() as connection:
            made = [EntryRow(i, e.jwt.kid, e.claims.seq, e.jwt.leaf, e.jwt.raw, not e.claims.private) for i, e in batch]
            entries.append(connection, epoch, made)
            disclosures.put(connection, rows)
        with store.begin() as connection:
            assert read_side.move(connection, start, start + len(batch))
            refresh.write(connection, derived)


def dump(store: Store) -> dict[str, list[Any]]:
    """Every row of every derived table."""
    with store.read() as connection:
        return {
            table.name: sorted(tuple(map(repr, row)) for row in connection.execute(select(table))) for table in DUMPED
        }


def left_of(store: Store, connection: Connection) -> Callable[[int], Derived]:
    """What an entry says with the disclosures that are left."""

    def again(index: int) -> Derived:
        jwt = entries.get(connection, index)
        texts = disclosures.get(store, connection, index, wrapping_key(parse_leaf(jwt).claims.iss))
        return derive(index, with_disclosures(jwt, texts))

    return again


def poisoned() -> Chain:
    """The chain, with a wrong event, a repeat, a reused eventID and an orphan declaration in it."""
    story = Chain()
    log = story.log
    log.event(0, {**chain.observed(PEACHES, "shipping", 9), "bizStep": "no_such_step"})
    log.event(0, chain.observed(PEACHES, "shipping", 4))
    log.event(0, chain.begun(PLUMS, 10, eventID=log.entries[story.peaches].content["eventID"]))  # type: ignore[index]
    declared = {"declarationTime": "2026-07-01T09:00:00Z", "reason": "incorrect_data"}
    log.event(1, {**chain.observed(PACKED, "shipping", 11), "eventID": "urn:uuid:0", "errorDeclaration": declared})
    return story


@pytest.fixture(scope="module")
def story() -> Chain:
    return poisoned()


def test_the_graph_from_tables_is_the_graph_from_the_entries(store: Store, story: Chain) -> None:
    kept(store, story.log)
    plain = MemoryEdges()
    for index, entry in enumerate(story.log.entries):
        if entry.content is not None and (moves := movement(entry.content)).touched:
            plain.add(index, moves)
    with store.read() as connection:
        edges = StoreEdges(connection)
        for uri in (PEACHES, PLUMS, PACKED, PALLET, "https://nowhere.example/lot"):
            assert edges.entries_of(uri) == list(plain.entries_of(uri))
        for index in range(story.log.size + 1):
            assert edges.movement(index) == plain.movement(index)


def test_events_objects_and_findings_are_answered(store: Store, story: Chain) -> None:
    kept(store, story.log)
    log, last = story.log, story.log.size - 1
    with store.read() as connection:
        assert [row.index for row in events.every(connection)] == [
            *(story.peaches, story.stranger, story.plums, story.shipped, story.received, story.packing),
            *(story.loading, story.sent, last - 1, last),
        ]
        sent = events.by_event_id(connection, "urn:uuid:9f1e9aa2-6bd4-4d4c-8f1c-6d1d3d7f8e01")
        assert [(row.index, row.revision) for row in sent] == [(story.peaches, None), (last - 1, None)]
        hashed = events.get(connection, story.packing)
        assert hashed is not None
        assert hashed.event_id.startswith("ni:///sha-256;")
        assert hashed.revision is not None
        assert [row.index for row in events.listing(connection, type="AggregationEvent")] == [story.loading]
        assert objects.entries_of(connection, PACKED) == [
            *((story.packing, "made"), (story.loading, "child"), (last, "named")),
        ]
        assert objects.object_key(connection, PEACHES) == log.objects[PEACHES]
        assert objects.next_n(connection, PEACHES) == log.numbers[PEACHES]
        assert objects.latest(connection, [PALLET, "x"]) == {PALLET: story.sent}
        assert objects.lots(connection, [PACKED, "x"]) == {PACKED: (log.objects[PACKED], log.numbers[PACKED])}
        assert objects.every(connection, limit=2) == sorted(log.objects)[:2]
        found = [(item.index, item.code) for item in findings.listing(connection)]
        assert found[0][0] == last - 3
        assert found[1:] == [
            (last - 2, "event-repeated"),
            (last - 1, "event-id-reused"),
            (last, "correction-without-original"),
        ]


def test_what_a_gateway_signed_is_no_repeat(store: Store, story: Chain) -> None:
    content = story.log.entries[story.shipped]
    with store.begin() as connection:
        refresh.write(connection, [derive(1, content, signed=False), derive(2, content, signed=False)])
        assert [row.index for row in events.every(connection)] == [1, 2]
        assert findings.listing(connection) == []
        said = duplicates.content_digest(content.claims.iss, content.content or {})
        assert duplicates.find(connection, [said, b"?" * 16]) == {said: 1}


def test_equal_content_is_told_whatever_the_order_of_members() -> None:
    one = {"type": "ObjectEvent", "a": {"x": 1, "y": [1, 2]}, "recordTime": "2026"}
    same = {"a": {"y": [1, 2], "x": 1}, "type": "ObjectEvent"}
    other = {"a": {"y": [2, 1], "x": 1}, "type": "ObjectEvent"}
    digests = [duplicates.content_digest("m", event) for event in (one, same, other)]
    assert digests[0] == digests[1] != digests[2]
    assert duplicates.content_digest("n", one) != digests[0]


@pytest.mark.parametrize("group", [1, 4, 100])
def test_a_rebuild_gives_the_same_tables_whatever_the_groups_were(store: Store, story: Chain, group: int) -> None:
    kept(store, story.log, group)
    before = dump(store)
    done: list[tuple[int, int]] = []
    assert rebuild(store, wrapping_key, lambda *at: done.append(at)) == story.log.size
    assert dump(store) == before
    assert before["event"]
    assert done[-1] == (story.log.size, story.log.size)


def test_a_rebuild_needs_none_of_the_derived_tables(store: Store, story: Chain) -> None:
    kept(store, story.log)
    before = dump(store)
    with store.begin() as connection:
        root = Lookups.open(connection).tag_root(connection)
        for table in tables.DERIVED:
            connection.execute(table.delete())
    rebuild(store, wrapping_key)
    assert dump(store) == before
    with store.begin() as connection:
        assert Lookups.open(connection).tag_root(connection) == root


def test_a_rebuild_after_an_erasure_gives_what_the_erasure_left(store: Store, story: Chain) -> None:
    kept(store, story.log)
    entry = story.log.entries[story.sent]
    step = next(item.digest for item in entry.disclosures if item.name == "bizStep")
    assert disclosures.erase(store, story.sent, [step], wrapping_key(entry.claims.iss)) == 1
    with store.begin() as connection:
        refresh.replace(connection, [story.sent], left_of(store, connection))
        row = events.get(connection, story.sent)
        assert row is not None
        assert row.event_id == ""
        erased = duplicates.content_digest(entry.claims.iss, entry.content or {})
        assert duplicates.find(connection, [erased]) == {}
    before = dump(store)
    rebuild(store, wrapping_key)
    assert dump(store) == before


def test_an_entry_erased_whole_leaves_no_trace_in_the_read_side(store: Store, story: Chain) -> None:
    kept(store, story.log)
    entry = story.log.entries[story.stranger]
    every = [item.digest for item in entry.disclosures]
    disclosures.erase(store, story.stranger, every, wrapping_key(entry.claims.iss))
    with store.begin() as connection:
        refresh.replace(connection, [story.stranger], left_of(store, connection))
        assert events.get(connection, story.stranger) is None
        assert objects.entries_of(connection, chain.STRANGE) == []
        assert objects.object_key(connection, chain.STRANGE) is None
    assert not any(chain.STRANGE in str(rows) for rows in dump(store).values())


def test_what_is_derived_depends_on_the_entry_alone(story: Chain) -> None:
    entry = story.log.entries[story.packing]
    again = with_disclosures(entry.jwt.raw, [item.text for item in entry.disclosures])
    assert derive(5, entry) == derive(5, again)
    hidden = derive(5, with_disclosures(entry.jwt.raw, []))
    assert hidden == Derived(5, member=entry.claims.iss)
