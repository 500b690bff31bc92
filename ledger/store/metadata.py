"""What every table is made with: the two sets of tables, the names of what belongs to them, and the types they share.

LEDGER.tables["entry"]

ARCHITECTURE.md 4.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, MetaData, Table, Text

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}
LEDGER = MetaData(naming_convention=_NAMES)
SECRETS = MetaData(naming_convention=_NAMES)
BIG = BigInteger().with_variant(Integer(), "sqlite")
# Sorted by code point, as SQLite does: so that what begins alike stands together, and both databases answer alike.
URI = Text().with_variant(Text(collation="C"), "postgresql")


def key(name: str) -> "Column[int]":
    """A 64-bit number that names the row."""
    return Column(name, BIG, primary_key=True, autoincrement=False)


def one_row(table: str, *columns: "Column[object]") -> Table:
    """A table of at most one row."""
    row = Column("id", Integer, primary_key=True, autoincrement=False)
    return Table(table, LEDGER, row, *columns, CheckConstraint("id = 1", name="one_row"))
