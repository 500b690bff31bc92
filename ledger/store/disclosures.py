"""Disclosures, stored apart from entries and erasable one by one (ARCHITECTURE.md 3.8).

- Encrypted in the ledger's database, a row an entry; what opens them, wrapped by the member's key, in the database of
  secrets (`sealed`, which knows how both are written). Secrets are committed first: one without its entry is an orphan
  and harms nobody.
- Erasing one rewrites both rows without it (`secure_delete`). A secret's row is named by the writer's epoch and the
  index, so a fenced writer never overwrites its successor's.

    secret_rows, rows = seal(epoch, [(7, ["WyJ…"], wrapping_key)], random)
    with store.begin_secrets() as connection: put_secrets(connection, secret_rows)
    with store.begin() as connection: entries.append(…); put(connection, rows)

docs/adr/0008-disclosures-packed-by-entry.md, docs/adr/0034-one-stream-an-entry.md.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, bindparam, select

from ledger.keys.wrapping import KEY_SIZE
from ledger.store import sealed as sealing
from ledger.store import tables
from ledger.store.bulk import insert
from ledger.store.connect import AS_BYTES
from ledger.store.engine import Store
from ledger.store.sealed import STREAM, Sealed
from schemas.errors import LedgerError

SecretRow = tuple[int, bytes]
Row = tuple[int, int, bytes, int]
ToSeal = tuple[int, Sequence[bytes], bytes, bytes]
"""Index, texts (one at least) as ASCII in wire order, their SHA-256 digests joined, the member's wrapping key."""
Random = Callable[[int], bytes]

_INDEX_BITS = 40
_BATCH = 400
_KEYS = 64


def _span(table: Table, column: Column[int]) -> Select[Any]:
    """The rows of a range, as a statement that is made once: to make one takes as long as to run it."""
    return select(table).where(column >= bindparam("low"), column < bindparam("high")).execution_options(**AS_BYTES)


_SPAN = _span(tables.disclosure, tables.disclosure.c.idx)
_SECRETS_SPAN = _span(tables.secret, tables.secret.c.id)


def seal(
    epoch: int, items: Iterable[tuple[int, Sequence[str], bytes]], random: Random
) -> tuple[list[SecretRow], list[Row]]:
    """Seal disclosures, outside any transaction; gives the rows for `put_secrets` and those for `put`.

    Items: (entry index, disclosure texts in wire order, 32-byte wrapping key of the entry's member).
    """
    encoded = ((index, [text.encode("ascii") for text in texts], key) for index, texts, key in items if texts)
    digested = ((at, texts, b"".join([sha256(text).digest() for text in texts]), key) for at, texts, key in encoded)
    return seal_digested(epoch, digested, random)


def seal_digested(epoch: int, items: Iterable[ToSeal], random: Random) -> tuple[list[SecretRow], list[Row]]:
    """The same for texts as ASCII whose SHA-256 digests are at hand, as an entry that was read has both."""
    secrets: list[SecretRow] = []
    rows: list[Row] = []
    for (index, texts, digests, wrapping_key), key in zip(items, _fresh(random), strict=False):
        packed, secret = sealing.seal(texts, digests, wrapping_key, key)
        rows.append((index, epoch, packed, STREAM))
        secrets.append((_secret_id(epoch, index), secret))
    return secrets, rows


def _fresh(random: Random) -> Iterator[bytes]:
    """Keys without end; asked for many at a time, since the system takes as long for one as for many."""
    while True:
        block = random(KEY_SIZE * _KEYS)
        yield from (block[at : at + KEY_SIZE] for at in range(0, len(block), KEY_SIZE))


def put_secrets(connection: Connection, rows: Sequence[SecretRow]) -> None:
    """Keep secrets (connection of `store.begin_secrets()`); an orphan of the same writer and index is replaced."""
    insert(connection, tables.secret, rows, "replace")


def put(connection: Connection, rows: Sequence[Row]) -> None:
    """Keep sealed disclosures, in the transaction that appends their entries."""
    insert(connection, tables.disclosure, rows)


def get(store: Store, connection: Connection, index: int, wrapping_key: bytes) -> list[str]:
    """The disclosures of an entry that are not erased, in wire order; [] where there are none."""
    return get_many(store, connection, {index: wrapping_key}).get(index, [])


def get_many(store: Store, connection: Connection, wrapping_keys: Mapping[int, bytes]) -> dict[int, list[str]]:
    """The same for many entries: index -> wrapping key in, index -> disclosures out.

    A disclosure whose secret is gone is erased, even where the ledger still holds its row (a crash in between, or a
    restored backup). `EvidenceError("disclosure-sealed")` where one was altered.
    """
    indexes = sorted(wrapping_keys)
    found: dict[int, list[str]] = {}
    for start in range(0, len(indexes), _BATCH):
        rows = _rows(connection, indexes[start : start + _BATCH])
        with store.read_secrets() as beside:
            secrets = _secrets(beside, [_secret_id(epoch, index) for index, epoch, _, _ in rows])
        for index, epoch, packed, form in rows:
            kept = Sealed(form, packed, secrets.get(_secret_id(epoch, index), b""))
            found[index] = [text.decode("ascii") for text in opened(index, kept, wrapping_keys[index])[1]]
    return found


def sealed_span(store: Store, connection: Connection, start: int, stop: int) -> dict[int, Sealed]:
    """The sealed disclosures of the entries [start, stop), read as ranges, for `opened` to open one by one."""
    rows = connection.execute(_SPAN, {"low": start, "high": stop}).all()
    secrets: dict[int, bytes] = {}
    with store.read_secrets() as beside:
        for writer in {epoch for _, epoch, _, _ in rows}:
            secrets.update(_secrets_span(beside, _secret_id(writer, start), _secret_id(writer, stop)))
    return {
        index: Sealed(form, packed, secrets.get(_secret_id(epoch, index), b"")) for index, epoch, packed, form in rows
    }


def opened(index: int, sealed: Sealed, wrapping_key: bytes) -> sealing.Opened:
    """Digests and texts (ASCII) of the disclosures of one entry that are not erased, in wire order; errors name it."""
    try:
        return sealing.opened(sealed, wrapping_key)
    except LedgerError as error:
        raise error.within(entry=index) from None


def digests(connection: Connection, index: int) -> list[bytes]:
    """The digests of the disclosures still kept for an entry, in wire order, without opening them."""
    rows = _rows(connection, [index])
    return [item.digest for _, _, packed, form in rows for item in sealing.items(form, packed)]


def erase(
    store: Store,
    index: int,
    erased: Collection[bytes],
    wrapping_key: bytes,
    phase: Callable[[str], None] = lambda _: None,
    random: Random = token_bytes,
) -> int:
    """Erase disclosures of an entry by digest; how many were there. Erasing again is fine.

    `wrapping_key`: that of the entry's member, since the secrets that are left are wrapped anew;
    `EvidenceError("disclosure-sealed")` where it is another, and then nothing is erased.
    The secret goes first: from then on the text is lost whatever else fails, and the row keeps what still has a secret.
    The copies that were made of it are another matter: `ledger.readside.erasing` sees to all of it.
    """
    with store.read() as connection:
        rows = _rows(connection, [index])
    if not rows:
        return 0
    _, epoch, packed, form = rows[0]
    items = sealing.items(form, packed)
    gone = {item.position for item in items if item.digest in erased}
    with store.begin_secrets() as connection:
        left = _erase_secret(connection, _secret_id(epoch, index), gone, (form, packed, wrapping_key), random)
    phase("after-keys")
    with store.begin() as connection:
        data = sealing.repacked(form, [item for item in items if item.position in left])
        # Deleted, then inserted: an update in place may leave the tail of a longer old row on its page.
        connection.execute(tables.disclosure.delete().where(tables.disclosure.c.idx == index))
        if data:
            insert(connection, tables.disclosure, [(index, epoch, data, form)])
    return len(gone)


def _erase_secret(
    connection: Connection, number: int, gone: set[int], row: tuple[int, bytes, bytes], random: Random
) -> set[int]:
    """Forget what opens these positions of a row (form, packed, wrapping key); those that can still be opened."""
    form, packed, wrapping_key = row
    kept = Sealed(form, packed, _secrets(connection, [number]).get(number, b""))
    left, secret = sealing.without(kept, gone, wrapping_key, random)
    if secret != kept.secret:
        connection.execute(tables.secret.delete().where(tables.secret.c.id == number))
        if secret:
            insert(connection, tables.secret, [(number, secret)])
    return left


def _secret_id(epoch: int, index: int) -> int:
    return epoch << _INDEX_BITS | index


def _rows(connection: Connection, indexes: Sequence[int]) -> list[Row]:
    query = select(tables.disclosure).where(tables.disclosure.c.idx.in_(list(indexes)))
    return list(connection.execute(query.execution_options(**AS_BYTES)))


def _secrets_span(connection: Connection, low: int, high: int) -> dict[int, bytes]:
    return dict(connection.execute(_SECRETS_SPAN, {"low": low, "high": high}).all())


def _secrets(connection: Connection, numbers: Sequence[int]) -> dict[int, bytes]:
    query = select(tables.secret).where(tables.secret.c.id.in_(list(numbers)))
    return dict(connection.execute(query.execution_options(**AS_BYTES)).all())
