"""Versions of master data. What a store holds already is followed again, for only content says it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
URI = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
READ_SIDE = (
    "event", "event_fact", "event_party", "fact", "movement", "object", "object_entry", "finding", "seen",
    "published_event",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "master",
        sa.Column("idx", BIG, autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("id", URI, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("parent", URI, nullable=True),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_master")),
    )
    op.create_index("ix_master_id", "master", ["id", "type"])
    op.create_index("ix_master_parent", "master", ["parent"])
    for table in READ_SIDE:
        op.execute(f'DELETE FROM "{table}"')
    op.execute("UPDATE read_side SET size = 0")
