"""Evidence of misbehaviour, kept whole and for ever (ARCHITECTURE.md 3.5): append-only.

SQLite: also a file `STORE/evidence/{sha256 hex}.filiera-evidence.json` that can be handed on; PostgreSQL: the row.

    digest = keep(store, kind, document)
"""

from sqlalchemy import Connection

from ledger.store.engine import Store


def keep(store: Store, kind: str, document: bytes) -> bytes:
    """Keep a document in a transaction of its own, durable on return; its SHA-256. The same again is fine."""
    raise NotImplementedError


def get(connection: Connection, digest: bytes) -> bytes | None:
    """The document of a digest, or None."""
    raise NotImplementedError


def listing(connection: Connection) -> list[tuple[bytes, str]]:
    """(SHA-256, kind) of all evidence, in the order it was kept."""
    raise NotImplementedError
