import random
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from ledger.registry.tag_tree import SortedTree, verify_absent, verify_present
from ledger.store import entries, epochs, tables
from ledger.store.engine import Store
from ledger.store.entries import EntryRow
from ledger.store.lookups import Lookups
from tests.ledger.store.leaves import row, tag_of


def some_rows(count: int, start: int = 0) -> list[tuple[EntryRow, list[bytes]]]:
    """Entries that share tags now and then."""
    draw = random.Random(start)
    made = []
    for index in range(start, start + count):
        tags = sorted({tag_of((draw.randrange(0, 3 * count), "n")) for _ in range(draw.randrange(0, 4))})
        made.append((row(index, tags=tags), tags))
    return made


def append(store: Store, lookups: Lookups, made: Sequence[tuple[EntryRow, list[bytes]]]) -> None:
    """Commit and take in, a group of 20 at a time."""
    for start in range(0, len(made), 20):
        group = made[start : start + 20]
        with store.begin() as connection:
            epoch = epochs.current(connection)[0] or epochs.take(connection, "w")
            entries.append(connection, epoch, [entry for entry, _ in group])
        for entry, tags in group:
            lookups.add(entry.index, entry.leaf, tags)
        with store.begin() as connection:
            lookups.flush(connection)


def expected(made: Sequence[tuple[EntryRow, list[bytes]]]) -> dict[bytes, tuple[int, ...]]:
    found: dict[bytes, tuple[int, ...]] = {}
    for entry, tags in made:
        for tag in tags:
            found[tag] = (*found.get(tag, ()), entry.index)
    return found


def check(connection: Connection, lookups: Lookups, made: Sequence[tuple[EntryRow, list[bytes]]]) -> None:
    tags = expected(made)
    for entry, _ in made[::7]:
        assert lookups.find_leaf(connection, entry.leaf) == entry.index
    for tag, indexes in list(tags.items())[::5]:
        assert lookups.find_tag(connection, tag) == indexes
        assert lookups.has_tag(connection, tag)
    assert lookups.find_leaf(connection, b"\x00" * 32) is None
    assert lookups.find_tag(connection, tag_of("nobody")) == ()
    assert not lookups.has_tag(connection, tag_of("nobody"))
    assert dict(lookups.tags_between(connection, b"\x00" * 32, None)) == tags
    assert lookups.tag_root(connection) == SortedTree(tags.items()).root()


def test_what_was_added_is_found_across_flushes_merges_and_reopening(store: Store) -> None:
    made = some_rows(700)
    with store.read() as connection:
        lookups = Lookups.open(connection, flush_items=40)
    append(store, lookups, made[:400])
    with store.read() as connection:
        check(connection, lookups, made[:400])
    append(store, lookups, made[400:])
    with store.read() as connection:
        check(connection, lookups, made)
        check(connection, Lookups.open(connection), made)
        kept = connection.execute(tables.lookup_run.select()).all()
        assert len(kept) < 12
        assert max(run.tier for run in kept) >= 1


def test_dropping_the_tables_loses_nothing(store: Store) -> None:
    made = some_rows(200)
    with store.read() as connection:
        lookups = Lookups.open(connection, flush_items=40)
    append(store, lookups, made)
    with store.begin() as connection:
        lookups.tag_root(connection)
        lookups.flush(connection, force=True)
        for table in tables.LOOKUPS:
            connection.execute(table.delete())
    with store.begin() as connection:
        again = Lookups.open(connection, flush_items=40)
        assert again.flush(connection)
        check(connection, again, made)


def test_the_root_follows_what_is_added_after_it_was_kept(store: Store) -> None:
    made = some_rows(300)
    with store.read() as connection:
        lookups = Lookups.open(connection, flush_items=40)
    for stop in range(60, 301, 60):
        append(store, lookups, made[stop - 60 : stop])
        with store.begin() as connection:
            root = SortedTree(expected(made[:stop]).items()).root()
            assert lookups.tag_root(connection) == root
            lookups.flush(connection, force=True)
            assert Lookups.open(connection).tag_root(connection) == root


@pytest.mark.parametrize("size", [1, 150, 219, 240])
def test_a_snapshot_is_proved_under_its_own_size(store: Store, size: int) -> None:
    made = some_rows(240)
    with store.read() as connection:
        lookups = Lookups.open(connection, flush_items=40)
    append(store, lookups, made)
    tags = expected(made[:size])
    root = SortedTree(tags.items()).root()
    later = [tag for tag in expected(made) if tag not in tags]
    with store.read() as connection:
        tree = lookups.tag_tree_at(connection, size)
        assert tree.root() == root
        for tag in list(tags)[:5]:
            proof = tree.prove_present(tag)
            assert proof.indexes == tags[tag]
            verify_present(tag, proof.indexes, proof.path, root, size=size)
        for tag in [tag_of("nobody"), *later[:5]]:
            verify_absent(tag, tree.prove_absent(tag), root, size=size)


def test_a_reader_sees_what_the_writer_appended_and_merged_away(store: Store) -> None:
    made = some_rows(500)
    with store.read() as connection:
        writer = Lookups.open(connection, flush_items=40)
    append(store, writer, made[:100])
    with store.read() as connection:
        reader = Lookups.open(connection)
    append(store, writer, made[100:])
    with store.read() as connection:
        # The pages it knew are gone: it looks again by itself.
        tag = next(iter(expected(made[:20])))
        assert reader.find_tag(connection, tag) == expected(made)[tag]
        reader.refresh(connection)
        check(connection, reader, made)


def test_tags_of_tags_entries_count_at_the_entry_they_precede(store: Store) -> None:
    first, second, third = tag_of(1), tag_of(2), tag_of(3)
    rows = [
        row(0, kid="a", seq=0, kind="tags", tags=[first]),
        row(1, kid="b", seq=0, tags=[third]),
        row(2, kid="a", seq=1, kind="tags", tags=[second]),
        row(3, kid="a", seq=2, tags=[third], more=2),
    ]
    with store.begin() as connection:
        entries.append(connection, epochs.take(connection, "w"), rows)
        lookups = Lookups.open(connection)
        assert [lookups.find_tag(connection, tag) for tag in (first, second, third)] == [(3,), (3,), (1, 3)]


def test_hashes_that_begin_alike_are_told_apart(store: Store) -> None:
    alike = [b"same" + n.to_bytes(28, "big") for n in range(300)]
    made = [(row(index, tags=[tag]), [tag]) for index, tag in enumerate(alike)]
    with store.read() as connection:
        lookups = Lookups.open(connection, flush_items=40)
    append(store, lookups, made)
    with store.read() as connection:
        assert [lookups.find_tag(connection, tag) for tag in alike] == [(index,) for index in range(300)]
        assert not lookups.has_tag(connection, b"same" + b"?" * 28)


def test_indexes_are_taken_in_order(store: Store) -> None:
    with store.read() as connection:
        lookups = Lookups.open(connection)
    with pytest.raises(ValueError, match="follow"):
        lookups.add(1, b"\x00" * 32, [])
