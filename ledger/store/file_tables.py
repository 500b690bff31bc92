"""The tables of files beside the ledger, and of what they are about (`ledger.store.files`, `ledger.store.attached`).

- `file`: a file by its random id; `idx` is the entry that speaks of it, none before that is logged.
- `file_bytes`: the encrypted bytes, on PostgreSQL. `file_key`: what opens them, wrapped, among the secrets.
- `attached` is derived.

ARCHITECTURE.md 3.8, 4.
"""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from ledger.store.metadata import BIG, LEDGER, SECRETS, URI

file = Table(
    "file",
    LEDGER,
    Column("id", Text, primary_key=True),
    Column("idx", BIG, unique=True),
    Column("size", BIG, nullable=False),
    Column("stored", BIG, nullable=False),
)
file_bytes = Table(
    "file_bytes",
    LEDGER,
    Column("id", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
attached = Table(
    "attached",
    LEDGER,
    Column("subject", URI, primary_key=True),
    Column("idx", BIG, primary_key=True, autoincrement=False),
    Index("ix_attached_idx", "idx"),
    sqlite_with_rowid=False,
)
file_key = Table(
    "file_key", SECRETS, Column("id", Text, primary_key=True), Column("wrapped", LargeBinary, nullable=False)
)
