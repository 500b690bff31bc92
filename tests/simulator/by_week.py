"""A cooperative's season by chance, a seed each: harvests, processes, pallets, shipments, losses, inventories, errors.

Nothing in it is tidy: tonnes beside kilograms, crates whose content changes within a day, oil in litres, lots without
an amount, pallets named alone, acceptances after receipts and without them, events declared wrong, weeks around the day
on which clocks are moved.

    node.capture(document(*events(seed=1)), member=iss);  add(node, written(*products()), member=iss)
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.epcis.own_terms import NAMESPACE
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number
from tests.simulator.master import CASE, PRODUCT, product

PEACHES, CRATES = PRODUCT, f"https://id.gs1.org/01/{CASE}"
OIL = "https://id.gs1.org/01/09521001003018"
HALL, MILL = "https://id.gs1.org/414/9521001000017", "https://id.gs1.org/414/9521001000024"
UNKNOWN = "https://id.gs1.org/00/395210020000000017"
FIRST = datetime(2026, 3, 16, 6, tzinfo=UTC)
Event = dict[str, Any]


def products() -> tuple[dict[str, Any], dict[str, Any]]:
    """A crate holds eight pieces, of one kilogram each until noon of a day in the season and of half a one since."""
    less = {"value": Number("0.5"), "unit": "KGM"}
    return product(), product(validFrom="2026-03-30T12:00:00Z", netContent=less)


class _Chance:
    def __init__(self, seed: int) -> None:
        self.of = random.Random(seed)
        self.number, self.lots, self.units = 0, list[str](), list[str]()

    def event(self, type: str, step: str, **members: Any) -> Event:
        """An event at the next moment of the season, at one of the two sites."""
        self.number += 1
        at = FIRST + timedelta(hours=self.number * 3 + self.of.randrange(3), minutes=self.of.randrange(60))
        site = {"id": self.of.choice((HALL, MILL))}
        when = {"eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}", "eventTimeZoneOffset": "+01:00"}
        return {"type": type, **when, "bizStep": step, "readPoint": site, "bizLocation": site, **members}

    def new(self, of: str) -> str:
        """A lot that was not there before."""
        self.lots.append(f"{of}/10/L{self.number}-{len(self.lots)}")
        return self.lots[-1]

    def amount(self, lot: str) -> Event:
        """So much of a lot, or, seldom, nobody says how much."""
        if self.of.random() < 0.02:
            return {"epcClass": lot}
        if lot.startswith(OIL):
            return {"epcClass": lot, "quantity": self.of.randrange(1, 90), "uom": "LTR"}
        if lot.startswith(CRATES):
            return {"epcClass": lot, "quantity": self.of.randrange(1, 40)}
        code, most = self.of.choice((("KGM", 900), ("TNE", 2)))
        return {"epcClass": lot, "quantity": round(self.of.uniform(0.1, most), 3), "uom": code}

    def some(self) -> str:
        """A lot that is there."""
        return self.of.choice(self.lots[-12:])


def events(seed: int, count: int = 160) -> Iterator[Event]:
    """The events of a season, in the order of time; a declaration of error after what it is about."""
    told = _Chance(seed)
    for _ in range(4):
        yield told.event("ObjectEvent", "commissioning", action="ADD", quantityList=[told.amount(told.new(PEACHES))])
    for _ in range(count):
        event = told.of.choice((_grow, _turn, _sell, _sell, _pack, _dispatch, _take, _accept, _lose, _count))(told)
        if told.of.random() < 0.05:
            event["eventID"] = f"urn:uuid:00000000-0000-4000-8000-{seed:04}{told.number:08}"
            yield event
            yield {**event, "errorDeclaration": {"declarationTime": "2026-06-01T08:00:00Z", "reason": "incorrect_data"}}
        else:
            yield event
    yield from _on_the_day(told)


def _on_the_day(told: _Chance) -> Iterator[Event]:
    """Crates that leave one site before noon and after it, on the day on which they come to hold less."""
    lot, here = told.new(CRATES), {"id": HALL}
    for hour, count in ((8, 10), (11, 3), (12, 20), (16, 7)):
        what = {"quantityList": [{"epcClass": lot, "quantity": count}], "readPoint": here, "bizLocation": here}
        yield {**_observed(told, "shipping", what), "eventTime": f"2026-03-30T{hour:02}:00:00Z"}


def _grow(told: _Chance) -> Event:
    lot = told.new(told.of.choice((PEACHES, CRATES)))
    return told.event("ObjectEvent", "commissioning", action="ADD", quantityList=[told.amount(lot)])


def _turn(told: _Chance) -> Event:
    used, made = told.amount(told.some()), told.amount(told.new(told.of.choice((CRATES, OIL))))
    lost = (
        {"@context": {"filiera": NAMESPACE}, "filiera:wasteKg": round(told.of.uniform(0, 9), 1)}
        if told.of.random() < 0.5
        else {}
    )
    return told.event(
        "TransformationEvent", "commissioning", inputQuantityList=[used], outputQuantityList=[made], **lost
    )  # fmt: skip


def _observed(told: _Chance, step: str, what: Event) -> Event:
    return told.event("ObjectEvent", step, action="OBSERVE", **what)


def _sell(told: _Chance) -> Event:
    return _observed(told, "shipping", {"quantityList": [told.amount(told.some()), told.amount(told.some())]})


def _pack(told: _Chance) -> Event:
    body = f"09521001{len(told.units) + 1:09}"
    told.units.append(f"https://id.gs1.org/00/{body}{check_digit(body)}")
    what = {"parentID": told.units[-1], "childQuantityList": [told.amount(told.some()), told.amount(told.some())]}
    return told.event("AggregationEvent", "packing", action="ADD", **what)


def _dispatch(told: _Chance) -> Event:
    """A pallet is named alone: one that was packed, or one of which nobody knows."""
    return _observed(told, "shipping", {"epcList": [told.of.choice([*told.units, UNKNOWN])]})


def _take(told: _Chance) -> Event:
    named = [told.of.choice(told.units)] if told.units and told.of.random() < 0.5 else []
    return _observed(told, "receiving", {"epcList": named} if named else {"quantityList": [told.amount(told.some())]})


def _accept(told: _Chance) -> Event:
    named = [told.of.choice(told.units)] if told.units and told.of.random() < 0.3 else []
    return _observed(told, "accepting", {"epcList": named} if named else {"quantityList": [told.amount(told.some())]})


def _lose(told: _Chance) -> Event:
    return told.event("ObjectEvent", "destroying", action="DELETE", quantityList=[told.amount(told.some())])


def _count(told: _Chance) -> Event:
    return _observed(told, "cycle_counting", {"quantityList": [told.amount(told.some())]})
