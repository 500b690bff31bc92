"""One writer at a time: a lock that lives as long as the process that holds it.

- SQLite: an exclusive `flock` on `STORE/writer.lock`; the system lets go of it when the process ends, however it ends.
- PostgreSQL: a session's advisory lock, held by a connection of its own; the server lets go when the connection breaks.
- The lock keeps writers from queueing up inside transactions. It is not what protects the log: a writer whose
  connection broke may still run, and finds a higher epoch (`ledger.store.epochs`).

    lock = WriterLock(store)
    if lock.acquire(): ...; lock.release()

ARCHITECTURE.md 3.5.
"""

import fcntl
import os
from contextlib import ExitStack

from sqlalchemy import Connection, text

from ledger.store.engine import Store, answers
from schemas.errors import UnavailableError

LOCK_FILE = "writer.lock"
# Any fixed number does: the lock is per database, and a database holds one log.
_ADVISORY = 0x46494C49


class WriterLock:
    """The right to be the one writer of a store, not yet taken."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file: int | None = None
        self._connection: Connection | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; False where another writer has it. Never waits."""
        return self._flock() if self._store.folder is not None else self._advisory()

    def _flock(self) -> bool:
        assert self._store.folder is not None
        try:
            descriptor = os.open(self._store.folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UnavailableError("storage-failed", problem=os.strerror(error.errno or 0)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True

    def _advisory(self) -> bool:
        with answers(), ExitStack() as undo:
            connection = undo.enter_context(self._store.ledger.connect())
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            asked = text("SELECT pg_try_advisory_lock(:key)")
            if bool(connection.execute(asked, {"key": _ADVISORY}).scalar_one()):
                self._connection = connection
                undo.pop_all()
        return self._connection is not None

    def release(self) -> None:
        """Let the next writer in; releasing what is not held is fine."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._connection is not None:
            # Invalidated, not given back to the pool: the lock belongs to the session and must end with it.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
