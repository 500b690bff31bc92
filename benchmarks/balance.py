"""Balance of a season of one cooperative among 10^6 events, on both databases.

- Thirty cooperatives over two years: what each makes, ships, gets and loses of its lots, one event after the other,
  kept through what derives and keeps the rows of an event, without signing. One lot in fifty is counted at a
  stock-taking: of such a lot the order of its lines decides, so they are read one by one.
- Asked is the balance of one cooperative over its second year by product, with the first as its opening, each time of
  another one; the median of thirty is held to 200 ms. The growth from 10^4 to 10^6 events is given beside it.
- `FILIERA_BENCH_EVENTS` makes a smaller log.
"""

import os
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.databases import on_both, settled
from benchmarks.measure import Number, at_most, seconds
from ledger.lots.balance import NoProducts, balance
from ledger.lots.step import step
from ledger.lots.stock import product_of
from ledger.readside.unpacked import Unpacking
from ledger.store import edges, stock
from ledger.store.engine import Store
from schemas.epcis.instant import written
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number as JsonNumber

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "1000000"))
SMALL = min(10_000, EVENTS)
BATCH = 2000
MEMBERS = 30
PRODUCTS = 40
COUNTED = 50
"""One of so many lots is counted."""
BEGUN = 1_735_689_600_000_000
YEAR = 365 * 86_400_000_000
KINDS = (
    ("ADD", "commissioning", "1000"), ("OBSERVE", "shipping", "400.5"), ("OBSERVE", "receiving", "120"),
    ("DELETE", "destroying", "3.25"), ("OBSERVE", "shipping", "250"), ("OBSERVE", "storing", "500"),
)  # fmt: skip


def run() -> list[Number]:
    """What a season's balance takes at the median, small and large, on SQLite and PostgreSQL."""
    return on_both(_measured)


def _measured(name: str, location: str, _: Path) -> list[Number]:
    with Store.create(location) as store:
        _fill(store, 0, SMALL)
        small, _ = _asked(store)
        _fill(store, SMALL, EVENTS)
        large, slowest = _asked(store)
        return [
            Number(f"{name}: a season at {SMALL:,} events", small, "ms"),
            at_most(f"{name}: a season at {EVENTS:,} events", large, 200, "ms"),
            Number(f"{name}: the slowest of {MEMBERS}", slowest, "ms"),
            Number(f"{name}: events of one cooperative", EVENTS / MEMBERS, ""),
        ]


def _asked(store: Store) -> tuple[float, float]:
    settled(store)
    times = [seconds(lambda number=number: _season(store, number), collect=False) * 1e3 for number in range(MEMBERS)]  # type: ignore[misc]
    return statistics.median(times), max(times)


def _season(store: Store, number: int) -> None:
    start, stop = BEGUN + YEAR, BEGUN + 2 * YEAR
    asked = stock.Asked(_iss(number), start=start, stop=stop)
    with store.read() as connection:
        counted = stock.counted_units(connection, asked)
        opened, _ = Unpacking(edges.StoreEdges(connection), lambda _: True).unpacked(counted)
        ordered = {item.posted.uri for item in opened}
        booked = stock.added_up(connection, asked, by="product", ordered=ordered)
    accounts = balance([item.posted for item in booked], start=start, stop=stop, key=product_of, products=NoProducts())
    assert accounts
    assert all(account.figures["closing"] is not None for account in accounts)


def _fill(store: Store, start: int, stop: int) -> None:
    for first in range(start, stop, BATCH):
        steps = [step(index, _iss(index % MEMBERS), event) for index, event in _events(first, min(first + BATCH, stop))]
        with store.begin() as connection:
            edges.put(connection, steps)
            stock.put(connection, steps)


def _events(start: int, stop: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for index in range(start, stop):
        lot = index // (MEMBERS * len(KINDS))
        action, biz_step, quantity = KINDS[(index // MEMBERS) % len(KINDS)]
        if biz_step == "storing" and lot % COUNTED == 0:
            biz_step = "stock_taking"
        # Small and large logs cover the same two years.
        time = BEGUN + (index * 7919 % EVENTS) * (2 * YEAR // EVENTS)
        body = f"0952{index % MEMBERS:04}{lot % PRODUCTS:05}"
        uri = f"https://id.gs1.org/01/{body}{check_digit(body)}/10/L{lot}"
        yield index, {
            "type": "ObjectEvent", "action": action, "bizStep": biz_step, "eventTime": written(time),
            "bizLocation": {"id": f"https://site.example/{index % 7}"},
            "quantityList": [{"epcClass": uri, "quantity": JsonNumber(quantity), "uom": "KGM"}],
        }  # fmt: skip


def _iss(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"
