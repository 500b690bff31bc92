"""A store that an older program made is brought to the newest tables, with what it holds."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from ledger.store import accounts, schema
from ledger.store.accounts import AccountRow
from ledger.store.connect import postgres_engine, sqlite_engine, url_of
from ledger.store.engine import LEDGER_FILE, LOG_FOLDER, SECRETS_FILE, Store
from ledger.store.tables import LEDGER


def first_revision(engine: Engine, database: schema.Database) -> None:
    """The tables of revision 0001."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("version_locations", str(schema.MIGRATIONS / database.name))
    config.set_main_option("path_separator", "newline")
    with engine.connect() as connection:
        connection = connection.execution_options(filiera_write=True)
        with connection.begin():
            config.attributes.update(connection=connection, database=database)
            command.upgrade(config, "0001")


def old_store(location: str) -> None:
    """A store as the first version made it, with one tile in it."""
    url = url_of(location)
    if url is None:
        folder = Path(location)
        (folder / LOG_FOLDER).mkdir(parents=True)
        engines = sqlite_engine(folder / LEDGER_FILE), sqlite_engine(folder / SECRETS_FILE)
    else:
        engines = postgres_engine(url), postgres_engine(url)
    for engine, database in zip(engines, (schema.LEDGER_DATABASE, schema.SECRETS_DATABASE), strict=True):
        first_revision(engine, database)
    with engines[0].connect() as connection:
        connection = connection.execution_options(filiera_write=True)
        with connection.begin():
            connection.execute(text("INSERT INTO published VALUES (1, 7, 'note')"))
    for engine in engines:
        engine.dispose()


def test_a_store_of_the_first_version_opens_with_every_table(location: str) -> None:
    old_store(location)
    with Store.open(location) as store:
        assert set(LEDGER.tables) <= set(inspect(store.ledger).get_table_names())
        with store.begin() as connection:
            accounts.put_account(connection, AccountRow("maria", None, "auditor", "hash", 1))
            assert connection.execute(text("SELECT size FROM published")).scalar() == 7
        assert schema.revision(store.ledger, schema.LEDGER_DATABASE) == schema.LEDGER_DATABASE.newest
    with Store.open(location) as store, store.read() as connection:
        assert accounts.account(connection, "maria") is not None


_POSTGRES = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name, character_maximum_length, "
    "ordinal_position FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT relname, reloptions::text FROM pg_class "
    "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT * FROM ledger_revision UNION ALL SELECT * FROM secrets_revision",
)


def _everything(engine: Engine) -> list[str]:
    """Every table, index, constraint and trigger of a database, as it says itself."""
    asked = _POSTGRES
    if engine.dialect.name == "sqlite":
        (version,) = (name for name in inspect(engine).get_table_names() if name.endswith("_revision"))
        asked = ("SELECT type, name, sql FROM sqlite_master", f"SELECT * FROM {version}")
    with engine.connect() as connection:
        return sorted(
            " ".join(repr(row).replace("\\n", " ").replace("\\t", " ").split())
            for query in asked
            for row in connection.execute(text(query))
        )


def test_a_new_store_is_the_same_as_one_that_came_all_the_way(location: str) -> None:
    with Store.create(location) as store:
        at_once = [_everything(engine) for engine in (store.ledger, store.secrets)]
    url = url_of(location)
    again = f"{location}-old" if url is None else location
    if url is not None:
        engine = postgres_engine(url)
        with engine.connect() as connection:
            connection = connection.execution_options(filiera_write=True)
            with connection.begin():
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    old_store(again)
    with Store.open(again) as store:
        came = [_everything(engine) for engine in (store.ledger, store.secrets)]
    assert at_once == came
    assert len(at_once[0]) > 40
