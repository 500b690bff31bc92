"""A recall over 10,000 affected units among 10^6 events, on both databases.

- One lot of a field goes into twenty packing lots, these onto 10,000 pallets, and the pallets to a hundred shops; the
  other events are of other lots and pallets. Tables are filled through what keeps the rows of an event, unsigned.
- Measured is the whole report: the trace, where every kilogram is, the customers, and its JSON with the digest that a
  drill signs. It is held to a second. Beside it stands the same recall in a log a hundredth as large.
- Opening it writes one event for each 500 things: how many, and how long it takes to make and judge them.
- `FILIERA_BENCH_EVENTS` makes a smaller log.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.databases import on_both, settled
from benchmarks.measure import Number, at_most, median, seconds
from ledger.audience import full
from ledger.capture.document import read_document
from ledger.capture.recall_events import Said, opening
from ledger.keys.keyring import Keyring
from ledger.lots.balance import NoProducts, kilograms
from ledger.lots.step import step
from ledger.readside.recall_report import Question, Report, report
from ledger.readside.recall_tree import digest, tree
from ledger.store import edges, objects
from ledger.store.engine import Store
from ledger.store.objects import ObjectUse
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number as JsonNumber

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "1000000"))
UNITS, PACKINGS, SHOPS = 10_000, 20, 100
BATCH = 2000
MEMBER = "urn:uuid:00000000-0000-4000-8000-000000000001"
FIELD = "https://id.gs1.org/01/09520001000010/10/FIELD"
ASKED = datetime(2026, 7, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A store, as the report reads it: it asks for no key, since there is no master data."""

    store: Store
    keyring: Keyring
    origin: str = "benchmark.example/log"

    def settled(self) -> None:
        """Everything is there."""


def run() -> list[Number]:
    """What a recall takes, on SQLite and PostgreSQL, in a small and a large log."""
    return [*on_both(_measured), *_opening()]


def _measured(name: str, location: str, folder: Path) -> list[Number]:
    small = _among(name, f"{location}-small", folder, EVENTS // 100) if name == "SQLite" else []
    return [*small, *_among(name, location, folder, EVENTS)]


def _among(name: str, location: str, folder: Path, events: int) -> list[Number]:
    with Store.create(location) as store:
        _fill(store, events)
        settled(store)
        reading = _Reading(store, Keyring(folder / "keys", b"-"))
        found = _asked(reading)
        assert len(found.recall.units) == UNITS
        assert found.recall.totals["KGM"].shipped == UNITS * 10
        what = f"{name}: recall of {UNITS:,} units among {events:,} events"
        return [at_most(what, median(lambda: _asked(reading)), 1, "s")]


def _asked(reading: _Reading) -> Report:
    # Derived rows are all there is, so nothing says of how many entries they are.
    question = Question(full(), ASKED, {}, size=max(EVENTS, 2 * UNITS))
    found = report(reading, FIELD, partial(kilograms, products=NoProducts()), question, now=lambda: ASKED)
    digest(tree(found))
    return found


def _opening() -> list[Number]:
    lots = [_packing(number) for number in range(PACKINGS)]
    said = Said("urn:uuid:00000000-0000-4000-8000-000000000002", FIELD, "Listeria", ASKED)
    documents: list[int] = []

    def made() -> None:
        document = read_document(opening(lots, [_pallet(number) for number in range(UNITS)], said))
        assert not any(event.problems for event in document.events)
        documents.append(len(document.events))

    taken = seconds(made)
    return [Number("Opening it: events", documents[0], ""), Number("Opening it: made and judged in", taken, "s")]


def _fill(store: Store, events: int) -> None:
    """The chain first, then others' events up to `events`."""
    batch: list[tuple[int, dict[str, Any]]] = []
    for index, content in enumerate(_told(events)):
        batch.append((index, content))
        if len(batch) == BATCH:
            _put(store, batch)
            batch = []
    _put(store, batch)


def _put(store: Store, batch: list[tuple[int, dict[str, Any]]]) -> None:
    steps = [step(index, MEMBER, content) for index, content in batch]
    uses = [ObjectUse(uri, item.index, None, None) for item in steps for uri in sorted(item.moves.touched)]
    with store.begin() as connection:
        edges.put(connection, steps)
        objects.put(connection, uses)


def _told(events: int) -> Iterator[dict[str, Any]]:
    said = 0
    for content in _chain():
        said += 1
        yield content
    for number in range(events - said):
        yield _happened(number, "ObjectEvent", "storing", action="OBSERVE", epcList=[_pallet(UNITS + number)])


def _chain() -> Iterator[dict[str, Any]]:
    weight = UNITS * 10
    yield _happened(0, "ObjectEvent", "commissioning", action="ADD", quantityList=[_kilos(FIELD, weight)])
    for number in range(PACKINGS):
        inputs, outputs = ([_kilos(uri, weight // PACKINGS)] for uri in (FIELD, _packing(number)))
        yield _happened(1, "TransformationEvent", "commissioning", inputQuantityList=inputs, outputQuantityList=outputs)
    for number in range(UNITS):
        children = [_kilos(_packing(number % PACKINGS), 10)]
        more = {"parentID": _pallet(number), "childQuantityList": children}
        yield _happened(2, "AggregationEvent", "packing", action="ADD", **more)
    for shop in range(SHOPS):
        units = [_pallet(number) for number in range(shop, UNITS, SHOPS)]
        to = [{"type": "owning_party", "destination": f"https://id.gs1.org/417/95200{shop:07d}0"}]
        yield _happened(3, "ObjectEvent", "shipping", action="OBSERVE", epcList=units, destinationList=to)


def _happened(minute: int, kind: str, biz_step: str, **more: Any) -> dict[str, Any]:
    time = f"2026-07-{1 + minute // 1440 % 28:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z"
    return {"type": kind, "eventTime": time, "eventTimeZoneOffset": "+02:00", "bizStep": biz_step, **more}


def _kilos(uri: str, amount: int) -> dict[str, Any]:
    return {"epcClass": uri, "quantity": JsonNumber(str(amount)), "uom": "KGM"}


def _packing(number: int) -> str:
    return f"https://id.gs1.org/01/09520001000010/10/P{number}"


def _pallet(number: int) -> str:
    digits = f"09520001{number:09d}"
    return f"https://id.gs1.org/00/{digits}{check_digit(digits)}"
