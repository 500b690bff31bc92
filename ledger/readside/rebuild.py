"""Drops every derived table and makes it again from entries and disclosures (ARCHITECTURE.md 4).

- One transaction: who reads meanwhile sees the old tables, and a rebuild that stops half-way changed nothing.
- Who follows the log goes through the same `derive` and `refresh`, so the result is the same but for what was erased;
  afterwards the read side holds every entry, also those that nobody had followed yet.
- The registry's dump is dropped too; the next start replays the log and keeps a new one.
- Run it without a writer: a writer's look-ups in memory would know runs that are gone.

    rebuild(store, keyring.wrapping_key)
"""

from collections.abc import Callable

from ledger.entry.parse import Entry
from ledger.readside import refresh
from ledger.readside.follow import leaves_of, reread
from ledger.registry.replay import Registry
from ledger.store import entries, judged, read_side, tables
from ledger.store.bulk import insert
from ledger.store.connect import patient
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.lookups import Lookups

GATEWAY = "gateway"
_BATCH = 256
Progress = Callable[[int, int], None]


def rebuild(store: Store, wrapping_key: Callable[[str], bytes], progress: Progress | None = None) -> int:
    """Recreate all derived tables in one transaction; how many entries were read.

    `wrapping_key(iss)` opens a member's disclosures; `progress(done, of)` is called after each batch.
    """
    with store.begin() as connection:
        patient(connection)
        size = entries.size(connection)
        # First of all, so that whoever follows meanwhile waits, and then finds that nothing is left to follow.
        read_side.put(connection, size)
        turn = judged.turn(connection)
        for table in tables.DERIVED:
            connection.execute(table.delete())
        judged.begin_again(connection, turn)
        rebuilt = _Rebuild(store, connection, wrapping_key)
        for start in range(0, size, _BATCH):
            rebuilt.batch(start, min(start + _BATCH, size))
            if progress is not None:
                progress(min(start + _BATCH, size), size)
        rebuilt.lanes()
        lookups = Lookups.open(connection)
        lookups.tag_root(connection)
        lookups.flush(connection)
    return size


class _Rebuild:
    """The state carried from batch to batch: the registry, which knows the gateways, and the lanes' heads."""

    def __init__(self, store: Store, connection: Connection, wrapping_key: Callable[[str], bytes]) -> None:
        self._store = store
        self._connection = connection
        self._wrapping_key = wrapping_key
        self._registry: Registry | None = None
        self._heads: dict[str, tuple[int, bytes, int]] = {}

    def batch(self, start: int, stop: int) -> None:
        """Derive the entries [start, stop)."""
        leaves = leaves_of(self._connection, start, stop)
        for index, leaf in leaves:
            self._heads[leaf.jwt.kid] = leaf.claims.seq, leaf.jwt.leaf, index
            # A key's role never changes, so the keys of the whole batch may be known before its entries are derived.
            if not leaf.claims.private and leaf.claims.body is not None and leaf.claims.kind != "tags":
                self._replay(index, leaf)
        waiting = reread(self._store, self._connection, leaves, self._wrapping_key, self._gateway)
        refresh.write(self._connection, [item.derived() for item in waiting])

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
