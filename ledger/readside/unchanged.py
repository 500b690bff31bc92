"""Does an answer about a lot's public history still hold? What was made of it may be kept as long as it does.

- What changes it: an entry about one of its objects (events, corrections, recalls), master data and documents of its
  members, whatever the registry or an erasure says, and what is published of it or withdrawn.
- *Mark*: until where the read side was read, which of its entries were published, and which erasures were due then. The
  answer is as good as new while nothing between its mark and now is about it, and then has the mark of now.
- After `MOST_ENTRIES` new entries nobody asks one by one: the answer is made anew.

    mark = moved(connection, about, mark)      # None: make it again

docs/adr/0060-what-a-pack-tells.md; tests/api/pages/consumer/test_kept.py has a test for each cause.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from ledger.entry.parse import parse_leaf
from ledger.store import attached, entries, erasures, master, objects, read_side, visibility
from ledger.store.connection import Connection

MOST_ENTRIES = 2000
QUIET = frozenset(("snapshot", "tags"))
"""Entries that say nothing of anybody: of how the log is read, and where objects stand in it."""


@dataclass(frozen=True, slots=True)
class About:
    """What an answer was made of: the indexes of its history, its objects and parties (canonical URIs), its members."""

    indexes: frozenset[int]
    objects: frozenset[str]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """How things stood when it was made. Take it before the answer is made: what comes between is found later."""

    size: int
    published: tuple[int, ...]
    due: tuple[int, ...]


def mark(connection: Connection, indexes: Collection[int]) -> Mark:
    """How things stand now for a history."""
    size, due = read_side.size(connection), tuple(erasures.due(connection))
    return Mark(size, visibility.published_of(connection, indexes), due)


def moved(connection: Connection, about: About, since: Mark) -> Mark | None:
    """The mark of now for an answer that still holds; None for one that does not."""
    now = mark(connection, about.indexes)
    if (now.published, now.due) != (since.published, since.due) or now.size < since.size:
        return None
    if now.size == since.size:
        return since
    if now.size - since.size > MOST_ENTRIES or any(said(connection, about, since.size, now.size) for said in _SAYING):
        return None
    return now


def of_everything(connection: Connection, since: Mark) -> bool:
    """Was something said since that is about every answer: by the registry, or that something is erased?"""
    now = mark(connection, ())
    return now.due != since.due or now.size < since.size or _registered(connection, since.size, now.size)


def _of_objects(connection: Connection, about: About, start: int, stop: int) -> bool:
    return not about.objects.isdisjoint(objects.named_between(connection, start, stop))


def _of_members(connection: Connection, about: About, start: int, stop: int) -> bool:
    return any(version.member in about.members for version, _, _ in master.stated_in(connection, start, stop))


def _of_documents(connection: Connection, about: About, start: int, stop: int) -> bool:
    return not about.objects.isdisjoint(attached.subjects_between(connection, start, stop))


def _of_the_registry(connection: Connection, _: About, start: int, stop: int) -> bool:
    return _registered(connection, start, stop)


def _registered(connection: Connection, start: int, stop: int) -> bool:
    for index, jwt in entries.public_entries(connection, start):
        if index >= stop:
            return False
        if parse_leaf(jwt).claims.kind not in QUIET:
            return True
    return False


_SAYING: tuple[Callable[[Connection, About, int, int], bool], ...] = (
    _of_objects, _of_members, _of_documents, _of_the_registry,
)  # fmt: skip
