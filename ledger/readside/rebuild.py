"""Drops every derived table and makes it again from entries and disclosures (ARCHITECTURE.md 4).

- One transaction: who reads meanwhile sees the old tables, and a rebuild that stops half-way changed nothing.
- Both the sequencer and this go through `derive` and `refresh`, so the result is the same but for what was erased.
- The registry's dump is dropped too; the next start replays the log and keeps a new one.
- Run it without a writer: a writer's look-ups in memory would know runs that are gone.
- A store whose read side has an older form gets it this way when a writer opens it, and then also the times that stand
  in for those at which its first entries were logged (`ledger.store.logged`).

    rebuild(store, keyring.wrapping_key)
"""

from collections.abc import Callable, Iterator

from ledger.entry.parse import Entry, parse_leaf, read_record, with_disclosures
from ledger.readside import refresh
from ledger.readside.derive import Derived, derive
from ledger.registry.replay import Registry
from ledger.store import disclosures, entries, logged, read_form, tables
from ledger.store.bulk import insert
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.lookups import Lookups

GATEWAY = "gateway"
_BATCH = 256
Progress = Callable[[int, int], None]


def rebuild(
    store: Store, wrapping_key: Callable[[str], bytes], progress: Progress | None = None, *, now: float | None = None
) -> int:
    """Recreate all derived tables in one transaction; how many entries were read.

    `wrapping_key(iss)` opens a member's disclosures; `progress(done, of)` is called after each batch. `now`, in seconds
    since 1970: no time that stands in for a record time lies beyond it; without it none are made.
    """
    with store.begin() as connection:
        for table in tables.DERIVED:
            connection.execute(table.delete())
        size = entries.size(connection)
        rebuilt = _Rebuild(store, connection, wrapping_key, _StandIn(connection, now) if now is not None else None)
        for start in range(0, size, _BATCH):
            rebuilt.batch(start, min(start + _BATCH, size))
            if progress is not None:
                progress(min(start + _BATCH, size), size)
        rebuilt.lanes()
        read_form.put(connection)
        lookups = Lookups.open(connection)
        lookups.tag_root(connection)
        lookups.flush(connection)
    return size


def derive_again(
    store: Store, connection: Connection, index: int, wrapping_key: bytes, *, signed: bool = True
) -> Derived:
    """What the read side says of one entry with the disclosures that are left; for `refresh.replace`."""
    texts = disclosures.get(store, connection, index, wrapping_key)
    return derive(index, with_disclosures(entries.get(connection, index), texts), signed=signed)


class _Rebuild:
    """The state carried from batch to batch: the registry, which knows the gateways, and the lanes' heads."""

    def __init__(
        self,
        store: Store,
        connection: Connection,
        wrapping_key: Callable[[str], bytes],
        stand_in: "_StandIn | None" = None,
    ) -> None:
        self._store = store
        self._connection = connection
        self._wrapping_key = wrapping_key
        self._stand_in = stand_in
        self._registry: Registry | None = None
        self._heads: dict[str, tuple[int, bytes, int]] = {}

    def batch(self, start: int, stop: int) -> None:
        """Derive the entries [start, stop)."""
        leaves = [
            (start + at, parse_leaf(jwt)) for at, jwt in enumerate(list(entries.span(self._connection, start, stop)))
        ]
        refresh.write(self._connection, list(self._derived(leaves)))

    def _derived(self, leaves: list[tuple[int, Entry]]) -> Iterator[Derived]:
        private = {index: self._wrapping_key(leaf.claims.iss) for index, leaf in leaves if leaf.claims.private}
        texts = disclosures.get_many(self._store, self._connection, private)
        for index, leaf in leaves:
            self._heads[leaf.jwt.kid] = leaf.claims.seq, leaf.jwt.leaf, index
            if leaf.claims.private:
                entry = with_disclosures(leaf.jwt.raw, texts.get(index, []))
                if self._stand_in is not None:
                    self._stand_in.note(index, read_record(entry).iat)
                yield derive(index, entry, signed=not self._gateway(leaf.jwt.kid))
            elif leaf.claims.body is not None and leaf.claims.kind != "tags":
                self._replay(index, leaf)

    def _replay(self, index: int, leaf: Entry) -> None:
        if self._registry is None:
            self._registry = Registry.genesis(leaf)
        else:
            self._registry.resume(index, leaf)

    def _gateway(self, kid: str) -> bool:
        state = self._registry.key_state(kid) if self._registry else None
        return state is not None and state.role == GATEWAY

    def lanes(self) -> None:
        """Keep the lanes' heads."""
        rows = self._connection.execute(tables.kid.select()).all()
        numbers = {row.kid: row.id for row in rows}
        insert(self._connection, tables.lane, sorted((numbers[kid], *head) for kid, head in self._heads.items()))


class _StandIn:
    """The times that stand in for those at which entries were logged before times were noted: what their signers say,
    made to rise, and never beyond the first that was noted, or now."""

    def __init__(self, connection: Connection, now: float) -> None:
        self._connection = connection
        first = logged.first(connection)
        self._stop = None if first is None else first[0]
        self._latest = int(now * logged.MICROSECONDS) if first is None else first[1]
        self._last = -1

    def note(self, index: int, iat: int | None) -> None:
        """One entry and the seconds since 1970 at which it says it was written."""
        if iat is None or (self._stop is not None and index >= self._stop):
            return
        at = min(iat * logged.MICROSECONDS, self._latest - 1)
        if at > self._last:
            logged.put_all(self._connection, [(index, at)])
            self._last = at
