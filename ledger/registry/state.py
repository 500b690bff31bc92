"""What the registry knows at one size of the log: keys, lanes, members, terms in force, open proposals.

- Everything here follows from the entries of the log and their indexes; no clock is asked (ARCHITECTURE.md 3.3).
- A key is valid for entries with index > `add` (its own introduction at `add` excepted) and < `end`.
- `suspect` is the first index from which its entries are not believed; it never makes them disappear.
- `past` holds the lanes of admin keys whole, because a rotation may name any entry as the last good one.

*Changes* is what one entry does; it is computed without touching the state and taken over in one step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.keys.signature import PublicKey
from ledger.registry.bodies import Predecessor, Role, Successor, Terms
from ledger.registry.layers import Layer
from schemas.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Key:
    """A key ever admitted. `add`: index at which it took effect; `by`: index of the entry that holds its jwk."""

    public: PublicKey
    iss: str
    role: Role
    add: int
    by: int
    next: str | None = None
    end: int | None = None
    suspect: int | None = None

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint."""
        return self.public.kid

    def check_standing(self, index: int, *, introduces: bool = False) -> None:
        """`EvidenceError` unless an entry of this key at `index` is valid; `introduces`: it introduces this key."""
        check_standing(self.kid, self.add, self.end, index, introduces=introduces)

    def suspects(self, index: int) -> bool:
        """Is an entry of this key at `index` suspect?"""
        return self.suspect is not None and index >= self.suspect


def check_standing(kid: str, add: int, end: int | None, index: int, *, introduces: bool = False) -> None:
    """`key-not-yet-valid` or `key-ended` unless add < index (or introduces and =) and index < end."""
    if index < add or (index == add and not introduces):
        raise EvidenceError("key-not-yet-valid", kid=kid, index=index, add=add)
    if end is not None and index >= end:
        raise EvidenceError("key-ended", kid=kid, index=index, end=end)


class Lane(NamedTuple):
    """The head of a key's lane: seq, leaf hash and log index of its newest entry."""

    seq: int
    head: bytes
    index: int  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Member:
    """A member for life. `since`: index of its admission; `kid`: its first admin key; `profile`: entry with its
    profile digest, if any."""

    iss: str
    since: int
    kid: str
    founder: bool
    profile: int | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """One member's approval: by which key, at which index."""

    iss: str
    kid: str
    index: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A `member`, `policy` or `key` (recover) entry that waits for votes; `done`: where it took effect."""

    leaf: bytes
    index: int
    iss: str
    kid: str
    kind: str
    body: Mapping[str, Any] = field(hash=False)
    profile: bool = False
    votes: tuple[Vote, ...] = ()
    done: int | None = None


@dataclass(slots=True)
class Changes:
    """What one entry changes, beside its lane."""

    keys: list[Key] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    terms: Terms | None = None
    successor: Successor | None = None


class State:
    """The registry's knowledge, in layers: `branch` is cheap, `merge` costs what changed."""

    __slots__ = (
        "_base", "_below", "genesis", "keys", "lanes", "log_key", "members", "operator", "origin", "past",
        "predecessor", "proposals", "size", "successor", "terms",
    )  # fmt: skip

    def __init__(
        self, origin: str, log_key: bytes, genesis: bytes, operator: str, predecessor: Predecessor | None, terms: Terms
    ) -> None:
        self.origin, self.log_key, self.genesis, self.operator = origin, log_key, genesis, operator
        self.predecessor, self.terms = predecessor, terms
        self.successor: Successor | None = None
        self.size = 0
        self.keys: Layer[str, Key] = Layer()
        self.lanes: Layer[str, Lane] = Layer()
        self.members: Layer[str, Member] = Layer()
        self.proposals: Layer[bytes, Proposal] = Layer()
        self.past: Layer[tuple[str, int], Lane] = Layer()
        self._below: State | None = None
        self._base = 0

    def branch(self) -> "State":
        """A state on top of this one that can be changed and thrown away, or merged."""
        top = State(self.origin, self.log_key, self.genesis, self.operator, self.predecessor, self.terms)
        top.successor, top.size = self.successor, self.size
        top.keys, top.lanes, top.members = self.keys.branch(), self.lanes.branch(), self.members.branch()
        top.proposals, top.past = self.proposals.branch(), self.past.branch()
        top._below, top._base = self, self.size
        return top

    def merge(self) -> None:
        """Take this branch's changes over into the state below; that one must not have moved meanwhile."""
        below = self._below
        if below is None or below.size != self._base:
            raise ValueError("a branch merges once, into the state it came from")
        for layer in (self.keys, self.lanes, self.members, self.proposals, self.past):
            layer.merge()
        below.terms, below.successor, below.size = self.terms, self.successor, self.size
        self._base = self.size

    def take(self, changes: Changes) -> None:
        """Take over what one entry changes."""
        for key in changes.keys:
            self.keys[key.kid] = key
        for member in changes.members:
            self.members[member.iss] = member
        for proposal in changes.proposals:
            self.proposals[proposal.leaf] = proposal
        self.terms = changes.terms or self.terms
        self.successor = changes.successor or self.successor

    def note(self, kid: str, lane: Lane) -> None:
        """Move a lane's head, and the size of the log, past the entry at `lane.index`."""
        self.lanes[kid] = lane
        key = self.keys.get(kid)
        if key is not None and key.role == "admin":
            self.past[kid, lane.seq] = lane
        self.size = lane.index + 1

    def known(self, kid: str) -> Key:
        """The key of that kid; `EvidenceError("key-not-admitted")`."""
        key = self.keys.get(kid)
        if key is None:
            raise EvidenceError("key-not-admitted", kid=kid)
        return key

    def living_admins(self, iss: str) -> Iterator[Key]:
        """The admin keys of a member that have not ended."""
        return (key for key in self.keys.values() if key.iss == iss and key.role == "admin" and key.end is None)
