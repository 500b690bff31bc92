"""Findings among 10^6 events: what judging costs, and what asking takes, on both databases.

- The log holds chains of lots (`benchmarks.chains`), one in fifty of which is wrong in two ways. They are judged as
  the writer does it in its pauses: a stretch of entries and the objects that it may have changed, bite by bite.
- The cost of an event is given for the first 10^4, for all, and for another 10^4 that come to a log of 10^6.
- Asked is a page of 100 of what was found about one member's entries, and everything about one lot, which is judged
  when it is asked for. The median of 300 and the slowest but one of a hundred are shown.
- Beside judging another thread writes every few milliseconds: how long it waits is what judging costs capture.
- `FILIERA_BENCH_EVENTS` makes a smaller log.
"""

import os
import random
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.chains import CHAIN, HOPS, MEMBERS, WRONG, fill, lot, member
from benchmarks.databases import on_both, settled
from benchmarks.measure import Number, at_most, seconds
from ledger.audience import full
from ledger.readside import findings, judging
from ledger.readside.findings import Asked
from ledger.store import read_side
from ledger.store.connection import Connection
from ledger.store.engine import Store

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "1000000"))
SMALL = min(10_000, EVENTS)
MORE = SMALL
ASKED = 300
PAGE = 100
BESIDE = 0.005
"""Seconds between two writes beside judging."""


def run() -> list[Number]:
    """What judging an event costs and what a question takes, on SQLite and PostgreSQL."""
    return on_both(_measured)


def _measured(name: str, location: str, _: Path) -> list[Number]:
    with Store.create(location) as store:
        small = _judged(store, 0, SMALL)
        whole = small * SMALL + _judged(store, SMALL, EVENTS) * (EVENTS - SMALL)
        beside: list[float] = []
        large = _judged(store, EVENTS, EVENTS + MORE, beside)
        settled(store)
        return [
            Number(f"{name}: judging, an event of the first {SMALL:,}", small, "µs"),
            Number(f"{name}: judging, an event of all {EVENTS:,}", whole / EVENTS, "µs"),
            Number(f"{name}: judging, an event that comes to {EVENTS:,}", large, "µs"),
            *_waits(f"{name}: a write beside judging", beside),
            *_times(f"{name}: a page of one member's", _asked(store, _page)),
            *_times(f"{name}: all about one lot", _asked(store, _about)),
        ]


def _judged(store: Store, start: int, stop: int, beside: list[float] | None = None) -> float:
    """Microseconds an event of these takes to judge, after those before; what a write beside it waits for."""
    fill(store, start, stop)
    settled(store)
    over = threading.Event()
    writer = threading.Thread(target=_write, args=(store, over, beside))
    if beside is not None:
        writer.start()
    taken = seconds(lambda: judging.settle(store))
    over.set()
    if beside is not None:
        writer.join()
    return taken * 1e6 / max(stop - start, 1)


def _write(store: Store, over: threading.Event, waits: list[float]) -> None:
    while not over.wait(BESIDE):
        begun = time.perf_counter()
        with store.begin() as connection:
            read_side.hold(connection)
        waits.append((time.perf_counter() - begun) * 1000)


def _waits(name: str, times: list[float]) -> list[Number]:
    # A log of a few events is judged before anything could be written beside it.
    return _times(name, times) if len(times) > 1 else []


def _times(name: str, times: list[float]) -> list[Number]:
    slow = statistics.quantiles(times, n=100)[98]
    return [Number(f"{name}, median", statistics.median(times), "ms"), at_most(f"{name}, 99th of 100", slow, 100, "ms")]


def _asked(store: Store, question: Callable[[Connection, random.Random], int]) -> list[float]:
    """Milliseconds of each of many questions."""
    chance = random.Random(EVENTS)
    times = []
    for _ in range(ASKED):
        with store.read() as connection:
            found: list[int] = []
            taken = seconds(
                lambda c=connection, found=found: found.append(question(c, chance)),  # type: ignore[misc]
                collect=False,
            )
        assert found[0], "every question is about something that is wrong"
        times.append(taken * 1000)
    return times


def _page(connection: Connection, chance: random.Random) -> int:
    # Chains that are wrong are every tenth member's.
    asked = _question(member(chance.randrange(MEMBERS // 10) * 10))
    return len(findings.page(connection, asked, after=None, limit=PAGE)[0])


def _about(connection: Connection, chance: random.Random) -> int:
    chain = chance.randrange(max(EVENTS // CHAIN // WRONG, 1)) * WRONG
    return len(findings.about(connection, _question(), lot(chain, chance.choice(("F0", f"P{HOPS}")))))


def _question(of: str | None = None) -> Asked:
    return Asked(full(), at=time.time_ns() // 1000, days=7, records=lambda _: False, member=of)
