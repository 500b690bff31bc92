"""The dump of the registry at some size, so that start-up replays only what came after. Derived.

put(connection, registry.size, registry.dump())
"""

from sqlalchemy import Connection, select

from ledger.store.bulk import insert
from ledger.store.tables import registry_dump


def put(connection: Connection, size: int, dump: bytes) -> None:
    """Keep the dump of the registry over the entries [0, size); replaces the earlier one."""
    insert(connection, registry_dump, [(1, size, dump)], "replace")


def get(connection: Connection) -> tuple[int, bytes] | None:
    """(size, dump) last kept, or None."""
    row = connection.execute(select(registry_dump.c.size, registry_dump.c.dump)).one_or_none()
    return (row.size, bytes(row.dump)) if row else None
