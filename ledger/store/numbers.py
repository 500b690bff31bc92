"""Numbers of a series, one after the other: no two takers get the same, and none is left out.

- `lock` holds a series until the transaction ends, in every process: what is taken in one that fails was never taken.
- What a number is for, if anything, is its *reference*: asked for again, the number is the same.

    with store.begin() as connection: last = lock(connection, "a"); keep(connection, "a", last + 1, now, "order 7")

ARCHITECTURE.md 4.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select, text, update

from ledger.store.tables import number, series


class Kept(NamedTuple):
    """A number that was taken (seconds since 1970). `given_up`: why, where it was."""

    n: int
    taken: int
    reference: str | None
    given_up: str | None


# The update of nothing is what locks the row.
_LOCK = text(
    "INSERT INTO series (name, last) VALUES (:name, 0) "
    "ON CONFLICT (name) DO UPDATE SET last = series.last RETURNING last"
)


def lock(connection: Connection, name: str) -> int:
    """The last number taken, 0 before the first; nobody else takes one of this series until the transaction ends."""
    return int(connection.execute(_LOCK, {"name": name}).scalar_one())


def keep(connection: Connection, name: str, n: int, taken: int, reference: str | None) -> None:
    """Number n is taken, and the last."""
    connection.execute(number.insert().values(series=name, n=n, taken=taken, reference=reference, given_up=None))
    connection.execute(update(series).where(series.c.name == name).values(last=n))


def taken_for(connection: Connection, name: str, reference: str) -> Kept | None:
    """The number that was taken for that reference."""
    found = _kept(connection, number.c.series == name, number.c.reference == reference)
    return next(found, None)


def get(connection: Connection, name: str, n: int) -> Kept | None:
    """One number; None where it was not taken."""
    return next(_kept(connection, number.c.series == name, number.c.n == n), None)


def listing(connection: Connection, name: str) -> list[Kept]:
    """Every number of a series, from the first."""
    return list(_kept(connection, number.c.series == name))


def names(connection: Connection) -> list[str]:
    """Every series."""
    return list(connection.execute(select(series.c.name).order_by(series.c.name)).scalars())


def give_up(connection: Connection, name: str, n: int, reason: str) -> None:
    """Nothing will carry the number; it stays, with the reason."""
    connection.execute(update(number).where(number.c.series == name, number.c.n == n).values(given_up=reason))


def _kept(connection: Connection, *where: ColumnElement[bool]) -> Iterator[Kept]:
    columns = (number.c.n, number.c.taken, number.c.reference, number.c.given_up)
    for row in connection.execute(select(*columns).where(*where).order_by(number.c.n)):
        yield Kept(*row)
