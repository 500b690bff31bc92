"""What events do to stocks, a row a line, for balances. The read side follows again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
URI = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
READ_SIDE = (
    "event", "event_fact", "event_party", "fact", "movement", "declaration", "object", "object_entry", "finding",
    "seen", "published_event", "master",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "stock",
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("at", BIG, autoincrement=False, nullable=False),
        sa.Column("idx", BIG, autoincrement=False, nullable=False),
        sa.Column("n", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("uri", URI, nullable=False),
        sa.Column("product", URI, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("micro", BIG, nullable=True),
        sa.Column("exact", sa.Text(), nullable=True),
        sa.Column("site", URI, nullable=True),
        sa.Column("corrected_by", BIG, nullable=True),
        sa.PrimaryKeyConstraint("member", "at", "idx", "n", name=op.f("pk_stock")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stock_idx", "stock", ["idx"])
    for table in READ_SIDE:
        op.execute(f'DELETE FROM "{table}"')
    op.execute("UPDATE read_side SET size = 0")
