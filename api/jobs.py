"""What is done later: jobs kept in the store until they are done, each kind worked by a thread of its own.

- A job is durable before anybody is answered, and survives a restart: whatever is not finished is worked again.
- What a job does must bear being begun twice. A kind that writes to the log notes its outcome in the very transaction
  that logs (`Task.note`), so a job that was cut short after it is only finished, never done again.
- `UnavailableError` means "later": the job is tried again, with a growing pause, for as long as it takes. Any other
  refusal is the outcome. A fault of our own fails the job and goes to the log of the server.
- Requests and outcomes are sealed with a key of the key folder: a copy of the store shows nothing of them, as with
  everything else that was said (ARCHITECTURE.md 3.8). The request is forgotten when the job ends.
- Any server of a log takes jobs in; the one that is its writer works them, and goes on with those of the one before.
- A thread per kind, so that a slow receiver of one kind's work never delays another's.

    jobs = Jobs(node, [Kind("capture", capture_document)])
    jobs.start(); id = jobs.add("capture", owner="erp", member=iss, options={}, request=data)

ARCHITECTURE.md 2; EPCIS 2.0 section 12.5 (capture jobs).
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.node import Node
from ledger.store import jobs as kept
from ledger.store.connection import Connection
from ledger.store.jobs import Job
from schemas.errors import EvidenceError, UnavailableError

LEASE = 120_000_000
"""Microseconds for which a server may hold a job before another may take it."""
FIRST_PAUSE, LONGEST_PAUSE = 1_000_000, 60_000_000
_LOOK_EVERY = 1.0
_DAY = 86_400_000_000
_LOGGER = logging.getLogger("filiera.jobs")


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a job: whatever its kind wants to remember, as JSON, and whether anything went wrong."""

    outcome: Mapping[str, Any]
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A job as its kind works it: who asked for which member, what was asked; `attempts` counts this one."""

    id: str
    owner: str
    member: str
    options: Mapping[str, Any]
    request: bytes
    attempts: int
    note: Callable[[Connection, Ended], None]
    """Keep the outcome in a transaction that makes it true."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its name and what it does."""

    name: str
    work: Callable[[Node, Task], Ended]


@dataclass(frozen=True, slots=True)
class View:
    """A job as it is shown: times in microseconds since 1970, the outcome None until there is one."""

    id: str
    owner: str
    member: str
    created: int
    finished: int | None
    options: Mapping[str, Any]
    outcome: Mapping[str, Any] | None
    failed: bool


class Jobs:
    """The jobs of one server. `start` and `stop` its threads; `work_one` does one job in the caller's."""

    def __init__(self, node: Node, kinds: Sequence[Kind], *, days: int = 90) -> None:
        self._node = node
        self._kinds = {kind.name: kind for kind in kinds}
        self._wake = {kind.name: threading.Event() for kind in kinds}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._days = days
        self._seal = node.seal("filiera/job")
        self._server = node.random(8).hex()

    # What is asked.

    def add(self, kind: str, *, owner: str, member: str, options: Mapping[str, Any], request: bytes) -> str:
        """Keep a job and wake who works it; its id. Durable on return."""
        id, now = self._node.random(12).hex(), self._now()
        text = json.dumps(dict(options), ensure_ascii=False)
        item = Job(id, kind, owner, member, now, now, options=text, request=self._seal.closed(request, id.encode()))
        with self._node.store.begin() as connection:
            kept.add(connection, item)
        self._wake[kind].set()
        return id

    def view(self, kind: str, id: str) -> View | None:
        """One job of a kind; None where there is none, or no more."""
        with self._node.store.read() as connection:
            found = kept.get(connection, id)
        return self._shown(found) if found is not None and found.kind == kind else None

    def listing(
        self, kind: str, *, member: str | None, after: tuple[int, str] | None, limit: int, owner: str | None = None
    ) -> list[View]:
        """A page of jobs of a kind, newest first; `member`, `owner`: their own only; `after`: (created, id) of the last
        seen."""
        with self._node.store.read() as connection:
            found = kept.listing(connection, kind, member=member, after=after, limit=limit, owner=owner)
        return [self._shown(item) for item in found]

    # Working.

    def start(self) -> None:
        """Work every kind in a thread of its own, beginning with what was left unfinished, whenever this server is the
        log's writer: what a job notes stands in a transaction of that process."""
        for name in self._kinds:
            thread = threading.Thread(target=self._loop, args=(name,), name=f"filiera-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let each thread end the job it works, and no other; what is left waits for the next start."""
        self._stopping.set()
        for event in self._wake.values():
            event.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def work_one(self, kind: str) -> bool:
        """Work the job of a kind that is due longest, here and now; False where none is due."""
        with self._node.store.begin() as connection:
            job = kept.claim(connection, kind, now=self._now(), server=self._server, lease=LEASE)
        if job is None:
            return False
        if job.outcome is None:
            try:
                self._work(self._kinds[kind], job)
            except (UnavailableError, EvidenceError) as later:
                _LOGGER.warning("job %s of kind %s waits: %s", job.id, kind, later.code)
                self._postpone(job)
                return True
        with self._node.store.begin() as connection:
            kept.finish(connection, job.id, now=self._now())
        return True

    def _work(self, kind: Kind, job: Job) -> None:
        try:
            ended = kind.work(self._node, self._task(job))
        except (UnavailableError, EvidenceError):
            raise
        except Exception:
            _LOGGER.exception("job %s of kind %s failed", job.id, kind.name)
            ended = Ended({"errors": [{"code": "job-failed", "context": {}}]}, failed=True)
            with self._node.store.begin() as connection:
                found = kept.get(connection, job.id)
                # What was made true before the fault stays what came of the job.
                if found is not None and found.outcome is None:
                    self._note(connection, job.id, ended)
            return
        with self._node.store.begin() as connection:
            self._note(connection, job.id, ended)

    def _task(self, job: Job) -> Task:
        request = self._seal.opened(job.request or b"", job.id.encode())

        def note(connection: Connection, ended: Ended) -> None:
            self._note(connection, job.id, ended)

        return Task(job.id, job.owner, job.member, json.loads(job.options), request, job.attempts, note)

    def _note(self, connection: Connection, id: str, ended: Ended) -> None:
        text = json.dumps(dict(ended.outcome), ensure_ascii=False, default=str).encode("utf-8", "replace")
        kept.note(connection, id, self._seal.closed(text, id.encode()), failed=ended.failed)

    def _postpone(self, job: Job) -> None:
        pause = min(FIRST_PAUSE << min(job.attempts - 1, 10), LONGEST_PAUSE)
        with self._node.store.begin() as connection:
            kept.postpone(connection, job.id, due=self._now() + pause)

    def _loop(self, name: str) -> None:
        wake = self._wake[name]
        writes = False
        while not self._stopping.is_set():
            wake.clear()
            try:
                writes = self._node.writes and (writes or self._follows(name))
                if writes and self.work_one(name):
                    continue
                if writes:
                    self.forget_old(name)
            except UnavailableError as later:
                _LOGGER.warning("jobs of kind %s wait: %s", name, later.code)
            except Exception:
                _LOGGER.exception("jobs of kind %s wait", name)
            # Another server's jobs, and claims that run out, are found by looking; our own wake us.
            wake.wait(_LOOK_EVERY)

    def _follows(self, name: str) -> bool:
        """This server is the writer from now on: whoever was it before, and held claims, is gone."""
        with self._node.store.begin() as connection:
            kept.release(connection, [name])
        return True

    def forget_old(self, kind: str) -> None:
        """Forget the jobs of a kind that ended longer ago than they are kept."""
        before = self._now() - self._days * _DAY
        with self._node.store.read() as connection:
            old = kept.any_before(connection, kind, before)
        if old:
            with self._node.store.begin() as connection:
                kept.purge(connection, kind, before=before)

    def _shown(self, item: Job) -> View:
        outcome = None if item.outcome is None else json.loads(self._seal.opened(item.outcome, item.id.encode()))
        failed = bool(item.failed)
        return View(
            item.id, item.owner, item.member, item.created, item.finished, json.loads(item.options), outcome, failed
        )

    def _now(self) -> int:
        return int(self._node.clock() * 1_000_000)
