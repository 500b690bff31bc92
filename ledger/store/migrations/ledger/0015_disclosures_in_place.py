"""PostgreSQL keeps the disclosures of an entry in its row. By its own rule it would try to compress what is encrypted,
and then put it into a second table: half of what it took to append an entry. Rows that are there stay as they are."""

from alembic import op

revision = "0015"
down_revision = "0014"

# Bytes: nearly a page of 8,192. What is longer goes into the second table as before.
_IN_PLACE = 8160


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE disclosure SET (toast_tuple_target = {_IN_PLACE})")
