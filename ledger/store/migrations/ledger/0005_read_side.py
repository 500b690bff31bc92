"""The read side follows the log: how far it has come. What a store holds already was written with its entries."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "read_side",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_read_side_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_side")),
    )
    op.execute("INSERT INTO read_side (id, size) SELECT 1, idx + 1 FROM entry ORDER BY idx DESC LIMIT 1")
