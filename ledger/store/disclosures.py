"""Disclosures, stored apart from entries and erasable one by one (ARCHITECTURE.md 3.8).

- Each is sealed under a random key of its own; the keys of an entry, wrapped together by the member's wrapping key,
  are in the secrets database. Secrets are committed first: one without its entry is an orphan and harms nobody.
- A row packs the disclosures of one entry; erasing one rewrites the row without it, and wraps the keys that are left
  anew (`secure_delete`). A secret's row is named by the writer's epoch and the index, so a fenced writer never
  overwrites its successor's.

    secret_rows, rows = seal(epoch, [(7, ["WyJ…"], wrapping_key)], random)
    with store.begin_secrets() as connection: put_secrets(connection, secret_rows)
    with store.begin() as connection: entries.append(…); put(connection, rows)

Row: (position uint16, digest 32 bytes, length uint32, ciphertext)*. Secret: (position uint16)*, then the keys of these
positions, 16 bytes each, as AES-KW wraps them: 8 bytes longer.
docs/adr/0008-disclosures-packed-by-entry.md, docs/adr/0009-wrapped-disclosure-keys.md.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct, pack, unpack

from sqlalchemy import Connection, select

from ledger.keys.wrapping import KEY_SIZE, WRAPPING_SIZE, open_all, rewrap, seal_all, unwrap
from ledger.store import tables
from ledger.store.bulk import insert
from ledger.store.engine import Store
from schemas.errors import LedgerError, UnavailableError

SecretRow = tuple[int, bytes]
Row = tuple[int, int, bytes]
Sealed = tuple[bytes, bytes]
"""The packed row of an entry's disclosures, and its secret (b"" where there is none any more)."""
ToSeal = tuple[int, Sequence[bytes], Sequence[bytes], bytes]
"""Index, texts (one at least) as ASCII in wire order, their SHA-256 digests, the wrapping key of the member."""
Random = Callable[[int], bytes]

_POSITION_SIZE = 2
_ITEM = Struct(">H32sI")
_INDEX_BITS = 40
_BATCH = 400


def seal(
    epoch: int, items: Iterable[tuple[int, Sequence[str], bytes]], random: Random
) -> tuple[list[SecretRow], list[Row]]:
    """Seal disclosures, outside any transaction; gives the rows for `put_secrets` and those for `put`.

    Items: (entry index, disclosure texts in wire order, 32-byte wrapping key of the entry's member).
    """
    encoded = ((index, [text.encode("ascii") for text in texts], key) for index, texts, key in items if texts)
    digested = ((index, texts, [sha256(text).digest() for text in texts], key) for index, texts, key in encoded)
    return seal_digested(epoch, digested, random)


def seal_digested(epoch: int, items: Iterable[ToSeal], random: Random) -> tuple[list[SecretRow], list[Row]]:
    """The same for texts as ASCII whose SHA-256 digests are at hand, as an entry that was read has both."""
    secrets: list[SecretRow] = []
    rows: list[Row] = []
    header = _ITEM.pack
    for index, texts, text_digests, wrapping_key in items:
        ciphertexts, wrapped = seal_all(texts, wrapping_key, random)
        packed = [
            header(position, digest, len(ciphertext)) + ciphertext
            for position, (digest, ciphertext) in enumerate(zip(text_digests, ciphertexts, strict=True))
        ]
        rows.append((index, epoch, b"".join(packed)))
        secrets.append((_secret_id(epoch, index), _first(len(texts)) + wrapped))
    return secrets, rows


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
            secrets = _secrets(beside, [_secret_id(epoch, index) for index, epoch, _ in rows])
        for index, epoch, packed in rows:
            texts = opened(index, (packed, secrets.get(_secret_id(epoch, index), b"")), wrapping_keys[index])
            found[index] = [text.decode("ascii") for text in texts]
    return found


def sealed_span(store: Store, connection: Connection, start: int, stop: int) -> dict[int, Sealed]:
    """The sealed disclosures of the entries [start, stop), read as ranges, for `opened` to open one by one."""
    columns = tables.disclosure.c
    query = select(columns.idx, columns.epoch, columns.packed).where(columns.idx >= start, columns.idx < stop)
    rows = connection.execute(query).all()
    secrets: dict[int, bytes] = {}
    identity = tables.secret.c.id
    with store.read_secrets() as beside:
        for epoch in sorted({epoch for _, epoch, _ in rows}):
            low, high = _secret_id(epoch, start), _secret_id(epoch, stop)
            within = select(identity, tables.secret.c.packed).where(identity >= low, identity < high)
            secrets.update((number, bytes(packed)) for number, packed in beside.execute(within))
    return {index: (bytes(packed), secrets.get(_secret_id(epoch, index), b"")) for index, epoch, packed in rows}


def opened(index: int, sealed: Sealed, wrapping_key: bytes) -> list[bytes]:
    """The disclosures of one entry that are not erased, in wire order, as ASCII; errors name the entry."""
    packed, secret = sealed
    try:
        positions, wrapped = _secret(secret)
        keys = dict(zip(positions, unwrap(wrapped, wrapping_key), strict=True)) if positions else {}
        return open_all([(ciphertext, keys[at]) for at, _, ciphertext in _unpacked(packed) if at in keys])
    except LedgerError as error:
        raise error.within(entry=index) from None


def digests(connection: Connection, index: int) -> list[bytes]:
    """The digests of the disclosures still kept for an entry, in wire order, without opening them."""
    return [digest for _, _, packed in _rows(connection, [index]) for _, digest, _ in _unpacked(packed)]


def erase(
    store: Store,
    index: int,
    erased: Collection[bytes],
    wrapping_key: bytes,
    phase: Callable[[str], None] = lambda _: None,
) -> int:
    """Erase disclosures of an entry by digest; how many were there. Erasing again is fine.

    `wrapping_key`: that of the entry's member, since the keys that are left are wrapped anew;
    `EvidenceError("disclosure-sealed")` where it is another, and then nothing is erased.
    The secret goes first: from then on the text is lost whatever else fails, and the row keeps what still has a key.
    The copies that were made of it are another matter: `ledger.readside.erasing` sees to all of it.
    """
    gone = set(erased)
    with store.read() as connection:
        rows = _rows(connection, [index])
    if not rows:
        return 0
    _, epoch, packed = rows[0]
    items = list(_unpacked(packed))
    positions = {at for at, digest, _ in items if digest in gone}
    with store.begin_secrets() as connection:
        left = _erase_secret(connection, _secret_id(epoch, index), positions, wrapping_key)
    phase("after-keys")
    with store.begin() as connection:
        kept = [(at, digest, text) for at, digest, text in items if at in left]
        data = b"".join([part for at, digest, text in kept for part in (_ITEM.pack(at, digest, len(text)), text)])
        where = tables.disclosure.c.idx == index
        # Deleted, then inserted: an update in place may leave the tail of a longer old row on its page.
        connection.execute(tables.disclosure.delete().where(where))
        if data:
            insert(connection, tables.disclosure, [(index, epoch, data)])
    return len(positions)


def _erase_secret(connection: Connection, number: int, gone: set[int], wrapping_key: bytes) -> set[int]:
    """Forget the keys of these positions; those that still have one."""
    where = tables.secret.c.id == number
    packed = connection.execute(select(tables.secret.c.packed).where(where)).scalar()
    if packed is None:
        return set()
    positions, wrapped = _secret(bytes(packed))
    if gone.isdisjoint(positions):
        return set(positions)
    kept = [place for place, at in enumerate(positions) if at not in gone]
    left = rewrap(wrapped, kept, wrapping_key)
    connection.execute(tables.secret.delete().where(where))
    if left:
        insert(connection, tables.secret, [(number, _written([positions[place] for place in kept]) + left)])
    return {positions[place] for place in kept}


def _secret(packed: bytes) -> tuple[tuple[int, ...], bytes]:
    """The positions a secret has keys for, and those keys, wrapped."""
    count, rest = divmod(len(packed) - WRAPPING_SIZE, _POSITION_SIZE + KEY_SIZE)
    if not packed:
        return (), b""
    if rest:
        raise UnavailableError("disclosure-damaged")
    end = count * _POSITION_SIZE
    return unpack(f">{count}H", packed[:end]), packed[end:]


def _written(positions: Sequence[int]) -> bytes:
    return pack(f">{len(positions)}H", *positions)


@lru_cache(maxsize=64)
def _first(count: int) -> bytes:
    """The positions of an entry from which nothing was erased."""
    return _written(range(count))


def _secret_id(epoch: int, index: int) -> int:
    return epoch << _INDEX_BITS | index


def _rows(connection: Connection, indexes: Sequence[int]) -> list[Row]:
    query = select(tables.disclosure).where(tables.disclosure.c.idx.in_(list(indexes)))
    return [(row.idx, row.epoch, bytes(row.packed)) for row in connection.execute(query)]


def _secrets(connection: Connection, numbers: Sequence[int]) -> dict[int, bytes]:
    query = select(tables.secret).where(tables.secret.c.id.in_(list(numbers)))
    return {row.id: bytes(row.packed) for row in connection.execute(query)}


def _unpacked(packed: bytes) -> list[tuple[int, bytes, bytes]]:
    """(position, digest, ciphertext) of a row; `UnavailableError("disclosure-damaged")` where it was cut short."""
    items: list[tuple[int, bytes, bytes]] = []
    at, size, unpack_from, width = 0, len(packed), _ITEM.unpack_from, _ITEM.size
    while at < size:
        end = at + width
        if end > size:
            raise UnavailableError("disclosure-damaged")
        position, digest, length = unpack_from(packed, at)
        at = end + length
        if at > size:
            raise UnavailableError("disclosure-damaged")
        items.append((position, digest, packed[end:at]))
    return items
