"""What the public kinds say: one value per clear body (ARCHITECTURE.md 3.3).

- `key` has a value per `op`; `policy` is `Genesis` at index 0 and `Policy` afterwards.
- Digests and raw keys are 32 bytes, proofs of possession 64; a `kid` stays the text it is on the wire.
- No personal data: texts here are ids, codes, policy lines, and the legal ground of an erasure.

    Approval(of=entry.jwt.leaf)
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ledger.keys.signature import PublicKey

Role: TypeAlias = Literal["admin", "device", "gateway", "operator", "export"]
Gateway: TypeAlias = Literal["accept", "refuse"]
ROLES: tuple[Role, ...] = ("admin", "device", "gateway", "operator", "export")


@dataclass(frozen=True, slots=True)
class Founding:
    """A key offered with its proof of possession: a founder, a new member, the operator, a recovered admin key."""

    iss: str
    key: PublicKey
    pop: bytes
    next: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What members vote on: votes needed (0: a majority), witness lines, whether gateway keys may sign."""

    votes: int
    witnesses: tuple[str, ...]
    gateway: Gateway


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The log this one goes on from: its origin and the highest checkpoint known of it."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Genesis:
    """The first entry of a log. `log_key`: 32 raw bytes of Ed25519."""

    origin: str
    log_key: bytes
    members: tuple[Founding, ...]
    operator: Founding
    terms: Terms
    predecessor: Predecessor | None


@dataclass(frozen=True, slots=True)
class Successor:
    """The log that goes on after this one."""

    origin: str
    log_key: bytes


@dataclass(frozen=True, slots=True)
class Policy:
    """A proposal of new terms; or, with a successor, the operator's last entry, which repeats the terms in force."""

    terms: Terms
    successor: Successor | None


@dataclass(frozen=True, slots=True)
class Add:
    """`key` op `add`: another key of the signer's member; `next` for an admin key only."""

    role: Role
    key: PublicKey
    pop: bytes
    next: str | None


@dataclass(frozen=True, slots=True)
class Revoke:
    """`key` op `revoke`: the key ends at this entry's index."""

    kid: str


@dataclass(frozen=True, slots=True)
class Compromise:
    """`key` op `compromise`: the key ends, and its entries with index >= `since` are suspect."""

    kid: str
    since: int


@dataclass(frozen=True, slots=True)
class Rotate:
    """`key` op `rotate`: the committed next key takes over from `kid` after `seq`/`head` of its lane."""

    kid: str
    key: PublicKey
    pop: bytes
    next: str
    seq: int | None
    head: bytes | None


@dataclass(frozen=True, slots=True)
class Recover:
    """`key` op `recover`: a proposal to end all admin keys of `member` and give it this one."""

    founding: Founding

    @property
    def member(self) -> str:
        """The member that lost its keys."""
        return self.founding.iss


KeyOp: TypeAlias = Add | Revoke | Compromise | Rotate | Recover


@dataclass(frozen=True, slots=True)
class MemberProposal:
    """A proposal to admit a member; or a founder's own entry that carries its profile."""

    founding: Founding


@dataclass(frozen=True, slots=True)
class Approval:
    """One member's vote for the proposal with this leaf hash."""

    of: bytes


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags that count at the index of the entry they precede: 1-48, sorted as text, distinct."""

    tags: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """An entry (its leaf hash) and the digests of its disclosures that were erased."""

    entry: bytes
    digests: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Erasure:
    """A member's declaration of what it erased, and on what legal ground."""

    erased: tuple[Erased, ...]
    ground: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The digest of an evidence file kept beside the store, and what it shows (`lane-fork`, …)."""

    type: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Standing and tags as of the entry's own index (`size`): row count, root of the rows, root of the tag tree."""

    size: int
    keys: int
    root: bytes
    tags: bytes


Body: TypeAlias = (
    Genesis | Policy | Add | Revoke | Compromise | Rotate | Recover | MemberProposal | Approval | Tags | Erasure
    | Evidence | Snapshot
)  # fmt: skip
