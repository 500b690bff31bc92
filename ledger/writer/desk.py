"""What the writer does for whoever asks: callers of its own process, and requests that came by the inbox.

- A plan is what runs inside the turn (`ledger.writer.sequencer`); what needs no order, like examining signatures and
  opening keys, is done before.

    desk = Desk(writer)
    desk.capture(Capture(iss, kid, prepared, source))

ARCHITECTURE.md 3.4.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ledger.writer.answers import Captured, Receipt
from ledger.writer.gateway import Beside, Gateway, log_beside
from ledger.writer.lane import Lane
from ledger.writer.master import log_master
from ledger.writer.membership import Membership
from ledger.writer.request import Capture, Master, State, Submit
from ledger.writer.signed import Outcome
from ledger.writer.statement import log_statement
from ledger.writer.turn import Turn
from ledger.writer.writer import Writer
from schemas.errors import LedgerError


class Desk:
    """The verbs of one writer."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def submit(self, wires: Sequence[bytes]) -> list[Receipt | LedgerError]:
        """Log signed entries; one receipt or error each, in order."""
        return self.writer.submit(wires)

    def capture(self, asked: Capture, beside: Beside | None = None) -> list[Captured]:
        """Sign and log unsigned events; `beside` writes about them in the same transaction."""
        return self.writer.run(self.capturing(asked, beside), settled=True)[0]

    def master(self, asked: Master) -> list[Captured]:
        """Sign and log versions of master data."""
        return self.writer.run(self.stating(asked), settled=True)[0]

    def state(self, asked: State) -> list[Captured]:
        """Sign and log a document or a drill."""
        return self.writer.run(self.speaking(asked), settled=True)[0]

    def snapshot(self) -> int:
        """The index of a snapshot that covers everything committed."""
        return self.writer.snapshot()

    def hold_against(self, note: bytes) -> None:
        """Hold the log against a checkpoint; a contradiction stops writing."""
        self.writer.hold_against(note)

    @property
    def membership(self) -> Membership:
        """Keys and members."""
        return Membership(self.writer)

    # Plans.

    def submitting(self, asked: Submit) -> Callable[[Turn], list[Outcome]]:
        """The plan that logs signed entries, which are examined here; `InputError("too-many-entries")`."""
        return self.writer.submitting(asked.wires)

    def capturing(self, asked: Capture, beside: Beside | None = None) -> Callable[[Turn], list[Captured]]:
        """The plan that signs and logs unsigned events; `InputError("key-unknown")` for a key that
        is not here."""
        gateway = replace(
            self._gateway(asked, source=asked.source), refuse_reuse=asked.refuse_reuse, refuse_again=asked.refuse_again
        )
        return lambda turn: log_beside(turn, asked.prepared, gateway, beside)

    def stating(self, asked: Master) -> Callable[[Turn], list[Captured]]:
        """The plan that signs and logs versions of master data; `InputError("key-unknown")`."""
        gateway = self._gateway(asked)
        return lambda turn: log_master(turn, asked.prepared, gateway)

    def speaking(self, asked: State) -> Callable[[Turn], list[Captured]]:
        """The plan that signs and logs a document or a drill; `InputError("key-unknown")`."""
        gateway = self._gateway(asked)
        return lambda turn: log_statement(turn, asked.said, gateway)

    def _gateway(self, asked: Capture | Master | State, *, source: tuple[str, bytes] | None = None) -> Gateway:
        writer = self.writer
        return Gateway(
            lane=Lane(writer.keyring.open(asked.kid), asked.iss),
            secret=writer.keyring.object_secret(asked.iss),
            now=int(writer.clock()),
            salt=writer.random,
            source=source,
            allow_repeat=not isinstance(asked, State) and asked.allow_repeat,
        )
