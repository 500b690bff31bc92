"""Make a log, its first member and that member's keys, ready to capture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.node import Node


@dataclass(frozen=True, slots=True)
class Made:
    """A new log: its origin, its key's fingerprint (hex SHA-256), and its first member."""

    origin: str
    fingerprint: str
    member: str


def init(
    store: str,
    *,
    name: str,
    passphrase: bytes,
    gln: str | None = None,
    prefixes: Sequence[str] = (),
    origin: str | None = None,
    keys: Path | None = None,
    secrets: str | None = None,
    guard: str | None = None,
) -> Made:
    """Make the log and close it again; `InputError` as `Node.init` raises it."""
    with Node.init(
        store,
        name=name,
        passphrase=passphrase,
        gln=gln,
        prefixes=prefixes,
        origin=origin,
        keys=keys,
        secrets=secrets,
        guard=guard,
    ) as node:
        return Made(node.origin, node.vkey.fingerprint, node.own_member())
