"""Was anything committed to a database since, by whomever? The cheapest question that it answers.

- A *stamp* is another one than before after every commit, of this process or any other; what was read after a stamp
  was taken is as good as new while the stamp is the same. It says nothing of what was committed, and may change for
  nothing.
- SQLite counts commits for a connection that makes none itself (`PRAGMA data_version`), in a few microseconds and
  without waiting for a writer: `instant`. PostgreSQL has its snapshot, which changes as transactions end; it is asked
  over the network, and a position in its journal would not do: a commit is written there before anybody can see it.

    before = changes.stamp();  …  changes.stamp() == before     # nothing was committed in between
"""

import threading
from collections.abc import Hashable

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection


class Changes:
    """The commits of one database, told apart."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._own: DBAPIConnection | None = None
        self.instant = engine.dialect.name == "sqlite"
        """Is a stamp there at once, so that it may be asked for where nothing may wait?"""

    def stamp(self) -> Hashable:
        """How things stand now."""
        if self.instant:
            return self._counted()
        with self._engine.connect() as connection:
            connection = connection.execution_options(filiera_autocommit=True)
            found: str = connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one()
        return found

    def _counted(self) -> int:
        with self._lock:
            if self._own is None:
                taken = self._engine.raw_connection()
                self._own = taken.driver_connection
                taken.detach()
            assert self._own is not None
            cursor = self._own.cursor()
            # Read to the end: a statement that stands open would keep this connection in the past.
            cursor.execute("PRAGMA data_version")
            ((version,),) = cursor.fetchall()
            cursor.close()
        return int(version)

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._own is not None:
                self._own.close()
                self._own = None
