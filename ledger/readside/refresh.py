"""Writes what `derive` says into the derived tables, and takes it out again."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ledger.readside.derive import Derived


def write(connection: Connection, derived: Sequence[Derived]) -> None:
    """Keep derived rows, in the transaction that appends their entries."""
    raise NotImplementedError


def replace(connection: Connection, derived: Derived) -> None:
    """Take out every derived row of the entry and keep these instead (after an erasure)."""
    raise NotImplementedError
