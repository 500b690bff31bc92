"""A stamp tells whether anything was committed since, by this process or another, on either database."""

from pathlib import Path

from ledger.store import erasures, read_side
from ledger.store.engine import Store


def test_a_commit_of_anybody_gives_another_stamp(store: Store, location: str) -> None:
    stamps = [store.stamp()]
    with store.begin() as connection:
        erasures.put(connection, [1])
    stamps.append(store.stamp())
    with Store.open(location) as other, other.begin() as connection:
        erasures.put(connection, [2])
    stamps.append(store.stamp())
    assert len(set(stamps)) == 3


def test_what_is_read_after_a_stamp_is_at_least_as_new(store: Store) -> None:
    with store.begin() as writing:
        read_side.put(writing, 7)
        during = store.stamp()
        with store.read() as connection:
            assert read_side.size(connection) == 0
    assert store.stamp() != during


def test_without_a_commit_a_stamp_stays_and_is_there_at_once(tmp_path: Path) -> None:
    with Store.create(str(tmp_path / "store")) as store:
        before = store.stamp()
        with store.read() as connection:
            read_side.size(connection)
        assert store.stamp() == before
        assert store.instant
        # A stamp holds no older state of the file.
        store.truncate_wal()
