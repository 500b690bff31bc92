"""How far the read side has come: one row, moved in the transaction that writes the rows it stands for.

- Entries below `size` are in the derived tables, those from there on are not yet (docs/adr/0029).
- Whoever writes derived rows moves it by compare-and-set, first thing in the transaction: of two that follow the same
  entries, in whatever processes, one writes and the other finds it moved.

    if move(connection, 7, 9): refresh.write(connection, derived)
"""

from sqlalchemy import Connection, select

from ledger.store.bulk import insert
from ledger.store.tables import read_side


def size(connection: Connection) -> int:
    """How many entries, from the first on, the derived tables hold."""
    return connection.execute(select(read_side.c.size)).scalar() or 0


def move(connection: Connection, start: int, stop: int) -> bool:
    """From `start` to `stop`; False where it does not stand at `start`, and then nothing may be written.

    Holds the row until the transaction ends.
    """
    insert(connection, read_side, [(1, 0)], "ignore")
    moved = connection.execute(read_side.update().where(read_side.c.size == start).values(size=stop))
    return moved.rowcount == 1


def put(connection: Connection, stop: int) -> None:
    """Set it, wherever it stood: for who makes every derived row anew. Holds the row until the transaction ends."""
    insert(connection, read_side, [(1, stop)], "replace")


def hold(connection: Connection) -> None:
    """Hold it where it stands until the transaction ends: nobody follows meanwhile, and what was followed is seen."""
    insert(connection, read_side, [(1, 0)], "ignore")
    connection.execute(select(read_side.c.size).with_for_update()).all()
