"""Tokens for programs, accounts and sessions for persons: made, found, ended.

- A token belongs to a member, or to none: then it is the operator's and sees everything. It has a name, scopes and an
  end, and is shown once, when it is made. With the scope `capture` it is bound to one gateway key of its member, which
  that cooperative's own admin key added: what comes by the token is signed with that key and no other.
- A person has a password and gets a session, kept as a digest as well. Changing or removing an account ends its
  sessions.
- Logins of one name that fail are counted before the password is looked at, so that trying many at once gains nothing:
  from the fifth on each costs a wait that doubles, up to a quarter of an hour. Unknown names are counted the same.
- When a token was last used is kept to the day: enough to find the forgotten ones, and one write a day.

    made = accounts.add_token("gestionale", member=iss, scopes=["capture", "query"], days=365)
    accounts.token(made.text).member

docs/adr/0023-who-may-ask.md.
"""

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from api import passwords, token_text
from api.settings import DAY
from ledger.node import Node
from ledger.store import accounts as store
from ledger.store.accounts import AccountRow, Failures, TokenRow
from schemas.errors import InputError, UnavailableError

SCOPES = ("capture", "query", "subscribe", "submit", "export", "admin")
MOST_DAYS = 3660
_NAME = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,100}")
_ID = re.compile(r"[0-9a-f]{12}")
_FREE_TRIES, _LONGEST_WAIT, _FORGET = 4, 900, DAY
# Each login at work takes 32 MiB and half a second of a core.
_LOGINS_AT_ONCE, _PATIENCE = 2, 2.0


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it may be shown: all but its text. Times are seconds since 1970, `used` the day of the last use."""

    id: str
    name: str
    member: str | None
    key: str | None
    scopes: tuple[str, ...]
    created: int
    expires: int
    used: int | None
    revoked: int | None


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A fresh token, with the text that nobody can be told again."""

    text: str
    token: Token


@dataclass(frozen=True, slots=True)
class Account:
    """A person as it may be shown: all but its password."""

    name: str
    member: str | None
    scopes: tuple[str, ...]
    created: int


class Accounts:
    """The tokens, accounts and sessions of one ledger."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._logins = threading.BoundedSemaphore(_LOGINS_AT_ONCE)

    # Tokens.

    def add_token(
        self, name: str, *, member: str | None, scopes: Sequence[str], days: int, key: str | None = None
    ) -> MadeToken:
        """Make a token for `days` days; `member` None: the operator's. `key`: the gateway key that capture by it signs
        with (default: the member's newest in force).

        `InputError`: `account-name`, `scope-unknown`, `scopes-missing`, `token-days`, `member-unknown`,
        `capture-needs-member`, and those of `Node.gateway_key`.
        """
        scopes = self._fit(name, member, scopes)
        if not 1 <= days <= MOST_DAYS:
            raise InputError("token-days", least=1, most=MOST_DAYS)
        if "capture" in scopes and member is None:
            raise InputError("capture-needs-member")
        kid = self._node.gateway_key(member, key) if "capture" in scopes and member else None
        text = token_text.make(self._node.random)
        digest = token_text.digest(text)
        now = self._now()
        row = TokenRow(token_text.id_of(digest), digest, name, member, kid, scopes, now, now + days * DAY)
        with self._node.store.begin() as connection:
            store.put_token(connection, row)
        return MadeToken(text, _shown(row))

    def tokens(self, member: str | None = None) -> list[Token]:
        """Every token, or one member's, oldest first."""
        with self._node.store.read() as connection:
            return [_shown(row) for row in store.tokens(connection, member)]

    def token_called(self, name: str) -> Token:
        """The token of an id, or whose whole text this is; `InputError("token-unknown")`."""
        id = token_text.id_of(token_text.digest(name)) if token_text.is_token(name) else name
        with self._node.store.read() as connection:
            row = store.token_by_id(connection, id) if _ID.fullmatch(id) else None
        if row is None:
            # What was typed could be a secret, so it is not said again.
            raise InputError("token-unknown")
        return _shown(row)

    def revoke_token(self, name: str) -> Token:
        """End a token, named by its id or its text; it stays listed. `InputError("token-unknown")`."""
        found = self.token_called(name)
        with self._node.store.begin() as connection:
            store.revoke_token(connection, found.id, self._now())
        return self.token_called(found.id)

    def token(self, text: str) -> Token:
        """The token that somebody shows, its use noted; `InputError`: `access-malformed`, `access-unknown-token`,
        `access-token-expired`."""
        digest = token_text.digest(text)
        with self._node.store.read() as connection:
            row = store.token(connection, digest)
        if row is None or row.revoked is not None:
            raise InputError("access-unknown-token")
        now = self._now()
        if row.expires <= now:
            raise InputError("access-token-expired")
        if row.used != now // DAY:
            # Worth a note, not a refusal: a busy or full database must not shut readers out.
            with suppress(UnavailableError), self._node.store.begin() as connection:
                store.use_token(connection, row.id, now // DAY)
        return _shown(row)

    # Persons.

    def add_account(self, name: str, password: str, *, member: str | None, scopes: Sequence[str]) -> Account:
        """Make an account; `InputError`: `account-exists`, `password-length`, and as for tokens."""
        scopes = self._fit(name, member, scopes)
        row = AccountRow(name, member, scopes, passwords.hashed(password, self._node.random), self._now())
        with self._node.store.begin() as connection:
            if store.account(connection, name) is not None:
                raise InputError("account-exists", name=name)
            store.put_account(connection, row)
        return _person(row)

    def accounts(self, member: str | None = None) -> list[Account]:
        """Every account, or one member's, oldest first."""
        with self._node.store.read() as connection:
            return [_person(row) for row in store.accounts(connection, member)]

    def account(self, name: str) -> Account:
        """The account of a name; `InputError("account-unknown")`."""
        row = self._row(name)
        if row is None:
            raise InputError("account-unknown", name=name[:100])
        return _person(row)

    def remove_account(self, name: str) -> None:
        """Take out an account and end its sessions; `InputError("account-unknown")`."""
        self.account(name)
        with self._node.store.begin() as connection:
            store.remove_account(connection, name)

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password and end its sessions; `InputError`: `account-unknown`, `password-length`."""
        self.account(name)
        kept = passwords.hashed(password, self._node.random)
        with self._node.store.begin() as connection:
            row = store.account(connection, name)
            if row is None:
                raise InputError("account-unknown", name=name[:100])
            store.put_account(connection, replace(row, password=kept))
            store.end_sessions(connection, name)

    # Sessions.

    def login(self, name: str, password: str, *, seconds: int) -> str:
        """Begin a session of `seconds` seconds; its secret, for the cookie.

        `InputError`: `login-refused` (name or password: nobody is told which), `login-too-many` with the seconds to
        wait; `UnavailableError("login-busy")`.
        """
        # First the turn: a flood of logins must not write a row each before it waits.
        if not self._logins.acquire(timeout=_PATIENCE):
            raise UnavailableError("login-busy")
        try:
            failed = self._count_login(name)
            row = self._matching(name, password)
        finally:
            self._logins.release()
        if row is None:
            raise InputError("login-refused")
        secret = self._node.random(32).hex()
        now = self._now()
        with self._node.store.begin() as connection:
            store.forget_failures(connection, failed)
            store.put_session(connection, _digest(secret), row.name, now, now + seconds)
        return secret

    def session(self, secret: str) -> Account:
        """The account of a session; `InputError("access-session-ended")` where it is none, or over."""
        with self._node.store.read() as connection:
            row = store.session(connection, _digest(secret), self._now())
        if row is None:
            raise InputError("access-session-ended")
        return _person(row)

    def logout(self, secret: str) -> None:
        """End a session; one that is over already is fine."""
        with self._node.store.begin() as connection:
            store.end_session(connection, _digest(secret))

    def _count_login(self, name: str) -> bytes:
        """Count a login as failed before it is tried; the digest it is counted under. `login-too-many` while its name
        must wait."""
        digest, now = _digest(name), self._now()
        with self._node.store.begin() as connection:
            failed = store.failures(connection, digest)
            wait = failed.last + _wait(failed.count) - now
            if wait > 0:
                raise InputError("login-too-many", seconds=wait)
            later = Failures(failed.count + 1, now)
            store.note_failure(connection, digest, later, forget_before=now - _FORGET)
        return digest

    def _matching(self, name: str, password: str) -> AccountRow | None:
        row = self._row(name)
        if row is None:
            passwords.waste(password)
            return None
        if not passwords.matches(password, row.password):
            return None
        if passwords.outdated(row.password):
            fresh = replace(row, password=passwords.hashed(password, self._node.random))
            with self._node.store.begin() as connection:
                store.put_account(connection, fresh)
        return row

    def _row(self, name: str) -> AccountRow | None:
        """The account of a name; a text that no name can be is not asked for, since a database may not hold it."""
        if not _NAME.fullmatch(name):
            return None
        with self._node.store.read() as connection:
            return store.account(connection, name)

    def _fit(self, name: str, member: str | None, scopes: Sequence[str]) -> tuple[str, ...]:
        """The scopes in their order, each once, of what may be made."""
        if not _NAME.fullmatch(name) or name != name.strip():
            raise InputError("account-name", most=100)
        for scope in scopes:
            if scope not in SCOPES:
                raise InputError("scope-unknown", scope=scope[:40], known=", ".join(SCOPES))
        if not scopes:
            raise InputError("scopes-missing", known=", ".join(SCOPES))
        if member is not None and self._node.registry.member(member) is None:
            raise InputError("member-unknown", iss=member[:100])
        return tuple(scope for scope in SCOPES if scope in scopes)

    def _now(self) -> int:
        return int(self._node.clock())


def _wait(count: int) -> int:
    """Seconds that a name waits after this many failed logins in a row."""
    return 0 if count <= _FREE_TRIES else min(2 ** min(count - _FREE_TRIES, 20), _LONGEST_WAIT)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _shown(row: TokenRow) -> Token:
    return Token(
        row.id, row.name, row.member, row.kid, row.scopes, row.created, row.expires, row.used, row.revoked
    )  # fmt: skip


def _person(row: AccountRow) -> Account:
    return Account(row.name, row.member, row.scopes, row.created)
