"""One order for everything: jobs of many threads become groups, each committed and published as a whole.

- Whoever finds the ordering lock free leads: it takes every job that waits, plans them one after the other into one
  turn, commits, publishes, and only then lets anybody be answered. The others wait for their own result. So a group
  is what arrived while the one before was being written, and what is `coming`: a request that is being examined is
  waited for, `GATHER` seconds at most (ARCHITECTURE.md 3.5). A lone request waits for nobody.
- A job is planned inside the lock and must leave nothing half done: it refuses before it appends. An error of one job
  is that job's answer and nobody else's.
- When the world fails in the middle of a group, all of its jobs get `UnavailableError` and the log is opened again from
  the store before the next one: what was committed is then published, and sent again is answered with what was logged.
- A fenced writer stays stopped: somebody else writes this log now.

    sequencer = Sequencer(open_log, write_group)
    with sequencer.coming():
        job = sequencer.enter(lambda turn: [turn.append(entry)])
    indexes, note = sequencer.finish(job)
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from ledger.writer.turn import Log, Turn
from schemas.errors import LedgerError, UnavailableError

Result = TypeVar("Result")
MAX_GROUP_JOBS = 64
GATHER = 0.05
"""Seconds that a job waits for those that are coming."""
FATAL = frozenset({"fenced", "log-rolled-back", "log-forked", "two-roots", "root-differs"})


class Job(Generic[Result]):
    """One request: how it is planned, and what became of it. Owned by whoever holds the ordering lock.

    `settled`: the plan asks the read side, which must hold every entry before the group.
    """

    __slots__ = ("_error", "_plan", "_result", "done", "note", "settled")

    def __init__(self, plan: Callable[[Turn], Result], *, settled: bool = False) -> None:
        self._plan = plan
        self.settled = settled
        self.done = False
        self.note: bytes | None = None
        self._result: Result | None = None
        self._error: LedgerError | None = None

    def plan_in(self, turn: Turn) -> None:
        """Plan the job; its own refusal is kept as its answer. What fails half way stops the whole group."""
        before = turn.size
        try:
            self._result = self._plan(turn)
        except LedgerError as error:
            if turn.size != before:
                raise
            self._error = error

    def fail(self, error: LedgerError) -> None:
        """What stopped the group; a job that was refused, or is covered by a signed checkpoint, keeps its answer."""
        if self.note is None and self._error is None:
            self._error = error

    def result(self) -> tuple[Result, bytes]:
        """What the plan returned and the signed checkpoint that covers it, or the error."""
        if self._error is not None:
            raise self._error
        assert self.note is not None
        return self._result, self.note  # type: ignore[return-value]


class Sequencer:
    """Orders jobs for one log. `load` opens the log's state; `write` runs a group of jobs in one turn."""

    def __init__(self, load: Callable[[], Log], write: Callable[[Log, list[Job[Any]]], None]) -> None:
        self._load = load
        self._write = write
        self._ordering = threading.Lock()
        self._arrivals = threading.Condition()
        self._coming = 0
        self._waiting: deque[Job[Any]] = deque()
        self._log: Log | None = None
        self._stopped: LedgerError | None = None

    @contextmanager
    def coming(self) -> Iterator[None]:
        """While somebody prepares a job, which it enters before this ends."""
        with self._arrivals:
            self._coming += 1
        try:
            yield
        finally:
            with self._arrivals:
                self._coming -= 1
                if not self._coming:
                    self._arrivals.notify_all()

    def enter(self, plan: Callable[[Turn], Result], *, settled: bool = False) -> Job[Result]:
        """Queue a job; somebody must `finish` it. `settled`: see `Job`."""
        job = Job(plan, settled=settled)
        self._waiting.append(job)
        return job

    def finish(self, job: Job[Result]) -> tuple[Result, bytes]:
        """Wait until the group of a job is published; what its plan returned, and the checkpoint that covers it."""
        with self._arrivals:
            self._arrivals.wait_for(lambda: not self._coming or job.done, GATHER)
        with self._ordering:
            while not job.done:
                self._lead()
        return job.result()

    def run(self, plan: Callable[[Turn], Result], *, settled: bool = False) -> tuple[Result, bytes]:
        """`enter` and `finish` at once."""
        return self.finish(self.enter(plan, settled=settled))

    def look(self, read: Callable[[Log], Result]) -> Result:
        """Read the log's state between two groups."""
        with self._ordering:
            return read(self._opened())

    def alone(self, write: Callable[[Log], Result]) -> Result:
        """Write something that must not share its group."""
        with self._ordering:
            try:
                return write(self._opened())
            except BaseException as error:
                self._distrust(error)
                raise

    def stop(self, reason: LedgerError) -> None:
        """Write nothing more: every job from now on gets `reason`."""
        with self._ordering:
            self._stopped = self._stopped or reason

    @property
    def stopped(self) -> LedgerError | None:
        """Why nothing more is written, None where it is."""
        return self._stopped

    def close(self, last: Callable[[Log], None]) -> None:
        """Write a last thing where that is still possible, then nothing more."""
        try:
            if self._stopped is None:
                self.alone(last)
        finally:
            with self._ordering:
                self._stopped = self._stopped or UnavailableError("writer-closed")
                self._log = None

    def _opened(self) -> Log:
        if self._stopped is not None:
            raise self._stopped
        if self._log is None:
            try:
                self._log = self._load()
            except LedgerError as error:
                self._distrust(error)
                raise
        return self._log

    def _lead(self) -> None:
        jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_GROUP_JOBS))]
        try:
            self._write(self._opened(), jobs)
        except LedgerError as error:
            self._distrust(error)
            self._fail(jobs, error)
        except BaseException as error:
            self._distrust(error)
            self._fail(jobs, UnavailableError("writer-failed"))
            raise
        finally:
            for job in jobs:
                job.done = True

    def _distrust(self, error: BaseException) -> None:
        """Nothing in memory is trusted after a group that did not end: the store says what happened."""
        self._log = None
        if isinstance(error, LedgerError) and error.code in FATAL:
            self._stopped = error

    @staticmethod
    def _fail(jobs: list[Job[Any]], error: LedgerError) -> None:
        for job in jobs:
            job.fail(error)
