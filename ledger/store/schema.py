"""The revision a database is at, and the way to the newest: Alembic, loaded only when there is something to do.

- A new database is made at the newest revision at once, from the tables themselves; an older one comes there revision
  by revision. A test holds both ways to the same database, to the last index and trigger.
- Two databases, two chains of revisions: `ledger` and `secrets`, each with a version table of its own, since on
  PostgreSQL both may be one database.
- A store newer than this program is refused: its tables may mean something this program does not know.
- Of several processes that open an older store at once, one migrates and the others find it done.

    migrate(engine, LEDGER_DATABASE)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from sqlalchemy import Column, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from ledger.store.tables import LEDGER, SECRETS
from ledger.store.triggers import statements
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Database:
    """One chain of revisions: its name (folder below `migrations/`), newest revision and tables; which of them are
    `kept` for ever as they are, and what is `tuned` besides, by dialect."""

    name: str
    newest: str
    tables: MetaData
    kept: tuple[str, ...] = ()
    tuned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def version_table(self) -> str:
        """The table that holds the revision."""
        return f"{self.name}_revision"


# PostgreSQL keeps the disclosures of an entry in its row (revision 0015).
_TUNED = {"postgresql": ("ALTER TABLE disclosure SET (toast_tuple_target = 8160)",)}
LEDGER_DATABASE = Database("ledger", "0021", LEDGER, ("entry", "checkpoint", "evidence", "logged"), _TUNED)
SECRETS_DATABASE = Database("secrets", "0002", SECRETS)
# Any fixed number that no other lock of the database has (`ledger.store.writer_lock`).
_MIGRATING = 0x46494C4A
# Alembic keeps what it works on in its modules: threads of one process that open stores at once would take each
# other's. Between processes the database's own lock serves.
_ONE_AT_A_TIME = Lock()
MIGRATIONS = Path(__file__).parent / "migrations"


def revision(engine: Engine, database: Database) -> str | None:
    """The revision a database is at, or None where it has no tables of ours."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(database.version_table):
            return None
        query = text(f"SELECT version_num FROM {database.version_table}")
        return connection.execute(query).scalar()


def migrate(engine: Engine, database: Database, *, to: str = "head") -> None:
    """Bring a database to the newest revision, or to an older one; `InputError("store-newer")` when it is beyond the
    newest."""
    found = revision(engine, database)
    if found == database.newest:
        return
    if found is not None and found > database.newest:
        raise InputError("store-newer", found=found, known=database.newest)
    if found is None and to == "head" and _begin(engine, database):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(MIGRATIONS / database.name).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    with _ONE_AT_A_TIME, engine.connect() as connection:
        connection = connection.execution_options(filiera_write=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            config.attributes.update(connection=connection, database=database)
            command.upgrade(config, to)


def _begin(engine: Engine, database: Database) -> bool:
    """Make a new database at the newest revision; False where another process began it meanwhile."""
    with _ONE_AT_A_TIME, engine.connect() as connection:
        connection = connection.execution_options(filiera_write=True)
        with connection.begin():
            dialect = engine.dialect.name
            if dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            if inspect(connection).has_table(database.version_table):
                return False
            database.tables.create_all(connection)
            made = [each for table in database.kept for each in statements(dialect, table)]
            for statement in (*made, *database.tuned.get(dialect, ())):
                connection.exec_driver_sql(statement)
            # As Alembic makes it.
            version = Column("version_num", String(32), nullable=False)
            key = PrimaryKeyConstraint("version_num", name=f"{database.version_table}_pkc")
            table = Table(database.version_table, MetaData(), version, key)
            table.create(connection)
            connection.execute(table.insert().values(version_num=database.newest))
            return True
