"""What the writer does for whoever asks: callers of its own process, and requests that came by the inbox.

- A plan is what runs inside the turn (`ledger.writer.sequencer`); what needs no order, like examining signatures and
  opening keys, is done before.

    desk = Desk(writer)
    desk.capture(Capture(iss, prepared, source))

ARCHITECTURE.md 3.4.
"""

from collections.abc import Callable, Sequence

from ledger.keys.signer import MemorySigner
from ledger.writer.answers import Captured, Receipt
from ledger.writer.gateway import Beside, Gateway, log_beside
from ledger.writer.lane import Lane
from ledger.writer.membership import Membership
from ledger.writer.request import Capture, Submit
from ledger.writer.signed import Outcome
from ledger.writer.turn import Turn
from ledger.writer.writer import Writer
from schemas.errors import InputError, LedgerError


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
        """The plan that signs and logs unsigned events; `InputError("own-key-missing")`."""
        writer = self.writer
        gateway = Gateway(
            lane=Lane(self._gateway_key(asked.iss), asked.iss),
            secret=writer.keyring.object_secret(asked.iss),
            now=int(writer.clock()),
            salt=writer.random,
            source=asked.source,
            allow_repeat=asked.allow_repeat,
            strict=asked.strict,
        )
        return lambda turn: log_beside(turn, asked.prepared, gateway, beside)

    def _gateway_key(self, iss: str) -> MemorySigner:
        """The member's newest gateway key that is here and in force."""
        keyring = self.writer.keyring
        for kid in reversed(keyring.find(role="gateway", iss=iss)):
            key = self.writer.look(lambda log, kid=kid: log.registry.key_state(kid))  # type: ignore[misc]
            if key is not None and key.end is None:
                return keyring.open(kid)
        raise InputError("own-key-missing", role="gateway", member=iss)
