"""One order for everything: jobs of many threads become groups, each committed and published as a whole.

- Whoever finds the ordering lock free leads: it takes every job that waits, plans them one after the other into one
  turn, commits, publishes, and only then lets anybody be answered. The others wait for their own result. So a group
  is what arrived while the one before was being written, and a lone request never waits for company (at most the
  time of one group, ARCHITECTURE.md 3.5).
- A job is planned inside the lock and must leave nothing half done: it refuses before it appends. An error of one job
  is that job's answer and nobody else's.
- When the world fails in the middle of a group, all of its jobs get `UnavailableError` and the log is opened again from
  the store before the next one: what was committed is then published, and sent again is answered with what was logged.
- A fenced writer stays stopped: somebody else writes this log now.

    sequencer = Sequencer(open_log, write_group)
    indexes = sequencer.run(lambda turn: [turn.append(entry)])
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ledger.writer.turn import Log, Turn
from schemas.errors import LedgerError, UnavailableError

Result = TypeVar("Result")
MAX_GROUP_JOBS = 64
FATAL = frozenset({"fenced", "log-rolled-back", "log-forked", "two-roots"})


class Job(Generic[Result]):
    """One request: how it is planned, and what became of it."""

    __slots__ = ("_error", "_result", "done", "plan")

    def __init__(self, plan: Callable[[Turn], Result]) -> None:
        self.plan = plan
        self.done = False
        self._result: Result | None = None
        self._error: LedgerError | None = None

    def answer(self, result: Result) -> None:
        """What the plan returned; handed on when the group is published."""
        self._result = result

    def fail(self, error: LedgerError) -> None:
        """The job's own refusal, or what stopped its group."""
        self._error = error

    @property
    def failed(self) -> bool:
        """Was the job refused?"""
        return self._error is not None

    def result(self) -> Result:
        """What the plan returned, or the error."""
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]


class Sequencer:
    """Orders jobs for one log. `load` opens the log's state; `write` runs a group of jobs in one turn."""

    def __init__(self, load: Callable[[], Log], write: Callable[[Log, list[Job[Any]]], None]) -> None:
        self._load = load
        self._write = write
        self._ordering = threading.Lock()
        self._waiting: deque[Job[Any]] = deque()
        self._log: Log | None = None
        self._stopped: LedgerError | None = None

    def run(self, plan: Callable[[Turn], Result]) -> Result:
        """Plan a job in some group, wait until that group is published, and return what the plan returned."""
        job = Job(plan)
        self._waiting.append(job)
        with self._ordering:
            while not job.done:
                self._lead()
        return job.result()

    def look(self, read: Callable[[Log], Result]) -> Result:
        """Read the log's state between two groups."""
        with self._ordering:
            return read(self._opened())

    def stop(self, reason: LedgerError) -> None:
        """Write nothing more: every job from now on gets `reason`."""
        with self._ordering:
            self._stopped = reason

    def _opened(self) -> Log:
        if self._stopped is not None:
            raise self._stopped
        if self._log is None:
            self._log = self._load()
        return self._log

    def _lead(self) -> None:
        jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_GROUP_JOBS))]
        try:
            self._write(self._opened(), jobs)
        except LedgerError as error:
            self._abandon(jobs, error)
        except BaseException:
            self._abandon(jobs, UnavailableError("writer-stopped"))
            raise
        finally:
            for job in jobs:
                job.done = True

    def _abandon(self, jobs: list[Job[Any]], error: LedgerError) -> None:
        """Nothing in memory is trusted after a group that did not end: the store says what happened."""
        self._log = None
        if error.code in FATAL:
            self._stopped = error
        for job in jobs:
            if not job.failed:
                job.fail(error)
