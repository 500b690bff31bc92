"""Keep the logs whose keys the user chose to trust (ARCHITECTURE.md 3.6)."""

from ledger.log.policy import KnownLog, compose
from ledger.node import Node
from ledger.outbound import get
from ledger.trust import KnownLogs, read_policy


def fetch_policy(source: str, data: bytes | None) -> bytes:
    """The policy text: `data` where the source is a file that was read, else what the URL answers. The address was
    typed by a person, so it may be on a private network."""
    return data if data is not None else get(source, private=True, limit=1 << 20)


def look(text: bytes) -> KnownLog:
    """The log that a policy names, to be shown before it is trusted; `InputError` as `ledger.trust.read_policy`."""
    return read_policy(text)


def add(known: KnownLogs, text: bytes, *, fingerprint: str) -> KnownLog:
    """Trust it: `fingerprint` came another way and must be that of its key."""
    return known.add(text, fingerprint=fingerprint)


def known_logs(known: KnownLogs) -> tuple[KnownLog, ...]:
    """Every log that is trusted, by origin."""
    return known.list()


def own_policy(node: Node) -> bytes:
    """The policy text of this log: its key, its genesis and its witnesses."""
    return compose(node.vkey, node.registry.genesis_leaf, node.registry.policy().witnesses)


def remove(known: KnownLogs, origin: str) -> None:
    """Trust it no longer; `InputError("log-not-known")`."""
    known.remove(origin)
