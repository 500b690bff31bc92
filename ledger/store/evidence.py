"""Evidence of misbehaviour, kept whole and for ever (ARCHITECTURE.md 3.5): append-only.

SQLite: also a file `STORE/evidence/{sha256 hex}.filiera-evidence.json` that can be handed on; PostgreSQL: the row.

    digest = keep(store, kind, document)
"""

from hashlib import sha256

from sqlalchemy import Connection, func, select

from ledger.store.bulk import insert
from ledger.store.engine import Store
from ledger.store.tables import evidence

FOLDER = "evidence"
SUFFIX = ".filiera-evidence.json"


def file_name(document: bytes) -> str:
    """The name of a document's file: it is named by what it holds."""
    return f"{sha256(document).hexdigest()}{SUFFIX}"


def keep(store: Store, kind: str, document: bytes) -> bytes:
    """Keep a document in a transaction of its own, durable on return; its SHA-256. The same again is fine."""
    digest = sha256(document).digest()
    if store.folder is not None:
        store.ops.replace([(store.folder / FOLDER / file_name(document), document)])
    with store.begin() as connection:
        if get(connection, digest) is None:
            number = (connection.execute(select(func.max(evidence.c.n))).scalar() or 0) + 1
            insert(connection, evidence, [(number, digest, kind, document)])
    return digest


def get(connection: Connection, digest: bytes) -> bytes | None:
    """The document of a digest, or None."""
    found = connection.execute(select(evidence.c.document).where(evidence.c.digest == digest)).scalar()
    return None if found is None else bytes(found)


def listing(connection: Connection) -> list[tuple[bytes, str]]:
    """(SHA-256, kind) of all evidence, in the order it was kept."""
    rows = connection.execute(select(evidence.c.digest, evidence.c.kind).order_by(evidence.c.n))
    return [(bytes(row.digest), row.kind) for row in rows]
