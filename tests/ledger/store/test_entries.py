import pytest

from ledger.store import checkpoints, entries, epochs
from ledger.store.engine import Store
from ledger.store.entries import EntryRow
from schemas.errors import EvidenceError, InputError, UnavailableError


def row(index: int, kid: str = "k", seq: int | None = None, public: bool = False) -> EntryRow:
    return EntryRow(index, kid, index if seq is None else seq, bytes([index % 256]) * 32, b"jwt%d" % index, public)


def take(store: Store) -> int:
    with store.begin() as connection:
        return epochs.take(connection, "writer")


def add(store: Store, epoch: int, *rows: EntryRow) -> None:
    with store.begin() as connection:
        entries.append(connection, epoch, rows)


def test_entries_come_back_byte_for_byte_in_order(store: Store) -> None:
    add(store, take(store), *(row(index) for index in range(1203)))
    with store.read() as connection:
        assert entries.size(connection) == 1203
        assert list(entries.span(connection, 3, 1201)) == [b"jwt%d" % index for index in range(3, 1201)]
        assert entries.get(connection, 1202) == b"jwt1202"
        assert entries.get_many(connection, [5, 1, 9999]) == {1: b"jwt1", 5: b"jwt5"}
        with pytest.raises(InputError, match="entry-missing"):
            entries.get(connection, 1203)


def test_a_place_in_a_lane_holds_one_entry(store: Store) -> None:
    epoch = take(store)
    add(store, epoch, row(0, "a", 0), row(1, "b", 0), row(2, "a", 1))
    with pytest.raises(UnavailableError, match="store-conflict"):
        add(store, epoch, row(3, "a", 1))
    with store.read() as connection:
        assert entries.at(connection, "a", 1) == (2, b"jwt2")
        assert entries.at(connection, "a", 2) is None
        assert entries.at(connection, "nobody", 0) is None
        assert entries.lanes(connection) == {"a": (1, bytes([2]) * 32, 2), "b": (0, bytes([1]) * 32, 1)}


def test_no_gap_opens_and_no_index_is_taken_twice(store: Store) -> None:
    epoch = take(store)
    add(store, epoch, row(0))
    for wrong in (0, 2):
        with pytest.raises(UnavailableError, match="index-conflict"):
            add(store, epoch, row(wrong, "other", 7))


def test_public_entries_are_found_alone(store: Store) -> None:
    add(store, take(store), *(row(index, public=index % 2 == 0) for index in range(1400)))
    with store.read() as connection:
        assert [index for index, _ in entries.public_entries(connection)] == list(range(0, 1400, 2))
        assert next(iter(entries.public_entries(connection, 7))) == (8, b"jwt8")


def test_an_old_writer_that_wakes_up_can_do_nothing(store: Store) -> None:
    old = take(store)
    add(store, old, row(0))
    new = take(store)
    assert new == old + 1
    with pytest.raises(UnavailableError, match="fenced"):
        add(store, old, row(1))
    with pytest.raises(UnavailableError, match="fenced"), store.begin() as connection:
        checkpoints.compare_and_set(connection, old, None, (1, b"r" * 32))
    add(store, new, row(1))


def test_the_head_moves_only_from_what_the_writer_knows(store: Store) -> None:
    epoch = take(store)
    first, second = (1, b"1" * 32), (2, b"2" * 32)
    with store.begin() as connection:
        assert checkpoints.head(connection) is None
        checkpoints.compare_and_set(connection, epoch, None, first)
    with pytest.raises(UnavailableError, match="head-moved"), store.begin() as connection:
        checkpoints.compare_and_set(connection, epoch, None, second)
    with pytest.raises(UnavailableError, match="head-moved"), store.begin() as connection:
        checkpoints.compare_and_set(connection, epoch, (1, b"x" * 32), second)
    with store.begin() as connection:
        checkpoints.compare_and_set(connection, epoch, first, second)
    with store.read() as connection:
        assert checkpoints.head(connection) == second
        assert checkpoints.root_at(connection, 1) == first[1]


def test_never_two_roots_for_one_size(store: Store) -> None:
    epoch = take(store)
    with store.begin() as connection:
        checkpoints.compare_and_set(connection, epoch, None, (1, b"1" * 32))
    with pytest.raises(EvidenceError, match="root-differs"), store.begin() as connection:
        checkpoints.compare_and_set(connection, epoch, (1, b"1" * 32), (1, b"2" * 32))
    with pytest.raises(InputError, match="head-backwards"), store.begin() as connection:
        checkpoints.compare_and_set(connection, epoch, (1, b"1" * 32), (0, b"2" * 32))


def test_notes_are_kept_by_size_and_the_published_one_never_shrinks(store: Store) -> None:
    with store.begin() as connection:
        checkpoints.keep(connection, 5, b"five")
        checkpoints.keep(connection, 2, b"two")
        checkpoints.keep(connection, 5, b"five, cosigned")
        assert checkpoints.publish(connection, 5, b"five")
        assert not checkpoints.publish(connection, 2, b"two")
    with store.read() as connection:
        assert checkpoints.kept_sizes(connection) == [2, 5]
        assert checkpoints.kept(connection, 5) == b"five, cosigned"
        assert checkpoints.kept(connection, 3) is None
        assert checkpoints.published(connection) == (5, b"five")
