"""The read side follows the log: rows of committed entries, written after them, in order (docs/adr/0029).

- A *stretch* is the entries [start, stop), the next ones that the read side lacks. Its rows are written in one
  transaction that first moves `read_side` from `start` to `stop`, so whoever follows, writer or reader, in whatever
  process, writes each entry once, after the one before it.
- `Waiting` is an entry as admission read it, kept in memory until its turn; `reread` makes the same of what the store
  holds: after a crash, and in a process that did not write it.
- The result depends on the entries and their order alone. An entry that cannot be derived stands as the finding
  `entry-not-derived`, for nothing that somebody sent may keep the read side from going on.

    follow(store, [Waiting(7, entry)], 7, 8)

ARCHITECTURE.md 2, rule 7; 4.
"""

from collections.abc import Callable, Iterable, Sequence

from ledger.entry.parse import Entry, parse_leaf, with_disclosures
from ledger.readside import refresh
from ledger.readside.derive import Derived, derive, placed
from ledger.store import disclosures, entries, read_side
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.findings import Finding

STRETCH = 256
"""Entries followed in one transaction: so long a capture that comes meanwhile waits, some tens of milliseconds."""


class Waiting:
    """A private entry at its index, and what it says of the read side, derived when first asked for.

    `derived`: what a process beside the writer derived before the index was known; then of `entry` the leaf is enough.
    `signed`: False where the gateway signed for a member.
    """

    __slots__ = ("_derived", "_entry", "index", "signed")

    def __init__(self, index: int, entry: Entry, *, signed: bool = True, derived: Derived | None = None) -> None:
        self.index = index
        self.signed = signed
        # What the disclosures say is needed, not themselves: an entry that was admitted comes without them.
        self._entry: Entry | None = None if derived else entry._replace(disclosures=()) if entry.disclosures else entry
        self._derived = placed(derived, index, signed=signed) if derived else None

    def derived(self) -> Derived:
        """The rows of the entry; the trees they came from are let go of."""
        if self._derived is None:
            assert self._entry is not None
            self._derived, self._entry = derived_or_found(self.index, self._entry, signed=self.signed), None
        return self._derived


def derived_or_found(index: int, entry: Entry, *, signed: bool) -> Derived:
    """What `derive` says, or the finding that it failed: a fault of ours, which must not stop what comes after."""
    try:
        return derive(index, entry, signed=signed)
    except MemoryError:
        raise
    except Exception as error:
        problem = Finding(index, "entry-not-derived", {"problem": type(error).__name__})
        return Derived(index, findings=(problem,), member=entry.claims.iss)


def follow(store: Store, waiting: Iterable[Waiting], start: int, stop: int) -> bool:
    """Write the rows of the private entries of a stretch; False where somebody else followed meanwhile."""
    derived = [item.derived() for item in waiting]
    with store.begin() as connection:
        if not read_side.move(connection, start, stop):
            return False
        refresh.write(connection, derived)
    return True


def reread(
    store: Store,
    connection: Connection,
    leaves: Sequence[tuple[int, Entry]],
    wrapping_key: Callable[[str], bytes],
    gateway: Callable[[str], bool],
) -> list[Waiting]:
    """The private ones of these leaves (index, leaf), with the disclosures that the store still holds.

    `gateway(kid)`: is it a key of that role? `EvidenceError("disclosure-sealed")` where a disclosure was altered.
    """
    private = {index: wrapping_key(leaf.claims.iss) for index, leaf in leaves if leaf.claims.private}
    texts = disclosures.get_many(store, connection, private)
    return [
        Waiting(index, with_disclosures(leaf.jwt.raw, texts.get(index, [])), signed=not gateway(leaf.jwt.kid))
        for index, leaf in leaves
        if leaf.claims.private
    ]


def leaves_of(connection: Connection, start: int, stop: int) -> list[tuple[int, Entry]]:
    """The leaves of the entries [start, stop), each with its index."""
    return [(start + at, parse_leaf(jwt)) for at, jwt in enumerate(list(entries.span(connection, start, stop)))]


def catch_up(store: Store, wrapping_key: Callable[[str], bytes], gateway: Callable[[str], bool]) -> bool:
    """Follow one stretch from what the store holds; False when the read side has all that is committed."""
    with store.read() as connection:
        start, committed = read_side.size(connection), entries.size(connection)
        stop = min(start + STRETCH, committed)
        if start >= stop:
            return False
        waiting = reread(store, connection, leaves_of(connection, start, stop), wrapping_key, gateway)
    follow(store, waiting, start, stop)
    return True
