"""The other side of the inbox: hands in what the writer of another process shall do, and waits for its answer.

- What is handed in is sealed: the store never holds what was said in the clear. It is bounded (`MOST_BYTES`).
- Who waits outlives a writer: when it dies, the next one finds the request, and whether it was done already.
- Nobody waits for ever. After `patience` seconds a request that no writer has begun with is withdrawn, and it is sure
  that nothing was logged (`hand-in-withdrawn`); one that was begun is waited for as long again, and then nobody here
  knows (`hand-in-unknown`): sent again, a signed entry is answered with its index, an unsigned event with the earlier.
- One thread asks for all who wait, and lives while somebody does; it asks often at first, then less.
- Proofs are made here, from the tiles, under the newest checkpoint.

    hands = HandIn(store, keyring, os.urandom)
    hands.submit([wire]); hands.close()

docs/adr/0031-handing-in.md.
"""

from collections.abc import Callable, Sequence

from ledger.keys.keyring import Keyring
from ledger.store import checkpoints
from ledger.store import inbox as kept
from ledger.store.engine import Store
from ledger.store.inbox import Handed
from ledger.writer.admission import MAX_REQUEST
from ledger.writer.answers import Captured, Receipt
from ledger.writer.awaited import Answers, Waiting
from ledger.writer.gateway import Beside
from ledger.writer.handed import Handed as HandedMembership
from ledger.writer.inbox import answer_purpose, request_purpose
from ledger.writer.membership import Membership, Said
from ledger.writer.proofs import receipts
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
    pack,
    unpack_answer,
)
from schemas.errors import InputError, LedgerError, UnavailableError

MOST_BYTES = 1 << 26
PATIENCE = 30.0


class HandIn:
    """The verbs of a log's writer, wherever it is. `origin` tells the log's origin."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        random: Callable[[int], bytes],
        origin: Callable[[], str],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._random = random
        self._origin = origin
        self._patience = patience
        self._answers = Answers(store)

    def submit(self, wires: Sequence[bytes]) -> list[Receipt | LedgerError]:
        """Log signed entries; one receipt or error each, in order. `InputError("too-many-entries")`."""
        if len(wires) > MAX_REQUEST:
            raise InputError("too-many-entries", count=len(wires), limit=MAX_REQUEST)
        outcomes = self._ask(Submit(tuple(wires)))
        assert isinstance(outcomes, list)
        with self._store.read() as connection:
            published = checkpoints.published(connection)
        assert published is not None
        found = receipts(self._store, [item for item in outcomes if isinstance(item, int)], published[1])
        return [found[item] if isinstance(item, int) else item for item in outcomes]

    def capture(self, asked: Capture, beside: Beside | None = None) -> list[Captured]:
        """Sign and log unsigned events. `UnavailableError("not-the-writer")` where something must be written beside
        them: that can only be done in the writer's process."""
        if beside is not None:
            raise UnavailableError("not-the-writer")
        captured = self._ask(asked)
        assert isinstance(captured, list)
        return captured

    def master(self, asked: Master) -> list[Captured]:
        """Sign and log versions of master data."""
        stated = self._ask(asked)
        assert isinstance(stated, list)
        return stated

    def state(self, asked: State) -> list[Captured]:
        """Sign and log a document or a drill."""
        logged = self._ask(asked)
        assert isinstance(logged, list)
        return logged

    def snapshot(self) -> int:
        """The index of a snapshot that covers everything committed."""
        index = self._ask(Snapshot())
        assert isinstance(index, int)
        return index

    def hold_against(self, note: bytes) -> None:
        """Hold the log against a checkpoint; a contradiction stops its writer."""
        self._ask(Hold(note))

    @property
    def membership(self) -> Membership:
        """Keys and members."""
        return HandedMembership(self._keyring, self._random, self._origin, self._say)

    def _say(self, asked: Say) -> Said:
        said = self._ask(asked)
        assert isinstance(said, Said)
        return said

    def close(self) -> None:
        """Wait for nothing more."""
        self._answers.close()

    def _ask(self, request: Request) -> Outcome:
        """Hand in, wait, and give the answer; an error is raised."""
        kind, text = pack(request)
        if len(text) > MOST_BYTES:
            raise InputError("hand-in-too-large", size=len(text), limit=MOST_BYTES)
        id = self._random(16)
        sealed = self._keyring.seal(request_purpose(id)).closed(text, kind.encode())
        with self._answers.awaited(id) as waiting:
            self._put(Handed(id, kind, sealed))
            answer = self._waited(id, waiting)
        outcome = unpack_answer(self._keyring.seal(answer_purpose(id)).opened(answer))
        if isinstance(outcome, LedgerError):
            raise outcome
        return outcome

    def _put(self, item: Handed) -> None:
        try:
            with self._store.begin() as connection:
                kept.put(connection, item)
        except UnavailableError:
            # A commit that seemed to fail may have come through: then it is not to be worked behind our back.
            if self._withdrawn(item.id):
                raise
            raise UnavailableError("hand-in-unknown") from None

    def _waited(self, id: bytes, waiting: Waiting) -> bytes:
        if not waiting.came(self._patience):
            if self._withdrawn(id):
                raise UnavailableError("hand-in-withdrawn", seconds=self._patience)
            if not waiting.came(self._patience):
                raise UnavailableError("hand-in-unknown")
        assert waiting.answer is not None
        return waiting.answer

    def _withdrawn(self, id: bytes) -> bool:
        try:
            with self._store.begin() as connection:
                return kept.withdraw(connection, id) == "withdrawn"
        except UnavailableError:
            return False
