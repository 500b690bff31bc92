"""Jobs, named queries and page tokens that were given back: what the standard's web interface keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("created", big, nullable=False),
        sa.Column("due", big, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished", big, nullable=True),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("claimed_until", big, nullable=True),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_kind_finished_due", "job", ["kind", "finished", "due"])
    op.create_index("ix_job_kind_created", "job", ["kind", "created", "id"])
    op.create_table(
        "named_query",
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("created", big, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member", "name", name=op.f("pk_named_query")),
    )
    op.create_table(
        "released_page",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires", big, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_released_page")),
    )
