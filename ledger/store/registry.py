"""The dump of the registry at some size, so that start-up replays only what came after. Derived."""

from sqlalchemy import Connection


def put(connection: Connection, size: int, dump: bytes) -> None:
    """Keep the dump of the registry over the entries [0, size); replaces the earlier one."""
    raise NotImplementedError


def get(connection: Connection) -> tuple[int, bytes] | None:
    """(size, dump) last kept, or None."""
    raise NotImplementedError
