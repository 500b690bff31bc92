"""One group on its way into the log: what is appended in order, and everything its commit needs.

- A turn belongs to whoever holds the ordering lock. It answers what the log knows *after* the entries already in it,
  so the second entry of a lane finds the first one in the same group.
- Nothing is durable before `commit`. If anything fails after the first append the state in memory is thrown away and
  read again from the store: what was committed is there, what was not is gone, and both are the truth.
- Secrets of disclosures are committed first: one without its entry is an orphan and harms nobody (ARCHITECTURE.md 3.8).
- `tags` entries count at the index of the entry they precede, so their tags are added with that one (3.2).

    turn = Turn(log, connection)
    admit(candidate, turn); index = turn.append(candidate.entry)
    turn.commit(store, epoch, random)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.entry.parse import Entry
from ledger.keys.signature import PublicKey
from ledger.readside import refresh
from ledger.readside.derive import Derived, derive
from ledger.registry.replay import Registry
from ledger.store import disclosures, entries
from ledger.store.engine import Store
from ledger.store.entries import EntryRow
from ledger.store.findings import Finding
from ledger.store.lookups import Lookups
from ledger.writer.admission import TAGS_KIND
from ledger.writer.lane import Head
from ledger.writer.tree import Tree
from schemas.errors import UnavailableError

Random = Callable[[int], bytes]


@dataclass(slots=True)
class Log:
    """What the writer holds in memory of its log: all of it can be read again from the store.

    Owned by the holder of the ordering lock. `checkpoint`: (size, root) of the head that was set last.
    """

    registry: Registry
    tree: Tree
    lookups: Lookups
    checkpoint: tuple[int, bytes] | None
    note: bytes
    snapshot: int | None
    wrapping_key: Callable[[str], bytes]


class Turn:
    """The group in progress; `connection` reads the store as the last commit left it."""

    def __init__(self, log: Log, connection: Connection) -> None:
        self.log = log
        self.connection = connection
        self.start = log.tree.size
        self._rows: list[EntryRow] = []
        self._disclosed: list[tuple[int, list[str], bytes]] = []
        self._derived: list[Derived] = []
        self._tagged: list[tuple[int, bytes, tuple[bytes, ...]]] = []
        self._places: dict[tuple[str, int], tuple[int, bytes]] = {}
        self._tags: set[bytes] = set()

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
        found = self._places.get((kid, seq)) or entries.at(self.connection, kid, seq)
        if found is None:
            raise UnavailableError("lane-unreadable", kid=kid, seq=seq)
        return found

    def tag_known(self, value: bytes) -> bool:
        """Does any entry carry this tag?"""
        return value in self._tags or bool(self.log.lookups.find_tag(self.connection, value))

    def may_sign(self, entry: Entry) -> None:
        """Raises unless the registry lets the entry's key say this at the next index."""
        self.log.registry.check(self.size, entry)

    def append(
        self, entry: Entry, tags: tuple[bytes, ...] | None = None, findings: tuple[Finding, ...] = ()
    ) -> int:
        """Put an admitted entry at the next index and return it; `tags`: all of its, those of `tags` entries included."""
        index, jwt, claims = self.size, entry.jwt, entry.claims
        if claims.private:
            self.log.registry.note_lane(jwt.kid, index, claims.seq, jwt.leaf)
        else:
            self.log.registry.apply(index, entry)
        self._rows.append(EntryRow(index, jwt.kid, claims.seq, jwt.leaf, jwt.raw, not claims.private))
        if entry.disclosures:
            texts = [disclosure.text for disclosure in entry.disclosures]
            self._disclosed.append((index, texts, self.log.wrapping_key(claims.iss)))
        carried = () if claims.kind == TAGS_KIND else claims.tags if tags is None else tags
        self._tagged.append((index, jwt.leaf, carried))
        self._tags.update(carried)
        self._places[jwt.kid, claims.seq] = index, jwt.raw
        if claims.private:
            self._derived.append(derive(index, entry))
        self.log.tree.append(jwt.leaf, jwt.raw)
        return index

    def commit(self, store: Store, epoch: int, random: Random, phase: Callable[[str], None]) -> None:
        """Make the group durable: secrets, then entries, disclosures and read side in one transaction."""
        secrets, sealed = disclosures.seal(epoch, self._disclosed, random)
        if secrets:
            with store.begin_secrets() as connection:
                disclosures.put_secrets(connection, secrets)
        phase("before-commit")
        with store.begin() as connection:
            entries.append(connection, epoch, self._rows)
            disclosures.put(connection, sealed)
            refresh.write(connection, self._derived)
        phase("after-commit")
        for index, leaf, tags in self._tagged:
            self.log.lookups.add(index, leaf, tags)

    def lots(self, uris: list[str], known: Mapping[str, tuple[bytes, int]]) -> Mapping[str, tuple[bytes, int]]:
        """Placeholder for the read side of the group in progress."""
        raise NotImplementedError
