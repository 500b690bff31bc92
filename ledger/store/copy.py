"""One store copied into another, as of one moment, while the first goes on: what `backup` and `restore` are made of.

- Rows are read in one snapshot and written in one transaction, so the copy is a state that the store really had.
- Files of documents are copied as they are sealed. Tiles follow from entries and are made again for the head that was
  copied; nothing is read that a running writer may be replacing.
- The read side is left out, for it says in clear what disclosures say: a copy without secrets must open nothing, and
  what is erased later must not linger in it. Whoever opens the copy follows its entries from the first on.
- Secrets are never part of it: `copy_secrets` is asked for by name (ARCHITECTURE.md 3.8). Neither are sessions,
  failed logins and what was handed in but not yet answered: they are of the moment. Tokens and accounts are, as
  digests.
- SQLite and PostgreSQL copy into each other: a backup is always a folder.

    with Store.create("backup-2026-11-22") as target: copy_ledger(store, target)
"""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Table, func, select

from ledger.log.merkle import LeafNodes, leaf_hash
from ledger.log.tiles import encode_bundle, tile_data, tiles_to_write
from ledger.store import checkpoints, entries, files
from ledger.store import evidence as evidence_store
from ledger.store.bulk import insert
from ledger.store.connect import patient
from ledger.store.engine import Store
from ledger.store.tables import JUDGED, LEDGER, OF_THE_MOMENT, READ_SIDE, file_bytes, file_key, read_side, secret, tile

_LEFT_OUT = (tile, file_bytes, read_side, *READ_SIDE, *JUDGED, *OF_THE_MOMENT)
_ROWS = 2000
_FILES = 256
Progress = Callable[[int, int], None]


def copy_ledger(source: Store, target: Store, progress: Progress = lambda done, total: None) -> int:
    """Copy every row that is kept into an empty store, then make its tiles; the number of entries published."""
    with source.read() as reading, target.begin() as writing:
        patient(writing)
        tables = [table for table in LEDGER.sorted_tables if table not in _LEFT_OUT]
        total = sum(_count(reading, table) for table in tables)
        done = 0
        for table in tables:
            for rows in _pages(reading, table):
                insert(writing, table, rows)
                done += len(rows)
                progress(done, total)
        files.copy_files(source, reading, target, writing)
    with target.read() as reading:
        head = checkpoints.head(reading)
        published = checkpoints.published(reading)
        found = [evidence_store.get(reading, digest) for digest, _ in evidence_store.listing(reading)]
        size = head[0] if head is not None else 0
        _write_tiles(target, list(entries.span(reading, 0, size)))
    if target.folder is not None:
        folder = target.folder / evidence_store.FOLDER
        documents = [document for document in found if document is not None]
        target.ops.replace([(folder / evidence_store.file_name(document), document) for document in documents])
    if published is not None:
        target.tiles.write([("checkpoint", published[1])])
    return size


def copy_secrets(source: Store, target: Store) -> int:
    """Copy the keys of disclosures and files from store to store; how many rows."""
    copied = 0
    with source.read_secrets() as reading, target.begin_secrets() as writing:
        for table in (secret, file_key):
            for rows in _pages(reading, table):
                insert(writing, table, rows, "replace")
                copied += len(rows)
    return copied


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _pages(connection: Connection, table: Table) -> Iterator[list[tuple[object, ...]]]:
    result = connection.execution_options(stream_results=True).execute(select(table))
    for rows in result.partitions(_ROWS):
        yield [tuple(row) for row in rows]


def _write_tiles(target: Store, jwts: list[bytes]) -> None:
    nodes = LeafNodes([leaf_hash(jwt) for jwt in jwts])
    files: list[tuple[str, bytes]] = []
    for item in tiles_to_write(0, len(jwts)):
        first = item.index * 256
        data = encode_bundle(jwts[first : first + item.width]) if item.level is None else tile_data(nodes, item)
        files.append((item.path, data))
        if len(files) == _FILES:
            target.tiles.write(files)
            files = []
    if files:
        target.tiles.write(files)
