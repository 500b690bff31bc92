"""The files of `document` entries, beside the ledger: encrypted, each under a key of its own, and erasable.

- SQLite: `STORE/documents/{id}`, PostgreSQL: a row. What opens a file, wrapped by its member's key, stands in the
  database of secrets, as that of disclosures does (`ledger.keys.wrapping`): who erases forgets the key first.
- A file is kept before its entry is logged, under a random id; the transaction that logs the entry ties both together.
  What a crash leaves without an entry is an orphan: nobody finds it, and `sweep` takes it away.
- What is read back is held against the SHA-256 that the entry signs, by whoever has the entry.

    id = keep(store, data, wrapping_key, now, random)
    with store.begin() as connection: …; tie(connection, id, index)
    sealed(store, connection, index)

ARCHITECTURE.md 3.2, 3.8; docs/adr/0040-files-beside-the-ledger.md.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from ledger.keys.wrapping import KEY_SIZE, open_each, seal_file, unwrap, wrap
from ledger.store import tables
from ledger.store.bulk import insert
from ledger.store.engine import Store
from schemas.errors import EvidenceError

FOLDER = "documents"
_ID_SIZE = 16
_DAY = 86_400


class SealedFile(NamedTuple):
    """A file as both databases hold it; `data` is None where it is not there, `wrapped` where its key is gone."""

    id: str
    data: bytes | None
    wrapped: bytes | None

    def opened(self, wrapping_key: bytes) -> bytes:
        """The bytes that were attached; `EvidenceError`: `document-missing`, `disclosure-sealed` where they were
        altered or the wrapping key is another."""
        if self.data is None or self.wrapped is None:
            raise EvidenceError("document-missing")
        return open_each([(self.data, unwrap(self.wrapped, wrapping_key))])[0]


def keep(store: Store, data: bytes, wrapping_key: bytes, now: float, random: Callable[[int], bytes]) -> str:
    """Keep a file that no entry speaks of yet, durable on return; its id. `UnavailableError` (`disk-full`, …)."""
    id, key = random(_ID_SIZE).hex(), random(KEY_SIZE)
    with store.begin_secrets() as connection:
        insert(connection, tables.file_key, [(id, wrap(key, wrapping_key))])
    sealed = seal_file(data, key)
    if store.folder is not None:
        store.ops.replace([(_path(store, id), sealed)])
    with store.begin() as connection:
        insert(connection, tables.file, [(id, None, len(data), int(now))])
        if store.folder is None:
            insert(connection, tables.file_bytes, [(id, sealed)])
    return id


def tie(connection: Connection, id: str, index: int) -> None:
    """The file is that of the entry at an index."""
    connection.execute(update(tables.file).where(tables.file.c.id == id).values(idx=index))


def sealed(store: Store, connection: Connection, index: int) -> SealedFile | None:
    """The file of the entry at an index; None where the store has none of it."""
    id = connection.execute(select(tables.file.c.id).where(tables.file.c.idx == index)).scalar()
    return None if id is None else _sealed(store, connection, id)


def erase(store: Store, index: int, phase: Callable[[str], None] = lambda _: None) -> bool:
    """Erase the file of an entry: its key, then the rest; False where there was none. Erasing again is fine."""
    with store.read() as connection:
        id = connection.execute(select(tables.file.c.id).where(tables.file.c.idx == index)).scalar()
    if id is None:
        return False
    _remove(store, [id], phase)
    return True


def discard(store: Store, id: str) -> None:
    """Take away a file of which nothing was logged."""
    _remove(store, [id])


def sweep(store: Store, now: float) -> int:
    """Take away what was kept more than a day ago and never tied to an entry; how many files."""
    with store.read() as connection:
        query = select(tables.file.c.id).where(tables.file.c.idx.is_(None), tables.file.c.stored < int(now) - _DAY)
        old = list(connection.execute(query.order_by(tables.file.c.id)).scalars())
    _remove(store, old)
    return len(old)


def indexes(connection: Connection) -> list[int]:
    """The entries that have a file here, rising."""
    query = select(tables.file.c.idx).where(tables.file.c.idx.is_not(None)).order_by(tables.file.c.idx)
    return [index for index in connection.execute(query).scalars() if index is not None]


def copy_files(source: Store, reading: Connection, target: Store, writing: Connection) -> int:
    """Copy the files that entries speak of, as they are sealed, beside rows that were copied; how many."""
    copied = 0
    for id in _tied(reading):
        data = _data(source, reading, id)
        if data is None:
            continue
        if target.folder is not None:
            target.ops.replace([(_path(target, id), data)])
        else:
            insert(writing, tables.file_bytes, [(id, data)])
        copied += 1
    return copied


def _tied(connection: Connection) -> Iterator[str]:
    yield from connection.execute(select(tables.file.c.id).where(tables.file.c.idx.is_not(None))).scalars().all()


def _sealed(store: Store, connection: Connection, id: str) -> SealedFile:
    with store.read_secrets() as beside:
        wrapped = beside.execute(select(tables.file_key.c.wrapped).where(tables.file_key.c.id == id)).scalar()
    return SealedFile(id, _data(store, connection, id), None if wrapped is None else bytes(wrapped))


def _data(store: Store, connection: Connection, id: str) -> bytes | None:
    if store.folder is not None:
        with suppress(FileNotFoundError, NotADirectoryError):
            return store.ops.read(_path(store, id))
        return None
    found = connection.execute(select(tables.file_bytes.c.data).where(tables.file_bytes.c.id == id)).scalar()
    return None if found is None else bytes(found)


def _remove(store: Store, ids: Iterable[str], phase: Callable[[str], None] = lambda _: None) -> None:
    for id in ids:
        with store.begin_secrets() as connection:
            connection.execute(delete(tables.file_key).where(tables.file_key.c.id == id))
        phase("after-file-key")
        if store.folder is not None:
            store.ops.remove(_path(store, id))
        with store.begin() as connection:
            connection.execute(delete(tables.file_bytes).where(tables.file_bytes.c.id == id))
            connection.execute(delete(tables.file).where(tables.file.c.id == id))


def _path(store: Store, id: str) -> Path:
    assert store.folder is not None
    return store.folder / FOLDER / id
