"""The writer of one log, put together: fence, guard, sequencer, publisher and the keys that sign by themselves.

- `submit` and `capture` are what comes in; both answer only after the log has signed a checkpoint over it.
- Signed entries are examined outside the ordering lock, by the caller's thread or in processes (`examiners`), while
  the group before is written (ARCHITECTURE.md 4).
- The read side follows what is committed, in pauses and when asked (`follower`, docs/adr/0029). What was declared
  erased is erased then too (docs/adr/0030); until that is done it stays due, and every start takes it up again. And
  lots are judged then, outside the ordering lock: that takes longest, and nothing waits for it (docs/adr/0047).
- `phase` is called by name at each step of a group; it does nothing, and lets a test stop the world there.

    writer = Writer.take_over(store, keyring, guard=guard, clock=time.time, random=os.urandom, name="host:1")
    writer.submit(wires); writer.close()
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event, Lock
from time import sleep
from typing import Any, Self, TypeVar

from ledger.entry.parse import parse_wire
from ledger.keys.keyring import Keyring
from ledger.log.checkpoint import Checkpoint
from ledger.log.note import VerifierKey
from ledger.readside import judging
from ledger.readside.erasing import carry_out
from ledger.store import epochs, judged, read_side
from ledger.store import registry as dumps
from ledger.store.engine import Store
from ledger.writer import evidence, snapshots
from ledger.writer.admission import MAX_REQUEST, Fork
from ledger.writer.answers import Receipt
from ledger.writer.contradiction import hold
from ledger.writer.examiners import Beside, Examiners, Here
from ledger.writer.fence import Fence, take_over
from ledger.writer.follower import Following, Pauses
from ledger.writer.guard import Guard
from ledger.writer.lane import Lane
from ledger.writer.proofs import Receipts
from ledger.writer.publish import Phase, Publisher
from ledger.writer.sequencer import FATAL, Job, Sequencer
from ledger.writer.signed import Outcome, log_signed
from ledger.writer.startup import load, resume
from ledger.writer.turn import Log, Turn
from schemas.errors import EvidenceError, InputError, LedgerError, UnavailableError

Result = TypeVar("Result")


def no_phase(_: str) -> None:
    """Nothing happens between the steps of a group."""


class Writer:
    """The one writer of a log. Made by `take_over`; `close` writes a last snapshot and lets the next writer in."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        fence: Fence,
        guard: Guard,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        phase: Phase = no_phase,
        workers: int = 0,
    ) -> None:
        self.store = store
        self.keyring = keyring
        self.clock = clock
        self.random = random
        self.guard = guard
        self._fence = fence
        self._phase = phase
        self._publisher = Publisher(store, fence.epoch, keyring.log_signer(), guard, phase)
        self._receipts = Receipts(store)
        self._examiners: Examiners = Beside(workers) if workers else Here()
        self._following = Following(store, keyring.wrapping_key, phase)
        self._pauses = Pauses(self._rest)
        # Held for one bite, or while something is erased: whoever reads an older state keeps it from leaving the file.
        self._judging = Lock()
        self._sequencer = Sequencer(self._load, self._write)
        fence.heart.tell(self.stop)

    @classmethod
    def take_over(
        cls,
        store: Store,
        keyring: Keyring,
        guard: Guard,
        *,
        name: str,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        phase: Phase = no_phase,
        wait: float = 30.0,
        workers: int = 0,
    ) -> Self:
        """Become the writer of a store's log and make its state whole; `UnavailableError`, `EvidenceError`.

        `workers`: processes that examine signed entries, 0 for none.
        """
        keyring.log_signer()
        fence = take_over(store, name=name, sleep=sleep, wait=wait)
        try:
            writer = cls(store, keyring, fence, guard, clock=clock, random=random, phase=phase, workers=workers)
        except BaseException:
            fence.release()
            raise
        try:
            writer.look(lambda log: log.tree.size)
        except BaseException:
            writer.leave()
            raise
        return writer

    # What comes in.

    def submit(self, wires: Sequence[bytes]) -> list[Receipt | LedgerError]:
        """Log signed entries; one receipt or error each, in order. InputError("too-many-entries") over 256."""
        with self._pauses.busy():
            with self._sequencer.coming():
                job = self._sequencer.enter(self.submitting(wires))
            outcomes = self._sequencer.finish(job)
            return self.receipts(outcomes)

    def submitting(self, wires: Sequence[bytes]) -> Callable[[Turn], list[Outcome]]:
        """Examine signed entries, and give the plan that logs them."""
        if len(wires) > MAX_REQUEST:
            raise InputError("too-many-entries", count=len(wires), limit=MAX_REQUEST)
        with self._pauses.busy():
            key = self.look(lambda log: log.registry.key)
            candidates = self._examiners.examine(wires, key)
        return lambda turn: log_signed(turn, candidates, self._keep_fork)

    def run(self, plan: Callable[[Turn], Result], *, settled: bool = False) -> tuple[Result, bytes]:
        """Plan something in a group; what the plan returned, and the signed checkpoint that covers it.

        `settled`: the plan asks what the read side knows, which must then hold everything before the group.
        """
        with self._pauses.busy():
            return self._sequencer.run(plan, settled=settled)

    def look(self, read: Callable[[Log], Result]) -> Result:
        """Read the log's state between two groups."""
        return self._sequencer.look(read)

    def settled(self) -> None:
        """Return when the read side holds everything that was committed before the call; what fails is raised."""
        committed = self.look(lambda log: log.tree.size)
        while self.look(lambda log: log.backlog.size) < committed:
            self.look(self._follow)

    def judged(self) -> None:
        """Return when every lot was judged by what was committed before the call; what fails is raised."""
        self.settled()
        with self.store.read() as connection:
            until = read_side.size(connection)
        with self._pauses.busy():
            while self._judge(until):
                pass

    def erased(self) -> None:
        """Return when everything that was declared erased before the call is gone; what fails is raised."""
        self.settled()
        self.look(self._erase)

    def receipts(self, outcome: tuple[Sequence[Outcome], bytes]) -> list[Receipt | LedgerError]:
        """Outcomes with the checkpoint that covers them, as receipts with inclusion proofs."""
        outcomes, note = outcome
        found = self._receipts.of([item for item in outcomes if isinstance(item, int)], note)
        return [found[item] if isinstance(item, int) else item for item in outcomes]

    def snapshot(self) -> int:
        """The index of a snapshot that covers everything committed, written now unless the newest entry is one."""
        return self._sequencer.alone(self._snapshot)

    def hold_against(self, note: bytes) -> None:
        """Hold the log against a checkpoint that a client was shown; a contradiction stops writing (3.5).

        `EvidenceError`: `log-rolled-back`, `log-forked`, or `note-…` where the log never signed it.
        """

        def held(log: Log) -> None:
            known = Checkpoint(log.registry.origin, *log.checkpoint) if log.checkpoint else None
            hold(self.store, known, note, self._vkey(log), source="a client")

        try:
            self._sequencer.look(held)
        except EvidenceError as error:
            # Only what the log itself signed stops it; a forged note is its sender's error.
            if error.code in FATAL:
                self._sequencer.stop(error)
            raise

    def _vkey(self, log: Log) -> VerifierKey:
        return VerifierKey.of_log(log.registry.origin, self._publisher.log_signer.public.raw)

    def operator(self, log: Log) -> Lane | None:
        """The lane of the newest operator key that is here and in force, None where none is: then nothing can be said
        of standing, and what is logged is logged all the same."""
        for kid in reversed(self.keyring.find(role="operator")):
            key = log.registry.key_state(kid)
            if key is not None and key.end is None:
                return Lane(self.keyring.open(kid), key.iss)
        return None

    def close(self) -> None:
        """Write a last snapshot, let the read side follow, keep the registry's state, let the next writer in."""
        self._pauses.close()
        try:
            self._sequencer.close(self._last)
        finally:
            self._let_go()

    def leave(self) -> None:
        """Let the next writer in without a word: of one that is fenced, or whose lock is gone, nothing is accepted."""
        self._pauses.close()
        try:
            self._sequencer.stop(UnavailableError("writer-closed"))
        finally:
            self._let_go()

    def _let_go(self) -> None:
        self._examiners.close()
        self._fence.release()

    def stop(self, reason: LedgerError) -> None:
        """Write nothing more, for this reason."""
        self._sequencer.stop(reason)

    @property
    def stopped(self) -> LedgerError | None:
        """Why this writer writes nothing more, None where it does."""
        return self._sequencer.stopped

    @property
    def epoch(self) -> int:
        """The number that was raised when this writer took over."""
        return self._fence.epoch

    @property
    def rung(self) -> Event:
        """Set whenever another process may have handed something in."""
        return self._fence.heart.rung

    # A group, from plan to publication.

    def _load(self) -> Log:
        # The guard before the log: whoever took over may raise it meanwhile, and that is no rollback. And who was
        # fenced is told so, before what the other did looks like a contradiction.
        kept = self.guard.note()
        with self.store.read() as connection:
            epochs.confirm(connection, self._fence.epoch)
        log = load(self.store, wrapping_key=self.keyring.wrapping_key)
        resume(log, self._publisher, self._vkey(log), kept)
        with self.store.read() as connection:
            left = log.erasing or not log.backlog.settled or not judged.settled(connection)
        if left:
            self._pauses.wake()
        return log

    def _write(self, log: Log, jobs: list[Job[Any]]) -> None:
        jobs = self._answerable(log, jobs)
        with self.store.read() as connection:
            turn = Turn(log, connection)
            for job in jobs:
                job.plan_in(turn)
            self._commit(log, turn)
        for job in jobs:
            job.note = log.note
        if turn.size > turn.start:
            self._publisher.publish(log, keep=False)
            if snapshots.due(log, self.clock()) and self.operator(log) is not None:
                self._snapshot(log)
            self._left_behind(log)

    def _answerable(self, log: Log, jobs: list[Job[Any]]) -> list[Job[Any]]:
        """The jobs that may be planned: those that ask the read side only where it could follow to here."""
        asking = [job for job in jobs if job.settled]
        if not asking:
            return jobs
        try:
            self._settle(log)
        except LedgerError as error:
            for job in asking:
                job.fail(error)
            return [job for job in jobs if not job.settled]
        return jobs

    def _left_behind(self, log: Log) -> None:
        """What the read side has to follow now: in the next pause, or at once where too much waits already."""
        try:
            while log.backlog.full:
                self._following.step(log.backlog, log.gateway)
        except LedgerError:
            # It was acknowledged and stands. Memory stays bounded; who asks for the read side is told what is wrong.
            log.backlog.forget()
        self._pauses.wake()

    def _follow(self, log: Log) -> bool:
        """Follow one stretch; whether more is left."""
        self._following.step(log.backlog, log.gateway)
        return not log.backlog.settled

    def _rest(self) -> bool:
        """What a pause is for: follow one stretch, erase where nothing is left to follow, or judge where nothing is
        left of both; whether more is left."""
        return self.look(self._caught_up) or self._judge()

    def _judge(self, until: int | None = None) -> bool:
        """Judge a bite; whether more is left."""
        with self._judging:
            return judging.advance(self.store, until)

    def _caught_up(self, log: Log) -> bool:
        more = self._follow(log)
        if not more:
            self._erase(log)
        return more

    def _erase(self, log: Log) -> None:
        if log.erasing:
            with self._judging:
                carry_out(self.store, self.keyring.wrapping_key, log.gateway, self._phase)
            log.erasing = False

    def _settle(self, log: Log) -> None:
        while self._follow(log):
            pass

    def _commit(self, log: Log, turn: Turn) -> None:
        if turn.size > turn.start:
            turn.commit(self.store, self._fence.epoch, self.random, self.clock(), self._phase)
            self._publisher.head(log)

    def _snapshot(self, log: Log) -> int:
        if snapshots.fresh(log):
            assert log.snapshot is not None
            return log.snapshot
        operator, begun = self.operator(log), self.clock()
        if operator is None:
            raise InputError("own-key-missing", role="operator")
        with self.store.read() as connection:
            turn = Turn(log, connection)
            index = snapshots.log_snapshot(turn, operator)
            self._commit(log, turn)
        self._publisher.publish(log, keep=True)
        log.snapshot, log.snapshot_at = index, self.clock()
        log.snapshot_took = log.snapshot_at - begun
        return index

    def _last(self, log: Log) -> None:
        if self.operator(log) is not None:
            self._snapshot(log)
        self._settle(log)
        # What cannot be erased now stays due, and the next start takes it up.
        with suppress(LedgerError):
            self._erase(log)
        with self.store.begin() as connection:
            epochs.check(connection, self._fence.epoch)
            dumps.put(connection, log.tree.size, log.registry.dump())
            log.lookups.flush(connection)

    def _keep_fork(self, turn: Turn, fork: Fork) -> None:
        """Keep both entries for ever and say so in the log, once for a key: more would only let it flood the log."""
        key = turn.key(fork.context["kid"])
        assert key is not None
        # Asked anew, for the turn's own connection does not see what this very group has kept.
        with self.store.read() as connection:
            if evidence.fork_kept(connection, key.kid):
                return
        digest = evidence.keep_lane_fork(self.store, turn.origin, key.jwk, fork.earlier, fork.later)
        operator = self.operator(turn.log)
        if operator is None:
            return
        body = evidence.evidence_body(evidence.LANE_FORK, digest)
        entry = parse_wire(operator.public(turn.origin, turn.lane(operator.kid), "evidence", body))
        turn.may_sign(entry)
        turn.append(entry)
