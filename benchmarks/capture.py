"""Durable capture of signed entries.

- Four phones send requests of 256 entries at the same time, each entry with 13 disclosures; one process captures them:
  parsed, verified, logged, committed (SQLite, synchronous=FULL), in tiles, under a signed checkpoint, with receipts.
- The measure is raw ES256 verification on one core, by the library alone, just before and just after in the same run.
- The read side follows after the answer (docs/adr/0029). So there are two rates: *signed capture* is that of the
  answers, of a burst of 8,192 entries; *with the read side* is that of the same entries until every table that answers
  questions has them too, which is the pace of a flood that never ends.
- What bounds it: `cryptography` 50 holds the interpreter's lock while it checks a signature, so threads do not help and
  one process has one core for everything (docs/adr/0016): in raw verifications, the check costs about 1.1, reading 13
  disclosures strictly 0.95, what both cost each other and memory 0.15, order and commit 0.8, tiles and proofs 0.3.
- The same with processes that examine beside the writer is given too, against raw verification on one core.
- Bytes stored are those of the store's folder after its WAL was written back, tiles included, per entry.
"""

import shutil
import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.databases import postgresql
from benchmarks.measure import Number, at_least, seconds
from benchmarks.raw import verifications_per_second
from benchmarks.signed import REQUEST, Phone, made, observation, opened
from ledger.capture.document import read_document
from ledger.node import Node
from ledger.writer.answers import Receipt
from schemas.syntax.json_text import write

PHONES = 4
REQUESTS = 8
RUNS = 3
WORKERS = 2


def run() -> list[Number]:
    """Entries per second signed and unsigned, on both databases, and what they take on disk."""
    folder = Path(tempfile.mkdtemp(prefix="filiera-bench-"))
    try:
        return [*_sqlite(folder), *_postgresql(folder)]
    finally:
        shutil.rmtree(folder)


def _sqlite(folder: Path) -> list[Number]:
    location = folder / "store"
    with made(str(location), folder) as node:
        rates, ratios, raws, sustained = _signed(node)
        unsigned = _unsigned(node)
        node.store.truncate_wal()
        stored, size = _bytes(location), node.registry.size
    with opened(str(location), folder, workers=WORKERS) as node:
        beside, beside_ratios, _, beside_sustained = _signed(node)
    rate = statistics.median(rates)
    return [
        Number("ES256 verifications, one core", statistics.median(raws), "/s"),
        Number("signed capture, SQLite", rate, "entries/s"),
        at_least("signed capture against raw verification, one process", statistics.median(ratios), 0.25),
        Number("signed capture with the read side, against the same", statistics.median(sustained), "x"),
        Number(f"signed capture with {WORKERS} processes beside the writer", statistics.median(beside), "entries/s"),
        Number("the same against raw verification of one core", statistics.median(beside_ratios), "x"),
        Number("the same with the read side", statistics.median(beside_sustained), "x"),
        Number("unsigned capture, SQLite", unsigned, "events/s"),
        Number("stored per event, tiles and secrets included", stored / size, "bytes"),
    ]


def _postgresql(folder: Path) -> list[Number]:
    with postgresql(folder) as url:
        if url is None:
            return []
        with made(url, folder / "beside") as node:
            rates, ratios, _, sustained = _signed(node)
    return [
        Number("signed capture, PostgreSQL", statistics.median(rates), "entries/s"),
        Number("the same against raw verification", statistics.median(ratios), "x"),
        Number("the same with the read side", statistics.median(sustained), "x"),
    ]


def _signed(node: Node) -> tuple[list[float], list[float], list[float], list[float]]:
    """Of each run entries per second, their ratio to raw verification, that, and the ratio with the read side."""
    phones = [Phone.added(node, number) for number in range(PHONES)]
    send([phone.request() for phone in phones], node)
    count = PHONES * REQUESTS * REQUEST
    rates, ratios, raws, sustained = [], [], [], []
    for _ in range(RUNS):
        lanes = [[phone.request() for _ in range(REQUESTS)] for phone in phones]
        node.settled()
        before = verifications_per_second()
        taken = seconds(lambda lanes=lanes: send_lanes(lanes, node))  # type: ignore[misc]
        followed = taken + seconds(node.settled, collect=False)
        raw = (before + verifications_per_second()) / 2
        rates.append(count / taken)
        ratios.append(rates[-1] / raw)
        sustained.append(count / followed / raw)
        raws.append(raw)
    return rates, ratios, raws, sustained


def send(requests: Sequence[Sequence[bytes]], node: Node) -> None:
    """Submit requests one after the other; every entry must be logged."""
    for request in requests:
        refused = [answer for answer in node.submit(request) if not isinstance(answer, Receipt)]
        if refused:
            raise refused[0]


def send_lanes(lanes: Sequence[Sequence[Sequence[bytes]]], node: Node) -> None:
    """Each lane's requests in order, the lanes at the same time, as phones do."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        list(pool.map(lambda requests: send(requests, node), lanes))


def _unsigned(node: Node) -> float:
    """Events of EPCIS documents per second, which the gateway key signs."""
    rates = []
    for part in range(RUNS):
        sent = read_document(document(part * 1000, 500))
        rates.append(500 / seconds(lambda sent=sent: node.capture(sent)))  # type: ignore[misc]
    return statistics.median(rates)


def document(start: int, count: int) -> bytes:
    """An EPCISDocument whose events, numbered from `start`, were never sent before."""
    events: list[Any] = [observation(9_000_000 + number, number) for number in range(start, start + count)]
    contexts = [event.pop("@context") for event in events]
    return write(
        {
            "@context": contexts[0],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-07-01T00:00:00.000Z",
            "epcisBody": {"eventList": events},
        }
    )


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
