"""What an event says was lost is kept with what it does to lots, for balances. The read side follows again."""

from alembic import op

revision = "0016"
down_revision = "0015"

READ_SIDE = (
    "event", "event_fact", "event_party", "fact", "movement", "declaration", "object", "object_entry", "seen",
    "published_event", "master", "master_name", "stock", "finding", "lot_finding", "judged", "unjudged", "attached",
)  # fmt: skip


def upgrade() -> None:
    for table in READ_SIDE:
        op.execute(f'DELETE FROM "{table}"')
    op.execute("UPDATE read_side SET size = 0")
