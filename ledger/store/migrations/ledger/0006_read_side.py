"""The read side follows the log: how far it has come. What a store holds already was written with its entries.

Disclosures get a second form (`ledger.store.sealed`); those that are there are of the first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "read_side",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_read_side_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_side")),
    )
    op.execute("INSERT INTO read_side (id, size) SELECT 1, idx + 1 FROM entry ORDER BY idx DESC LIMIT 1")
    form = sa.Column("form", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    op.add_column("disclosure", form)
