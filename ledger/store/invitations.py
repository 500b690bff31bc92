"""Invitations: links that somebody may use once, to make an account or to give its own another password.

- Kept is the SHA-256 of the secret in the link. Taking an invitation deletes it in the same transaction as whatever it
  is taken for, and says whether it was there: of two at once one gets it.
- Those that are over are let go of whenever another is kept.

    with store.begin() as connection: row = invitations.take(connection, digest, now)

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import invitation


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation: all but its secret. `name` None where who takes it chooses one; `reset`: it gives an account
    another password."""

    id: str
    name: str | None
    member: str | None
    role: str
    reset: bool
    created: int
    expires: int


def put(connection: Connection, digest: bytes, row: Invitation) -> None:
    """Keep an invitation; one for the same name, and those that are over, are let go of."""
    connection.execute(delete(invitation).where(invitation.c.expires <= row.created))
    if row.name is not None:
        connection.execute(delete(invitation).where(invitation.c.name == row.name))
    kept = (digest, row.id, row.name, row.member, row.role, row.reset, row.created, row.expires)
    insert(connection, invitation, [kept])


def held(connection: Connection, digest: bytes, now: int) -> Invitation | None:
    """The invitation of a digest, None where there is none or it is over."""
    where = (invitation.c.digest == digest, invitation.c.expires > now)
    row = connection.execute(select(invitation).where(*where)).one_or_none()
    return _row(row) if row else None


def take(connection: Connection, digest: bytes, now: int) -> Invitation | None:
    """The same, taken: it is there no longer."""
    found = held(connection, digest, now)
    gone = connection.execute(delete(invitation).where(invitation.c.digest == digest)).rowcount
    return found if gone == 1 else None


def listed(connection: Connection, now: int, member: str | None = None) -> list[Invitation]:
    """Every invitation that is not over, or one member's, oldest first."""
    query = select(invitation).where(invitation.c.expires > now).order_by(invitation.c.created, invitation.c.id)
    if member is not None:
        query = query.where(invitation.c.member == member)
    return [_row(row) for row in connection.execute(query)]


def remove(connection: Connection, id: str) -> None:
    """Take back an invitation."""
    connection.execute(delete(invitation).where(invitation.c.id == id))


def remove_named(connection: Connection, name: str) -> None:
    """Take back what was to make, or to change, the account of a name."""
    connection.execute(delete(invitation).where(invitation.c.name == name))


def remove_nameless(connection: Connection) -> None:
    """Take back the links of first starts, which nobody has used."""
    connection.execute(delete(invitation).where(invitation.c.name.is_(None)))


def _row(row: Row[Any]) -> Invitation:
    return Invitation(row.id, row.name, row.member, row.role, row.reset, row.created, row.expires)
