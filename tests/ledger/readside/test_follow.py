"""The read side follows the log: in order, once, whoever follows, and with the result of a rebuild."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.entry.parse import with_disclosures
from ledger.readside import follow as following
from ledger.readside import refresh
from ledger.readside.derive import derive
from ledger.readside.follow import Waiting, catch_up, derived_or_found, follow
from ledger.readside.rebuild import rebuild
from ledger.store import disclosures, entries, epochs, events, findings, read_side, schema
from ledger.store.engine import Store
from ledger.store.entries import EntryRow
from schemas.errors import EvidenceError, UnavailableError
from tests.ledger.readside.test_rebuild import dump, poisoned, wrapping_key
from tests.ledger.store import form_before
from tests.simulator.chain import Chain


@pytest.fixture(scope="module")
def story() -> Chain:
    return poisoned()


def committed(store: Store, story: Chain, *, before: bool = False) -> None:
    """The log without its read side; `before`: its disclosures as the first release kept them."""
    log = story.log
    items = [(i, [d.text for d in e.disclosures], wrapping_key(e.claims.iss)) for i, e in enumerate(log.entries)]
    with store.begin() as connection:
        epoch = epochs.take(connection, "w")
    secrets, rows = disclosures.seal(epoch, items, os.urandom)
    if before:
        old = [form_before.sealed([text.encode() for text in texts], key) for _, texts, key in items if texts]
        secrets = [(number, secret) for (number, _), (_, secret) in zip(secrets, old, strict=True)]
    with store.begin_secrets() as connection:
        disclosures.put_secrets(connection, secrets)
    with store.begin() as connection:
        made = [
            EntryRow(i, e.jwt.kid, e.claims.seq, e.jwt.leaf, e.jwt.raw, not e.claims.private)
            for i, e in enumerate(log.entries)
        ]
        entries.append(connection, epoch, made)
        if before:
            rows_before = [(index, of, packed) for (index, of, *_), (packed, _) in zip(rows, old, strict=True)]
            mark = "?" if connection.dialect.name == "sqlite" else "%s"
            connection.exec_driver_sql(f"INSERT INTO disclosure VALUES ({mark}, {mark}, {mark})", rows_before)
        else:
            disclosures.put(connection, rows)


def waiting(story: Chain, start: int, stop: int) -> list[Waiting]:
    """The entries of a stretch as admission read them."""
    span = list(enumerate(story.log.entries))[start:stop]
    return [Waiting(index, entry) for index, entry in span if entry.claims.private]


def no_gateway(_: str) -> bool:
    return False


def behind(store: Store) -> int:
    with store.read() as connection:
        return entries.size(connection) - read_side.size(connection)


def test_nothing_is_in_the_read_side_before_it_followed(store: Store, story: Chain) -> None:
    committed(store, story)
    assert behind(store) == story.log.size
    with store.read() as connection:
        assert list(events.every(connection)) == []
    assert follow(store, waiting(story, 0, 5), 0, 5)
    assert behind(store) == story.log.size - 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=10)
@given(data=st.data())
def test_stretches_of_any_length_from_memory_or_from_the_store_give_what_a_rebuild_gives(
    tmp_path_factory: pytest.TempPathFactory, story: Chain, data: st.DataObject
) -> None:
    with Store.create(str(tmp_path_factory.mktemp("any") / "store")) as store:
        committed(store, story)
        at = 0
        while at < story.log.size:
            length = data.draw(st.integers(1, 7))
            if data.draw(st.booleans()):
                stop = min(at + length, story.log.size)
                assert follow(store, waiting(story, at, stop), at, stop)
            else:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(following, "STRETCH", length)
                    assert catch_up(store, wrapping_key, no_gateway)
            with store.read() as connection:
                at = read_side.size(connection)
        assert not catch_up(store, wrapping_key, no_gateway)
        followed = dump(store)
        rebuild(store, wrapping_key)
        assert dump(store) == followed
        assert followed["event"]
        assert followed["finding"]


def test_a_rebuild_gives_the_same_on_this_database(store: Store, story: Chain) -> None:
    committed(store, story)
    while catch_up(store, wrapping_key, no_gateway):
        pass
    followed = dump(store)
    rebuild(store, wrapping_key)
    assert dump(store) == followed


def test_of_two_that_follow_one_stretch_one_writes_it(store: Store, story: Chain) -> None:
    committed(store, story)
    assert follow(store, waiting(story, 0, 6), 0, 6)
    assert not follow(store, waiting(story, 0, 6), 0, 6)
    assert not follow(store, waiting(story, 4, 9), 4, 9)
    assert follow(store, waiting(story, 6, 9), 6, 9)
    while catch_up(store, wrapping_key, no_gateway):
        pass
    followed = dump(store)
    rebuild(store, wrapping_key)
    assert dump(store) == followed


def test_a_stretch_that_fails_half_way_moves_nothing(
    store: Store, story: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(store, story)

    def failing(*_: Any) -> None:
        raise UnavailableError("database-failed", problem="test")

    with monkeypatch.context() as patch:
        patch.setattr(refresh.objects, "put", failing)
        with pytest.raises(UnavailableError):
            follow(store, waiting(story, 0, 9), 0, 9)
    assert behind(store) == story.log.size
    with store.read() as connection:
        assert list(events.every(connection)) == []
    assert follow(store, waiting(story, 0, 9), 0, 9)


def test_a_rebuild_leaves_nothing_to_follow(store: Store, story: Chain) -> None:
    committed(store, story)
    rebuild(store, wrapping_key)
    assert behind(store) == 0
    assert not follow(store, waiting(story, 0, 6), 0, 6)


def test_an_entry_that_cannot_be_derived_is_a_finding_and_stops_nothing(
    store: Store, story: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(store, story)

    def faulty(index: int, *how: Any, **more: Any) -> Any:
        if index == story.packing:
            raise ZeroDivisionError
        return derive(index, *how, **more)

    monkeypatch.setattr(following, "derive", faulty)
    while catch_up(store, wrapping_key, no_gateway):
        pass
    with store.read() as connection:
        assert [found.code for found in findings.of(connection, story.packing)] == ["entry-not-derived"]
        assert events.get(connection, story.packing) is None
        assert events.get(connection, story.loading) is not None


def test_memory_that_runs_out_is_no_finding(story: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: Any, **__: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(following, "derive", exhausted)
    with pytest.raises(MemoryError):
        derived_or_found(story.packing, story.log.entries[story.packing], signed=True)


def test_an_altered_disclosure_is_named_and_nothing_beyond_it_followed(store: Store, story: Chain) -> None:
    committed(store, story)

    def another(iss: str) -> bytes:
        return b"?" * 32

    with pytest.raises(EvidenceError) as refused:
        catch_up(store, another, no_gateway)
    assert refused.value.code == "disclosure-sealed"
    assert behind(store) == story.log.size


def test_what_another_process_derived_is_placed_where_the_entry_stands(story: Chain) -> None:
    entry = story.log.entries[story.packing]
    leaf = with_disclosures(entry.jwt.raw, [])
    for signed in (True, False):
        here = Waiting(9, entry, signed=signed).derived()
        there = Waiting(9, leaf, signed=signed, derived=derive(0, entry)).derived()
        assert here == there == replace(derive(9, entry), signed=signed)


def test_what_is_erased_is_taken_out_only_where_the_read_side_has_it(store: Store, story: Chain) -> None:
    committed(store, story)
    with store.begin() as connection, pytest.raises(UnavailableError) as refused:
        refresh.replace(connection, [story.sent], lambda index: derive(index, story.log.entries[index]))
    assert refused.value.code == "read-side-behind"


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = request.param == "sqlite"
    return str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))


@contextmanager
def of_the_first_release(location: str) -> Iterator[Store]:
    """A store as the first release made it, with its tables."""
    if "://" not in location:
        (Path(location) / "log").mkdir(parents=True)
    store = Store._connect(location, None, None)
    with store:
        schema.migrate(store.ledger, schema.LEDGER_DATABASE, to="0001")
        schema.migrate(store.secrets, schema.SECRETS_DATABASE)
        yield store


def test_the_read_side_of_a_store_from_before_follows_from_its_first_entry(location: str, story: Chain) -> None:
    with of_the_first_release(location) as old:
        committed(old, story, before=True)
        with old.begin() as connection:
            row = "INSERT INTO event VALUES (4, 'event', 'ObjectEvent', '2026-07-01T08:01:00Z', 'urn:x:1', NULL, 'm')"
            connection.exec_driver_sql(row)
            connection.exec_driver_sql("INSERT INTO object VALUES (1, 'https://a.example/1', NULL, 0)")
            connection.exec_driver_sql("INSERT INTO object_entry VALUES (1, 4)")
            connection.exec_driver_sql("INSERT INTO finding VALUES (4, 0, 'unknown-word', '{}')")
    with Store.open(location) as store:
        assert behind(store) == story.log.size
        while catch_up(store, wrapping_key, no_gateway):
            pass
        found = dump(store)
        rebuild(store, wrapping_key)
        assert dump(store) == found
        assert found["event"]


def test_an_empty_store_from_before_has_nothing_in_the_read_side(location: str) -> None:
    with of_the_first_release(location):
        pass
    with Store.open(location) as store, store.read() as connection:
        assert read_side.size(connection) == 0
