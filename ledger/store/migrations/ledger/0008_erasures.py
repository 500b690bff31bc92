"""What was declared erased and is still here. Before this revision nothing carried an erasure out, so all of it is."""

import json
from binascii import a2b_base64

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "erasure_due",
        sa.Column("idx", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_erasure_due")),
    )
    connection = op.get_bind()
    public = connection.execute(sa.text("SELECT idx, jwt FROM entry WHERE public"))
    due = [{"idx": idx} for idx, jwt in public if _kind(bytes(jwt)) == "erasure"]
    if due:
        connection.execute(sa.text("INSERT INTO erasure_due (idx) VALUES (:idx)"), due)


def _kind(jwt: bytes) -> str:
    payload = jwt.split(b".")[1].translate(bytes.maketrans(b"-_", b"+/"))
    return str(json.loads(a2b_base64(payload + b"=" * (-len(payload) % 4)))["kind"])
