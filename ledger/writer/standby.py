"""A process that may become a log's writer at any moment, and hands in to the writer until it is.

- It asks for the lock every `EVERY` seconds. When the writer ends, however it ends, one of those who ask gets it,
  raises the epoch, finishes what the other left, works the inbox with its own callers' requests, and is the writer.
- A writer that is fenced or loses its lock goes back to being a standby by itself.
- Meanwhile it reads as any reader does, and holds the log against the rollback guard of its own machine: a log that
  goes back, or forks, while another machine writes is found here. Then this process writes nothing, hands nothing in,
  and says why. The guard rises with what is published, so that it is not behind when this process takes over.
- What callers see is `desk`: the writer's own where it is here, else the one that hands in.

    standby = Standby(take, HandIn(…), reader, watch)
    standby.desk.submit([wire]); standby.close()

*take*: become the writer, or `UnavailableError("writer-busy")` without waiting.

ARCHITECTURE.md 3.5, 4; docs/adr/0032-taking-over.md.
"""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from ledger.registry.replay import Registry
from ledger.store.inbox import MOST_WAITING
from ledger.store.lookups import Lookups
from ledger.writer.desk import Desk
from ledger.writer.hand_in import HandIn
from ledger.writer.held import OfReader, OfWriter
from ledger.writer.inbox import MOST_TOGETHER, Inbox
from ledger.writer.writer import Writer
from schemas.errors import EvidenceError, LedgerError, UnavailableError

Result = TypeVar("Result")
EVERY = 0.25
MOST_ROUNDS = MOST_WAITING // MOST_TOGETHER + 1
"""Rounds of the inbox in which everything that waited at a moment is worked, whatever comes meanwhile."""
_LOGGER = logging.getLogger("filiera.standby")


class Standby:
    """A process's place at one log. `take` becomes the writer, `watch` holds the log against this machine's guard."""

    def __init__(
        self,
        take: Callable[[], Writer],
        hands: HandIn,
        reader: OfReader,
        watch: Callable[[], None],
        *,
        every: float = EVERY,
    ) -> None:
        """Becomes the writer at once where nobody is; `EvidenceError` where the log does not bear it."""
        self._take = take
        self._hands = hands
        self._reader = reader
        self._watch = watch
        self._every = every
        self._place: tuple[Writer, Inbox, Desk, OfWriter] | None = None
        self._refused: EvidenceError | None = None
        self._closing = threading.Event()
        self._trouble = ""
        try:
            self._step()
        except UnavailableError as error:
            if error.code != "writer-busy":
                raise
        if self._refused is not None:
            raise self._refused
        self._thread = threading.Thread(target=self._run, name="filiera-standby", daemon=True)
        self._thread.start()

    @property
    def writer(self) -> Writer | None:
        """The writer, where this process is it and writes."""
        place = self._place
        return place[0] if place is not None and not _gone(place[0]) else None

    @property
    def desk(self) -> Desk | HandIn:
        """Who does what callers ask: `EvidenceError` where the log contradicts this machine's guard."""
        place = self._place
        if place is not None and not _gone(place[0]):
            return place[2]
        if self._refused is not None:
            raise self._refused
        return self._hands

    @property
    def held(self) -> "OfReader | OfWriter":
        """Registry and look-ups: the writer's own, or those of a reader."""
        place = self._place
        return place[3] if place is not None and not _gone(place[0]) else self._reader

    def close(self) -> None:
        """Stop: as the writer with a last snapshot, as a standby at once."""
        self._closing.set()
        self._thread.join()
        self._hands.close()
        if self._place is not None:
            writer, inbox, _, _ = self._place
            inbox.close()
            writer.close()

    def _run(self) -> None:
        while not self._closing.wait(self._every):
            try:
                self._step()
                self._trouble = ""
            except UnavailableError as error:
                # Another one writes, most of the time; or the store does not answer, and does again later.
                self._told(error.code)
            except Exception as error:
                self._told(type(error).__name__, error)

    def _told(self, trouble: str, error: Exception | None = None) -> None:
        """Say once what is in the way."""
        if trouble not in (self._trouble, "writer-busy"):
            _LOGGER.warning("a standby cannot write: %s", trouble, exc_info=error)
        self._trouble = trouble

    def _step(self) -> None:
        """Become the writer where the place is free; leave it where it was lost."""
        if self._place is not None and _gone(self._place[0]):
            self._step_down(*self._place[:2])
        if self._place is None and self._refused is None:
            self._step_up()

    def _step_up(self) -> None:
        try:
            self._watch()
            writer = self._take()
        except EvidenceError as error:
            _LOGGER.error("this process will not write: %s", error)
            self._refused = error
            return
        inbox = Inbox(writer)
        try:
            # What waits was handed in before anything that callers of this process will ask the writer for.
            for _ in range(MOST_ROUNDS):
                if not inbox.drain():
                    break
        except LedgerError as error:
            _LOGGER.warning("what was handed in waits: %s", error.code)
        inbox.start()
        self._place = writer, inbox, Desk(writer), OfWriter(writer)
        _LOGGER.info("this process writes the log now, epoch %d", writer.epoch)

    def _step_down(self, writer: Writer, inbox: Inbox) -> None:
        _LOGGER.warning("this process writes the log no more: %s", writer.stopped)
        self._place = None
        inbox.close()
        writer.leave()


class Sole:
    """The place of a process that is the writer from beginning to end."""

    def __init__(self, writer: Writer) -> None:
        self.writer: Writer | None = writer
        self.desk: Desk | HandIn = Desk(writer)
        self.held: OfReader | OfWriter = OfWriter(writer)
        self._closed = writer.close
        self._inbox = Inbox(writer)
        self._inbox.start()

    def close(self) -> None:
        """Stop, with a last snapshot."""
        self._inbox.close()
        self._closed()


class Held:
    """`OfWriter` or `OfReader`, whichever it is at the moment."""

    def __init__(self, place: Standby | Sole) -> None:
        self._place = place

    def registry(self, ask: Callable[[Registry], Result]) -> Result:
        """Ask the registry as of the newest committed entry."""
        return self._place.held.registry(ask)

    def lookups(self, ask: Callable[[Lookups], Result]) -> Result:
        """Ask the look-ups as of the newest committed entry."""
        return self._place.held.lookups(ask)

    def settled(self) -> None:
        """Return when the read side holds every entry committed before the call."""
        self._place.held.settled()

    def judged(self) -> None:
        """Return when every lot was judged by what was committed before the call."""
        self._place.held.judged()

    def snapshot(self) -> int | None:
        """A snapshot that covers everything, written now by whoever writes unless the newest entry is one; where nobody
        does, the newest there is."""
        try:
            return self._place.desk.snapshot()
        except UnavailableError:
            return self._place.held.snapshot()


def _gone(writer: Writer) -> bool:
    """Is it fenced, or its lock lost? A writer that stopped because the log is contradicted stays, and says so."""
    return isinstance(writer.stopped, UnavailableError)
