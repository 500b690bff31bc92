"""A lot, a direction and an Audience become a bundle: the entries of its history with every proof they need.

- Everything is as of one checkpoint: the newest snapshot at index `at`, size `at` + 1. What came later is not here.
- Opened for the Audience: the closure of `ledger.lots.trace`, and whatever else carries the subject's tags.
- As leaves only: parents that these name, the `tags` entries before them. In clear: erasures that name
  them, index 0, the snapshot, and for each key used the entry that introduced it.
- For an event that names no object its index takes the subject's place: that entry alone is opened, no subject written.

    data = prove(node, "https://id.gs1.org/01/09521234000012/10/L1", "back", public())
    data = prove(node, 17, "back", full())

ARCHITECTURE.md 3.7. `Source` is what is asked of the log.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from ledger.audience import Audience
from ledger.bundle import (
    MAX_ENTRIES,
    AbsentPart,
    Bundle,
    Completeness,
    Direction,
    EntryPart,
    LogPart,
    PresentPart,
    StandingPart,
    write,
)
from ledger.entry.parse import Entry, read_record
from ledger.entry.tags import tag
from ledger.log.merkle import LeafNodes, inclusion_proof, leaf_hash, range_root, walk_ranges
from ledger.lots.movement import Movement
from ledger.lots.trace import closure
from ledger.registry.tag_tree import Present
from ledger.source import Source as Source
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri

Naming: TypeAlias = Callable[[Sequence[Entry]], Iterable[int]]
"""The entries of a history -> the entries, such as master data, that name what is in it."""


def nothing(_: Sequence[Entry]) -> Iterable[int]:
    """A history alone."""
    return ()


def prove(
    source: Source,
    subject: str | int,
    direction: Direction,
    audience: Audience,
    *,
    naming: Naming = nothing,
    keys: Iterable[str] = (),
) -> bytes:
    """The bundle about a lot or unit (any URI of it), or about the event at an index.

    `naming`: what an export shows besides the history; `keys`: kids whose standing it shows, whatever they signed.
    `InputError`: `unknown-lot`, `no-entry`, `no-snapshot`,
    `bundle-too-many-entries`.
    """
    at = source.snapshot()
    uri = canonical_uri(subject) if isinstance(subject, str) else None
    history = _history(source, subject if uri is None else uri, direction, at)
    proof = _Proof(source, at, uri, audience)
    named = naming([proof.entry(index) for index in sorted(history)])
    return write(proof.bundle({*history, *(index for index in named if index < at)}, direction, frozenset(keys)))


def _history(source: Source, subject: str | int, direction: Direction, at: int) -> set[int]:
    """The entries to be opened."""
    if isinstance(subject, int):
        if subject >= at:
            raise InputError("no-entry", index=subject, size=at)
        return {subject}
    found = set(closure(_Edges(source, at), subject, direction))
    if not found:
        raise InputError("unknown-lot", lot=subject)
    return found


class _Edges:
    """`ledger.lots.genealogy.Edges` over a source, as of the snapshot; each entry is read once."""

    def __init__(self, source: Source, at: int) -> None:
        self._source, self._at = source, at
        self._movements: dict[int, Movement] = {}

    def entries_of(self, uri: str) -> Sequence[tuple[int, Movement]]:
        """The entries about an object that stand before the snapshot."""
        return [(index, self.movement(index)) for index in self._source.entries_of(uri) if index < self._at]

    def movement(self, index: int) -> Movement:
        """What the entry at this index does."""
        found = self._movements.get(index)
        if found is None:
            found = self._movements[index] = self._source.movement(index)
        return found


class _Proof:
    """One bundle being made."""

    def __init__(self, source: Source, at: int, subject: str | None, audience: Audience) -> None:
        self.source, self.at, self.subject, self.audience = source, at, subject, audience
        self._entries: dict[int, Entry] = {}

    def bundle(self, opened: set[int], direction: Direction, keys: frozenset[str] = frozenset()) -> Bundle:
        """The bundle that opens these entries and shows how these keys stand."""
        completeness = self.completeness(opened)
        if completeness is not None:
            opened = opened | {index for part in completeness.present for index in part.indexes}
        introduced = {index for index in map(self.source.introduction, keys) if index < self.at}
        indexes = self.with_keys(opened | self.needed(opened) | introduced)
        if len(indexes) > MAX_ENTRIES:
            raise InputError("bundle-too-many-entries", limit=MAX_ENTRIES, found=len(indexes))
        return Bundle(
            self.subject,
            direction,
            (self.log(indexes),),
            tuple(self.part(index, opened) for index in indexes),
            self.standing({self.entry(index).jwt.kid for index in indexes} | keys),
            completeness,
        )

    def entry(self, index: int) -> Entry:
        """An entry of the log, read once."""
        found = self._entries.get(index)
        if found is None:
            found = self._entries[index] = self.source.entry(index)
        return found

    def needed(self, opened: Iterable[int]) -> set[int]:
        """What opened entries cannot be without: their parents, their `tags` entries, and what was said of them."""
        found: set[int] = set()
        for index in opened:
            entry = self.entry(index)
            for leaf in read_record(entry).par:
                parent = self.source.index_of(leaf)
                found |= set() if parent is None else {parent}
            for back in range(1, entry.claims.more + 1):
                found.add(self.source.lane_index(entry.jwt.kid, entry.claims.seq - back))
            found |= {other for other in self.source.erasures(index) if other < self.at}
        return found

    def with_keys(self, indexes: set[int]) -> list[int]:
        """These entries, index 0, the snapshot, and the introduction of each key, of its introducer, and so on."""
        found = {0, self.at}
        waiting = sorted(indexes | found)
        found.update(waiting)
        while waiting:
            introduction = self.source.introduction(self.entry(waiting.pop()).jwt.kid)
            if introduction not in found:
                found.add(introduction)
                waiting.append(introduction)
        return sorted(found)

    def part(self, index: int, opened: set[int]) -> EntryPart:
        """One entry of the bundle; one that is not opened shows its leaf, a public one its profile for the Audience."""
        entry = self.entry(index)
        shown = index in opened or not entry.claims.private
        disclosures = self.audience.disclosures(entry, self.subject) if shown else []
        return EntryPart(0, index, entry.jwt.raw.decode("ascii"), tuple(disclosures))

    def log(self, indexes: Sequence[int]) -> LogPart:
        """The head and the walk's nodes."""
        size = self.at + 1
        nodes = self.source.nodes(size)
        walk = tuple(range_root(nodes, start, end) for start, end in walk_ranges(size, indexes))
        return LogPart(self.source.origin, self.source.vkey, self.source.checkpoint(size), size, walk)

    def standing(self, kids: set[str]) -> tuple[StandingPart, ...]:
        """The rows of these keys, with their paths."""
        rows = self.source.standing(self.at)
        tree = LeafNodes([leaf_hash(row.encode("ascii")) for row in rows])
        return tuple(
            StandingPart(0, self.at, number, row, tuple(inclusion_proof(tree, number, len(rows))))
            for number, row in enumerate(rows)
            if row.split(" ", 1)[0] in kids
        )

    def completeness(self, opened: Iterable[int]) -> Completeness | None:
        """All tags of the subject and the absence of the next; None where no entry gives it one key."""
        lots = [lot for index in opened for lot in read_record(self.entry(index)).lots]
        keys = sorted({lot.key for lot in lots if self.subject is not None and canonical_uri(lot.id) == self.subject})
        if not keys:
            return None
        present = list(self.counted(keys[0]))
        absent = self.source.tag_absent(self.at, tag(keys[0], len(present)))
        if not present or absent is None:
            return None
        parts = tuple(PresentPart(n, found.indexes, found.path) for n, found in enumerate(present))
        return Completeness(self.at, parts, AbsentPart(absent.tag, absent.indexes, absent.path))

    def counted(self, key: bytes) -> Iterable[Present]:
        """The proofs for n = 0, 1, … as long as there are any."""
        n = 0
        while True:
            try:
                yield self.source.tag_present(self.at, tag(key, n))
            except InputError as error:
                if error.code != "tag-unknown":
                    raise
                return
            n += 1
