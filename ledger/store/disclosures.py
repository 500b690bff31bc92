"""Disclosures, stored apart from entries and erasable one by one (ARCHITECTURE.md 3.8).

- Each is sealed under a random key of its own; the keys, wrapped by the member's wrapping key, are in the secrets
  database. Secrets are committed first: one without its entry is an orphan and harms nobody.
- A row packs the disclosures of one entry as they came; erasing one rewrites the row without it (`secure_delete`).

    secret_rows, rows = seal(epoch, [(7, ["WyJ…"], wrapping_key)], random)
    with store.begin_secrets() as s: put_secrets(s, secret_rows)
    with store.begin() as c: entries.append(…); put(c, rows)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from ledger.store.engine import Store

SecretRow = tuple[int, bytes]
Row = tuple[int, int, bytes]
Random = Callable[[int], bytes]


def seal(
    epoch: int, items: Iterable[tuple[int, Sequence[str], bytes]], random: Random
) -> tuple[list[SecretRow], list[Row]]:
    """Seal disclosures outside any transaction. Items: (entry index, disclosure texts in wire order, 32-byte wrapping
    key of the entry's member). Returns rows for `put_secrets` and rows for `put`."""
    raise NotImplementedError


def put_secrets(connection: Connection, rows: Sequence[SecretRow]) -> None:
    """Keep secrets (connection of `store.begin_secrets()`); an orphan of the same writer and index is replaced."""
    raise NotImplementedError


def put(connection: Connection, rows: Sequence[Row]) -> None:
    """Keep sealed disclosures, in the transaction that appends their entries."""
    raise NotImplementedError


def get(store: Store, connection: Connection, index: int, wrapping_key: bytes) -> list[str]:
    """The disclosures of an entry that are not erased, in wire order; [] where there are none."""
    raise NotImplementedError


def get_many(store: Store, connection: Connection, wrapping_keys: Mapping[int, bytes]) -> dict[int, list[str]]:
    """The same for many entries: index -> wrapping key in, index -> disclosures out."""
    raise NotImplementedError


def digests(connection: Connection, index: int) -> list[bytes]:
    """The digests of the disclosures still kept for an entry, in wire order, without opening them."""
    raise NotImplementedError


def erase(store: Store, index: int, erased: Sequence[bytes]) -> int:
    """Erase disclosures of an entry by digest: secret, row, read-side copies, then truncate the WAL. Returns how many
    were there; erasing again is fine. The caller rederives the entry's read side (`readside.refresh.replace`)."""
    raise NotImplementedError
