"""Work that is done later, kept so that a restart loses none of it: one row a job, until it is old enough to go.

- A job waits until it is `due`, is claimed by one server for a while, and ends once: `finish` or, for another try,
  `postpone`. A claim that ran out is free again: whoever held it has died, or will find its work done already.
- `note` keeps what came of a job inside the transaction that made it true; a job with an outcome is never worked
  again, only finished.
- `request` and `outcome` may hold what the log itself keeps sealed, so they come and go as sealed bytes. The request is
  forgotten with the end of the job.
- Times are microseconds since 1970, given by the caller.

    add(connection, Job(id="…", kind="capture", …))
    job = claim(connection, "capture", now=now, server="host:1", lease=120_000_000)

ARCHITECTURE.md 2 (`api/jobs.py`), 4.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, tuple_, update

from ledger.store.bulk import insert
from ledger.store.tables import job


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `options` is JSON text that anybody may read; `finished` None: it still waits or is being worked."""

    id: str
    kind: str
    owner: str
    member: str
    created: int
    due: int
    attempts: int = 0
    finished: int | None = None
    claim: str | None = None
    claimed_until: int | None = None
    options: str = "{}"
    request: bytes | None = None
    outcome: bytes | None = None
    failed: bool | None = None


def add(connection: Connection, item: Job) -> None:
    """Keep a new job."""
    row = (item.id, item.kind, item.owner, item.member, item.created, item.due, item.attempts, item.finished)
    rest = (item.claim, item.claimed_until, item.options, item.request, item.outcome, item.failed)
    insert(connection, job, [(*row, *rest)])


def claim(connection: Connection, kind: str, *, now: int, server: str, lease: int) -> Job | None:
    """Take the job of a kind that is due longest, for `lease` microseconds; None where nothing is due.

    `attempts` of what is returned counts this one.
    """
    free = or_(job.c.claim.is_(None), job.c.claimed_until <= now)
    due = and_(job.c.kind == kind, job.c.finished.is_(None), job.c.due <= now, free)
    query = select(job).where(due).order_by(job.c.due, job.c.created, job.c.id).limit(1)
    found = connection.execute(query.with_for_update(skip_locked=True)).first()
    if found is None:
        return None
    taken: dict[str, Any] = {"claim": server, "claimed_until": now + lease, "attempts": found.attempts + 1}
    connection.execute(update(job).where(job.c.id == found.id).values(**taken))
    return replace(_read(found), **taken)


def note(connection: Connection, id: str, outcome: bytes, *, failed: bool) -> None:
    """Keep what came of a job, in the transaction that made it true; it ends with `finish`."""
    connection.execute(update(job).where(job.c.id == id).values(outcome=outcome, failed=failed))


def finish(connection: Connection, id: str, *, now: int) -> None:
    """End a job whose outcome was noted, and forget its request."""
    ended = {"finished": now, "request": None, "claim": None, "claimed_until": None}
    connection.execute(update(job).where(job.c.id == id, job.c.finished.is_(None)).values(**ended))


def postpone(connection: Connection, id: str, *, due: int) -> None:
    """Let go of a job until `due`."""
    connection.execute(update(job).where(job.c.id == id).values(due=due, claim=None, claimed_until=None))


def release(connection: Connection, kinds: Collection[str]) -> None:
    """Let go of every claim on unfinished jobs of these kinds: their holders are known to be gone."""
    held = and_(job.c.kind.in_(list(kinds)), job.c.finished.is_(None), job.c.claim.is_not(None))
    connection.execute(update(job).where(held).values(claim=None, claimed_until=None))


def next_due(connection: Connection, kind: str) -> int | None:
    """When the next unfinished job of a kind may be worked: due, and free of claims; None where there is none."""
    waits = and_(job.c.kind == kind, job.c.finished.is_(None))
    free = connection.execute(select(func.min(job.c.due)).where(waits, job.c.claim.is_(None))).scalar()
    held = connection.execute(select(func.min(job.c.claimed_until)).where(waits, job.c.claim.is_not(None))).scalar()
    return min((time for time in (free, held) if time is not None), default=None)


def get(connection: Connection, id: str) -> Job | None:
    """One job."""
    found = connection.execute(select(job).where(job.c.id == id)).first()
    return None if found is None else _read(found)


def waiting(connection: Connection, kind: str) -> int:
    """How many jobs of a kind are not finished."""
    query = select(func.count()).select_from(job).where(job.c.kind == kind, job.c.finished.is_(None))
    return int(connection.execute(query).scalar_one())


def listing(
    connection: Connection,
    kind: str,
    *,
    member: str | None,
    after: tuple[int, str] | None,
    limit: int,
    owner: str | None = None,
) -> list[Job]:
    """A page of jobs of a kind, newest first; `member`, `owner`: their own only; `after`: (created, id) of the last one
    seen."""
    query = select(job).where(job.c.kind == kind)
    if member is not None:
        query = query.where(job.c.member == member)
    if owner is not None:
        query = query.where(job.c.owner == owner)
    if after is not None:
        query = query.where(tuple_(job.c.created, job.c.id) < tuple_(*after))
    query = query.order_by(job.c.created.desc(), job.c.id.desc()).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def any_before(connection: Connection, kind: str, before: int) -> bool:
    """Did any job of a kind end before a time?"""
    query = select(job.c.id).where(job.c.kind == kind, job.c.finished < before).limit(1)
    return connection.execute(query).first() is not None


def purge(connection: Connection, kind: str, *, before: int) -> int:
    """Forget jobs of a kind that ended before a time; how many."""
    return connection.execute(delete(job).where(job.c.kind == kind, job.c.finished < before)).rowcount


def forget(connection: Connection, members: Collection[str]) -> int:
    """Forget what came of the jobs of these members: answers and requests may repeat what was erased since."""
    done = and_(job.c.member.in_(list(members)), job.c.outcome.is_not(None))
    return connection.execute(delete(job).where(done)).rowcount


def disown(connection: Connection, owner: str) -> None:
    """Let nobody have the jobs of an owner any more; they are worked, and listed for its member, as before."""
    connection.execute(update(job).where(job.c.owner == owner).values(owner=""))


def _read(row: Row[Any]) -> Job:
    request, outcome = (None if part is None else bytes(part) for part in (row.request, row.outcome))
    return Job(
        row.id, row.kind, row.owner, row.member, row.created, row.due, row.attempts, row.finished, row.claim,
        row.claimed_until, row.options, request, outcome, row.failed,
    )  # fmt: skip
