"""Traces among 10^6 events, on both databases.

- The log holds one chain after another (`benchmarks.chains`): four fields are blended, nine times what was made is
  blended with another field's, and the last is packed, shipped, received and unpacked. Each unit is used by
  twenty chains.
- Asked, of chains taken by chance: back from the last lot to its fields, ten hops, and forward from its first field.
- 10^4 events first, then all: the ratio of the medians says how a trace grows with the log.
- The tables are filled through what keeps the rows of a step, without signing.
- `FILIERA_BENCH_EVENTS` makes a smaller log.
"""

import os
import random
import statistics
from pathlib import Path

from benchmarks.chains import CHAIN, HOPS, fill, lot
from benchmarks.databases import on_both, settled
from benchmarks.measure import Number, at_most, seconds
from ledger.lots.traced import trace
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "1000000"))
SMALL = 10_000
ASKED = 300


def run() -> list[Number]:
    """What a trace takes in both directions, at 10^4 events and at all, on SQLite and PostgreSQL."""
    return on_both(_measured)


def _measured(name: str, location: str, _: Path) -> list[Number]:
    with Store.create(location) as store:
        small = min(SMALL, EVENTS)
        fill(store, 0, small)
        settled(store)
        before = {forward: _asked(store, small, forward=forward) for forward in (False, True)}
        fill(store, small, EVENTS)
        settled(store)
        numbers = []
        for forward, way in ((False, "ten hops back"), (True, "ten hops forward")):
            times = _asked(store, EVENTS, forward=forward)
            middle = statistics.median(times)
            numbers += [
                at_most(f"{name}: {way}, median", middle, 10, "ms"),
                at_most(f"{name}: {way}, 99th of 100", statistics.quantiles(times, n=100)[98], 50, "ms"),
                Number(
                    f"{name}: {way}, growth from {small:,} events", middle / statistics.median(before[forward]), "x"
                ),
            ]
        return numbers


def _asked(store: Store, size: int, *, forward: bool) -> list[float]:
    """Milliseconds of each of many traces, each of another chain."""
    chance = random.Random(size)
    times = []
    for _ in range(ASKED):
        chain = chance.randrange(size // CHAIN)
        subject = lot(chain, "F0") if forward else lot(chain, f"P{HOPS}")
        with store.read() as connection:
            found = []
            taken = seconds(
                lambda subject=subject, c=connection, found=found: found.append(  # type: ignore[misc]
                    trace(StoreEdges(c), subject, forward=forward)
                ),
                collect=False,
            )
        if len(found[0].lots) != (HOPS + 1 if forward else 4 + 2 * HOPS - 1):
            raise AssertionError(f"{subject}: {len(found[0].lots)} lots")
        times.append(taken * 1000)
    return times
