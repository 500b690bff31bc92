"""Devices that ask to be admitted: by the code that they show, until it expires.

- Times are whole seconds since 1970, UTC. Nothing here asks a clock.

    with store.begin() as connection: devices.put(connection, request); devices.by_code(connection, "K7PQ2M4X", now)

docs/adr/0062-how-a-phone-is-admitted.md.
"""

from dataclasses import astuple, dataclass

from sqlalchemy import Connection, delete, func, select

from ledger.store.bulk import insert
from ledger.store.device_tables import device_request as table


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """One device that asks: the thumbprint of its key, the code it shows, its member, what its holder calls it, the
    public key as JSON, and its proof of possession."""

    kid: str
    code: str
    member: str
    name: str
    jwk: str
    pop: bytes
    created: int
    expires: int


def put(connection: Connection, request: DeviceRequest) -> None:
    """Keep a request; an earlier one of the same key is replaced."""
    remove(connection, request.kid)
    insert(connection, table, [astuple(request)])


def remove(connection: Connection, kid: str) -> None:
    """A key asks no more."""
    connection.execute(delete(table).where(table.c.kid == kid))


def sweep(connection: Connection, now: int) -> None:
    """Forget what has expired."""
    connection.execute(delete(table).where(table.c.expires <= now))


def by_code(connection: Connection, code: str, now: int) -> DeviceRequest | None:
    """The request that shows this code, if it has not expired."""
    row = connection.execute(select(table).where(table.c.code == code, table.c.expires > now)).one_or_none()
    return DeviceRequest(*row) if row else None


def waiting(connection: Connection, now: int, member: str | None = None) -> list[DeviceRequest]:
    """Every request that has not expired, or those of one member, oldest first."""
    query = select(table).where(table.c.expires > now).order_by(table.c.created, table.c.kid)
    if member is not None:
        query = query.where(table.c.member == member)
    return [DeviceRequest(*row) for row in connection.execute(query)]


def count(connection: Connection, member: str) -> int:
    """How many requests of a member are kept."""
    query = select(func.count()).select_from(table).where(table.c.member == member)
    return int(connection.execute(query).scalar_one())
