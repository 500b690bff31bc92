"""Bring a store back from a backup; where its log may not go on, found the one that does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledger.custody.restore import Restored, restore
from ledger.node import Node
from ledger.surroundings import guard_of
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Back:
    """What came back: the old log, where it stands (without a password), and its successor, if any."""

    origin: str
    size: int
    location: str
    successor: str | None


def restore_store(
    backup: Path,
    location: str,
    *,
    secrets: str | None,
    secrets_file: Path | None,
    keys: Path | None,
    guard: str | None,
    accept_rollback: bool,
    name: str | None,
    gln: str | None,
    passphrase: bytes | None,
    progress: Callable[[int, int], None],
) -> Back:
    """Restore `backup` into the empty store `location`; see `ledger.custody.restore`.

    A successor needs a `name` and a `passphrase` for its new keys: `InputError("restore-needs-name")`.
    """
    if accept_rollback and (name is None or passphrase is None):
        raise InputError("restore-needs-name")
    done = restore(
        backup,
        location,
        guard=lambda origin: guard_of(origin, guard),
        accept_rollback=accept_rollback,
        secrets=secrets_file,
        beside=secrets,
        progress=progress,
    )
    successor = None
    if done.predecessor is not None and name is not None and passphrase is not None:
        successor = _succeed(done, location, keys=keys, name=name, gln=gln, passphrase=passphrase)
    return Back(done.origin, done.size, done.shown, successor)


def _succeed(done: Restored, location: str, *, keys: Path | None, name: str, gln: str | None, passphrase: bytes) -> str:
    """Found the successor: its founder is the restored log's first member, under the id it has for life.

    Its guard is the default one: a guard file that was named belongs to the old log.
    """
    with Node.open(done.location, write=False) as old:
        founder = old.registry.members()[0].iss
    with Node.init(
        location, name=name, gln=gln, passphrase=passphrase, keys=keys, iss=founder, predecessor=done.predecessor
    ) as node:
        return node.origin
