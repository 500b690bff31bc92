"""Disclosures get a second form (`ledger.store.sealed`); those that are there are of the first."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    form = sa.Column("form", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    op.add_column("disclosure", form)
