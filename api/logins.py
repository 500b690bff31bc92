"""Does a password belong to a name? Asked slowly of whoever has failed.

- Logins of one name that fail are counted before the password is looked at, so that trying many at once gains nothing:
  from the fifth on each costs a wait that doubles, up to a quarter of an hour. Unknown names are counted the same, and
  take as long.
- Only so many are looked at at once, for each takes memory and a core.

    logins.proven("maria", "una frase lunga").role

docs/adr/0023-who-may-ask.md.
"""

import threading
from dataclasses import replace
from hashlib import sha256

from api import passwords
from api.settings import DAY
from api.tokens import NAME
from ledger.node import Node
from ledger.store import accounts as store
from ledger.store.accounts import AccountRow, Failures
from schemas.errors import InputError, UnavailableError

_FREE_TRIES, _LONGEST_WAIT, _FORGET = 4, 900, DAY
# Each login at work takes 32 MiB and half a second of a core.
_LOGINS_AT_ONCE, _PATIENCE = 2, 2.0


class Logins:
    """The names and passwords of one ledger."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._turn = threading.BoundedSemaphore(_LOGINS_AT_ONCE)

    def proven(self, name: str, password: str) -> AccountRow | None:
        """The account of that name, if this is its password; a wrong one counts. `login-too-many`, `login-busy`."""
        # First the turn: a flood of logins must not write a row each before it waits.
        if not self._turn.acquire(timeout=_PATIENCE):
            raise UnavailableError("login-busy")
        try:
            failed = self._count_login(name)
            row = self._matching(name, password)
        finally:
            self._turn.release()
        if row is not None:
            with self._node.store.begin() as connection:
                store.forget_failures(connection, failed)
        return row

    def _count_login(self, name: str) -> bytes:
        """Count a login as failed before it is tried; the digest it is counted under. `login-too-many` while its name
        must wait."""
        digest, now = digest_of(name), self._now()
        with self._node.store.begin() as connection:
            failed = store.failures(connection, digest)
            wait = failed.last + _wait(failed.count) - now
            if wait > 0:
                raise InputError("login-too-many", seconds=wait)
            later = Failures(failed.count + 1, now)
            store.note_failure(connection, digest, later, forget_before=now - _FORGET)
        return digest

    def _matching(self, name: str, password: str) -> AccountRow | None:
        row = self.row(name)
        if row is None:
            passwords.waste(password)
            return None
        if not passwords.matches(password, row.password):
            return None
        if not passwords.outdated(row.password):
            return row
        fresh = replace(row, password=passwords.hashed(password, self._node.random))
        with self._node.store.begin() as connection:
            if store.account(connection, name) != row:
                return None
            store.put_account(connection, fresh)
        return fresh

    def row(self, name: str) -> AccountRow | None:
        """The account of a name; a text that no name can be is not asked for, since a database may not hold it."""
        if not NAME.fullmatch(name):
            return None
        with self._node.store.read() as connection:
            return store.account(connection, name)

    def _now(self) -> int:
        return int(self._node.clock())


def _wait(count: int) -> int:
    """Seconds that a name waits after this many failed logins in a row."""
    return 0 if count <= _FREE_TRIES else min(2 ** min(count - _FREE_TRIES, 20), _LONGEST_WAIT)


def digest_of(secret: str) -> bytes:
    """What is kept of a secret, or counted of a name."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
