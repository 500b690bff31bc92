from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from ledger.store import entries, epochs, schema
from ledger.store.engine import Store
from ledger.store.entries import EntryRow
from ledger.store.tables import APPEND_ONLY
from schemas.errors import InputError, UnavailableError


def row(index: int, kid: str = "k", seq: int | None = None, public: bool = False) -> EntryRow:
    return EntryRow(index, kid, index if seq is None else seq, bytes([index % 256]) * 32, b"jwt%d" % index, public)


def test_a_store_is_made_once_and_opened_again(location: str) -> None:
    with Store.create(location) as store, store.begin() as connection:
        entries.append(connection, epochs.take(connection, "w"), [row(0)])
    with pytest.raises(InputError) as refused:
        Store.create(location)
    assert refused.value.code == "store-exists"
    with Store.open(location) as store, store.read() as connection:
        assert entries.size(connection) == 1


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    Store.create(str(tmp_path)).close()
    (tmp_path / "ledger.db").write_bytes(bytes(range(256)) * 64)
    with pytest.raises(UnavailableError) as refused:
        Store.open(str(tmp_path))
    assert refused.value.code == "database-damaged"


def test_a_file_that_may_not_be_opened_is_said_to_be_shut(tmp_path: Path) -> None:
    Store.create(str(tmp_path)).close()
    (tmp_path / "ledger.db").unlink()
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(UnavailableError) as refused:
        Store.open(str(tmp_path))
    assert refused.value.code == "database-no-access"


def test_keys_of_contents_are_their_owners_alone_wherever_and_whenever_they_begin(tmp_path: Path) -> None:
    beside = tmp_path / "beside.db"
    Store.create(str(tmp_path / "a"), secrets=str(beside)).close()
    Store.create(str(tmp_path / "b")).close()
    # As in a store that was brought back without them.
    (tmp_path / "b" / "secrets.db").unlink()
    Store.open(str(tmp_path / "b")).close()
    assert [file.stat().st_mode & 0o777 for file in (beside, tmp_path / "b" / "secrets.db")] == [0o600, 0o600]


def test_opening_what_is_not_there_is_refused(location: str) -> None:
    with pytest.raises(InputError) as refused:
        Store.open(location)
    assert refused.value.code == "store-missing"


def test_a_location_that_is_neither_folder_nor_postgresql_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        Store.open("mysql://host/name")
    assert refused.value.code == "store-location"


@pytest.mark.parametrize("database", [schema.LEDGER_DATABASE, schema.SECRETS_DATABASE], ids=lambda d: d.name)
def test_the_migrations_make_exactly_the_tables_named(store: Store, database: schema.Database) -> None:
    engine: Engine = getattr(store, database.name)
    own = set(database.tables.tables)
    with engine.connect() as connection:
        options = {
            "version_table": database.version_table,
            "include_name": lambda name, kind, _: kind != "table" or name in own,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, database.tables) == []


def test_a_store_newer_than_the_program_is_refused(location: str) -> None:
    with Store.create(location) as store, store.begin() as connection:
        connection.exec_driver_sql("UPDATE ledger_revision SET version_num = '9999'")
    with pytest.raises(InputError) as refused:
        Store.open(location)
    assert refused.value.code == "store-newer"


def test_what_is_kept_for_ever_refuses_update_and_delete(store: Store) -> None:
    with store.begin() as connection:
        entries.append(connection, epochs.take(connection, "w"), [row(0)])
        connection.exec_driver_sql("INSERT INTO checkpoint VALUES (1, 'r', 1)")
        connection.exec_driver_sql("INSERT INTO evidence VALUES (1, 'd', 'k', 'x')")
        connection.exec_driver_sql("INSERT INTO logged VALUES (0, 1)")
    changes = [f"DELETE FROM {table.name}" for table in APPEND_ONLY]
    changes += ["UPDATE entry SET jwt = 'x'", "UPDATE checkpoint SET root = 'x'", "UPDATE evidence SET kind = 'x'"]
    changes += ["UPDATE logged SET time = 2"]
    if store.ledger.dialect.name == "postgresql":
        changes += [f"TRUNCATE {table.name}" for table in APPEND_ONLY]
    for change in changes:
        with pytest.raises(UnavailableError) as refused, store.begin() as connection:
            connection.exec_driver_sql(change)
        assert refused.value.code == "database-failed" or refused.value.code == "store-conflict"
    with store.read() as connection:
        assert entries.get(connection, 0) == b"jwt0"


def test_an_exception_inside_a_transaction_undoes_it(store: Store) -> None:
    def fail(connection: Connection) -> None:
        entries.append(connection, epochs.take(connection, "w"), [row(0)])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.begin() as connection:
        fail(connection)
    with store.read() as connection:
        assert entries.size(connection) == 0
        assert epochs.current(connection) == (0, "")


def test_sqlite_is_durable_at_every_commit_and_erases_its_pages(tmp_path: Path) -> None:
    with Store.create(str(tmp_path / "s")) as store, store.begin() as connection:
        said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")}
        assert said == {"journal_mode": "wal", "synchronous": 2}
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA page_size").scalar() == 8192


def test_a_database_error_names_no_content(store: Store) -> None:
    with pytest.raises(UnavailableError) as refused, store.begin() as connection:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES ('a secret')")
    assert "secret" not in str(refused.value)
