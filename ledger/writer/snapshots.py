"""Snapshots: the operator's statement of who may sign and which tags exist, before its own index.

- Written at most every `INTERVAL` seconds, before a writer stops, and when an export needs one (ARCHITECTURE.md 3.3).
- One that took long is followed by a longer pause: in a large log new tags touch most of the tag tree, so that
  snapshots at a fixed pace would take ever more of the writer's time. They take about a thirtieth of it at most.
- A snapshot is a group of its own, so it ends its group; the checkpoint of size index+1 is kept.
- It says what is committed: it is planned after the group before it.

    if due(log, now): log_snapshot(turn, operator)
"""

from ledger.entry.parse import parse_wire
from ledger.registry import snapshot
from ledger.writer.lane import Lane
from ledger.writer.turn import Log, Turn

INTERVAL = 10.0
PAUSE = 30
KIND = "snapshot"


def fresh(log: Log) -> bool:
    """Is the newest entry a snapshot, so that another one would say nothing new?"""
    return log.snapshot is not None and log.snapshot == log.tree.size - 1


def due(log: Log, now: float) -> bool:
    """Is it time for one? A clock that was set back counts as time passed."""
    return not fresh(log) and not 0 <= now - log.snapshot_at < max(INTERVAL, PAUSE * log.snapshot_took)


def log_snapshot(turn: Turn, operator: Lane) -> int:
    """Append a snapshot of everything before it; its index."""
    body = snapshot.snapshot_body(turn.log.registry, turn.log.lookups.tag_root(turn.connection))
    entry = parse_wire(operator.public(turn.origin, turn.lane(operator.kid), KIND, body))
    turn.may_sign(entry)
    return turn.append(entry)
