"""An opened ledger: its store, keys, writer, clock and randomness. What a Python program imports.

- Time, randomness, environment and folders are opened here and passed down; nothing below takes them by itself.
- One process writes a log at a time; any number read it (`write=False`).
- What is answered is durable: committed, in tiles, under a checkpoint that the log signed (ARCHITECTURE.md 3.5).

    with Node.init("filiera-data", name="Cooperativa Sole", passphrase=b"...") as node:
        node.capture(read_document(data))
"""

import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from ledger.writer.answers import Captured, Receipt
from schemas.errors import LedgerError

Clock = Callable[[], float]
Random = Callable[[int], bytes]


class Node:
    """One log, opened by `open` or made by `init`; a context manager that stops its writer on leaving."""

    @classmethod
    def init(
        cls,
        store: str,
        *,
        name: str,
        passphrase: bytes,
        gln: str | None = None,
        prefixes: Sequence[str] = (),
        origin: str | None = None,
        keys: Path | None = None,
        secrets: str | None = None,
        clock: Clock = time.time,
        random: Random = secrets.token_bytes,
        guard: str | None = None,
    ) -> Self:
        """Make a log, its first member and the keys of ARCHITECTURE.md 3.9, and open it."""
        raise NotImplementedError

    @classmethod
    def open(
        cls,
        store: str,
        *,
        keys: Path | None = None,
        passphrase: bytes | None = None,
        secrets: str | None = None,
        clock: Clock = time.time,
        random: Random = secrets.token_bytes,
        guard: str | None = None,
        write: bool = True,
    ) -> Self:
        """Open a log that exists; with `write` it becomes the log's writer, or fails as UnavailableError."""
        raise NotImplementedError

    def submit(self, wires: Sequence[bytes]) -> list[Receipt | LedgerError]:
        """Log signed entries (`jwt~d1~…~`), judged on form only; one answer each, in order."""
        raise NotImplementedError

    def capture(
        self,
        document: Any,
        *,
        member: str | None = None,
        proceed: bool = False,
        allow_repeat: bool = False,
        strict: bool = False,
    ) -> list[Captured]:
        """Log the events of an unsigned document, signed with the member's gateway key."""
        raise NotImplementedError

    def receipt(self, index: int) -> Receipt:
        """The inclusion proof of the entry at `index` against the newest checkpoint."""
        raise NotImplementedError
