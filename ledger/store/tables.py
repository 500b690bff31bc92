"""Every table, once: what the migrations must create and the statements name.

- Kept for ever (triggers refuse UPDATE and DELETE): `entry`, `checkpoint`, `evidence`.
- Kept, and changed: `kid`, `epoch`, `head`, `note`, `published`, `tile` (PostgreSQL), `disclosure` (erasable),
  `read_side` (how far the derived tables have come); and `secret`, in a database of its own.
- Derived (`DERIVED`; dropped and made again by `rebuild`): everything else.
- Indexes and sizes are 64-bit; SQLite's INTEGER is that, and its primary key is the row itself.

ARCHITECTURE.md 3.8, 4; docs/adr/0008-disclosures-packed-by-entry.md, 0007-lookups-in-sorted-runs.md.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}
LEDGER = MetaData(naming_convention=_NAMES)
SECRETS = MetaData(naming_convention=_NAMES)
BIG = BigInteger().with_variant(Integer(), "sqlite")


def _key(name: str) -> "Column[int]":
    return Column(name, BIG, primary_key=True, autoincrement=False)


def _one_row(table: str, *columns: "Column[object]") -> Table:
    """A table of at most one row."""
    row = Column("id", Integer, primary_key=True, autoincrement=False)
    return Table(table, LEDGER, row, *columns, CheckConstraint("id = 1", name="one_row"))


kid = Table(
    "kid",
    LEDGER,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kid", Text, nullable=False, unique=True),
)
entry = Table(
    "entry",
    LEDGER,
    _key("idx"),
    Column("kid", Integer, nullable=False),
    Column("seq", BIG, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("jwt", LargeBinary, nullable=False),
    UniqueConstraint("kid", "seq"),
)
Index("ix_entry_public", entry.c.idx, sqlite_where=text("public"), postgresql_where=text("public"))
epoch = _one_row("epoch", Column("epoch", BIG, nullable=False), Column("writer", Text, nullable=False))
head = _one_row("head", Column("size", BIG, nullable=False), Column("root", LargeBinary, nullable=False))
read_side = _one_row("read_side", Column("size", BIG, nullable=False))
published = _one_row("published", Column("size", BIG, nullable=False), Column("note", LargeBinary, nullable=False))
checkpoint = Table(
    "checkpoint",
    LEDGER,
    _key("size"),
    Column("root", LargeBinary, nullable=False),
    Column("epoch", BIG, nullable=False),
)
note = Table("note", LEDGER, _key("size"), Column("note", LargeBinary, nullable=False))
tile = Table("tile", LEDGER, Column("path", Text, primary_key=True), Column("data", LargeBinary, nullable=False))
disclosure = Table(
    "disclosure",
    LEDGER,
    _key("idx"),
    Column("epoch", BIG, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("form", SmallInteger, nullable=False, server_default=text("0")),
)
evidence = Table(
    "evidence",
    LEDGER,
    _key("n"),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

lane = Table(
    "lane",
    LEDGER,
    Column("kid", Integer, primary_key=True, autoincrement=False),
    Column("seq", BIG, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("idx", BIG, nullable=False),
)
registry_dump = _one_row(
    "registry_dump", Column("size", BIG, nullable=False), Column("dump", LargeBinary, nullable=False)
)
event = Table(
    "event",
    LEDGER,
    _key("idx"),
    Column("kind", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("event_time", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("revision", Text),
    Column("member", Text, nullable=False),
    Index("ix_event_event_id", "event_id"),
)
object_ = Table(
    "object",
    LEDGER,
    _key("id"),
    Column("uri", Text, nullable=False, unique=True),
    Column("key", LargeBinary),
    Column("next_n", BIG, nullable=False),
)
object_entry = Table(
    "object_entry",
    LEDGER,
    Column("object", BIG, primary_key=True, autoincrement=False),
    Column("idx", BIG, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
movement = Table("movement", LEDGER, _key("idx"), Column("packed", Text, nullable=False))
finding = Table(
    "finding",
    LEDGER,
    Column("idx", BIG, primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("context", Text, nullable=False),
    sqlite_with_rowid=False,
)
seen = Table(
    "seen",
    LEDGER,
    Column("digest", LargeBinary, primary_key=True),
    Column("idx", BIG, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
lookup_run = Table(
    "lookup_run",
    LEDGER,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("tier", SmallInteger, nullable=False),
    Column("start", BIG, nullable=False),
    Column("stop", BIG, nullable=False),
    Column("tags", BIG, nullable=False),
)
lookup_block = Table(
    "lookup_block",
    LEDGER,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)
tag_bucket = Table(
    "tag_bucket",
    LEDGER,
    Column("prefix", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
)

secret = Table("secret", SECRETS, _key("id"), Column("packed", LargeBinary, nullable=False))

APPEND_ONLY = (entry, checkpoint, evidence)
READ_SIDE = (event, movement, object_, object_entry, finding, seen)
LOOKUPS = (lookup_run, lookup_block, tag_bucket)
DERIVED = (lane, registry_dump, *READ_SIDE, *LOOKUPS)
"""What `rebuild` makes again; `read_side`, which says how far `READ_SIDE` has come, is set with it."""
