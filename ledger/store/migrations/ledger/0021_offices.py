"""Roles of persons in place of scopes, invitations, who saw what; and the sheets of offices."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Made anew: a column that was dropped would leave its place empty, on one database and not on the other.
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT name, member, scopes, password, created FROM account")).all()
    op.drop_table("account")
    account = op.create_table(
        "account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_account")),
    )
    kept = [
        {"name": row.name, "member": row.member, "role": _role(row.scopes.split()), "password": row.password,
         "created": row.created}
        for row in rows
    ]  # fmt: skip
    if kept:
        connection.execute(account.insert(), kept)
    op.create_table(
        "invitation",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("reset", sa.Boolean(), nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.Column("expires", BIG, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
        sa.UniqueConstraint("id", name=op.f("uq_invitation_id")),
    )
    op.create_table(
        "access_log",
        sa.Column("hour", BIG, autoincrement=False, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("hour", "member", "kind", "who", "verb", "about", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_member_at", "access_log", ["member", "at"], unique=False)
    _sheets()


def _sheets() -> None:
    op.create_table(
        "sheet_mapping",
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("used", BIG, nullable=False),
        sa.PrimaryKeyConstraint("member", "signature", name=op.f("pk_sheet_mapping")),
    )
    op.create_table(
        "sheet_row",
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member", "fingerprint", "file", name=op.f("pk_sheet_row")),
    )
    op.create_table(
        "sheet_draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_draft")),
    )
    op.create_index("ix_sheet_draft_owner", "sheet_draft", ["owner", "created"], unique=False)


def _role(scopes: list[str]) -> str:
    """The role that these scopes come closest to; who could not change anything before cannot now."""
    if "admin" in scopes:
        return "owner"
    if "capture" not in scopes:
        return "auditor"
    return "office" if "query" in scopes else "field"
