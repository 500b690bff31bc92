"""Who may ask: tokens, accounts, their sessions, and the logins that failed. Digests only, never a secret.

- Who may become an account stands in `ledger.store.invitations`.
- A token and a session are found by the SHA-256 of what their holder sends: 256 random bits need no slow hash.
- A password is kept as `api.passwords` wrote it. Of a failed login the digest of its name is kept, since people type
  passwords where names belong.
- Times are whole seconds since 1970, UTC. Nothing here asks a clock.

    with store.begin() as connection: accounts.put_token(connection, row)
    accounts.token(connection, digest)

docs/adr/0023-who-may-ask.md.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from ledger.store import tables
from ledger.store.bulk import insert


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as it is kept. `id` may be shown; `kid`: the gateway key that capture by it signs with; `used`: day of
    the last use (days since 1970)."""

    id: str
    digest: bytes
    name: str
    member: str | None
    kid: str | None
    scopes: tuple[str, ...]
    created: int
    expires: int
    used: int | None = None
    revoked: int | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person: name, member (None: the operator), role, and the password as it was hashed."""

    name: str
    member: str | None
    role: str
    password: str
    created: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session of an account as it may be shown: never its secret, of its digest only the beginning."""

    id: str
    account: str
    created: int
    expires: int


@dataclass(frozen=True, slots=True)
class Failures:
    """The failed logins of one name: how many in a row, and when the last was."""

    count: int
    last: int


def put_token(connection: Connection, row: TokenRow) -> None:
    """Keep a new token."""
    scopes = " ".join(row.scopes)
    kept = (row.id, row.digest, row.name, row.member, row.kid, scopes, row.created, row.expires, row.used, row.revoked)
    insert(connection, tables.token, [kept])


def token(connection: Connection, digest: bytes) -> TokenRow | None:
    """The token of a digest, revoked and expired ones too, or None."""
    row = connection.execute(select(tables.token).where(tables.token.c.digest == digest)).one_or_none()
    return _token(row) if row else None


def token_by_id(connection: Connection, id: str) -> TokenRow | None:
    """The token of an id, or None."""
    row = connection.execute(select(tables.token).where(tables.token.c.id == id)).one_or_none()
    return _token(row) if row else None


def tokens(connection: Connection, member: str | None = None) -> list[TokenRow]:
    """Every token, or those of one member, oldest first."""
    query = select(tables.token).order_by(tables.token.c.created, tables.token.c.id)
    if member is not None:
        query = query.where(tables.token.c.member == member)
    return [_token(row) for row in connection.execute(query)]


def revoke_token(connection: Connection, id: str, now: int) -> None:
    """End a token; one that has ended keeps the time it ended at."""
    where = (tables.token.c.id == id, tables.token.c.revoked.is_(None))
    connection.execute(update(tables.token).where(*where).values(revoked=now))


def use_token(connection: Connection, id: str, day: int) -> None:
    """Note the day a token was used on."""
    connection.execute(update(tables.token).where(tables.token.c.id == id).values(used=day))


def put_account(connection: Connection, row: AccountRow) -> None:
    """Keep an account; one of the same name is replaced."""
    kept = (row.name, row.member, row.role, row.password, row.created)
    insert(connection, tables.account, [kept], "replace")


def account(connection: Connection, name: str) -> AccountRow | None:
    """The account of a name, or None."""
    row = connection.execute(select(tables.account).where(tables.account.c.name == name)).one_or_none()
    return _account(row) if row else None


def accounts(connection: Connection, member: str | None = None) -> list[AccountRow]:
    """Every account, or those of one member, oldest first."""
    query = select(tables.account).order_by(tables.account.c.created, tables.account.c.name)
    if member is not None:
        query = query.where(tables.account.c.member == member)
    return [_account(row) for row in connection.execute(query)]


def any_account(connection: Connection) -> bool:
    """Is there an account at all?"""
    return connection.execute(select(tables.account.c.name).limit(1)).first() is not None


def remove_account(connection: Connection, name: str) -> None:
    """Take out an account and end its sessions."""
    end_sessions(connection, name)
    connection.execute(delete(tables.account).where(tables.account.c.name == name))


def put_session(connection: Connection, digest: bytes, name: str, created: int, expires: int) -> None:
    """Keep a session of an account, and let go of those that are over."""
    connection.execute(delete(tables.session).where(tables.session.c.expires <= created))
    insert(connection, tables.session, [(digest, name, created, expires)])


def session(connection: Connection, digest: bytes, now: int) -> AccountRow | None:
    """The account whose session this is, None where there is none or it is over."""
    query = (
        select(tables.account)
        .join(tables.session, tables.session.c.account == tables.account.c.name)
        .where(tables.session.c.digest == digest, tables.session.c.expires > now)
    )
    row = connection.execute(query).one_or_none()
    return _account(row) if row else None


def sessions(connection: Connection, name: str, now: int) -> list[tuple[bytes, SessionRow]]:
    """The sessions of an account that are not over, newest first, each with its digest."""
    query = select(tables.session).where(tables.session.c.account == name, tables.session.c.expires > now)
    found = connection.execute(query.order_by(tables.session.c.created.desc(), tables.session.c.digest))
    return [
        (bytes(row.digest), SessionRow(bytes(row.digest).hex()[:12], row.account, row.created, row.expires))
        for row in found
    ]


def end_session(connection: Connection, digest: bytes) -> None:
    """End one session."""
    connection.execute(delete(tables.session).where(tables.session.c.digest == digest))


def end_sessions(connection: Connection, name: str, *, but: bytes = b"") -> None:
    """End every session of an account, but the one of this digest."""
    connection.execute(delete(tables.session).where(tables.session.c.account == name, tables.session.c.digest != but))


def failures(connection: Connection, digest: bytes) -> Failures:
    """The failed logins noted for the digest of a name."""
    query = select(tables.failed_login.c.count, tables.failed_login.c.last)
    row = connection.execute(query.where(tables.failed_login.c.digest == digest)).one_or_none()
    return Failures(row[0], row[1]) if row else Failures(0, 0)


def note_failure(connection: Connection, digest: bytes, failed: Failures, *, forget_before: int) -> None:
    """Keep how often a name failed; what failed last before `forget_before` is let go of."""
    old = or_(tables.failed_login.c.last < forget_before, tables.failed_login.c.digest == digest)
    connection.execute(delete(tables.failed_login).where(old))
    insert(connection, tables.failed_login, [(digest, failed.count, failed.last)])


def forget_failures(connection: Connection, digest: bytes) -> None:
    """Forget the failed logins of a name, after one that did not fail."""
    connection.execute(delete(tables.failed_login).where(tables.failed_login.c.digest == digest))


def _scopes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _token(row: Row[Any]) -> TokenRow:
    return TokenRow(
        row.id, bytes(row.digest), row.name, row.member, row.kid, _scopes(row.scopes), row.created, row.expires,
        row.used, row.revoked,
    )  # fmt: skip


def _account(row: Row[Any]) -> AccountRow:
    return AccountRow(row.name, row.member, row.role, row.password, row.created)
