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
            accounts.put_account(connection, AccountRow("maria", None, ("query",), "hash", 1))
            assert connection.execute(text("SELECT size FROM published")).scalar() == 7
        assert schema.revision(store.ledger, schema.LEDGER_DATABASE) == schema.LEDGER_DATABASE.newest
    with Store.open(location) as store, store.read() as connection:
        assert accounts.account(connection, "maria") is not None
