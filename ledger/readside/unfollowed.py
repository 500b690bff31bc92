"""What the newest entries of the log are about, read from the log itself: is any of them about an answer?

- Entries are answered for before the read side follows them (docs/adr/0029). Who needs the derived rows waits until it
  has; who only wants to know whether something changed reads those few entries as the follower does, and waits for
  nobody: neither for the ordering lock, nor for a commit. What was read once is known for all who ask.
- What was answered is in a head: the head is moved before the log signs. Beyond it nobody was told anything yet.
- Where it cannot be told (keys that are not here, something erased, a fault of the entry, very many), the answer is
  no, and whoever asks waits for the read side after all.

    silent = unfollowed.silent(connection, about, start, head)

docs/adr/0070-a-page-that-waits-for-nobody.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.entry.parse import Entry
from ledger.readside.derive import Derived
from ledger.readside.follow import leaves_of, reread
from ledger.readside.unchanged import QUIET, About
from ledger.store import checkpoints
from ledger.store.connection import Connection
from ledger.store.engine import Store
from schemas.errors import LedgerError

MOST_ENTRIES = 64


@dataclass(frozen=True, slots=True)
class _Said:
    """What an entry is about: objects (canonical URIs), and the member whose master data it is. `certain`: it says."""

    certain: bool
    objects: frozenset[str] = frozenset()
    member: str = ""

    def is_about(self, about: About) -> bool:
        """May it be about this?"""
        return not (self.certain and about.objects.isdisjoint(self.objects) and self.member not in about.members)


class Unfollowed:
    """The newest entries of one store."""

    def __init__(self, store: Store, wrapping_key: Callable[[str], bytes]) -> None:
        self._store = store
        self._wrapping_key = wrapping_key
        self._said: dict[int, _Said] = {}

    def silent(self, connection: Connection, about: About, start: int, stop: int) -> bool:
        """Is none of the entries [start, stop) about this?"""
        if stop - start > MOST_ENTRIES:
            return False
        said = self._said
        unread = [index for index in range(start, stop) if index not in said]
        if unread:
            try:
                said = {**said, **self._read(connection, unread[0], stop)}
            except LedgerError:
                return False
            self._said = {index: each for index, each in said.items() if index >= stop - MOST_ENTRIES}
        return not any(said[index].is_about(about) for index in range(start, stop))

    def forget(self) -> None:
        """Know nothing any more: something is to be erased."""
        self._said = {}

    def _read(self, connection: Connection, start: int, stop: int) -> dict[int, _Said]:
        leaves = leaves_of(connection, start, stop)
        waiting = reread(self._store, connection, leaves, self._wrapping_key, _any)
        rows = {each.index: each.derived() for each in waiting}
        return {index: _of_row(rows[index]) if index in rows else _of_leaf(leaf) for index, leaf in leaves}


def answered(connection: Connection) -> int:
    """How many entries, from the first on, may have been answered for."""
    head = checkpoints.head(connection)
    return head[0] if head else 0


def _any(_: str) -> bool:
    """Who signed changes what is found in an entry, not what it is about."""
    return True


def _of_row(row: Derived) -> _Said:
    told = row.event is not None or row.master is not None or bool(row.about)
    objects = frozenset((*(use.uri for use in row.uses), *row.about))
    return _Said(told, objects, row.master.version.member if row.master else "")


def _of_leaf(leaf: Entry) -> _Said:
    """Public entries change everything, but for those that say nothing of anybody."""
    return _Said(leaf.claims.kind in QUIET)
