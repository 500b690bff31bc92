"""What queries are answered from, and when each group was logged.

Events get columns and facts that only their content gives, and content is sealed: what is derived is dropped here, and
follows again from the entries.
"""

import sqlalchemy as sa
from alembic import op

from ledger.store.triggers import statements

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
URI = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def number(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, BIG, autoincrement=False, nullable=nullable)


def upgrade() -> None:
    for table in ("event", "object_entry", "object"):
        op.drop_table(table)
    _events()
    _facts()
    _objects()
    op.create_table("logged", number("start"), number("time"), sa.PrimaryKeyConstraint("start", name=op.f("pk_logged")))
    op.create_index("ix_logged_time", "logged", ["time"])
    for statement in statements(op.get_bind().dialect.name, "logged"):
        op.execute(statement)
    # The read side follows from the first entry again (`ledger.readside.follow`), with what queries need.
    for table in ("movement", "finding", "seen", "published_event"):
        op.execute(f"DELETE FROM {table}")
    op.execute("UPDATE read_side SET size = 0")


def _events() -> None:
    op.create_table(
        "event",
        number("idx"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("event_time", sa.Text(), nullable=False),
        number("at"),
        sa.Column("event_id", sa.Text(), nullable=False),
        number("id_digest"),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("member", sa.Text(), nullable=False),
        *(number(name, nullable=True) for name in ("event_type", "action", "biz_step", "disposition")),
        *(number(name, nullable=True) for name in ("read_point", "biz_location")),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_event")),
    )
    op.create_index("ix_event_id_digest", "event", ["id_digest"])
    for name in ("at", "event_type", "biz_step", "disposition"):
        op.create_index(f"ix_event_{name}", "event", [name, "idx"])
    for name in ("read_point", "biz_location"):
        op.create_index(f"ix_event_{name}", "event", [name, "idx", "biz_step"])


def _facts() -> None:
    op.create_table(
        "fact",
        number("id"),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("key", name=op.f("uq_fact_key")),
    )
    op.create_table(
        "event_fact",
        number("idx"),
        number("fact"),
        sa.PrimaryKeyConstraint("idx", "fact", name=op.f("pk_event_fact")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_fact_fact", "event_fact", ["fact", "idx"])
    op.create_table(
        "event_party",
        number("idx"),
        sa.Column("uri", URI, nullable=False),
        sa.PrimaryKeyConstraint("idx", "uri", name=op.f("pk_event_party")),
        sqlite_with_rowid=False,
    )


def _objects() -> None:
    op.create_table(
        "object",
        number("id"),
        sa.Column("uri", URI, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        number("next_n"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_object")),
        sa.UniqueConstraint("uri", name=op.f("uq_object_uri")),
    )
    op.create_table(
        "object_entry",
        number("object"),
        number("idx"),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("object", "idx", name=op.f("pk_object_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_object_entry_idx", "object_entry", ["idx"])
