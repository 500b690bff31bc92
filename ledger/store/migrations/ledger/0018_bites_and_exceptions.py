"""Who judges lots works out what was found without holding anything, and then sees whether another took a turn.
And the few lines of stock that are not added up by the database are found by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("judged", sa.Column("turn", BIG, nullable=False, server_default=sa.text("0")))
    apart = sa.text("micro IS NULL OR kind IN (2, 6)")
    columns = ["member", "at", "uri", "kind", "micro", "corrected_by"]
    op.create_index("ix_stock_apart", "stock", columns, sqlite_where=apart, postgresql_where=apart)
