"""What was declared erased is carried out: it is gone from every table, and a rebuild gives the same tables."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ledger.entry.disclose import hanging, paths
from ledger.entry.parse import Entry, with_disclosures
from ledger.readside.erasing import carry_out, still_held
from ledger.readside.rebuild import rebuild
from ledger.store import disclosures, erasures, events, findings, objects, read_side, tables
from ledger.store.engine import Store
from ledger.store.events import COLUMNS
from schemas.errors import UnavailableError
from schemas.syntax.base64url import encode
from tests.ledger.readside.test_rebuild import dump, kept, wrapping_key
from tests.simulator import chain
from tests.simulator.chain import PEACHES, Chain

ALONE = chain.STRANGE + "-alone"


def roots(entry: Entry) -> list[bytes]:
    """The digests that say: all of it."""
    return [item.digest for path, item in paths(entry).items() if len(path) == 1]


def at(entry: Entry, *path: str | int) -> bytes:
    """The digest of one place."""
    return paths(entry)[path].digest


def erased(store: Store, story: Chain, which: dict[int, list[bytes]]) -> int:
    """A store with the log in it, an erasure declared at its end and due; the index of the erasure."""
    log = story.log
    by = log.members[0]
    body = {
        "erased": [
            {"entry": encode(log.leaf_hashes[index]), "digests": sorted(encode(digest) for digest in digests)}
            for index, digests in which.items()
        ],
        "ground": "GDPR art. 17",
    }
    place = log.say(0, "erasure", body)
    assert log.entries[place].claims.iss == by.iss
    kept(store, log)
    with store.begin() as connection:
        erasures.put(connection, [place])
    return place


def by_name(store: Store) -> dict[str, list[Any]]:
    """Every derived row, objects and facts by their names: their ids follow the first mention, which may be gone."""
    dumped = dump(store)
    with store.read() as connection:
        names = dict(connection.execute(select(tables.object_.c.id, tables.object_.c.uri)).all())  # type: ignore[arg-type]
        uses = connection.execute(select(tables.object_entry)).all()
        rows = connection.execute(select(tables.object_)).all()
        keys = {number: bytes(key) for number, key in connection.execute(select(tables.fact))}
        said = connection.execute(select(tables.event_fact)).all()
        told = [dict(row._mapping) for row in connection.execute(select(tables.event))]
    dumped["object_entry"] = sorted((names[use.object], use.idx, use.role) for use in uses)
    dumped["object"] = sorted((row.uri, bytes(row.key or b""), row.next_n) for row in rows)
    dumped["fact"] = sorted(keys.values())
    dumped["event_fact"] = sorted((row.idx, keys[row.fact]) for row in said)
    columns = [column.name for column in COLUMNS.values()]
    dumped["event"] = [row | {name: keys.get(row[name]) for name in columns} for row in told]
    dumped["event"].sort(key=lambda row: row["idx"])
    return dumped


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = request.param == "sqlite"
    return str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))


def nothing_is_a_gateway(_: str) -> bool:
    return False


@pytest.fixture
def story() -> Chain:
    return Chain()


def test_what_is_left_is_what_a_rebuild_gives(store: Store, story: Chain) -> None:
    entry = story.log.entries[story.shipped]
    whole = story.log.entries[story.peaches]
    place = erased(
        store, story, {story.shipped: [at(entry, "content", "quantityList")], story.peaches: roots(whole)}
    )  # fmt: skip
    gone = carry_out(store, wrapping_key, nothing_is_a_gateway)
    assert gone == 2 + len(story.log.entries[story.peaches].disclosures)
    with store.read() as connection:
        assert erasures.due(connection) == []
        assert still_held(connection) is None
        assert events.get(connection, story.peaches) is None
        left = disclosures.get(store, connection, story.shipped, wrapping_key(entry.claims.iss))
        assert [index for index, _ in objects.entries_of(connection, PEACHES)] == [
            story.shipped, story.received, story.packing,
        ]  # fmt: skip
    assert len(left) == len(entry.disclosures) - 2
    assert with_disclosures(entry.jwt.raw, left).content is not None
    before = by_name(store)
    rebuild(store, wrapping_key)
    assert by_name(store) == before
    assert place == story.log.size - 1


def test_what_repeated_the_erased_is_an_event_of_its_own_now(store: Store, story: Chain) -> None:
    log = story.log
    again = log.event(0, chain.observed(PEACHES, "shipping", 4))
    third = log.event(0, chain.observed(PEACHES, "shipping", 4))
    reused = log.event(0, chain.begun(PEACHES, 30, eventID=log.entries[story.peaches].content["eventID"]))  # type: ignore[index]
    erased(store, story, {index: roots(log.entries[index]) for index in (story.shipped, story.peaches)})
    with store.read() as connection:
        assert [found.context for found in findings.of(connection, third)] == [{"entry": story.shipped}]
        assert [found.code for found in findings.of(connection, reused)] == ["event-id-reused"]
        assert events.get(connection, again) is None
    carry_out(store, wrapping_key, nothing_is_a_gateway)
    with store.read() as connection:
        assert events.get(connection, again) is not None
        assert events.get(connection, third) is None
        assert [found.context for found in findings.of(connection, third)] == [{"entry": again}]
        assert findings.of(connection, reused) == []
    before = by_name(store)
    rebuild(store, wrapping_key)
    assert by_name(store) == before


def test_an_object_that_only_the_erased_named_is_forgotten(store: Store, story: Chain) -> None:
    alone = story.log.event(0, chain.begun(ALONE, 40))
    erased(store, story, {alone: roots(story.log.entries[alone])})
    carry_out(store, wrapping_key, nothing_is_a_gateway)
    with store.read() as connection:
        assert objects.lots(connection, [ALONE]) == {}
    assert not any(ALONE in str(row) for rows in by_name(store).values() for row in rows)


PHASES = ("after-keys", "after-texts", "after-copies", "after-scrub")


class Stopped(Exception):
    """The world ends here."""


@pytest.mark.parametrize("phase", PHASES)
def test_what_was_interrupted_is_carried_out_the_next_time(store: Store, story: Chain, phase: str) -> None:
    entry, part = story.log.entries[story.peaches], story.log.entries[story.shipped]
    place = erased(store, story, {story.peaches: roots(entry), story.shipped: [at(part, "content", "quantityList")]})
    stopped: list[str] = []

    def stop(reached: str) -> None:
        if reached == phase and not stopped:
            stopped.append(reached)
            raise Stopped

    with pytest.raises(Stopped):
        carry_out(store, wrapping_key, nothing_is_a_gateway, stop)
    with store.read() as connection:
        assert erasures.due(connection) == [place]
        assert disclosures.get(store, connection, story.peaches, wrapping_key(entry.claims.iss)) == []
    carry_out(store, wrapping_key, nothing_is_a_gateway, stop)
    with store.read() as connection:
        assert erasures.due(connection) == []
        assert disclosures.digests(connection, story.peaches) == []
        assert len(disclosures.digests(connection, story.shipped)) == len(part.disclosures) - 2
        assert events.get(connection, story.peaches) is None
    before = by_name(store)
    rebuild(store, wrapping_key)
    assert by_name(store) == before


def test_what_the_read_side_has_not_followed_stays_due(store: Store, story: Chain) -> None:
    place = erased(store, story, {story.peaches: roots(story.log.entries[story.peaches])})
    with store.begin() as connection:
        read_side.put(connection, story.peaches)
    with pytest.raises(UnavailableError, match="read-side-behind"):
        carry_out(store, wrapping_key, nothing_is_a_gateway)
    with store.read() as connection:
        assert erasures.due(connection) == [place]


def test_while_somebody_reads_an_older_state_it_stays_due(
    store: Store, story: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.scrub._PATIENCE", 50)
    place = erased(store, story, {story.peaches: roots(story.log.entries[story.peaches])})
    with store.read() as reading:
        assert erasures.due(reading) == [place]
        with pytest.raises(UnavailableError, match="wal-busy"):
            carry_out(store, wrapping_key, nothing_is_a_gateway)
    carry_out(store, wrapping_key, nothing_is_a_gateway)
    with store.read() as connection:
        assert erasures.due(connection) == []


def test_what_is_still_held_though_declared_erased_is_told(store: Store, story: Chain) -> None:
    place = erased(store, story, {story.peaches: roots(story.log.entries[story.peaches])})
    with store.read() as connection:
        assert still_held(connection) == (story.peaches, place)


def test_with_a_disclosure_goes_what_hangs_from_it(story: Chain) -> None:
    entry = story.log.entries[story.packing]
    found = paths(entry)

    def gone(*path: str | int) -> set[tuple[str | int, ...]]:
        digests = hanging(entry, [found[path].digest])
        return {path for path, item in found.items() if item.digest in digests}

    assert gone("content", "eventTime") == {("content", "eventTime")}
    assert gone("content", "inputQuantityList") == {
        ("content", "inputQuantityList"), ("content", "inputQuantityList", 0), ("content", "inputQuantityList", 1),
    }  # fmt: skip
    assert gone("record") == {path for path in found if path[0] == "record"}
    # Without its type no member of a content has a meaning, and no reader takes one.
    assert gone("content", "type") == {path for path in found if path[0] == "content" and len(path) > 1}
    assert hanging(entry, [sha256(b"nobody's").digest()]) == frozenset()


def test_what_a_store_of_the_revision_before_was_told_to_erase_is_due(location: str, story: Chain) -> None:
    with Store.create(location) as store:
        place = erased(store, story, {story.peaches: roots(story.log.entries[story.peaches])})
        with store.begin() as connection:
            later_on = (
                *("erasure_due", "master", "master_name", "declaration", "stock", "file", "file_bytes", "attached"),
                *(
                    "judged",
                    "unjudged",
                    "lot_finding",
                    "series",
                    "number",
                    "device_request",
                    "invitation",
                    "access_log",
                ),
                *("sheet_mapping", "sheet_row", "sheet_draft"),
            )
            for later in later_on:
                connection.exec_driver_sql(f"DROP TABLE {later}")
            connection.exec_driver_sql("ALTER TABLE disclosure DROP COLUMN form")
            connection.exec_driver_sql("ALTER TABLE account RENAME COLUMN role TO scopes")
            connection.exec_driver_sql("UPDATE ledger_revision SET version_num = '0007'")
    with Store.open(location) as store, store.read() as connection:
        assert erasures.due(connection) == [place]


def test_nothing_due_is_nothing_done(store: Store, story: Chain) -> None:
    kept(store, story.log)
    never: Callable[[str], bytes] = {}.__getitem__
    assert carry_out(store, never, nothing_is_a_gateway) == 0
