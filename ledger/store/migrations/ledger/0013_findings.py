"""What is found about lots, whose a finding is and what mended it, and what master data names. Followed again."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
URI = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
READ_SIDE = (
    "event", "event_fact", "event_party", "fact", "movement", "declaration", "object", "object_entry", "seen",
    "published_event", "master", "stock",
)  # fmt: skip


def _key(name: str, of: sa.types.TypeEngine[int] = BIG) -> sa.Column[int]:
    return sa.Column(name, of, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.drop_table("finding")
    op.create_table(
        "finding",
        _key("idx"),
        _key("position", sa.SmallInteger()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("mended", BIG, nullable=True),
        sa.PrimaryKeyConstraint("idx", "position", name=op.f("pk_finding")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_finding_mended", "finding", ["mended"])
    op.create_table(
        "judged",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_judged_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged")),
    )
    op.create_table("unjudged", _key("object"), sa.PrimaryKeyConstraint("object", name=op.f("pk_unjudged")))
    op.create_table(
        "lot_finding",
        _key("object"),
        _key("position", sa.SmallInteger()),
        sa.Column("idx", BIG, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("causes", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("since", BIG, nullable=True),
        sa.Column("party", URI, nullable=True),
        sa.PrimaryKeyConstraint("object", "position", name=op.f("pk_lot_finding")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lot_finding_party", "lot_finding", ["party"])
    op.create_index("ix_lot_finding_idx", "lot_finding", ["idx", "object", "position"])
    op.create_index("ix_lot_finding_code", "lot_finding", ["code", "idx", "object", "position"])
    op.create_index("ix_lot_finding_member", "lot_finding", ["member", "idx", "object", "position"])
    op.create_table(
        "master_name",
        _key("idx"),
        _key("role", sa.SmallInteger()),
        sa.Column("name", URI, nullable=False),
        sa.PrimaryKeyConstraint("idx", "role", "name", name=op.f("pk_master_name")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_master_name_name", "master_name", ["name"])
    for table in READ_SIDE:
        op.execute(f'DELETE FROM "{table}"')
    op.execute("UPDATE read_side SET size = 0")
