"""Numbers of documents, one series for each issuer and year."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_series")),
    )
    op.create_table(
        "number",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("n", BIG, autoincrement=False, nullable=False),
        sa.Column("taken", BIG, nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("given_up", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("series", "n", name=op.f("pk_number")),
        sa.UniqueConstraint("series", "reference", name=op.f("uq_number_series")),
    )
