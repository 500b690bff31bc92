"""What the writer answers: a receipt for each entry, and what became of each event of a document.

- A `Receipt` is enough to hold the log to its word: index, leaf hash, inclusion proof and a checkpoint that the log
  signed after all of it was durable (ARCHITECTURE.md 3.5; RFC 6962 section 2.1.1; C2SP tlog-checkpoint).
- A `Captured` says under which index an event of a document stands, or stood already (`duplicate`).

    receipt = node.submit([wire])[0]
    verify_inclusion(receipt.leaf, receipt.index, checkpoint.size, receipt.proof, checkpoint.root)
"""

from dataclasses import dataclass
from typing import NamedTuple


class Receipt(NamedTuple):
    """Where an entry stands in the log, and the proof of it against the log's own signed checkpoint."""

    index: int  # type: ignore[assignment]
    leaf: bytes
    proof: tuple[bytes, ...]
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Captured:
    """One event of a captured document: its place there, its id, and its place in the log."""

    event: int
    event_id: str
    index: int
    leaf: bytes
    duplicate: bool
    findings: tuple[str, ...] = ()
