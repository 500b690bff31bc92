"""What other processes hand in to the one writer: a row a request, from its arrival until its answer is taken away.

- `n` is the order of arrival: what one process hands in after another of its requests was kept has the larger n.
- `request` and `answer` come and go as sealed bytes. The request is forgotten when it is answered.
- A request is *taken* when the writer begins with it, under its epoch, and `tries` counts how often. What was never
  taken can be withdrawn, and then it is sure that nothing of it is logged.
- It is *answered* once, in the transaction that makes the answer true (`settle`). Whoever finds it answered, a later
  writer included, never works it again. The answer counts from the moment a checkpoint of size `covers` is published.
- Nothing here need be forced to the disk by itself: a request that is lost with the database's last moments was not
  answered, and an answer stands in a transaction that is forced for the sake of its entries.
- KNOWN LIMIT: who may write in the database can put back the row of a request that was worked before, and it is worked
  again. Nobody but who has the keys can read, change or make one.

    put(connection, Handed(id, "submit", sealed))
    for row in take(connection, epoch, most=64, most_bytes=1 << 25): ...
    settle(connection, id, sealed, covers=7, now=now)
    answers(connection, [id])  ->  {id: sealed}

ARCHITECTURE.md 4; docs/adr/0031-handing-in.md.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update

from ledger.store import epochs
from ledger.store.tables import inbox, published
from schemas.errors import UnavailableError

CHANNEL = "filiera_inbox"
"""Where PostgreSQL tells the writer that something was handed in."""
MOST_WAITING = 10_000
MOST_BYTES = 1 << 28
"""What may wait at a time: more would only be answered too late."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Handed:
    """One request: its random id of 16 bytes, what kind it is, its sealed text; `tries` counts the present one."""

    id: bytes
    kind: str
    request: bytes
    tries: int = 0


def put(connection: Connection, item: Handed) -> None:
    """Keep a request and tell the writer; `UnavailableError("inbox-full")`."""
    waiting = select(func.count(), func.coalesce(func.sum(inbox.c.size), 0)).where(inbox.c.answer.is_(None))
    count, size = connection.execute(waiting).one()
    if count >= MOST_WAITING or size + len(item.request) > MOST_BYTES:
        raise UnavailableError("inbox-full", waiting=count)
    _unforced(connection)
    row = {"id": item.id, "kind": item.kind, "size": len(item.request), "tries": 0, "request": item.request}
    connection.execute(inbox.insert().values(**row))
    ring(connection)


def ring(connection: Connection) -> None:
    """Tell whoever waits for word from other processes (`ledger.store.writer_lock`); SQLite needs no telling."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, "")))


def waits(connection: Connection) -> bool:
    """Is there a request without an answer?"""
    return connection.execute(select(inbox.c.n).where(inbox.c.answer.is_(None)).limit(1)).first() is not None


def take(connection: Connection, epoch: int, *, most: int, most_bytes: int) -> list[Handed]:
    """Take the oldest requests without an answer, in order of arrival: `most` at most, and together no more than
    `most_bytes` (one is always taken). `UnavailableError("fenced")` for an old writer."""
    epochs.check(connection, epoch)
    query = select(inbox.c.n, inbox.c.size).where(inbox.c.answer.is_(None)).order_by(inbox.c.n).limit(most)
    wanted: list[int] = []
    total = 0
    for n, size in connection.execute(query):
        total += size
        if wanted and total > most_bytes:
            break
        wanted.append(n)
    if not wanted:
        return []
    _unforced(connection)
    taken = update(inbox).where(inbox.c.n.in_(wanted)).values(tries=inbox.c.tries + 1)
    rows = connection.execute(taken.returning(inbox.c.n, inbox.c.id, inbox.c.kind, inbox.c.request, inbox.c.tries))
    found = {row.n: Handed(bytes(row.id), row.kind, bytes(row.request), row.tries) for row in rows}
    return [found[n] for n in sorted(found)]


def unanswered(connection: Connection, ids: Sequence[bytes]) -> set[bytes]:
    """Which of these requests have no answer yet; what is gone has none to come."""
    query = select(inbox.c.id).where(inbox.c.id.in_(list(ids)), inbox.c.answer.is_(None))
    return {bytes(id) for id in connection.execute(query).scalars()}


def settle(connection: Connection, id: bytes, answer: bytes, *, covers: int, now: int) -> None:
    """Answer a request, in the transaction that makes the answer true; the request itself is forgotten.

    `covers`: the log size that must be published before the answer counts, 0 for none; `now`: microseconds since 1970.
    `UnavailableError("hand-in-gone")` where it was answered or withdrawn meanwhile: then nothing of it may be logged.
    """
    said = {"answer": answer, "covers": covers, "answered": now, "request": None, "size": 0}
    done = connection.execute(update(inbox).where(inbox.c.id == id, inbox.c.answer.is_(None)).values(**said))
    if done.rowcount != 1:
        raise UnavailableError("hand-in-gone")


def answers(connection: Connection, ids: Collection[bytes]) -> dict[bytes, bytes]:
    """The answers there are to these requests, that count by now."""
    size = select(published.c.size).scalar_subquery()
    counts = inbox.c.covers <= func.coalesce(size, 0)
    found: dict[bytes, bytes] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _BATCH):
        asked = inbox.c.id.in_(wanted[start : start + _BATCH])
        query = select(inbox.c.id, inbox.c.answer).where(asked, inbox.c.answer.is_not(None), counts)
        found.update((bytes(row.id), bytes(row.answer)) for row in connection.execute(query))
    return found


def withdraw(connection: Connection, id: bytes) -> Literal["withdrawn", "taken"]:
    """Take back a request that no writer has begun with; `taken` where one has, and it may be logged."""
    gone = connection.execute(delete(inbox).where(inbox.c.id == id, inbox.c.tries == 0, inbox.c.answer.is_(None)))
    if gone.rowcount:
        return "withdrawn"
    left = connection.execute(select(inbox.c.n).where(inbox.c.id == id)).first()
    return "withdrawn" if left is None else "taken"


def remove(connection: Connection, ids: Collection[bytes]) -> None:
    """Take answers away, with their rows."""
    _unforced(connection)
    wanted = list(ids)
    for start in range(0, len(wanted), _BATCH):
        connection.execute(delete(inbox).where(inbox.c.id.in_(wanted[start : start + _BATCH])))


def abandoned(connection: Connection, *, before: int) -> list[bytes]:
    """The requests that were answered before a time, and nobody came for the answer."""
    return [bytes(id) for id in connection.execute(select(inbox.c.id).where(inbox.c.answered < before)).scalars()]


def _unforced(connection: Connection) -> None:
    """This transaction need not reach the disk before it returns."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
