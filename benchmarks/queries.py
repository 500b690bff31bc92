"""Queries over 10^6 events, on both databases.

- The tables are filled through what derives and keeps the rows of an event, without signing; what that costs an event
  is given too. Events are of thirty kinds of places and parties, hundreds of lots and pallets a day, for two years.
- A query asks for a page of 30. Each is asked 60 times with other values; the median and the slowest of them are shown.
- Indexed parameters alone (an EPC, a class, a window of event time, a business step at a location), the page after the
  first, and the same for a member that sees only its own: these are held to 20 ms. Others are measured beside them.
- `FILIERA_BENCH_EVENTS` makes a smaller log.
"""

import os
import random
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.databases import on_both, settled
from benchmarks.measure import Number, at_most, seconds
from ledger.audience import Audience, full, member, nothing, parties
from ledger.lots.movement import movement
from ledger.lots.step import step
from ledger.readside import facts
from ledger.store import edges, events, logged, objects
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.event_query import find
from ledger.store.events import EventRow
from ledger.store.objects import ObjectUse
from schemas.epcis.instant import written
from schemas.epcis.query import parse_query
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number as JsonNumber

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "1000000"))
BATCH = 2000
ASKED = 60
PAGE = 30
BEGUN = 1_735_689_600_000_000
DAY = 86_400_000_000
YEARS = 730 * DAY
MEMBERS = 30
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/epcis/"}]
STEPS = ("commissioning", "packing", "shipping", "receiving", "storing", "inspecting", "transporting", "loading")
Parameters = dict[str, list[str]]


def run() -> list[Number]:
    """What a query takes at the median and at worst, and what an event's rows cost, on SQLite and PostgreSQL."""
    return on_both(_measured)


def _measured(name: str, location: str, _: Path) -> list[Number]:
    with Store.create(location) as store:
        taken = seconds(lambda: _fill(store))
        settled(store)
        numbers = [Number(f"{name}: rows of an event", taken / EVENTS * 1e6, "µs")]
        for asked, parameters, held in _questions():
            numbers += _asked(store, f"{name}: {asked}", parameters, held=held)
        return numbers


def _asked(store: Store, name: str, parameters: Callable[[random.Random], Parameters], *, held: bool) -> list[Number]:
    """The first page and the one after it for everybody, and the first for one member."""
    chance = random.Random(name)
    first, second, own = [], [], []
    for _ in range(ASKED):
        query = parse_query(parameters(chance))
        with store.read() as connection:
            first.append(_milliseconds(lambda query=query, c=connection: _page(c, query, full())))  # type: ignore[misc]
            found = find(connection, query, seen_by=full(), limit=PAGE)
            if found.next is not None:
                place = found.next
                second.append(
                    _milliseconds(
                        lambda query=query, c=connection, place=place: find(  # type: ignore[misc]
                            c, query, seen_by=full(), after=place, limit=PAGE
                        )
                    )
                )
            audience = _member(chance.randrange(MEMBERS))
            own.append(_milliseconds(lambda query=query, c=connection, who=audience: _page(c, query, who)))  # type: ignore[misc]
    kinds = [("", first), (", next page", second), (", as a member", own)]
    numbers: list[Number] = []
    for kind, times in kinds:
        if times:
            middle = statistics.median(times)
            numbers.append(at_most(name + kind, middle, 20, "ms") if held else Number(name + kind, middle, "ms"))
    return [*numbers, Number(f"{name}, slowest of {3 * ASKED}", max([*first, *second, *own]), "ms")]


def _page(connection: Connection, query: Any, audience: Audience) -> None:
    find(connection, query, seen_by=audience, limit=PAGE)


def _milliseconds(work: Callable[[], object]) -> float:
    return seconds(work, collect=False) * 1e3


def _questions() -> list[tuple[str, Callable[[random.Random], Parameters], bool]]:
    return [
        ("an EPC", lambda chance: {"MATCH_anyEPC": [_pallet(_some(chance))]}, True),
        ("a class", lambda chance: {"MATCH_anyEPCClass": [_lot(_some(chance))]}, True),
        ("an hour of event time", lambda chance: _window(chance, DAY // 24), True),
        ("a year of event time", lambda chance: _window(chance, 365 * DAY), True),
        (
            "a business step at a location",
            lambda chance: {"EQ_bizStep": [chance.choice(STEPS)], "EQ_bizLocation": [_place(chance.randrange(500))]},
            True,
        ),
        ("every lot of a GTIN", lambda chance: {"MATCH_anyEPCClass": [_gtin_pattern(chance.randrange(200))]}, False),
        ("every pallet of a company", lambda chance: {"MATCH_epc": ["urn:epc:idpat:sscc:9521234.*"]}, False),
        ("a place with its sub-locations", lambda chance: {"WD_readPoint": [_place(chance.randrange(500))]}, False),
        ("a purchase order", lambda chance: {"EQ_bizTransaction_po": [f"https://erp.example/{_some(chance)}"]}, False),
        ("above 7.9 °C, asked in kelvin", lambda chance: {"GE_value_KEL": ["281.05"]}, False),
        ("an extension field", lambda chance: {"EQ_ILMD_ex:grower": [f"grower {chance.randrange(2000)}"]}, False),
        ("nothing but the newest", lambda chance: {"orderBy": ["recordTime"]}, False),
        (
            "receipts, newest event first",
            lambda chance: {"EQ_bizStep": ["receiving"], "orderBy": ["eventTime"]},
            False,
        ),
    ]


def _some(chance: random.Random) -> int:
    return chance.randrange(EVENTS)


def _window(chance: random.Random, length: int) -> Parameters:
    start = BEGUN + chance.randrange(max(YEARS - length, 1))
    return {"GE_eventTime": [written(start)], "LT_eventTime": [written(start + length)]}


# The events.


def _fill(store: Store) -> None:
    for start in range(0, EVENTS, BATCH):
        told = [_rows(index, event) for index, event in _events(start, min(start + BATCH, EVENTS))]
        with store.begin() as connection:
            events.put(connection, [row for row, _, _ in told])
            edges.put(connection, [made for _, made, _ in told])
            objects.put(connection, [use for _, _, uses in told for use in uses])
            logged.put(connection, start, (BEGUN + start * (YEARS // EVENTS)) / 1e6)


def _rows(index: int, event: dict[str, Any]) -> tuple[EventRow, Any, list[ObjectUse]]:
    moves, roles = movement(event), facts.roles(event)
    event_id = f"ni:///sha-256;{random.Random(index).randbytes(32).hex()}?ver=CBV2.0"
    said = facts.said(event)
    row = EventRow(index, "event", event["type"], event["eventTime"], event_id, "2026", _iss(index % MEMBERS), said)
    made = step(index, row.member, event, moves)
    return row, made, [ObjectUse(uri, index, None, None, roles.get(uri, 0)) for uri in sorted(moves.touched)]


def _events(start: int, stop: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for number in range(start, stop):
        chance = random.Random(number)
        at = BEGUN + number * (YEARS // EVENTS) + chance.randrange(DAY)
        step = STEPS[number % len(STEPS)]
        place = _place(chance.randrange(500))
        event: dict[str, Any] = {
            "@context": CONTEXT,
            "type": "AggregationEvent" if step == "packing" else "ObjectEvent",
            "eventTime": written(at),
            "action": "ADD" if step in ("commissioning", "packing") else "OBSERVE",
            "bizStep": step,
            "disposition": ("active", "in_progress", "in_transit")[number % 3],
            "readPoint": {"id": f"{place}/254/{chance.randrange(4)}"},
            "bizLocation": {"id": place},
        }
        event |= _details(number, step, chance)
        yield number, event


def _details(number: int, step: str, chance: random.Random) -> dict[str, Any]:
    lot = {"epcClass": _lot(number), "quantity": JsonNumber(str(chance.randrange(1, 900))), "uom": "KGM"}
    if step == "commissioning":
        return {
            "quantityList": [lot],
            "ilmd": {"cbvmda:lotNumber": f"L{number}", "ex:grower": f"grower {number % 2000}"},
        }
    if step == "packing":
        return {"parentID": _pallet(number), "childQuantityList": [lot]}
    details: dict[str, Any] = {"epcList": [_pallet(number)]}
    if step in ("shipping", "receiving"):
        ends = [f"https://id.gs1.org/417/{_gln(chance.randrange(MEMBERS))}" for _ in range(2)]
        details["sourceList"] = [{"type": "owning_party", "source": ends[0]}]
        details["destinationList"] = [{"type": "owning_party", "destination": ends[1]}]
        details["bizTransactionList"] = [{"type": "po", "bizTransaction": f"https://erp.example/{number}"}]
    if step == "storing":
        value = JsonNumber(f"{chance.randrange(20, 80) / 10}")
        report = {"type": "Temperature", "value": value, "uom": "CEL"}
        details["sensorElementList"] = [{"sensorReport": [report]}]
    return details


def _lot(number: int) -> str:
    """Each lot is named by some eight events that follow each other closely."""
    lot = number // 64 * 8 + number % 8
    return f"https://id.gs1.org/01/{_gtin(lot % 200)}/10/L{lot}"


def _gtin(number: int) -> str:
    return (body := f"19521234{number:05}") + check_digit(body)


def _gtin_pattern(number: int) -> str:
    return f"urn:epc:idpat:lgtin:9521234.1{number:05}.*"


def _pallet(number: int) -> str:
    body = f"09521234{number // 64:09}"
    return f"https://id.gs1.org/00/{body}{check_digit(body)}"


def _gln(number: int) -> str:
    return (body := f"9521234{number:05}") + check_digit(body)


def _place(number: int) -> str:
    return f"https://id.gs1.org/414/{_gln(number)}"


def _iss(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"


def _member(number: int) -> Audience:
    named = parties(_iss(number), _gln(number))
    return member(_iss(number), named, given=nothing, published=nothing)
