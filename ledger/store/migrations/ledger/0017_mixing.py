"""Sites give the rule of their tanks and silos; lots are judged by what their products may yield. Followed again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

READ_SIDE = (
    "event", "event_fact", "event_party", "fact", "movement", "declaration", "object", "object_entry", "seen",
    "published_event", "master", "master_name", "stock", "finding", "lot_finding", "judged", "unjudged", "attached",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("master", sa.Column("goods", sa.Text(), nullable=True))
    op.create_index("ix_master_name_role", "master_name", ["role"])
    for table in READ_SIDE:
        op.execute(f'DELETE FROM "{table}"')
    op.execute("UPDATE read_side SET size = 0")
