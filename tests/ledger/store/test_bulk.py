"""Many rows arrive as they were given, one as well as thousands, on both databases."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text

from ledger.store import tables
from ledger.store.bulk import insert
from ledger.store.engine import Store
from schemas.errors import UnavailableError

TEXTS = ["", "NULL", '{"a":1}', "{}", "a,b", "'", '"', "\\", "\\N", "\n\t", "è", "\U0001f353", "x" * 3000]
BYTES = [b"", b"\0", bytes(range(256)), b"\\x00", b"NULL", b"y" * 5000]


def kept(store: Store, table: Any) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]


def put(store: Store, table: Any, rows: list[tuple[Any, ...]], *conflict: Any) -> None:
    with store.begin() as connection:
        insert(connection, table, rows, *conflict)


@pytest.mark.parametrize("count", [0, 1, 2, 2500])
def test_every_kind_of_value_arrives_as_it_was_given(store: Store, count: int) -> None:
    numbers = [0, -1, 2**31, 2**62, 7]
    accounts = [
        (f"{at:05}", None if at % 3 else TEXTS[at % len(TEXTS)], TEXTS[-1 - at % len(TEXTS)], "p", numbers[at % 5])
        for at in range(count)
    ]
    put(store, tables.account, accounts)
    assert kept(store, tables.account) == accounts
    disclosures = [(at, numbers[at % 5], BYTES[at % len(BYTES)], at % 2) for at in range(count)]
    put(store, tables.disclosure, disclosures)
    assert kept(store, tables.disclosure) == disclosures
    entries = [(at, at, at, at % 2 == 0, b"jwt") for at in range(count)]
    put(store, tables.entry, entries)
    assert kept(store, tables.entry) == entries


def test_a_column_of_nothing_arrives_as_nothing(store: Store) -> None:
    rows = [(name, None, "q", "p", 1) for name in ("a", "b")]
    put(store, tables.account, rows)
    assert kept(store, tables.account) == rows


def test_a_key_that_is_taken_is_refused_kept_or_replaced(store: Store) -> None:
    put(store, tables.published_event, [(1,), (2,)])
    put(store, tables.published_event, [(2,), (3,), (3,)], "ignore")
    assert kept(store, tables.published_event) == [(1,), (2,), (3,)]
    put(store, tables.tag_bucket, [(1, b"a"), (2, b"b")])
    put(store, tables.tag_bucket, [(2, b"c"), (3, b"d")], "replace")
    assert kept(store, tables.tag_bucket) == [(1, b"a"), (2, b"c"), (3, b"d")]
    with pytest.raises(UnavailableError, match="store-conflict"):
        put(store, tables.tag_bucket, [(4, b"e"), (1, b"f")])
    assert len(kept(store, tables.tag_bucket)) == 3


def test_postgresql_keeps_the_disclosures_of_an_entry_in_its_row(store: Store) -> None:
    if store.ledger.dialect.name != "postgresql":
        return
    put(store, tables.disclosure, [(at, 1, Random(at).randbytes(2500), 1) for at in range(10)])
    beside = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'disclosure'"
    with store.read() as connection:
        assert connection.execute(text(beside)).scalar() == 0
