"""Full audit: every signature, every disclosure, every row, the tree rebuilt.

- The log holds full entries (13 disclosures) of four phones; the audit runs in two processes beside the one that
  replays, from the store's location, as `filiera audit` does.
- The measure is raw ES256 verification times the cores used.
- The log is long enough that the half second in which the processes start does not decide.
- What an entry costs beside its signature, in raw verifications, in one process: opening 13 disclosures about 0.3,
  finding every digest in them 0.3, reading the JWT strictly 0.3, rows and tiles 0.2, putting runs together 0.15, the
  replay 0.15. With two processes the replay shares their two cores, and memory costs more.
"""

import os
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.capture import send
from benchmarks.measure import Number, at_least, seconds
from benchmarks.raw import verifications_per_second
from benchmarks.signed import Phone, made, opened
from ledger.custody.audit import audit
from ledger.custody.audit_heads import check_heads
from ledger.custody.audit_store import StoreCustody
from ledger.node import Node
from ledger.trust import KnownLogs

REQUESTS = 240
WORKERS = 2


def run() -> list[Number]:
    """Entries audited per second, and their ratio to raw verification on as many cores."""
    with TemporaryDirectory(prefix="filiera-bench-") as folder:
        where = Path(folder)
        location = str(where / "store")
        with made(location, where) as node:
            phones = [Phone.added(node, number) for number in range(4)]
            for number in range(REQUESTS):
                send([phones[number % 4].request()], node)
        with opened(location, where) as node:
            return _measured(node, location, where)


def _measured(node: Node, location: str, where: Path) -> list[Number]:
    rates, ratios = [], []
    cores = min(WORKERS, os.cpu_count() or 1)
    for _ in range(3):
        before = verifications_per_second()
        taken = seconds(lambda: _audit(node, location, where))
        raw = (before + verifications_per_second()) / 2
        rates.append(node.registry.size / taken)
        ratios.append(rates[-1] / (raw * cores))
    return [
        Number("entries in the log", node.registry.size, ""),
        Number(f"full audit, {WORKERS} processes", statistics.median(rates), "entries/s"),
        at_least(f"full audit against raw verification on {cores} cores", statistics.median(ratios), 0.4),
    ]


def _audit(node: Node, location: str, where: Path) -> None:
    keys = {member.iss: node.keyring.wrapping_key(member.iss) for member in node.registry.members()}
    custody = StoreCustody(location, None, keys)
    known = KnownLogs(where / "policies").load()[node.origin]
    account = audit(custody.read, known=known, custody=custody, workers=WORKERS)
    check_heads(node.store, account.size, account.root, node.vkey)
