"""What a log must answer so that a bundle can be made from it.

- The node answers from the store; tests answer from lists in memory. Nothing else about storage is known to `prove`.
- All indexes are log indexes; objects are canonical URIs.
- A snapshot at index `at` describes the entries before it. Its rows and its tag tree must be answered as they were
  signed: the operator's own lane has moved by the snapshot itself, and others may have moved since.

    class Node(Source): ...
"""

from collections.abc import Sequence
from typing import Protocol

from ledger.entry.parse import Entry
from ledger.log.merkle import Nodes
from ledger.lots.movement import Movement
from ledger.registry.tag_tree import Present


class Source(Protocol):
    """A log that can be proved from."""

    @property
    def origin(self) -> str:
        """The log's origin line."""
        ...

    @property
    def vkey(self) -> str:
        """The log's verifier key as text (`name+hash+key`, c2sp.org/signed-note)."""
        ...

    def snapshot(self) -> int:
        """The index of the newest `snapshot` entry whose checkpoint is kept, making one when entries have come since
        and this source may write; `InputError("no-snapshot")` where there is none."""
        ...

    def checkpoint(self, size: int) -> str:
        """The kept checkpoint of exactly this size as a signed note, with the cosignatures that came;
        `InputError("no-checkpoint")` where none is kept."""
        ...

    def nodes(self, size: int) -> Nodes:
        """The complete subtrees of the tree of `size` leaves."""
        ...

    def entry(self, index: int) -> Entry:
        """The entry with every disclosure that is still held; `InputError("no-entry")` beyond the log."""
        ...

    def entries_of(self, uri: str) -> Sequence[int]:
        """The indexes of all entries about one object, rising, corrections included."""
        ...

    def movement(self, index: int) -> Movement:
        """What the event at this index does to lots and units; an empty movement where it is none."""
        ...

    def index_of(self, leaf: bytes) -> int | None:
        """Where the entry with this RFC 6962 leaf hash stands, None where this log does not hold it."""
        ...

    def lane_index(self, kid: str, seq: int) -> int:
        """The index of the entry that a key signed at one place of its lane."""
        ...

    def introduction(self, kid: str) -> int:
        """The index of the entry that introduced a key: genesis, `member`, `key` (add, rotate, recover)."""
        ...

    def erasures(self, index: int) -> Sequence[int]:
        """The indexes of the `erasure` entries that name digests of the entry at `index`, rising."""
        ...

    def standing(self, at: int) -> Sequence[str]:
        """The rows of the snapshot at index `at`: `kid iss role add end suspect seq head`, sorted by kid."""
        ...

    def tag_present(self, at: int, tag: bytes) -> Present:
        """Proof in the tag tree of the snapshot at `at` of a tag that is there; `InputError("tag-unknown")`."""
        ...

    def tag_absent(self, at: int, tag: bytes) -> Present | None:
        """The leaf of that tree where the tag would be, None in the empty tree; `InputError("tag-known")`."""
        ...
