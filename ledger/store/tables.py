"""Every table, once: what the migrations must create and the statements name.

- Kept for ever (triggers refuse UPDATE and DELETE): `entry`, `checkpoint`, `evidence`, `logged`.
- Kept, and changed: `kid`, `epoch`, `head`, `note`, `published`, `tile` (PostgreSQL), `disclosure` (erasable),
  `read_side` (how far the derived tables have come), `erasure_due` (what was declared erased and is still here),
  `file` and `file_bytes` (PostgreSQL) of documents, `series` and `number` of delivery notes; and `secret` and
  `file_key`, in a database of their own.
- Of sheets that offices hand in: `sheet_mapping`, `sheet_row`, and `sheet_draft`, of which no backup holds any.
- Kept for whoever asked: `job` (what is done later), `named_query`, `subscription`, `released_page` (page tokens given
  back).
- Devices that ask to be admitted: `device_request`, until they are or their code expires.
- Who may ask, and what was given or published: `account`, `token`, `given`, `publication`; and `session`, `invitation`,
  `failed_login` and `access_log`, which no backup holds (`OF_THE_MOMENT`).
- What other processes handed in to the writer until they have its answer: `inbox`, which no backup holds either.
- Derived (`DERIVED`; dropped and made again by `rebuild`): everything else. Of it, what is judged of lots (`JUDGED`)
  follows the read side when somebody asks.
- Indexes and sizes are 64-bit; SQLite's INTEGER is that, and its primary key is the row itself.

ARCHITECTURE.md 3.8, 4; docs/adr/0008-disclosures-packed-by-entry.md, 0007-lookups-in-sorted-runs.md.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, SmallInteger, Table, Text, UniqueConstraint, text

from ledger.store.account_tables import access_log as access_log
from ledger.store.account_tables import account as account
from ledger.store.account_tables import failed_login as failed_login
from ledger.store.account_tables import invitation as invitation
from ledger.store.account_tables import session as session
from ledger.store.account_tables import token as token
from ledger.store.device_tables import device_request as device_request
from ledger.store.file_tables import attached as attached
from ledger.store.file_tables import file as file
from ledger.store.file_tables import file_bytes as file_bytes
from ledger.store.file_tables import file_key as file_key
from ledger.store.metadata import BIG, URI, key, one_row
from ledger.store.metadata import LEDGER as LEDGER
from ledger.store.metadata import SECRETS as SECRETS
from ledger.store.number_tables import number as number
from ledger.store.number_tables import series as series
from ledger.store.sheet_tables import sheet_draft as sheet_draft
from ledger.store.sheet_tables import sheet_mapping as sheet_mapping
from ledger.store.sheet_tables import sheet_row as sheet_row

kid = Table(
    "kid",
    LEDGER,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kid", Text, nullable=False, unique=True),
)
entry = Table(
    "entry",
    LEDGER,
    key("idx"),
    Column("kid", Integer, nullable=False),
    Column("seq", BIG, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("jwt", LargeBinary, nullable=False),
    UniqueConstraint("kid", "seq"),
)
Index("ix_entry_public", entry.c.idx, sqlite_where=text("public"), postgresql_where=text("public"))
epoch = one_row("epoch", Column("epoch", BIG, nullable=False), Column("writer", Text, nullable=False))
head = one_row("head", Column("size", BIG, nullable=False), Column("root", LargeBinary, nullable=False))
read_side = one_row("read_side", Column("size", BIG, nullable=False))
published = one_row("published", Column("size", BIG, nullable=False), Column("note", LargeBinary, nullable=False))
checkpoint = Table(
    "checkpoint",
    LEDGER,
    key("size"),
    Column("root", LargeBinary, nullable=False),
    Column("epoch", BIG, nullable=False),
)
note = Table("note", LEDGER, key("size"), Column("note", LargeBinary, nullable=False))
tile = Table("tile", LEDGER, Column("path", Text, primary_key=True), Column("data", LargeBinary, nullable=False))
disclosure = Table(
    "disclosure",
    LEDGER,
    key("idx"),
    Column("epoch", BIG, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("form", SmallInteger, nullable=False, server_default=text("0")),
)
logged = Table("logged", LEDGER, key("start"), Column("time", BIG, nullable=False, index=True))
erasure_due = Table("erasure_due", LEDGER, key("idx"))
evidence = Table(
    "evidence",
    LEDGER,
    key("n"),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

job = Table(
    "job",
    LEDGER,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("created", BIG, nullable=False),
    Column("due", BIG, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("finished", BIG),
    Column("claim", Text),
    Column("claimed_until", BIG),
    Column("options", Text, nullable=False),
    Column("request", LargeBinary),
    Column("outcome", LargeBinary),
    Column("failed", Boolean),
    Index("ix_job_kind_finished_due", "kind", "finished", "due"),
    Index("ix_job_kind_created", "kind", "created", "id"),
)
named_query = Table(
    "named_query",
    LEDGER,
    Column("member", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("created", BIG, nullable=False),
    Column("query", Text, nullable=False),
)
subscription = Table(
    "subscription",
    LEDGER,
    Column("member", Text, primary_key=True),
    Column("query", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("push", Boolean, nullable=False),
    Column("scheduled", Boolean, nullable=False),
    Column("options", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created", BIG, nullable=False),
    Column("initial", BIG),
    Column("place", BIG, nullable=False),
    Column("min_time", BIG, nullable=False),
    Column("notified", BIG),
    Column("due", BIG, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("problem", Text),
    Column("given_up", Boolean, nullable=False),
    Column("claim", Text),
    Column("claimed_until", BIG),
    Index("ix_subscription_push_given_up_due", "push", "given_up", "due"),
)
released_page = Table(
    "released_page",
    LEDGER,
    Column("digest", LargeBinary, primary_key=True),
    Column("expires", BIG, nullable=False),
)

lane = Table(
    "lane",
    LEDGER,
    Column("kid", Integer, primary_key=True, autoincrement=False),
    Column("seq", BIG, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("idx", BIG, nullable=False),
)
registry_dump = one_row(
    "registry_dump", Column("size", BIG, nullable=False), Column("dump", LargeBinary, nullable=False)
)
event = Table(
    "event",
    LEDGER,
    key("idx"),
    Column("kind", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("event_time", Text, nullable=False),
    Column("at", BIG, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("id_digest", BIG, nullable=False, index=True),
    Column("revision", Text),
    Column("member", Text, nullable=False),
    *[Column(fact, BIG) for fact in ("event_type", "action", "biz_step", "disposition", "read_point", "biz_location")],
    Index("ix_event_at", "at", "idx"),
    *[Index(f"ix_event_{fact}", fact, "idx") for fact in ("event_type", "biz_step", "disposition")],
    *[Index(f"ix_event_{place}", place, "idx", "biz_step") for place in ("read_point", "biz_location")],
)
fact = Table("fact", LEDGER, key("id"), Column("key", LargeBinary, nullable=False, unique=True))
event_fact = Table(
    "event_fact",
    LEDGER,
    key("idx"),
    key("fact"),
    Index("ix_event_fact_fact", "fact", "idx"),
    sqlite_with_rowid=False,
)
event_party = Table("event_party", LEDGER, key("idx"), Column("uri", URI, primary_key=True), sqlite_with_rowid=False)
object_ = Table(
    "object",
    LEDGER,
    key("id"),
    Column("uri", URI, nullable=False, unique=True),
    Column("key", LargeBinary),
    Column("next_n", BIG, nullable=False),
)
object_entry = Table(
    "object_entry",
    LEDGER,
    key("object"),
    key("idx"),
    Column("role", SmallInteger, nullable=False),
    Index("ix_object_entry_idx", "idx"),
    sqlite_with_rowid=False,
)
movement = Table(
    "movement",
    LEDGER,
    key("idx"),
    Column("packed", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("corrected_by", BIG),
    Column("repeats", BIG),
)
STOCK_APART = "micro IS NULL OR kind IN (2, 6)"
"""Lines of stock that are not added up by the database: without an exact amount, accepted, or counted."""
stock = Table(
    "stock",
    LEDGER,
    Column("member", Text, primary_key=True),
    Column("at", BIG, primary_key=True, autoincrement=False),
    Column("idx", BIG, primary_key=True, autoincrement=False),
    Column("n", SmallInteger, primary_key=True, autoincrement=False),
    Column("uri", URI, nullable=False),
    Column("product", URI, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("dimension", Text, nullable=False),
    Column("micro", BIG),
    Column("exact", Text),
    Column("site", URI),
    Column("corrected_by", BIG),
    Index("ix_stock_idx", "idx"),
    # Whole in itself: else SQLite, which does not know how few they are, goes through all lines of the member.
    Index(
        "ix_stock_apart",
        "member",
        "at",
        "uri",
        "kind",
        "micro",
        "corrected_by",
        sqlite_where=text(STOCK_APART),
        postgresql_where=text(STOCK_APART),
    ),
    sqlite_with_rowid=False,
)
declaration = Table("declaration", LEDGER, key("idx"), Column("digest", LargeBinary, nullable=False, index=True))
finding = Table(
    "finding",
    LEDGER,
    key("idx"),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("mended", BIG, index=True),
    sqlite_with_rowid=False,
)
judged = one_row(
    "judged",
    Column("size", BIG, nullable=False),
    Column("turn", BIG, nullable=False, server_default=text("0")),
)
unjudged = Table("unjudged", LEDGER, key("object"))
lot_finding = Table(
    "lot_finding",
    LEDGER,
    key("object"),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("idx", BIG, nullable=False),
    Column("code", Text, nullable=False),
    Column("member", Text, nullable=False),
    Column("causes", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("since", BIG),
    Column("party", URI, index=True),
    Index("ix_lot_finding_idx", "idx", "object", "position"),
    *[Index(f"ix_lot_finding_{by}", by, "idx", "object", "position") for by in ("code", "member")],
    sqlite_with_rowid=False,
)
seen = Table("seen", LEDGER, Column("digest", LargeBinary, primary_key=True), key("idx"), sqlite_with_rowid=False)
master = Table(
    "master",
    LEDGER,
    key("idx"),
    Column("type", Text, nullable=False),
    Column("id", URI, nullable=False),
    Column("member", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Column("withdrawn", Boolean, nullable=False),
    Column("digest", LargeBinary),
    Column("parent", URI, index=True),
    Column("goods", Text),
    Index("ix_master_id", "id", "type"),
)
master_name = Table(
    "master_name",
    LEDGER,
    key("idx"),
    Column("role", SmallInteger, primary_key=True, autoincrement=False),
    Column("name", URI, primary_key=True, index=True),
    Index("ix_master_name_role", "role"),
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
inbox = Table(
    "inbox",
    LEDGER,
    Column("n", BIG, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("size", BIG, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("request", LargeBinary),
    Column("answer", LargeBinary),
    Column("covers", BIG),
    Column("answered", BIG),
)

given = Table("given", LEDGER, Column("iss", Text, primary_key=True), key("idx"), sqlite_with_rowid=False)
publication = Table(
    "publication",
    LEDGER,
    Column("uri", Text, primary_key=True),
    Column("iss", Text, primary_key=True),
    Column("since", BIG, nullable=False),
)
published_event = Table("published_event", LEDGER, key("idx"))

secret = Table("secret", SECRETS, key("id"), Column("packed", LargeBinary, nullable=False))

APPEND_ONLY = (entry, checkpoint, evidence, logged)
OF_THE_MOMENT = (session, invitation, failed_login, access_log, sheet_draft, released_page, inbox, device_request)
READ_SIDE = (
    event, event_fact, event_party, fact, movement, stock, declaration, object_, object_entry, finding, seen,
    published_event, master, master_name, attached,
)  # fmt: skip
JUDGED = (judged, unjudged, lot_finding)
LOOKUPS = (lookup_run, lookup_block, tag_bucket)
DERIVED = (lane, registry_dump, *READ_SIDE, *JUDGED, *LOOKUPS)
"""What `rebuild` makes again; `read_side`, which says how far `READ_SIDE` has come, is set with it."""
