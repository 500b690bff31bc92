"""The registry: who may sign what at which index, replayed from the entries of the log alone.

- It begins with entry 0 and takes every entry in order of index, none left out (ARCHITECTURE.md 3.3).
- An entry is valid if its key was valid at its log index, never by a clock.
- `apply` takes an entry whole and leaves the registry unchanged when it is not admissible there; `check` only judges.
- Entries that say nothing about standing may be noted by their lane alone (`note_lane`), so that a start does not
  parse a million events; `CHANGES_STANDING` names the kinds that must be applied.
- Lanes: the next entry of a key has seq = head + 1 and prev = head. A seq that is taken is a fork unless it is the
  same entry again, which the caller answers before it asks here.
- `branch` gives a registry on top of this one: a group of entries is judged there and either merged, at the cost of
  what changed, or dropped.
- The signature of an entry is the caller's to check, with `signing_key`; `apply(…, verify=True)` does both.

    registry = Registry.genesis(entries[0])
    group = registry.branch(); group.apply(1, entries[1]); group.merge()
"""

from collections.abc import Mapping

from ledger.entry.parse import Entry, verify_entry
from ledger.keys.signature import PublicKey
from ledger.registry import dump as dumping
from ledger.registry.bodies import Predecessor, Rotate, Successor, Terms
from ledger.registry.genesis import found
from ledger.registry.read_body import read_body
from ledger.registry.rules import judge
from ledger.registry.snapshot import KeyRow, rows_of
from ledger.registry.state import Changes, Key, Lane, Member, Proposal, State
from schemas.errors import EvidenceError, InputError

CHANGES_STANDING = frozenset(("policy", "member", "key", "approval"))


class Registry:
    """Members, keys, lanes, votes and terms as of `size` entries."""

    __slots__ = ("state",)

    def __init__(self, state: State) -> None:
        """Use `genesis` or `load`."""
        self.state = state

    @classmethod
    def genesis(cls, entry: Entry) -> "Registry":
        """The registry after entry 0, every proof in it checked; raises as `ledger.registry.genesis.found` does."""
        return cls(found(entry))

    @property
    def origin(self) -> str:
        """The log's origin."""
        return self.state.origin

    @property
    def log_key(self) -> bytes:
        """The log's Ed25519 key, 32 raw bytes."""
        return self.state.log_key

    @property
    def genesis_leaf(self) -> bytes:
        """The leaf hash of entry 0."""
        return self.state.genesis

    @property
    def operator(self) -> str:
        """The member that holds the operator role."""
        return self.state.operator

    @property
    def predecessor(self) -> Predecessor | None:
        """The log this one goes on from."""
        return self.state.predecessor

    @property
    def successor(self) -> Successor | None:
        """The log that goes on after this one, once the operator has closed it."""
        return self.state.successor

    @property
    def size(self) -> int:
        """How many entries were taken: the index of the next one."""
        return self.state.size

    def policy(self) -> Terms:
        """The terms in force: votes, witness lines, gateway."""
        return self.state.terms

    def members(self) -> tuple[Member, ...]:
        """The members, in order of admission."""
        return tuple(self.state.members.values())

    def member(self, iss: str) -> Member | None:
        """One member."""
        return self.state.members.get(iss)

    def keys(self) -> tuple[Key, ...]:
        """Every key ever admitted, in order of admission."""
        return tuple(self.state.keys.values())

    def keys_of(self, iss: str) -> tuple[Key, ...]:
        """Every key a member was ever given, in order of admission."""
        return tuple(key for key in self.state.keys.values() if key.iss == iss)

    def proposals(self) -> tuple[Proposal, ...]:
        """Every proposal, in order; `done` is set where it took effect."""
        return tuple(self.state.proposals.values())

    def key(self, kid: str) -> PublicKey | None:
        """A key that was ever admitted."""
        key = self.state.keys.get(kid)
        return None if key is None else key.public

    def key_state(self, kid: str) -> Key | None:
        """Owner, role, indexes and committed next key of a key that was ever admitted."""
        return self.state.keys.get(kid)

    def standing(self, kid: str, index: int, *, introduces: bool = False) -> Key:
        """The key, if an entry of it at `index` is valid; its `suspects(index)` says whether the entry is suspect.

        `EvidenceError`: `key-not-admitted`, `key-not-yet-valid`, `key-ended`.
        """
        key = self.state.known(kid)
        key.check_standing(index, introduces=introduces)
        return key

    def lane(self, kid: str) -> tuple[int, bytes] | None:
        """seq and leaf hash of the newest entry of a key."""
        lane = self.state.lanes.get(kid)
        return None if lane is None else (lane.seq, lane.head)

    def rows(self) -> tuple[KeyRow, ...]:
        """The rows of a snapshot at index `size`."""
        return rows_of(self.state)

    def signing_key(self, entry: Entry) -> PublicKey:
        """The key that must have signed the entry: the registered one, or the one a `rotate` introduces itself."""
        key = self.state.keys.get(entry.jwt.kid)
        if key is None and entry.claims.kind == "key":
            body = read_body("key", entry.claims.body)
            if isinstance(body, Rotate) and body.key.kid == entry.jwt.kid:
                return body.key
        return self.state.known(entry.jwt.kid).public if key is None else key.public

    def check_lane(self, kid: str, seq: int, prev: bytes | None) -> None:
        """The next entry of a lane: `InputError("lane-behind")` with what is expected, `EvidenceError("lane-fork")`
        for a seq that is taken, `EvidenceError("lane-prev")` where it does not follow the head."""
        lane = self.state.lanes.get(kid)
        expected, head = (0, None) if lane is None else (lane.seq + 1, lane.head)
        if seq > expected:
            raise InputError("lane-behind", kid=kid, seq=seq, expected=expected)
        if seq < expected:
            raise EvidenceError("lane-fork", kid=kid, seq=seq)
        if prev != head:
            raise EvidenceError("lane-prev", kid=kid, seq=seq)

    def check(self, index: int, entry: Entry) -> Changes:
        """Raise unless the entry is admissible as entry `index`; nothing changes. What it would change is returned."""
        self._next(index)
        self.check_lane(entry.jwt.kid, entry.claims.seq, entry.claims.prev)
        return judge(self.state, index, entry)

    def apply(self, index: int, entry: Entry, *, verify: bool = False) -> None:
        """Take the next entry, or raise and stay as before; with `verify` its signature is checked too."""
        changes = self.check(index, entry)
        if verify:
            verify_entry(entry, self.signing_key(entry))
        self.state.take(changes)
        self.state.note(entry.jwt.kid, Lane(entry.claims.seq, entry.jwt.leaf, index))

    def note_lane(self, kid: str, index: int, seq: int, leaf: bytes) -> None:
        """Take the next entry by its place in its lane alone: one that was judged before and changes no standing.

        `EvidenceError`: `index-out-of-order`, `key-not-admitted`, `lane-gap`.
        """
        self._next(index)
        lane = self.state.lanes.get(kid)
        if seq != (0 if lane is None else lane.seq + 1):
            raise EvidenceError("lane-gap", kid=kid, seq=seq, index=index)
        self.state.known(kid)
        self.state.note(kid, Lane(seq, leaf, index))

    def resume(self, index: int, entry: Entry) -> None:
        """Take an entry of a public kind from a store, the ones left out before it being of private kinds.

        A start reads public entries only. What the lanes did in between is taken on trust here, from `seq` and `prev`
        of this entry and, at the end, from `resume_lanes`; the entries were judged when they were appended.
        """
        kid, claims = entry.jwt.kid, entry.claims
        self.state.size = index
        if claims.seq and claims.prev is not None and kid in self.state.keys:
            self.state.lanes[kid] = Lane(claims.seq - 1, claims.prev, index - 1)
        if claims.kind in CHANGES_STANDING:
            self.apply(index, entry)
        else:
            self.state.note(kid, Lane(claims.seq, entry.jwt.leaf, index))

    def resume_lanes(self, lanes: Mapping[str, tuple[int, bytes, int]], size: int) -> None:
        """The heads (seq, leaf hash, index) of all lanes as of `size` entries, after the last `resume`."""
        for kid, (seq, leaf, index) in lanes.items():
            self.state.lanes[kid] = Lane(seq, leaf, index)
        self.state.size = size

    def branch(self) -> "Registry":
        """A registry on top of this one, to be merged or dropped; this one must not change meanwhile."""
        return Registry(self.state.branch())

    def merge(self) -> None:
        """Take a branch over into the registry it came from, at the cost of what changed."""
        self.state.merge()

    def dump(self) -> bytes:
        """Everything, as bytes that `load` reads; derived, so its format is nobody's but this version's."""
        return dumping.dump(self.state)

    @classmethod
    def load(cls, data: bytes) -> "Registry":
        """A registry from its dump; `InputError("registry-dump")` when it is of another version or damaged."""
        return cls(dumping.load(data))

    def _next(self, index: int) -> None:
        if index != self.state.size:
            raise EvidenceError("index-out-of-order", index=index, expected=self.state.size)
