"""The fence: a number raised whenever a writer takes over, checked inside every transaction of a writer.

An old writer that was paused and wakes up finds a higher epoch and can neither append nor move the head.

    epoch = epochs.take(connection, writer="host:1234")     # once, at takeover
    epochs.check(connection, epoch)                          # first statement of each write transaction

ARCHITECTURE.md 3.5.
"""

from sqlalchemy import Connection


def take(connection: Connection, writer: str) -> int:
    """Raise the epoch and return it: from here on every earlier writer is fenced. `writer` names this one for people."""
    raise NotImplementedError


def check(connection: Connection, epoch: int) -> None:
    """`UnavailableError("fenced")` unless `epoch` is the newest; holds the row until the transaction ends."""
    raise NotImplementedError


def current(connection: Connection) -> tuple[int, str]:
    """(newest epoch, name of its writer); (0, "") before the first."""
    raise NotImplementedError
