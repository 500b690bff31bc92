"""The writer's side of the inbox: takes what other processes handed in, and leaves the answers there.

- Requests are worked in the order in which they arrived. Those that log entries go into one turn together, as callers
  of this process do who come at the same time; each has its own answer, and none blocks another.
- An answer stands in the very transaction that logs what it speaks of. So a writer that dies leaves either both or
  neither, and the next one works only what has no answer: nothing handed in is logged twice.
- A group that failed is not tried again together: each request then stands alone, and one that fails the group once
  more gets that error. One that was taken `MOST_TRIES` times and never answered is refused: it may be what kills us.
- Answers that nobody came for are swept after `KEPT` seconds.

    inbox = Inbox(writer); inbox.start()
    inbox.close()

docs/adr/0031-handing-in.md.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from ledger.store import epochs
from ledger.store import inbox as kept
from ledger.store.connection import Connection
from ledger.store.inbox import Handed
from ledger.writer.desk import Desk
from ledger.writer.handed import said_of
from ledger.writer.membership import Membership
from ledger.writer.request import (
    Capture,
    Hold,
    Master,
    Outcome,
    Request,
    Say,
    Snapshot,
    State,
    Submit,
    covered,
    pack_answer,
    unpack,
)
from ledger.writer.turn import Turn
from ledger.writer.writer import Writer
from schemas.errors import InputError, LedgerError, UnavailableError

Result = TypeVar("Result")
MOST_TOGETHER = 64
MOST_BYTES = 1 << 25
MOST_TRIES = 3
KEPT = 3600.0
_SWEEP_EVERY = 60.0
_LOGGER = logging.getLogger("filiera.inbox")


def request_purpose(id: bytes) -> str:
    """What a request is sealed for: every row has a key of its own."""
    return f"filiera/inbox/request/{id.hex()}"


def answer_purpose(id: bytes) -> str:
    """What its answer is sealed for."""
    return f"filiera/inbox/answer/{id.hex()}"


class Task:
    """One request on its way: what is planned for it, and what came of it. Owned by the thread that drains."""

    def __init__(self, writer: Writer, row: Handed) -> None:
        self.id, self.kind = row.id, row.kind
        self.tries = row.tries
        self.settled = False
        self.outcome: Outcome = None
        self.plan: Callable[[Turn], Outcome] = _nothing
        self._writer = writer
        self._row = row

    def request(self) -> Request:
        """What was asked; `EvidenceError("seal-broken")`, `InputError("hand-in-kind")`."""
        seal = self._writer.keyring.seal(request_purpose(self.id))
        return unpack(self._row.kind, seal.opened(self._row.request, self._row.kind.encode()))

    def plan_in(self, turn: Turn) -> None:
        """Plan it; its own refusal is its answer. What fails half way stops the whole group."""
        before = turn.size
        self.settled = False
        try:
            self.outcome = self.plan(turn)
        except LedgerError as error:
            if turn.size != before:
                raise
            self.outcome = error
        turn.beside(self.settle)

    def settle(self, connection: Connection) -> None:
        """Leave the answer, in the transaction that makes it true."""
        seal = self._writer.keyring.seal(answer_purpose(self.id))
        answer = seal.closed(pack_answer(self.outcome))
        now = int(self._writer.clock() * 1_000_000)
        kept.settle(connection, self.id, answer, covers=covered(self.outcome), now=now)
        self.settled = True


class Inbox:
    """Drains the inbox for one writer. `start` and `close` its thread; `drain` works a round in the caller's."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._desk = Desk(writer)
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._swept = writer.clock()

    def start(self) -> None:
        """Drain in a thread whenever the bell rings."""
        self._thread = threading.Thread(target=self._run, name="filiera-inbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the round that runs, and drain no more; what is left waits for the next writer."""
        self._closing.set()
        self._writer.rung.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._writer.rung.wait()
            self._writer.rung.clear()
            try:
                while not self._closing.is_set() and self.drain():
                    pass
                self._sweep()
            except LedgerError as error:
                # The store does not answer, or this writer has stopped: what was taken waits for the next beat.
                _LOGGER.warning("what was handed in waits: %s", error.code)
                if error.code == "fenced":
                    self._writer.stop(error)
            except Exception:
                _LOGGER.exception("what was handed in waits")
            if self._closing.is_set():
                return

    def drain(self) -> bool:
        """Work what waits now, a round of it; False where nothing did. `LedgerError` where the writer has stopped or
        the store does not answer."""
        if isinstance(self._writer.stopped, UnavailableError):
            raise self._writer.stopped
        with self._writer.store.read() as connection:
            if not kept.waits(connection):
                return False
        with self._writer.store.begin() as connection:
            rows = kept.take(connection, self._writer.epoch, most=MOST_TOGETHER, most_bytes=MOST_BYTES)
        together: list[Task] = []
        for row in rows:
            task = Task(self._writer, row)
            try:
                request = self._asked(task)
                if isinstance(request, Submit | Capture | Master | State):
                    task.plan = self._plan(request)
                    together.append(task)
                    continue
            except LedgerError as error:
                self._answer(task, error)
                continue
            self._together(together)
            together = []
            self._alone(task, request)
        self._together(together)
        return bool(rows)

    @staticmethod
    def _asked(task: Task) -> Request:
        if task.tries > MOST_TRIES:
            raise UnavailableError("hand-in-failed", tries=MOST_TRIES)
        try:
            return task.request()
        except (LookupError, TypeError, ValueError):
            # Of a version that writes this kind of request in another way.
            raise InputError("hand-in-kind", kind=task.kind) from None

    def _plan(self, request: Submit | Capture | Master | State) -> Callable[[Turn], Outcome]:
        if isinstance(request, Submit):
            return self._desk.submitting(request)
        if isinstance(request, State):
            return self._desk.speaking(request)
        return self._desk.stating(request) if isinstance(request, Master) else self._desk.capturing(request)

    def _together(self, tasks: Sequence[Task]) -> None:
        """Work requests that log entries, in one turn."""
        if not tasks:
            return

        def planned(turn: Turn) -> None:
            for task in tasks:
                task.plan_in(turn)

        settled = any(task.kind in ("capture", "master", "state") for task in tasks)
        self._worked(tasks, lambda: self._writer.run(planned, settled=settled), lambda task: self._together([task]))

    def _alone(self, task: Task, request: Snapshot | Hold | Say) -> None:
        """Work a request that has a turn of its own, or none."""

        def worked() -> None:
            if isinstance(request, Say):
                task.outcome = said_of(Membership(_Kept(self._writer, task)), request)
            elif isinstance(request, Snapshot):
                task.outcome = self._writer.snapshot()
            else:
                self._writer.hold_against(request.note)

        self._worked([task], worked, lambda _: None)

    def _worked(self, tasks: Sequence[Task], work: Callable[[], object], again: Callable[[Task], None]) -> None:
        """Do the work and leave the answers that it did not leave itself; where it fails, each task stands alone."""
        try:
            work()
        except LedgerError as error:
            self._failed(tasks, error, again)
        except Exception:
            self._failed(tasks, UnavailableError("writer-failed"), again)
        else:
            for task in tasks:
                if not task.settled:
                    self._answer(task, task.outcome)

    def _failed(self, tasks: Sequence[Task], error: LedgerError, again: Callable[[Task], None]) -> None:
        # What stopped this writer is no answer, unless it is what was asked: the next writer may be well.
        stopped = self._writer.stopped
        if isinstance(stopped, UnavailableError):
            raise stopped
        # A commit that seemed to fail may have come through, and then its answers stand.
        with self._writer.store.read() as connection:
            left = kept.unanswered(connection, [task.id for task in tasks])
        for task in tasks:
            if task.id in left and len(tasks) > 1:
                again(task)
            elif task.id in left:
                self._answer(task, error)

    def _answer(self, task: Task, outcome: Outcome) -> None:
        """Leave an answer of which nothing was logged, or was logged before."""
        task.outcome = outcome
        with self._writer.store.begin() as connection:
            epochs.check(connection, self._writer.epoch)
            task.settle(connection)

    def _sweep(self) -> None:
        now = self._writer.clock()
        if 0 <= now - self._swept < _SWEEP_EVERY:
            return
        self._swept = now
        with self._writer.store.read() as connection:
            old = kept.abandoned(connection, before=int((now - KEPT) * 1_000_000))
        if old:
            with self._writer.store.begin() as connection:
                kept.remove(connection, old)


class _Kept:
    """The writer, for one request: what a plan returns is its answer, kept in the transaction that makes it true."""

    def __init__(self, writer: Writer, task: Task) -> None:
        self.keyring = writer.keyring
        self.random = writer.random
        self.look = writer.look
        self._writer = writer
        self._task = task

    def run(self, plan: Callable[[Turn], Result]) -> tuple[Result, bytes]:
        """Plan something in a group, with its answer."""

        def planned(turn: Turn) -> Result:
            result = plan(turn)
            self._task.outcome = result  # type: ignore[assignment]
            turn.beside(self._task.settle)
            return result

        return self._writer.run(planned)


def _nothing(_: Turn) -> Outcome:
    return None
