"""Sorted runs: the look-ups of a range of entries, written once, kept in blocks of bytes.

A run covers the entries [start, stop) and holds
- of every leaf hash its first 32 bits and the index, one sorted 64-bit number each, in memory while open;
- of every tag its first 32 bits, sorted, in memory; and, in the same order, the records (tag, uint64be index) in pages
  that are read when needed.
So an open run costs 8 bytes an entry and 4 a tag, and a look-up one bisection and, on a hit, one page. Runs of one
tier are merged a slice of the hash space at a time: memory stays bounded however large they are.

    run = write(connection, number, tier=0, start=0, stop=8192, leaves=…, records=…)

ARCHITECTURE.md 4; docs/adr/0007-lookups-in-sorted-runs.md.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import lookup_block, lookup_run

RECORD = 40
PAGE_RECORDS = 32
_CHUNK = 1 << 20
_LEAVES, _TAGS, _PAGES = 0, 1, 2
_SLICE = 1 << 16


class StaleRunError(Exception):
    """A page of this run is gone: the writer merged it away since it was opened."""


@dataclass(frozen=True, slots=True)
class Run:
    """An open run. `leaves`: first 32 bits of the leaf hash << 32 | index; `tags`: first 32 bits of the tags."""

    number: int
    tier: int
    start: int
    stop: int
    leaves: "array[int]"
    tags: "array[int]"

    def leaf_candidates(self, leaf: bytes) -> Iterator[int]:
        """Indexes whose leaf hash begins like this one."""
        first = prefix(leaf)
        position = bisect_left(self.leaves, first << 32)
        while position < len(self.leaves) and self.leaves[position] >> 32 == first:
            yield self.leaves[position] & 0xFFFFFFFF
            position += 1

    def records(self, connection: Connection, low: int, high: int) -> list[bytes]:
        """The records (tag + uint64be index) of the tags whose first 32 bits are in [low, high), sorted."""
        first, last = bisect_left(self.tags, low), bisect_left(self.tags, high)
        if first == last:
            return []
        pages = range(first // PAGE_RECORDS, (last - 1) // PAGE_RECORDS + 1)
        found = _read_pages(connection, self.number, pages)
        if len(found) != len(pages):
            raise StaleRunError
        data = b"".join(found)
        skip = pages.start * PAGE_RECORDS
        return [data[at : at + RECORD] for at in range((first - skip) * RECORD, (last - skip) * RECORD, RECORD)]

    def tag_records(self, connection: Connection, tag: bytes) -> list[bytes]:
        """The records of exactly this tag."""
        first = prefix(tag)
        position = bisect_left(self.tags, first)
        if position == len(self.tags) or self.tags[position] != first:
            return []
        return [record for record in self.records(connection, first, first + 1) if record.startswith(tag)]


def _read_pages(connection: Connection, number: int, pages: range) -> list[bytes]:
    """Some neighbouring pages of a run; said to the driver directly, for admission looks tags up one by one."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    where = f"run = {mark} AND kind = {mark} AND n >= {mark} AND n < {mark}"
    sql = f"SELECT data FROM lookup_block WHERE {where} ORDER BY n"
    return [row[0] for row in connection.exec_driver_sql(sql, (number, _PAGES, pages.start, pages.stop))]


def prefix(digest: bytes) -> int:
    """The first 32 bits of a hash."""
    return int.from_bytes(digest[:4], "big")


def record(tag: bytes, index: int) -> bytes:
    """One tag at one index, so that records sort by tag, then index."""
    return tag + index.to_bytes(8, "big")


def write(
    connection: Connection,
    number: int,
    *,
    tier: int,
    start: int,
    stop: int,
    leaves: "array[int]",
    tags: Iterable[bytes],
) -> Run:
    """Write a run from sorted leaf numbers and sorted records."""
    prefixes = array("I")
    rows: list[tuple[int, int, int, bytes]] = []
    for n, page in enumerate(_pages(tags)):
        rows.append((number, _PAGES, n, page))
        prefixes.extend(_prefixes(page))
        if len(rows) == 256:
            insert(connection, lookup_block, rows)
            rows = []
    rows += [(number, _LEAVES, n, chunk) for n, chunk in enumerate(_chunks(leaves))]
    rows += [(number, _TAGS, n, chunk) for n, chunk in enumerate(_chunks(prefixes))]
    insert(connection, lookup_block, rows)
    insert(connection, lookup_run, [(number, tier, start, stop, len(prefixes))])
    return Run(number, tier, start, stop, leaves, prefixes)


def merge(connection: Connection, number: int, runs: Sequence[Run]) -> Run:
    """One run of the next tier in place of neighbouring runs, which are deleted."""
    joined = array("Q", sorted(leaf for run in runs for leaf in run.leaves))
    merged = write(
        connection,
        number,
        tier=max(run.tier for run in runs) + 1,
        start=runs[0].start,
        stop=runs[-1].stop,
        leaves=joined,
        tags=_merged(connection, runs),
    )
    remove(connection, [run.number for run in runs])
    return merged


def remove(connection: Connection, numbers: Sequence[int]) -> None:
    """Delete runs. They hold hashes that stand in the log anyway, so their pages need no overwriting."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    try:
        connection.execute(delete(lookup_block).where(lookup_block.c.run.in_(list(numbers))))
        connection.execute(delete(lookup_run).where(lookup_run.c.id.in_(list(numbers))))
    finally:
        if sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")


def load(connection: Connection, known: dict[int, Run]) -> list[Run]:
    """The runs kept, in order of entries, without a gap from 0; those in `known` are not read again."""
    found: list[Run] = []
    for row in connection.execute(select(lookup_run).order_by(lookup_run.c.start)).all():
        if row.start != (found[-1].stop if found else 0):
            break
        run = known.get(row.id) or Run(
            row.id, row.tier, row.start, row.stop, _array(connection, "Q", row.id), _array(connection, "I", row.id)
        )
        if len(run.leaves) != run.stop - run.start or len(run.tags) != row.tags:
            break
        found.append(run)
    return found


def _merged(connection: Connection, runs: Sequence[Run]) -> Iterator[bytes]:
    """All records in order, a slice of the hash space at a time."""
    slices = max(1, sum(len(run.tags) for run in runs) // _SLICE)
    for n in range(slices):
        low, high = (n << 32) // slices, ((n + 1) << 32) // slices
        yield from sorted([item for run in runs for item in run.records(connection, low, high)])


def _pages(records: Iterable[bytes]) -> Iterator[bytes]:
    page: list[bytes] = []
    for item in records:
        page.append(item)
        if len(page) == PAGE_RECORDS:
            yield b"".join(page)
            page.clear()
    if page:
        yield b"".join(page)


def _prefixes(page: bytes) -> "array[int]":
    numbers = array("I", b"".join([page[at : at + 4] for at in range(0, len(page), RECORD)]))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _chunks(numbers: "array[int]") -> Iterator[bytes]:
    """Little-endian bytes in blocks that every database takes."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    data = numbers.tobytes()
    yield from (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))


def _array(connection: Connection, typecode: str, number: int) -> "array[int]":
    kind = _LEAVES if typecode == "Q" else _TAGS
    query = select(lookup_block.c.data).where(lookup_block.c.run == number, lookup_block.c.kind == kind)
    numbers: array[int] = array(typecode)
    for data in connection.execute(query.order_by(lookup_block.c.n)).scalars():
        numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def numbers(connection: Connection) -> list[int]:
    """The numbers of all runs kept."""
    return list(connection.execute(select(lookup_run.c.id)).scalars())


def next_number(connection: Connection) -> int:
    """A number no run has had; a merged run is always the newest, so numbers only rise."""
    return max(numbers(connection), default=0) + 1
