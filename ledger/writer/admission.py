"""Which signed entries the log takes: judged on form only, each for itself.

- Form: size, profile, signature, key, lane, every digest disclosed, n, tags equal to what `record.lots` says, limits.
  What an event *says* is never a reason to refuse it here: bad content is logged and stands as a finding, so one bad
  record cannot block a phone's lane (ARCHITECTURE.md 3.4).
- `examine` needs nothing but the bytes and the registry's keys; it runs anywhere, outside the ordering lock.
- `admit` runs in order, inside the lock, against the state the log has after the entries before it.
- `lane-behind` and `tag-ahead` name what is expected; the same bytes are sent again later.
- The same identity again is answered with what was logged (`Logged`); another identity at a taken seq is a fork and
  raises `Fork`, with both JWTs.

    (candidate,) = examine([wire], keys)
    admit(candidate, state)      # raises LedgerError, Logged or Fork; else the entry may be appended
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from ledger.entry.claims import KINDS
from ledger.entry.issue import Lot
from ledger.entry.parse import Entry, Received, fully_disclosed, parse_leaf, read_wire, verify_entry
from ledger.entry.tags import tag
from ledger.keys.signature import PublicKey
from ledger.readside.derive import Derived
from ledger.writer.lane import Head, following
from schemas.errors import EvidenceError, InputError, LedgerError

MAX_REQUEST = 256
TAGS_KIND = "tags"


class Candidate(NamedTuple):
    """An entry whose bytes keep the profile; `key` is the key that its signature was checked with, if one was known.

    `entry` has its trees, for the read side to judge later; or it is the leaf alone, and `derived` is what the read
    side will say of it, which a process beside the writer found. Its disclosures are on the `wire`, with these
    `digests` in its order, 32 bytes each.
    """

    entry: Entry
    key: PublicKey | None
    lots: tuple[Lot, ...]
    derived: Derived | None
    wire: bytes
    digests: bytes


class Logged(Exception):
    """Not an error: the log holds this very entry already, at `index`."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class Fork(EvidenceError):
    """Two different entries of one key at one seq; carries both JWTs as they were signed."""

    def __init__(self, earlier: bytes, later: bytes, *, kid: str, seq: int) -> None:
        super().__init__("lane-fork", kid=kid, seq=seq)
        self.earlier = earlier
        self.later = later


class State(Protocol):
    """What the log knows just before the next entry; the group in progress included."""

    @property
    def origin(self) -> str:
        """The log's origin."""
        ...

    def key(self, kid: str) -> PublicKey | None:
        """A key that was ever admitted."""
        ...

    def lane(self, kid: str) -> Head:
        """The head of a key's lane."""
        ...

    def logged_at(self, kid: str, seq: int) -> tuple[int, bytes]:
        """Index and JWT of the entry of a key at a seq below its head."""
        ...

    def tag_known(self, value: bytes) -> bool:
        """Does any entry carry this tag?"""
        ...

    def may_sign(self, entry: Entry) -> None:
        """Raises unless the registry lets the entry's key say this at the next index (ARCHITECTURE.md 3.3)."""
        ...


def examine(wires: Sequence[bytes], key: Callable[[str], PublicKey | None]) -> list[Candidate | LedgerError]:
    """Parse wires strictly and check their signatures where the key is known; a refusal for each that does not keep the
    profile."""
    # All are read, then all are verified: each of the two is faster while the processor has nothing else to do.
    read = [_read(wire) for wire in wires]
    return [
        item if isinstance(item, LedgerError) else _verified(item, wire, key)
        for item, wire in zip(read, wires, strict=True)
    ]


def _read(wire: bytes) -> Received | LedgerError:
    try:
        received = read_wire(wire)
        entry = received.entry
        if not entry.claims.known:
            raise InputError("unknown-kind", kind=entry.claims.kind, known=", ".join(sorted(KINDS)))
        fully_disclosed(entry)
    except LedgerError as error:
        return error
    return received


def _verified(received: Received, wire: bytes, key: Callable[[str], PublicKey | None]) -> Candidate | LedgerError:
    entry, digests, lots = received
    # Asked once: a key that is admitted meanwhile must not pass for the one the signature was checked with.
    known = key(entry.jwt.kid)
    if known is not None:
        try:
            verify_entry(entry, known)
        except LedgerError as error:
            return error
    return Candidate(entry, known, lots, None, wire, digests)


def admit(candidate: Candidate, state: State) -> tuple[bytes, ...]:
    """Raise unless the candidate may be the next entry of the log; its tags, overflow included. Changes nothing."""
    entry, claims = candidate.entry, candidate.entry.claims
    if claims.log != state.origin:
        raise InputError("other-log", log=claims.log, origin=state.origin)
    head = state.lane(entry.jwt.kid)
    seq, prev = following(head)
    if claims.seq < seq:
        _taken(candidate, state)
    if claims.seq > seq:
        raise InputError("lane-behind", kid=entry.jwt.kid, seq=claims.seq, expected=seq)
    if claims.prev != prev:
        raise InputError("lane-prev", kid=entry.jwt.kid, seq=claims.seq)
    if candidate.key is None:
        # Introduced by an entry before it in this very group, or by itself (`rotate`): then may_sign checks it.
        known = state.key(entry.jwt.kid)
        if known is not None:
            verify_entry(entry, known)
    state.may_sign(entry)
    return _tags(candidate, state)


def _taken(candidate: Candidate, state: State) -> None:
    jwt = candidate.entry.jwt
    index, logged = state.logged_at(jwt.kid, candidate.entry.claims.seq)
    if logged.rpartition(b".")[0] == jwt.signing_input:
        raise Logged(index)
    if candidate.key is None and (known := state.key(jwt.kid)) is not None:
        verify_entry(candidate.entry, known)
    raise Fork(logged, jwt.raw, kid=jwt.kid, seq=candidate.entry.claims.seq)


def _tags(candidate: Candidate, state: State) -> tuple[bytes, ...]:
    """The tags are those of `record.lots`, no fewer and no more, and no n runs ahead of the log (3.2)."""
    entry = candidate.entry
    if not entry.claims.private:
        return ()
    said = (*entry.claims.tags, *_overflow(entry, state)) if entry.claims.more else entry.claims.tags
    meant = {tag(lot.key, lot.n) for lot in candidate.lots}
    if len(said) != len(meant) or meant != set(said):
        raise InputError("tags-differ", said=len(said), meant=len(meant))
    for lot in candidate.lots:
        if lot.n and not state.tag_known(tag(lot.key, lot.n - 1)):
            raise InputError("tag-ahead", id=lot.id, n=lot.n)
    return said


def _overflow(entry: Entry, state: State) -> Sequence[bytes]:
    """The tags in the `more` entries of kind `tags` that stand just before this one in its lane."""
    found: list[bytes] = []
    for back in range(1, entry.claims.more + 1):
        if entry.claims.seq < back:
            raise InputError("tags-missing", more=entry.claims.more)
        before = parse_leaf(state.logged_at(entry.jwt.kid, entry.claims.seq - back)[1])
        if before.claims.kind != TAGS_KIND:
            raise InputError("tags-missing", more=entry.claims.more)
        found.extend(before.claims.tags)
    return found
