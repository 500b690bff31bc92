"""Full audit: every signature, every disclosure, every row, the tree rebuilt.

- The log holds full entries (13 disclosures) of four phones; the audit runs in two processes beside the one that
  replays, from the store's location, as `filiera audit` does, and each time in a program of its own: what the processes
  have to load is counted.
- The measure is raw ES256 verification times the cores used. PostgreSQL's server shares these cores, and has no bound.
- What an entry costs, in raw verifications: its signature 1; finding every digest in its disclosures 0.25, opening them
  0.2, reading the JWT 0.15, rows and tiles 0.1, the replay with the tag trees of the snapshots 0.1, loading the
  processes 0.1. That was measured step by step, of data at hand; one step after the other costs 0.1 more.
"""

import os
import statistics
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.capture import send
from benchmarks.databases import on_both, settled
from benchmarks.measure import RUNS, Number, at_least, seconds
from benchmarks.raw import verifications_per_second
from benchmarks.signed import Phone, made, opened
from ledger.collector import collect_rarely
from ledger.custody.audit import audit
from ledger.custody.audit_heads import check_heads
from ledger.custody.audit_store import StoreCustody
from ledger.node import Node
from ledger.trust import KnownLogs

REQUESTS = 240
WORKERS = 2


def run() -> list[Number]:
    """Entries audited per second, and their ratio to raw verification on as many cores; on both databases."""
    return on_both(_numbers)


def _numbers(database: str, location: str, where: Path) -> list[Number]:
    with made(location, where) as node:
        phones = [Phone.added(node, number) for number in range(4)]
        for number in range(REQUESTS):
            send([phones[number % 4].request()], node)
        settled(node.store)
        size = node.registry.size
    # A process for each, as `filiera audit` is one: what an audit has started does not serve the next.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as one:
        taken = [one.submit(_measured, location, where).result() for _ in range(RUNS)]
    rate, ratio = (statistics.median(values) for values in zip(*taken, strict=True))
    name = f"{database}: against raw verification on {_cores()} cores"
    return [
        Number(f"{database}: entries in the log", size, ""),
        Number(f"{database}: full audit, {WORKERS} processes", rate, "entries/s"),
        # The bound is for the database that a ledger has unless it asks for another: a server takes its share of the
        # same cores.
        at_least(name, ratio, 0.4) if database == "SQLite" else Number(name, ratio, "x"),
    ]


def _cores() -> int:
    return min(WORKERS, os.cpu_count() or 1)


def _measured(location: str, where: Path) -> tuple[float, float]:
    """Entries per second, and that by raw verifications per second of all cores."""
    collect_rarely()
    with opened(location, where) as node:
        before = verifications_per_second()
        taken = seconds(lambda: _audit(node, location, where))
        raw = (before + verifications_per_second()) / 2
        rate = node.registry.size / taken
    return rate, rate / (raw * _cores())


def _audit(node: Node, location: str, where: Path) -> None:
    keys = {member.iss: node.keyring.wrapping_key(member.iss) for member in node.registry.members()}
    custody = StoreCustody(location, None, keys)
    known = KnownLogs(where / "policies").load()[node.origin]
    account = audit(custody.read, known=known, custody=custody, workers=WORKERS)
    check_heads(node.store, account.size, account.root, node.vkey)
