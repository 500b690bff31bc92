"""Subscriptions: standing queries, and how far each has been delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "subscription",
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("push", sa.Boolean(), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", big, nullable=False),
        sa.Column("initial", big, nullable=True),
        sa.Column("place", big, nullable=False),
        sa.Column("min_time", big, nullable=False),
        sa.Column("notified", big, nullable=True),
        sa.Column("due", big, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("given_up", sa.Boolean(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("claimed_until", big, nullable=True),
        sa.PrimaryKeyConstraint("member", "query", "id", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_push_given_up_due", "subscription", ["push", "given_up", "due"])
