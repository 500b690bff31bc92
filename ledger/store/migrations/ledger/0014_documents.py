"""The files of documents, and which lots, things and entries they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
URI = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("idx", BIG, nullable=True),
        sa.Column("size", BIG, nullable=False),
        sa.Column("stored", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("idx", name=op.f("uq_file_idx")),
    )
    op.create_table(
        "file_bytes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_bytes")),
    )
    op.create_table(
        "attached",
        sa.Column("subject", URI, nullable=False),
        sa.Column("idx", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("subject", "idx", name=op.f("pk_attached")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attached_idx", "attached", ["idx"])
