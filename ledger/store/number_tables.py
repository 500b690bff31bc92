"""The tables of numbers that are given out one after the other (`ledger.store.numbers`).

- `series`: how far each series has come. `number`: every number of it, none left out, for ever: when it was taken, for
  what (`reference`), and why it was given up where it was.

docs/adr/0052-numbers-are-taken-before-they-are-recorded.md.
"""

from sqlalchemy import Column, Table, Text, UniqueConstraint

from ledger.store.metadata import BIG, LEDGER

series = Table("series", LEDGER, Column("name", Text, primary_key=True), Column("last", BIG, nullable=False))
number = Table(
    "number",
    LEDGER,
    Column("series", Text, primary_key=True),
    Column("n", BIG, primary_key=True, autoincrement=False),
    Column("taken", BIG, nullable=False),
    Column("reference", Text),
    Column("given_up", Text),
    UniqueConstraint("series", "reference"),
)
