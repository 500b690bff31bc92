"""Accounts and sessions of persons: made, found, changed, ended. The tokens of programs stand in `api.tokens`.

- A person has a role (`api.roles`), a password, and gets a session, kept as a digest as well. Changing or removing an
  account ends its sessions. Every member that has accounts keeps an owner.

    accounts.add_account("maria", "una frase lunga", member=iss, role="office")
    accounts.session(accounts.login("maria", "una frase lunga", seconds=3600)).role

docs/adr/0023-who-may-ask.md.
"""

from dataclasses import dataclass, replace

from api import passwords, roles
from api.logins import Logins, digest_of
from api.roles import SCOPES as SCOPES
from api.tokens import MOST_DAYS as MOST_DAYS
from api.tokens import NAME, Tokens
from api.tokens import MadeToken as MadeToken
from api.tokens import Token as Token
from ledger.node import Node
from ledger.store import accounts as store
from ledger.store import invitations, jobs, visibility
from ledger.store.accounts import AccountRow, SessionRow
from ledger.store.connection import Connection
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Account:
    """A person as it may be shown: all but its password. `member`: to whom it belongs, or who invited the guest."""

    name: str
    member: str | None
    role: str
    created: int

    @property
    def scopes(self) -> tuple[str, ...]:
        """What its role lets it do."""
        return roles.ROLES[self.role].scopes


class Accounts(Tokens):
    """The accounts and sessions of one ledger, beside its tokens."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self._logins = Logins(node)

    def add_account(self, name: str, password: str, *, member: str | None, role: str) -> Account:
        """Make an account; `InputError`: `account-exists`, `password-length`, `role-unknown`, `role-needs-member`,
        and those of `check_name`."""
        self.check_role(role, member)
        self.check_name(name, member)
        kept = passwords.hashed(password, self._node.random)
        with self._node.store.begin() as connection:
            return self.join(connection, name, kept, member=member, role=role)

    def join(self, connection: Connection, name: str, kept: str, *, member: str | None, role: str) -> Account:
        """Keep a new account, its password hashed already, within a transaction. `InputError("account-exists")`."""
        if store.account(connection, name) is not None:
            raise InputError("account-exists", name=name)
        row = AccountRow(name, member, role, kept, self._now())
        store.put_account(connection, row)
        return _person(row)

    def accounts(self, member: str | None = None) -> list[Account]:
        """Every account, or one member's, oldest first."""
        with self._node.store.read() as connection:
            return [_person(row) for row in store.accounts(connection, member)]

    def account(self, name: str) -> Account:
        """The account of a name; `InputError("account-unknown")`."""
        row = self._logins.row(name)
        if row is None:
            raise InputError("account-unknown", name=name[:100])
        return _person(row)

    def any(self) -> bool:
        """Is there an account at all?"""
        with self._node.store.read() as connection:
            return store.any_account(connection)

    def remove_account(self, name: str) -> None:
        """Take out an account, with its sessions, its invitation and what was given to it.

        `InputError`: `account-unknown`, `account-last-owner`.
        """
        with self._node.store.begin() as connection:
            row = self._held(connection, name)
            store.remove_account(connection, name)
            self._keep_an_owner(connection, row)
            self._forget(connection, name)

    def change_role(self, name: str, role: str) -> Account:
        """Give an account another role and end its sessions.

        `InputError`: `account-unknown`, `role-unknown`, `role-needs-member`, `account-last-owner`.
        """
        with self._node.store.begin() as connection:
            row = self._held(connection, name)
            self.check_role(role, row.member)
            fresh = replace(row, role=role)
            store.put_account(connection, fresh)
            self._keep_an_owner(connection, row)
            store.end_sessions(connection, name)
            self._forget(connection, name)
        return _person(fresh)

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password and end its sessions; `InputError`: `account-unknown`, `password-length`."""
        self.account(name)
        kept = passwords.hashed(password, self._node.random)
        with self._node.store.begin() as connection:
            self.put_password(connection, name, kept)

    def put_password(self, connection: Connection, name: str, kept: str, *, but: bytes = b"") -> Account:
        """Keep another password, hashed already, within a transaction; of the sessions only `but` goes on."""
        row = replace(self._held(connection, name), password=kept)
        store.put_account(connection, row)
        store.end_sessions(connection, name, but=but)
        return _person(row)

    def change_own_password(self, secret: str, old: str, password: str) -> None:
        """Give the account of a session another password; its other sessions end.

        `InputError`: `access-session-ended`, `password-length`, `login-too-many`, `password-old-wrong`.
        """
        name = self.session(secret).name
        kept = passwords.hashed(password, self._node.random)
        if self._logins.proven(name, old) is None:
            raise InputError("password-old-wrong")
        with self._node.store.begin() as connection:
            self.put_password(connection, name, kept, but=digest_of(secret))

    def _held(self, connection: Connection, name: str) -> AccountRow:
        row = store.account(connection, name) if NAME.fullmatch(name) else None
        if row is None:
            raise InputError("account-unknown", name=name[:100])
        return row

    def _keep_an_owner(self, connection: Connection, row: AccountRow) -> None:
        """Called after a change of this account: while its member has accounts, one of them is an owner's."""
        left = [other.role for other in store.accounts(connection) if other.member == row.member]
        if row.role == "owner" and left and "owner" not in left:
            raise InputError("account-last-owner", name=row.name)

    def _forget(self, connection: Connection, name: str) -> None:
        """Who comes by this name later, or in another role, inherits nothing."""
        invitations.remove_named(connection, name)
        visibility.forget_given(connection, roles.guest(name))
        jobs.disown(connection, roles.guest(name))

    def login(self, name: str, password: str, *, seconds: int) -> str:
        """Begin a session of `seconds` seconds; its secret, for the cookie.

        `InputError`: `login-refused` (name or password: nobody is told which), `login-too-many` with the seconds to
        wait; `UnavailableError("login-busy")`.
        """
        proven = self._logins.proven(name, password)
        secret, now = self._node.random(32).hex(), self._now()
        with self._node.store.begin() as connection:
            # Whose password, role or account changed while this was tried has no session from before.
            if proven is None or store.account(connection, name) != proven:
                raise InputError("login-refused")
            store.put_session(connection, digest_of(secret), name, now, now + seconds)
        return secret

    def session(self, secret: str) -> Account:
        """The account of a session; `InputError("access-session-ended")` where it is none, or over."""
        with self._node.store.read() as connection:
            row = store.session(connection, digest_of(secret), self._now())
        if row is None:
            raise InputError("access-session-ended")
        return _person(row)

    def sessions(self, name: str) -> list[SessionRow]:
        """The sessions of an account, newest first."""
        with self._node.store.read() as connection:
            return [row for _, row in store.sessions(connection, name, self._now())]

    def end_session(self, name: str, id: str) -> None:
        """End a session of an account; `InputError("session-unknown")`."""
        with self._node.store.begin() as connection:
            found = [digest for digest, row in store.sessions(connection, name, self._now()) if row.id == id]
            for digest in found:
                store.end_session(connection, digest)
        if not found:
            raise InputError("session-unknown")

    def logout(self, secret: str) -> None:
        """End a session; one that is over already is fine."""
        with self._node.store.begin() as connection:
            store.end_session(connection, digest_of(secret))

    def check_role(self, role: str, member: str | None) -> None:
        """`InputError`: `role-unknown`; `role-needs-member` for a role that the operator's people cannot have."""
        found = roles.ROLES[roles.known(role)]
        if member is None and (found.guest or found.own):
            raise InputError("role-needs-member", role=role)


def session_id(secret: str) -> str:
    """The id that may be shown of a session whose secret this is."""
    return digest_of(secret).hex()[:12]


def _person(row: AccountRow) -> Account:
    return Account(row.name, row.member, row.role, row.created)
