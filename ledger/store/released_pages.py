"""Page tokens that were given back before they ran out: their digests, until they would have run out anyway.

release(connection, digest, expires=expires, now=now);  is_released(connection, digest)

Times are microseconds since 1970. EPCIS 2.0 section 12.4 (`nextPageToken`).
"""

from sqlalchemy import Connection, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import released_page


def release(connection: Connection, digest: bytes, *, expires: int, now: int) -> None:
    """Remember that a token is no longer good; forget those that ran out."""
    connection.execute(delete(released_page).where(released_page.c.expires <= now))
    insert(connection, released_page, [(digest, expires)], "ignore")


def is_released(connection: Connection, digest: bytes) -> bool:
    """Was this token given back?"""
    query = select(released_page.c.digest).where(released_page.c.digest == digest)
    return connection.execute(query).first() is not None
