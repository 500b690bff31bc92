"""A log of 10^6 entries, filled through the real writer; measured on the way by who asks.

- The bulk are entries whose disclosures were never handed in (as if erased), signed by a phone in a process of its
  own. The writer gives them an index, a lane, tags, read-side rows, a commit, tiles and checkpoints as any other; what
  it does not do is open disclosures, judge them and check the signature again, which costs the same at every size.
- Ten events about one lot stand at equal distances through the whole log: the lot whose bundle is measured.
- `FILIERA_BENCH_ENTRIES` makes a smaller one; `FILIERA_BENCH_FOLDER` keeps it for the benchmarks that come after.

    large = Large.begun(folder); large.fill(10**6); large.finish()
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path

from benchmarks.capture import send
from benchmarks.measure import seconds
from benchmarks.signed import Phone, Signed, made, opened
from ledger.entry.parse import parse_leaf
from ledger.lots.movement import Movement
from ledger.lots.step import Flow, Step
from ledger.node import Node
from ledger.readside.derive import Derived, Seen
from ledger.store.events import EventRow
from ledger.store.objects import ObjectUse
from schemas.epcis.instant import microseconds

ENTRIES = int(os.environ.get("FILIERA_BENCH_ENTRIES", "1000000"))
CHAIN = 10
CHAIN_LOT = 8_000_000
GROUP = 500
_AT = microseconds("2026-07-01T00:00:00Z")
_FORK = get_context("fork")


@contextmanager
def folder() -> Iterator[Path]:
    """The folder of this run, or a temporary one."""
    kept = os.environ.get("FILIERA_BENCH_FOLDER")
    if kept:
        yield Path(kept)
        return
    found = Path(tempfile.mkdtemp(prefix="filiera-bench-"))
    try:
        yield found
    finally:
        shutil.rmtree(found)


@dataclass(slots=True)
class Large:
    """The log while it is filled. `spent`: seconds in `submit` and entries logged so, since it was last asked."""

    node: Node
    windows: Phone
    chain: Phone
    requests: "Queue[list[Signed]]"
    signing: BaseProcess
    said: int = 0
    spent: float = 0.0
    sent: int = 0

    @classmethod
    def begun(cls, where: Path) -> "Large":
        """A new log with its phones; call `finish` in the end."""
        node = made(str(where / "store"), where)
        bulk, windows, chain = (Phone.added(node, number) for number in range(3))
        requests: Queue[list[Signed]] = _FORK.Queue(4)
        signing = _FORK.Process(target=_sign, args=(bulk, requests), daemon=True)
        signing.start()
        return cls(node, windows, chain, requests, signing)

    def fill(self, size: int) -> None:
        """Log light entries until there are about `size`, and the chain's events when their turn comes."""
        while self.node.registry.size < size:
            if self.node.registry.size >= self.said * ENTRIES // CHAIN and self.said < CHAIN:
                send([[self.chain.event_about(CHAIN_LOT, self.said)]], self.node)
                self.said += 1
            batch = self.requests.get()
            self.spent += seconds(lambda batch=batch: self._log(batch), collect=False)  # type: ignore[misc]
            self.sent += len(batch)
        self.spent += seconds(self.node.settled, collect=False)

    def _log(self, batch: list[Signed]) -> None:
        """Log what the phone signed in one group, its read side as events would have it."""
        read = [(parse_leaf(raw), _derived(lot, n, tag)) for raw, lot, n, tag in batch]
        self.node.writer.run(lambda turn: [turn.append(entry, entry.claims.tags, rows) for entry, rows in read])

    def finish(self) -> None:
        """Stop signing and close the log."""
        # The process that signs was forked from this one and holds the writer's lock as long as it lives.
        self.signing.kill()
        self.signing.join()
        self.node.close()

    def rate(self) -> float:
        """Entries per second of what was filled since this was last asked."""
        rate = self.sent / self.spent if self.spent else 0.0
        self.spent, self.sent = 0.0, 0
        return rate


def seconds_of(request: list[bytes], node: Node) -> float:
    """Seconds one request takes."""
    return seconds(lambda: send([request], node), collect=False)


def _sign(phone: Phone, requests: "Queue[list[Signed]]") -> None:
    while True:
        requests.put([phone.leaf() for _ in range(GROUP)])


def _derived(lot: str, n: int, tag: bytes) -> Derived:
    """The rows of an event about one lot, under a key that does for the table."""
    return Derived(
        0,
        EventRow(0, "event", "ObjectEvent", "2026-07-01T00:00:00Z", "ni:///sha-256;" + tag.hex(), "2026-07", "bulk"),
        Step(
            0,
            "bulk",
            Movement((lot,), moved=frozenset((lot,)), action="OBSERVE"),
            (Flow(lot, "moved"),),
            _AT,
            "ObjectEvent",
        ),
        (ObjectUse(lot, 0, tag[:16], n),),
        (),
        Seen(tag[:16], None),
    )


@contextmanager
def large() -> Iterator[tuple[Node, Path]]:
    """The large log, opened for writing: the one `scale` left behind in this run, else one made now."""
    with folder() as where:
        filled(where)
        with opened(str(where / "store"), where) as node:
            yield node, where


def filled(where: Path) -> str:
    """The location of the large log in a folder, made now unless it is there."""
    if not (where / "store").exists():
        begun = Large.begun(where)
        begun.fill(ENTRIES)
        begun.finish()
    return str(where / "store")
