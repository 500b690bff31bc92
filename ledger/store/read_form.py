"""The form of the read side: which release laid its tables out, so that an older one is made again, not misread.

- A migration can add tables and columns, but what they hold comes from sealed content: the first writer that opens the
  store makes the read side again, with its keys. Until then a reader says so instead of answering wrongly.

    if not current(store): rebuild(store, keyring.wrapping_key)

ARCHITECTURE.md 4.
"""

from sqlalchemy import Connection, select

from ledger.store.bulk import insert
from ledger.store.engine import Store
from ledger.store.tables import read_form
from schemas.errors import UnavailableError

FORM = 2
_KNOWN = select(read_form.c.form)


def current(store: Store) -> bool:
    """Is the read side laid out as this program lays it out?"""
    with store.read() as connection:
        return connection.execute(_KNOWN).scalar() == FORM


def check(connection: Connection) -> None:
    """`UnavailableError("read-side-outdated")` unless it is."""
    if connection.execute(_KNOWN).scalar() != FORM:
        raise UnavailableError("read-side-outdated")


def put(connection: Connection) -> None:
    """Note that the read side was made by this program."""
    insert(connection, read_form, [(1, FORM)], "replace")
