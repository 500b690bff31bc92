"""One group on its way into the log: what is appended in order, and everything its commit needs.

- A turn belongs to whoever holds the ordering lock. It answers what the log knows *after* the entries already in it,
  so the second entry of a lane finds the first one in the same group.
- What the read side knows (`seen`, `original`, `about`) may be asked only where it held every entry before the group
  when the turn began; what this group adds is derived when it is asked for.
- Nothing is durable before `commit`. If anything fails after the first append the state in memory is thrown away and
  read again from the store: what was committed is there, what was not is gone, and both are the truth.
- Secrets of disclosures are committed first: one without its entry is an orphan and harms nobody (ARCHITECTURE.md 3.8).
- `tags` entries count at the index of the entry they precede, so their tags are added with that one (3.2).

    turn = Turn(log, connection)
    admit(candidate, turn); index = turn.append(candidate.entry)
    turn.commit(store, epoch, random, now)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ledger.entry.jwt import leaf_hash
from ledger.entry.parse import Entry, parse_leaf, wire_disclosures
from ledger.keys.signature import PublicKey
from ledger.readside.derive import Derived
from ledger.readside.erasing import KIND as ERASURE_KIND
from ledger.readside.follow import Waiting
from ledger.registry.read_body import read_body
from ledger.registry.replay import Registry
from ledger.store import declarations, disclosures, duplicates, entries, erasures, events, logged, objects
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.entries import EntryRow
from ledger.store.lookups import Lookups
from ledger.store.objects import ObjectUse
from ledger.writer.admission import TAGS_KIND
from ledger.writer.borne_out import HELD, hold_to_log
from ledger.writer.follower import Backlog
from ledger.writer.lane import Head
from ledger.writer.tree import Tree
from schemas.errors import UnavailableError

Random = Callable[[int], bytes]
Disclosed = tuple[bytes, bytes]
"""The wire of an entry with its disclosures, and their digests in its order, 32 bytes each."""
GATEWAY = "gateway"


@dataclass(slots=True)
class Log:
    """What the writer holds in memory of its log: all of it can be read again from the store.

    Owned by the holder of the ordering lock. `checkpoint`: (size, root) of the head that was set last;
    `snapshot_took`: seconds that the last snapshot cost; `erasing`: something declared erased may still be here.
    """

    registry: Registry
    tree: Tree
    lookups: Lookups
    checkpoint: tuple[int, bytes] | None
    note: bytes
    snapshot: int | None
    snapshot_at: float
    wrapping_key: Callable[[str], bytes]
    backlog: Backlog
    snapshot_took: float = 0.0
    erasing: bool = False

    def gateway(self, kid: str) -> bool:
        """Is it a key with which we sign for a member?"""
        key = self.registry.key_state(kid)
        return key is not None and key.role == GATEWAY


@dataclass(frozen=True, slots=True)
class Use:
    """What is known of an object: the key it was first logged under, the next n, and the newest entry about it."""

    key: bytes | None
    n: int
    index: int

    def followed_by(self, use: ObjectUse) -> "Use":
        """The same after one more entry; n counts under the first key only, as the read side counts."""
        key = self.key or use.key
        counts = use.n is not None and use.key == key
        return Use(key, max(self.n, (use.n or 0) + 1) if counts else self.n, use.index)


class Turn:
    """The group in progress; `connection` reads the store as the last commit left it."""

    def __init__(self, log: Log, connection: Connection) -> None:
        self.log = log
        self.connection = connection
        self.start = log.tree.size
        # Of each entry, in order of index: its row, the tags that count there, its disclosures and its member.
        self._rows: list[EntryRow] = []
        self._tagged: list[tuple[bytes, ...]] = []
        self._disclosed: list[Disclosed] = []
        self._members: list[str] = []
        self._lanes: dict[str, list[EntryRow]] = {}
        self._tags: set[bytes] = set()
        self._waiting: list[Waiting] = []
        self._derived: list[Derived] = []
        self._uses: dict[str, Use] = {}
        self._fresh: dict[str, list[ObjectUse]] = {}
        self._beside: list[Callable[[Connection], None]] = []
        self._erasures: list[int] = []

    @property
    def origin(self) -> str:
        """The log's origin."""
        return self.log.registry.origin

    @property
    def size(self) -> int:
        """The index that the next entry will have."""
        return self.log.tree.size

    @property
    def leaves(self) -> list[tuple[int, bytes]]:
        """Index and leaf hash of what this group appended."""
        return [(row.index, row.leaf) for row in self._rows]

    def key(self, kid: str) -> PublicKey | None:
        """A key that was ever admitted."""
        return self.log.registry.key(kid)

    def lane(self, kid: str) -> Head:
        """The head of a key's lane."""
        return self.log.registry.lane(kid)

    def logged_at(self, kid: str, seq: int) -> tuple[int, bytes]:
        """Index and JWT of the entry at a seq below the lane's head."""
        lane = self._lanes.get(kid)
        if lane is not None and seq >= lane[0].seq:
            row = lane[seq - lane[0].seq]
            return row.index, row.jwt
        found = entries.at(self.connection, kid, seq)
        if found is None:
            raise UnavailableError("lane-unreadable", kid=kid, seq=seq)
        return found

    def tag_known(self, value: bytes) -> bool:
        """Does any entry carry this tag?"""
        return value in self._tags or self.log.lookups.has_tag(self.connection, value)

    def may_sign(self, entry: Entry) -> None:
        """Raises unless the registry lets the entry's key say this at the next index, and the log bears it out.

        The registry knows neither tags nor the entries of others, so what a snapshot and an erasure say of them is
        held against the log here: `snapshot-tags`, `erasure-unknown`, `erasure-of-another-member`.
        """
        self.log.registry.check(self.size, entry)
        if entry.claims.kind in HELD:
            hold_to_log(self, read_body(entry.claims.kind, entry.claims.body or {}), entry.claims.iss)

    def member_of(self, leaf: bytes) -> str | None:
        """The member whose entry has this leaf hash, this group's included; None where no entry has it."""
        found = next((row.jwt for row in self._rows if row.leaf == leaf), None)
        if found is None:
            index = self.log.lookups.find_leaf(self.connection, leaf)
            found = None if index is None else entries.get(self.connection, index)
        return None if found is None else parse_leaf(found).claims.iss

    def tag_root(self) -> bytes | None:
        """The root of the tag tree of everything committed; None once this group has appended: a snapshot begins a
        group."""
        return None if self.size > self.start else self.log.lookups.tag_root(self.connection)

    def leaf_at(self, index: int) -> bytes:
        """The leaf hash of the entry at an index, this group's included."""
        if index >= self.start:
            return self._rows[index - self.start].leaf
        return leaf_hash(entries.get(self.connection, index))

    def seen(self, digests: Sequence[bytes]) -> dict[bytes, int]:
        """The earliest index of what members captured before, by digest (`ledger.store.duplicates`), this group's
        included."""
        found = duplicates.find(self.connection, digests)
        for item in self._derive():
            for digest in item.seen.digests if item.seen else ():
                if digest in digests:
                    found.setdefault(digest, item.index)
        return found

    def original(self, iss: str, event_id: str) -> int | None:
        """The newest event of a member under an eventID, this group's included."""
        rows = [*events.by_event_id(self.connection, event_id), *(item.event for item in self._derive() if item.event)]
        found = [row.index for row in rows if row.member == iss and row.event_id == event_id and row.kind == "event"]
        return found[-1] if found else None

    def declared(self, iss: str, event_id: str) -> int | None:
        """The first entry of a member that declares its event of an eventID wrong, this group's included."""
        digest = duplicates.event_id_digest(iss, event_id)
        first = declarations.correcting(self.connection, [digest]).get(digest)
        fresh = (
            item.index
            for item in self._derive()
            if item.event and item.step and item.step.moves.correction
            if (item.event.member, item.event.event_id) == (iss, event_id)
        )
        return next(fresh, None) if first is None else first

    def about(self, uris: Sequence[str]) -> dict[str, Use]:
        """What is known of objects, the entries of this group included; objects never logged are left out."""
        self._derive()
        asked = [uri for uri in uris if uri not in self._uses]
        latest = objects.latest(self.connection, asked)
        keys = objects.lots(self.connection, list(latest))
        for uri in asked:
            key, n = keys.get(uri, (None, 0))
            self._uses[uri] = Use(key, n, latest.get(uri, -1))
        for uri in uris:
            for fresh in self._fresh.pop(uri, ()):
                self._uses[uri] = self._uses[uri].followed_by(fresh)
        return {uri: self._uses[uri] for uri in uris if self._uses[uri].index >= 0}

    def append(
        self,
        entry: Entry,
        tags: tuple[bytes, ...] | None = None,
        derived: Derived | None = None,
        disclosed: Disclosed | None = None,
    ) -> int:
        """Put an admitted entry at the next index and return it; `tags`: all of its, those of `tags` entries included.

        `derived`: what `derive` said of it before its index was known. `disclosed`: its disclosures, where the entry
        was read without them.
        """
        index, jwt, claims = self.size, entry.jwt, entry.claims
        if claims.private or claims.kind == TAGS_KIND:
            self.log.registry.note_lane(jwt.kid, index, claims.seq, jwt.leaf)
        else:
            self.log.registry.apply(index, entry)
            if claims.kind == ERASURE_KIND:
                self._erasures.append(index)
        carried = () if claims.kind == TAGS_KIND else claims.tags if tags is None else tags
        if disclosed is None:
            disclosed = entry.wire, b"".join([disclosure.digest for disclosure in entry.disclosures])
        self._put(
            EntryRow(index, jwt.kid, claims.seq, jwt.leaf, jwt.raw, not claims.private), carried, disclosed, claims.iss
        )
        if claims.private:
            self._waiting.append(Waiting(index, entry, signed=not self.log.gateway(jwt.kid), derived=derived))
        return index

    def found(self, entry: Entry) -> None:
        """Put entry 0, from which the registry of this log was made, into an empty tree."""
        self._put(EntryRow(0, entry.jwt.kid, 0, entry.jwt.leaf, entry.jwt.raw, True), (), (b"", b""), entry.claims.iss)

    def _put(self, row: EntryRow, tags: tuple[bytes, ...], disclosed: Disclosed, iss: str) -> None:
        self._rows.append(row)
        self._tagged.append(tags)
        self._disclosed.append(disclosed)
        self._members.append(iss)
        self._lanes.setdefault(row.kid, []).append(row)
        self._tags.update(tags)
        self.log.tree.append(row.leaf, row.jwt)

    def _derive(self) -> list[Derived]:
        """What this group's entries say, derived now that somebody must know: one that captures unsigned events."""
        for waiting in self._waiting[len(self._derived) :]:
            derived = waiting.derived()
            self._derived.append(derived)
            for use in derived.uses:
                self._fresh.setdefault(use.uri, []).append(use)
        return self._derived

    def beside(self, write: Callable[[Connection], None]) -> None:
        """Write something else in the transaction that makes this group durable: both happen, or neither.

        Asked for last in a plan; where the group appends nothing there is no transaction, and nothing is written.
        """
        self._beside.append(write)

    def commit(self, store: Store, epoch: int, random: Random, now: float, phase: Callable[[str], None]) -> None:
        """Make the group durable: secrets, then entries and disclosures in one transaction. The read side follows.

        `now`: seconds since 1970, noted as the time at which the log took the group.
        """
        secrets, sealed = disclosures.seal_digested(epoch, self._to_seal(), random)
        if secrets:
            with store.begin_secrets() as connection:
                disclosures.put_secrets(connection, secrets)
        phase("before-commit")
        with store.begin() as connection:
            entries.append(connection, epoch, self._rows)
            logged.put(connection, self.start, now)
            disclosures.put(connection, sealed)
            erasures.put(connection, self._erasures)
            for write in self._beside:
                write(connection)
        phase("after-commit")
        self.log.backlog.add(self._waiting, self.size)
        self.log.erasing |= bool(self._erasures)
        for row, tags in zip(self._rows, self._tagged, strict=True):
            self.log.lookups.add(row.index, row.leaf, tags)

    def _to_seal(self) -> Iterator[disclosures.ToSeal]:
        """What has disclosures: split from its wire when its turn comes, and let go of."""
        for row, (wire, digests), member in zip(self._rows, self._disclosed, self._members, strict=True):
            if digests:
                yield row.index, wire_disclosures(wire), digests, self.log.wrapping_key(member)
