"""What events say of lots besides their movement, and which were declared wrong. The read side follows again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
READ_SIDE = (
    "event", "event_fact", "event_party", "fact", "movement", "object", "object_entry", "finding", "seen",
    "published_event", "master",
)  # fmt: skip


def upgrade() -> None:
    op.drop_table("movement")
    op.create_table(
        "movement",
        sa.Column("idx", BIG, autoincrement=False, nullable=False),
        sa.Column("packed", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("corrected_by", BIG, nullable=True),
        sa.Column("repeats", BIG, nullable=True),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_movement")),
    )
    op.create_table(
        "declaration",
        sa.Column("idx", BIG, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_declaration")),
    )
    op.create_index("ix_declaration_digest", "declaration", ["digest"])
    for table in READ_SIDE:
        if table != "movement":
            op.execute(f'DELETE FROM "{table}"')
    op.execute("UPDATE read_side SET size = 0")
