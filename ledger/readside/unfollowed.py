"""What is in the log and not yet in the read side: is any of it about what an answer was made of?

- Entries are answered for before the read side follows them (docs/adr/0029). Who needs the derived rows waits until it
  has; who only wants to know whether something changed reads those few entries as the follower will, and waits for
  nobody: neither for the ordering lock, nor for a commit.
- What was answered is in a head: the head is moved before the log signs. Beyond it nobody was told anything yet.
- Where it cannot be told (keys that are not here, something erased, a fault of the entry, very many), the answer is
  no, and whoever asks waits for the read side after all.

    silent = unfollowed.silent(connection, about)

docs/adr/0070-a-page-that-waits-for-nobody.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.entry.parse import Entry
from ledger.readside.derive import Derived
from ledger.readside.follow import leaves_of, reread
from ledger.readside.unchanged import QUIET, About
from ledger.store import checkpoints, read_side
from ledger.store.connection import Connection
from ledger.store.engine import Store
from schemas.errors import LedgerError

MOST_ENTRIES = 64


@dataclass(frozen=True, slots=True)
class _Said:
    """What the entries [start, stop) are about: objects (canonical URIs), and members whose master data it is."""

    start: int
    stop: int
    objects: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    certain: bool = False


class Unfollowed:
    """The entries that one store's read side lacks. What they are about is read once for all who ask."""

    def __init__(self, store: Store, wrapping_key: Callable[[str], bytes]) -> None:
        self._store = store
        self._wrapping_key = wrapping_key
        self._said = _Said(0, 0)

    def silent(self, connection: Connection, about: About) -> bool:
        """Is nothing that was answered for and is not in the read side about this? `connection`: says which are."""
        start, head = read_side.size(connection), checkpoints.head(connection)
        stop = head[0] if head else 0
        if start >= stop:
            return True
        said = self._said
        if (said.start, said.stop) != (start, stop):
            said = self._said = self._read(connection, start, stop)
        return said.certain and about.objects.isdisjoint(said.objects) and about.members.isdisjoint(said.members)

    def _read(self, connection: Connection, start: int, stop: int) -> _Said:
        if stop - start > MOST_ENTRIES:
            return _Said(start, stop)
        try:
            leaves = leaves_of(connection, start, stop)
            rows = [each.derived() for each in reread(self._store, connection, leaves, self._wrapping_key, _any)]
        except LedgerError:
            return _Said(start, stop)
        objects = {uri for row in rows for uri in (*(use.uri for use in row.uses), *row.about)}
        members = {row.master.version.member for row in rows if row.master}
        certain = all(map(_told, rows)) and all(map(_of_nobody, (leaf for _, leaf in leaves)))
        return _Said(start, stop, frozenset(objects), frozenset(members), certain)


def _any(_: str) -> bool:
    """Who signed changes what is found in an entry, not what it is about."""
    return True


def _told(row: Derived) -> bool:
    """Does the entry say what it is about?"""
    return row.event is not None or row.master is not None or bool(row.about)


def _of_nobody(leaf: Entry) -> bool:
    """Public entries change everything, but for those that say nothing of anybody."""
    return leaf.claims.private or leaf.claims.kind in QUIET
