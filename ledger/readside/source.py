"""A log to prove from: what `ledger.prove.Source` asks, answered from the store.

- Every answer is one read transaction; nothing is written here except a snapshot that is due, by the writer passed in.
- Registry and look-ups belong to the writer where there is one: `Held` lends them, under the writer's ordering lock.
- Standing at a snapshot is replayed from public entries and the lanes as they were, and kept for the next question.

    source = LogSource(store, held, wrapping_key)
    prove(source, "https://id.gs1.org/01/…/10/P-0107", "back", public())

ARCHITECTURE.md 3.3, 3.7.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from ledger.entry.parse import Entry, parse_leaf, with_disclosures
from ledger.log.merkle import Nodes
from ledger.log.note import VerifierKey
from ledger.log.tiles import TileNodes
from ledger.lots.movement import Movement, movement
from ledger.registry.replay import Registry
from ledger.registry.snapshot import KeyRow, rows
from ledger.registry.tag_tree import Present
from ledger.store import checkpoints, disclosures, entries, objects
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.lookups import Lookups
from schemas.errors import InputError
from schemas.syntax import base64url

Result = TypeVar("Result")


class Held(Protocol):
    """Who holds the registry and the look-ups of a log."""

    def registry(self, ask: Callable[[Registry], Result]) -> Result:
        """Ask the registry as of the newest entry."""
        ...

    def lookups(self, ask: Callable[[Lookups], Result]) -> Result:
        """Ask the look-ups as of the newest entry."""
        ...

    def snapshot(self) -> int | None:
        """The newest snapshot that covers everything, written now where that is possible; None without any."""
        ...

    def settled(self) -> None:
        """Return when the read side holds every entry committed before the call."""
        ...


class LogSource:
    """`ledger.prove.Source` over an opened store."""

    def __init__(self, store: Store, held: Held, wrapping_key: Callable[[str], bytes]) -> None:
        self._store = store
        self._held = held
        self._wrapping_key = wrapping_key
        self._rows: tuple[int, tuple[KeyRow, ...]] | None = None
        self._erased: dict[str, set[int]] = {}
        self._erased_to, self._erasing = 0, threading.Lock()

    @property
    def origin(self) -> str:
        """The log's origin line."""
        return self._held.registry(lambda registry: registry.origin)

    @property
    def vkey(self) -> str:
        """The log's verifier key as text."""
        return str(VerifierKey.of_log(self.origin, self._held.registry(lambda registry: registry.log_key)))

    def snapshot(self) -> int:
        """The index of the newest snapshot whose checkpoint is kept; `InputError("no-snapshot")`."""
        index = self._held.snapshot()
        if index is None:
            raise InputError("no-snapshot")
        return index

    def checkpoint(self, size: int) -> str:
        """The kept checkpoint of this size; `InputError("no-checkpoint")`."""
        with self._store.read() as connection:
            note = checkpoints.kept(connection, size)
        if note is None:
            raise InputError("no-checkpoint", size=size)
        return note.decode("utf-8")

    def nodes(self, size: int) -> Nodes:
        """The complete subtrees of the tree of `size` leaves, from tiles."""
        return TileNodes(self._store.tiles.read, size)

    def entry(self, index: int) -> Entry:
        """The entry with every disclosure that is still held."""
        with self._store.read() as connection:
            jwt = entries.get(connection, index)
            leaf = parse_leaf(jwt)
            if not leaf.claims.sd and leaf.claims.profile is None:
                return leaf
            texts = disclosures.get(self._store, connection, index, self._wrapping_key(leaf.claims.iss))
        return with_disclosures(jwt, texts)

    def entries_of(self, uri: str) -> Sequence[int]:
        """The indexes of all entries about one object, rising."""
        self._held.settled()
        with self._store.read() as connection:
            return sorted({index for index, _ in objects.entries_of(connection, uri)})

    def movement(self, index: int) -> Movement:
        """What the event at this index does to lots and units."""
        return movement(self.entry(index).content or {})

    def index_of(self, leaf: bytes) -> int | None:
        """Where the entry with this leaf hash stands."""
        return self._with_lookups(lambda lookups, connection: lookups.find_leaf(connection, leaf))

    def lane_index(self, kid: str, seq: int) -> int:
        """The index of one place in a lane; `InputError("lane-unknown")`."""
        with self._store.read() as connection:
            found = entries.at(connection, kid, seq)
        if found is None:
            raise InputError("lane-unknown", kid=kid, seq=seq)
        return found[0]

    def introduction(self, kid: str) -> int:
        """The index of the entry that introduced a key; `InputError("key-unknown")`."""
        key = self._held.registry(lambda registry: registry.key_state(kid))
        if key is None:
            raise InputError("key-unknown", kid=kid)
        return key.by

    def erasures(self, index: int) -> Sequence[int]:
        """The indexes of the `erasure` entries that name the entry at `index`."""
        with self._store.read() as connection, self._erasing:
            leaf = base64url.encode(parse_leaf(entries.get(connection, index)).jwt.leaf)
            self._read_erasures(connection)
        return sorted(self._erased.get(leaf, ()))

    def _read_erasures(self, connection: Connection) -> None:
        """Note what erasures name, from where the log was read to before: what is logged does not change."""
        for at, jwt in entries.public_entries(connection, self._erased_to):
            claims = parse_leaf(jwt).claims
            erased = claims.body["erased"] if claims.kind == "erasure" and claims.body else ()
            for item in erased:
                self._erased.setdefault(str(item["entry"]), set()).add(at)
            self._erased_to = at + 1

    def standing(self, at: int) -> Sequence[str]:
        """The rows of the snapshot at index `at`."""
        if self._rows is None or self._rows[0] != at:
            with self._store.read() as connection:
                self._rows = at, rows(registry_at(connection, at))
        return [row.text() for row in self._rows[1]]

    def tag_present(self, at: int, tag: bytes) -> Present:
        """Proof of a tag in the tree of the snapshot at `at`."""
        return self._with_lookups(lambda lookups, c: lookups.tag_tree_at(c, at).prove_present(tag))

    def tag_absent(self, at: int, tag: bytes) -> Present | None:
        """Proof that a tag is not in the tree of the snapshot at `at`."""
        return self._with_lookups(lambda lookups, c: lookups.tag_tree_at(c, at).prove_absent(tag))

    def _with_lookups(self, ask: Callable[[Lookups, Connection], Result]) -> Result:
        def asked(lookups: Lookups) -> Result:
            with self._store.read() as connection:
                return ask(lookups, connection)

        return self._held.lookups(asked)


def registry_at(connection: Connection, size: int) -> Registry:
    """The registry over the entries [0, size), from public entries and lanes; `InputError("log-missing")`."""
    registry: Registry | None = None
    for index, jwt in entries.public_entries(connection):
        if index >= size:
            break
        entry = parse_leaf(jwt)
        if registry is None:
            registry = Registry.genesis(entry)
        else:
            registry.resume(index, entry)
    if registry is None:
        raise InputError("log-missing")
    registry.resume_lanes(entries.lanes_at(connection, size), size)
    return registry
