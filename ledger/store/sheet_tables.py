"""The tables of the office's sheets: how each kind of sheet is read, which rows came before, and those being looked at.

`ledger.store.tables` lists them with all others.

docs/adr/0065-sheets-of-the-office.md.
"""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from ledger.store.metadata import BIG, LEDGER

sheet_mapping = Table(
    "sheet_mapping",
    LEDGER,
    Column("member", Text, primary_key=True),
    Column("signature", LargeBinary, primary_key=True),
    Column("mapping", Text, nullable=False),
    Column("used", BIG, nullable=False),
)
sheet_row = Table(
    "sheet_row",
    LEDGER,
    Column("member", Text, primary_key=True),
    Column("fingerprint", LargeBinary, primary_key=True),
    Column("file", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
)
sheet_draft = Table(
    "sheet_draft",
    LEDGER,
    Column("id", Text, primary_key=True),
    Column("member", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created", BIG, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_sheet_draft_owner", "owner", "created"),
)
