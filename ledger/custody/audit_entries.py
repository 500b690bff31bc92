"""What one process of an audit does with a stretch of entries: tree, rows, signatures, disclosures.

- The JWT of every entry is read as strictly as at its admission. With disclosures at hand they must be all of them
  and nothing else (`audit_cover`); where they are not, the strict reader says why, or what is missing comes back as
  `hidden`, to be held against the erasures of the log.
- `judge` is given the keys that are known so far; entries of another key come back unchecked, and the process that
  replays the registry checks them there. A kid is a thumbprint, so a key once known never changes.
- Little travels back: entries of public kinds whole, since the registry needs them; the others as runs.

    judged = judge(stretch, keys, custody=None)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ledger.collector import collect_rarely
from ledger.custody.audit_cover import complete
from ledger.custody.audit_runs import Run, Runs
from ledger.custody.audit_tree import Stretch, opened, read_stretch
from ledger.entry.leaf import Leaf, read_leaf
from ledger.entry.parse import verify_jwt, with_disclosures
from ledger.keys.signature import PublicKey
from ledger.log.merkle import root as root_of
from ledger.log.tiles import WIDTH
from schemas.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Public:
    """An entry of a public kind, for the registry to read again; `checked`: its signature is right."""

    index: int
    jwt: bytes
    checked: bool


@dataclass(frozen=True, slots=True)
class Hidden:
    """The digests of an entry that have no disclosure; the entry by its member, leaf hash and index."""

    index: int
    iss: str
    leaf: bytes
    digests: frozenset[bytes]


@dataclass(slots=True)
class Judged:
    """What became of the entries [start, stop): the root over their leaves, and what the replay needs, in its order.

    `edge`: the leaves themselves, where there are fewer than a whole stretch has.
    """

    start: int
    stop: int
    root: bytes
    edge: Sequence[bytes]
    items: list[Run | Public] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    disclosures: int = 0
    documents: list[int] = field(default_factory=list)


DOCUMENT = "document"
Disclosed = tuple[Sequence[bytes], Sequence[bytes]]
"""Disclosures in wire order: the SHA-256 of each, and each as ASCII."""
Held = Callable[[int, str], Disclosed]
"""The disclosures held of an entry, by its index and member."""


class Custody(Protocol):
    """What a store adds to the tiles. Picklable, since stretches are judged in other processes."""

    def read(self, path: str) -> bytes:
        """The store's own tiles and published checkpoint, by their paths below `/log/`."""
        ...

    def disclosures(self, start: int, stop: int) -> Held | None:
        """What gives the disclosures held of each entry of [start, stop); None where they are not to be opened."""
        ...

    def check_rows(self, start: int, jwts: list[bytes]) -> None:
        """`EvidenceError("audit-row")` unless the store's rows from index `start` are these entries."""
        ...


def ready() -> None:
    """The first task of a process: to have loaded what the others need."""
    collect_rarely()


def judge_stretch(stretch: Stretch, jwks: Sequence[Mapping[str, str]], custody: Custody | None) -> Judged:
    """One stretch, with its rows and disclosures where a store is at hand; keys come as JWKs, which travel."""
    keys = [PublicKey.from_jwk(jwk) for jwk in jwks]
    return judge(stretch, {key.kid: key for key in keys}, custody)


def judge_stored(number: int, size: int, jwks: Sequence[Mapping[str, str]], custody: Custody) -> Judged:
    """The same, read here from the store itself, whose tree has `size` leaves."""
    return judge_stretch(read_stretch(custody.read, number, size), jwks, custody)


def judge(stretch: Stretch, keys: Mapping[str, PublicKey], custody: Custody | None) -> Judged:
    """Judge one stretch; any `LedgerError` about an entry names it."""
    jwts, leaves = opened(stretch)
    if custody is not None:
        custody.check_rows(stretch.start, jwts)
    held = None if custody is None else custody.disclosures(stretch.start, stretch.stop)
    judged = Judged(stretch.start, stretch.stop, root_of(leaves), () if stretch.width == WIDTH else leaves)
    runs = Runs()
    # One entry after the other, from first to last step, while the processor still has it at hand.
    for index, (raw, leaf) in enumerate(zip(jwts, leaves, strict=True), stretch.start):
        try:
            _one(judged, runs, index, read_leaf(raw, leaf), keys, held)
        except LedgerError as error:
            raise error.within(entry=index) from None
    judged.items += runs.closed()
    return judged


def _one(judged: Judged, runs: Runs, index: int, leaf: Leaf, keys: Mapping[str, PublicKey], held: Held | None) -> None:
    claims, key = leaf.claims, keys.get(leaf.kid)
    if key is not None:
        verify_jwt(leaf, key)
    if held is not None:
        _disclosed(judged, index, leaf, held(index, claims.iss))
    if claims.known and not claims.private:
        judged.items += runs.closed()
        judged.items.append(Public(index, leaf.raw, key is not None))
    else:
        if claims.kind == DOCUMENT:
            judged.documents.append(index)
        runs.add(index, leaf, checked=key is not None)


def _disclosed(judged: Judged, index: int, leaf: Leaf, disclosed: Disclosed) -> None:
    """Count the disclosures of one entry, and note what is missing."""
    digests, texts = disclosed
    judged.disclosures += len(texts)
    if complete(leaf.references, texts, digests):
        return
    entry = with_disclosures(leaf.raw, [text.decode("ascii", "replace") for text in texts])
    if entry.hidden:
        judged.hidden.append(Hidden(index, leaf.claims.iss, leaf.leaf, entry.hidden))
