"""One writer at a time: a lock that lives as long as the process that holds it is alive and well.

- SQLite: an exclusive `flock` on `STORE/writer.lock`; the system lets go of it when the process ends, however it ends.
- PostgreSQL: a session's advisory lock, held by a connection of its own; the server lets go when the connection breaks,
  and ends the session itself when it was silent for `SILENCE` seconds: the machine is gone, or the process is stopped.
- Whoever holds it keeps it by `watch`, again and again, which also brings word of what other processes hand in.
- The lock keeps writers from queueing up inside transactions. It is not what protects the log: a writer whose
  connection broke may still run, and finds a higher epoch (`ledger.store.epochs`).
- KNOWN LIMIT: on SQLite a process that is stopped but alive (SIGSTOP, a frozen container) keeps the lock until it ends.

    lock = WriterLock(store)
    if lock.acquire(): lock.watch(1.0, closing); lock.release()

ARCHITECTURE.md 3.5; PostgreSQL 14 or later (`idle_session_timeout`).
"""

import fcntl
import os
import sqlite3
from contextlib import ExitStack, suppress
from threading import Event
from typing import Any

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ledger.store.engine import Store, answers
from ledger.store.inbox import CHANNEL, ring
from schemas.errors import UnavailableError

LOCK_FILE = "writer.lock"
SILENCE = 10.0
"""Seconds after which PostgreSQL takes the lock from a session that says nothing."""
# Any fixed number does: the lock is per database, and a database holds one log.
_ADVISORY = 0x46494C49
_LOOK_EVERY = 0.02


class WriterLock:
    """The right to be the one writer of a store, not yet taken."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file: int | None = None
        self._connection: Connection | None = None
        self._listening = False
        self._commits: _Commits | None = None

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
            # Taken and bounded in one statement: there is no moment at which a stopped process would hold it for ever.
            bounded = "set_config('idle_session_timeout', :silence, false)"
            asked = text(f"SELECT CASE WHEN pg_try_advisory_lock(:key) THEN {bounded} END")
            values = {"key": _ADVISORY, "silence": f"{SILENCE * 1000:.0f}"}
            if connection.execute(asked, values).scalar_one() is not None:
                self._connection = connection
                undo.pop_all()
        return self._connection is not None

    def watch(self, seconds: float, closing: Event) -> bool:
        """Keep the lock, and wait until another process may have handed something in; False when `seconds` passed
        without. Called by one thread, every second or so; `closing` with `wake` make it return early.

        `UnavailableError("writer-lock-lost")` where the lock is gone.
        """
        if self._connection is not None:
            return self._listen(self._connection, seconds)
        with answers():
            self._commits = self._commits or _Commits(self._store)
            return self._commits.wait(seconds, closing)

    def _listen(self, connection: Connection, seconds: float) -> bool:
        """PostgreSQL tells; and asking it something is what keeps the session alive."""
        try:
            session: Any = connection.connection.driver_connection
            if not self._listening:
                session.execute(f"LISTEN {CHANNEL}")
                # What came before anybody listened was not told.
                self._listening = True
                return True
            told = len(list(session.notifies(timeout=seconds, stop_after=1))) > 0
            session.execute("SELECT 1")
        except (psycopg.Error, DBAPIError) as error:
            raise UnavailableError("writer-lock-lost") from error
        return told

    def wake(self) -> None:
        """Let a `watch` return whose `closing` is set; where it cannot be told it returns when its seconds are over."""
        if self._connection is not None:
            with suppress(UnavailableError), self._store.begin() as connection:
                ring(connection)

    def release(self) -> None:
        """Let the next writer in; releasing what is not held is fine. Nobody may be in `watch`."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._commits is not None:
            self._commits.close()
            self._commits = None
        if self._connection is not None:
            # Invalidated, not given back to the pool: the lock belongs to the session and must end with it.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


class _Commits:
    """SQLite does not tell, but counts what other connections committed; looking at the count costs microseconds."""

    def __init__(self, store: Store) -> None:
        self._connection = store.ledger.raw_connection()
        self._count: int | None = None

    def wait(self, seconds: float, closing: Event) -> bool:
        """Wait until the count changes; False when `seconds` passed without, or when `closing`."""
        for _ in range(max(1, round(seconds / _LOOK_EVERY))):
            try:
                count = self._counted()
            except sqlite3.Error:
                # The file itself is what is locked: whoever looks into the inbox is told what is wrong.
                closing.wait(seconds)
                return True
            changed = count != self._count
            self._count = count
            if changed or closing.wait(_LOOK_EVERY):
                return changed
        return False

    def _counted(self) -> int:
        cursor = self._connection.cursor()
        count: int = cursor.execute("PRAGMA data_version").fetchone()[0]
        cursor.close()
        return count

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
