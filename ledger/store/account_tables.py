"""The tables of who may ask: accounts, invitations to them, tokens, sessions; and of who saw what.

`ledger.store.tables` lists them with all others.

docs/adr/0023-who-may-ask.md, 0064-roles-invitations-and-who-saw-what.md.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text

from ledger.store.metadata import BIG, LEDGER, key

account = Table(
    "account",
    LEDGER,
    Column("name", Text, primary_key=True),
    Column("member", Text),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("created", BIG, nullable=False),
)
invitation = Table(
    "invitation",
    LEDGER,
    Column("digest", LargeBinary, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text),
    Column("member", Text),
    Column("role", Text, nullable=False),
    Column("reset", Boolean, nullable=False),
    Column("created", BIG, nullable=False),
    Column("expires", BIG, nullable=False),
)
access_log = Table(
    "access_log",
    LEDGER,
    key("hour"),
    Column("member", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("verb", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("at", BIG, nullable=False),
    Index("ix_access_log_member_at", "member", "at"),
)
token = Table(
    "token",
    LEDGER,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("member", Text),
    Column("kid", Text),
    Column("scopes", Text, nullable=False),
    Column("created", BIG, nullable=False),
    Column("expires", BIG, nullable=False),
    Column("used", BIG),
    Column("revoked", BIG),
)
session = Table(
    "session",
    LEDGER,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", Text, nullable=False),
    Column("created", BIG, nullable=False),
    Column("expires", BIG, nullable=False),
    Index("ix_session_account", "account"),
)
failed_login = Table(
    "failed_login",
    LEDGER,
    Column("digest", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", BIG, nullable=False),
)
