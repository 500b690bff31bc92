"""Traces among 10^6 events, on both databases.

- The log holds one chain after another, of ten makings each: four fields are blended, nine times what was made is
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.databases import on_both, settled
from benchmarks.measure import Number, at_most, seconds
from ledger.lots.step import Step, step
from ledger.lots.traced import trace
from ledger.store import edges, objects
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store
from ledger.store.objects import ObjectUse
from schemas.epcis.instant import written
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number as JsonNumber

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "1000000"))
SMALL = 10_000
BATCH = 2000
ASKED = 300
HOPS = 10
BEGUN = 1_735_689_600_000_000
MINUTE = 60_000_000
LOADS = 20
MEMBERS = 30
GTIN = "https://id.gs1.org/01/09520001000010/10/"


def run() -> list[Number]:
    """What a trace takes in both directions, at 10^4 events and at all, on SQLite and PostgreSQL."""
    return on_both(_measured)


def _measured(name: str, location: str, _: Path) -> list[Number]:
    with Store.create(location) as store:
        small = min(SMALL, EVENTS)
        _fill(store, 0, small)
        before = {forward: _asked(store, small, forward=forward) for forward in (False, True)}
        _fill(store, small, EVENTS)
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
        chain = chance.randrange(size // len(STEPS))
        subject = _lot(chain, "F0") if forward else _lot(chain, f"P{HOPS}")
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


def _fill(store: Store, start: int, stop: int) -> None:
    for first in range(start, stop, BATCH):
        told = [_step(index) for index in range(first, min(first + BATCH, stop))]
        with store.begin() as connection:
            edges.put(connection, told)
            uses = [ObjectUse(uri, one.index, None, None) for one in told for uri in sorted(one.moves.touched)]
            objects.put(connection, uses)


def _step(index: int) -> Step:
    chain, place = divmod(index, len(STEPS))
    content = {**STEPS[place](chain), "eventTime": written(BEGUN + index * MINUTE)}
    return step(index, f"urn:uuid:00000000-0000-4000-8000-{chain % MEMBERS:012d}", content)


def _lot(chain: int, name: str) -> str:
    return f"{GTIN}{chain}-{name}"


def _kilos(uri: str, quantity: int) -> dict[str, Any]:
    return {"epcClass": uri, "quantity": JsonNumber(str(quantity)), "uom": "KGM"}


def _pallet(chain: int) -> str:
    digits = f"0952000100{chain // LOADS:07d}"
    return f"https://id.gs1.org/00/{digits}{check_digit(digits)}"


def _harvest(name: str) -> Any:
    def told(chain: int) -> dict[str, Any]:
        lots = [_kilos(_lot(chain, name), 900)]
        return {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "quantityList": lots}

    return told


def _blend(hop: int, inputs: tuple[str, ...]) -> Any:
    def told(chain: int) -> dict[str, Any]:
        return {
            "type": "TransformationEvent",
            "inputQuantityList": [_kilos(_lot(chain, name), 400) for name in inputs],
            "outputQuantityList": [_kilos(_lot(chain, f"P{hop}"), 700)],
        }

    return told


def _packed(action: str) -> Any:
    def told(chain: int) -> dict[str, Any]:
        children = [_kilos(_lot(chain, f"P{HOPS}"), 700)]
        return {
            "type": "AggregationEvent", "action": action, "parentID": _pallet(chain), "childQuantityList": children,
        }  # fmt: skip

    return told


def _shipped(word: str) -> Any:
    def told(chain: int) -> dict[str, Any]:
        return {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": word, "epcList": [_pallet(chain)]}

    return told


def _all() -> Iterator[Any]:
    yield from (_harvest(f"F{number}") for number in range(4))
    yield _blend(1, ("F0", "F1", "F2", "F3"))
    for hop in range(2, HOPS + 1):
        yield _harvest(f"G{hop}")
        yield _blend(hop, (f"P{hop - 1}", f"G{hop}"))
    yield from (_packed("ADD"), _shipped("shipping"), _shipped("receiving"), _packed("DELETE"))


STEPS = tuple(_all())
