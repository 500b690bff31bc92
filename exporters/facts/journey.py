"""A lot's journey in buyers' words: what it was made from, what became of it, where and when, with kilograms.

- The trace is `ledger.lots.traced`'s, over the events of one bundle: what a bundle does not hold is no part of it.
- Each thing is named by its product, its lot or number, and where it began; what weighs something is in kilograms where
  master data says so, else as it was recorded.
- *Stages*: a thing stands one stage after the last of what it came from, so that drawings read from left to right.

    journey(facts).things["https://id.gs1.org/01/…/10/P-7"].name

FORMATS 5.1; ARCHITECTURE.md 5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from exporters.facts.history import Event, Facts
from ledger.lots.balance import kilograms
from ledger.lots.genealogy import MemorySteps
from ledger.lots.links import Link
from ledger.lots.step import Amount
from ledger.lots.stock import is_unit
from ledger.lots.timeline import kind_of
from ledger.lots.traced import Traced, trace

Sort = Literal["lot", "item", "unit", "customer"]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the journey. `name`: of its product, empty where nobody says; `code`: its lot, serial number or
    SSCC; `place`: the municipality where it began; `weight`: kilograms when it began, None where not known."""

    uri: str
    sort: Sort
    name: str
    code: str
    place: str
    amount: Amount | None
    weight: Decimal | None
    stage: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One thing became, or went into, or went to another; `amount` is what went that way."""

    source: str
    target: str
    amount: Amount | None
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything, by URI, and the ways between them."""

    subject: str
    things: Mapping[str, Thing]
    ways: tuple[Way, ...]


def journey(facts: Facts) -> Journey:
    """The journey of the bundle's subject, back and forward as far as the bundle goes."""
    return _Journey(facts).told()


class _Journey:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.subject = facts.subject or ""
        self.events = {event.index: event for event in facts.standing}
        self.steps = MemorySteps([event.step for event in facts.standing])
        self.ways: dict[tuple[str, str], Way] = {}
        self.things: dict[str, Thing] = {}

    def told(self) -> Journey:
        """Both directions as one."""
        traces = [trace(self.steps, self.subject, forward=forward) for forward in (False, True)]
        for found in traces:
            for link in found.links:
                self._way(link)
        for uri in dict.fromkeys(uri for found in traces for uri in (*found.lots, *found.items, *found.units)):
            self.things[uri] = self._thing(uri)
        self._deliveries(traces[1])
        self._staged()
        return Journey(self.subject, self.things, tuple(self.ways.values()))

    def _way(self, link: Link) -> None:
        if link.source == link.target or link.kind in ("commissioned", "unpacked"):
            return
        event = self.events[link.index]
        weight = None if link.used is None else self._weight(link.used, link.source, event)
        key = link.source, link.target
        before = self.ways.get(key)
        if before is None or (before.weight is None and weight is not None):
            self.ways[key] = Way(*key, link.used, weight)

    def _thing(self, uri: str) -> Thing:
        begun = next((event for event in self.facts.standing if uri in event.step.moves.born), None)
        told = begun or next((event for event in self.facts.standing if uri in event.step.moves.touched), None)
        amount = self._amount(uri, begun)
        weight = None if amount is None or begun is None else self._weight(amount, uri, begun)
        at, member = (told.at, told.member) if told else (None, "")
        product = self.facts.masters.product(uri, at, member)
        name = product.get("functionalName") or product.get("name") or ""
        sort: Sort = "unit" if is_unit(uri) else "item" if kind_of(uri) == "item" else "lot"
        return Thing(uri, sort, str(name), code_of(uri), self.place(told), amount, weight)

    def _amount(self, uri: str, begun: Event | None) -> Amount | None:
        stated = [] if begun is None else [each for each in begun.step.amounts(uri, "made") if each is not None]
        if not stated or len({each.uom for each in stated}) > 1:
            return None
        return Amount(sum((each.quantity for each in stated[1:]), stated[0].quantity), stated[0].uom)

    def _weight(self, amount: Amount, uri: str, event: Event) -> Decimal | None:
        return weight_of(self.facts, amount, uri, event)

    def place(self, event: Event | None) -> str:
        """The municipality of where an event happened."""
        if event is None:
            return ""
        uri = event.step.read_point or event.step.biz_location or ""
        address = self.facts.masters.site(uri, event.at, event.member).get("address")
        return str(address.get("municipality", "")) if isinstance(address, dict) else ""

    def _deliveries(self, forward: Traced) -> None:
        """Who got what: the customer of each shipment that the subject, or a unit that carried it, went with."""
        carried = {self.subject, *forward.lots, *forward.items, *forward.units}
        for step in forward.steps:
            if step.dealing != "ships":
                continue
            event = self.events[step.index]
            for customer in _customers(event):
                for flow in step.flows:
                    if (
                        flow.uri in carried
                        and flow.uri in self.things
                        and not self._packed(flow.uri, step.moves.objects)
                    ):
                        self.things.setdefault(customer, self._customer(customer, event))
                        weight = None if flow.amount is None else self._weight(flow.amount, flow.uri, event)
                        self.ways[flow.uri, customer] = Way(flow.uri, customer, flow.amount, weight)

    def _packed(self, uri: str, together: tuple[str, ...]) -> bool:
        """Whether a thing went in a unit that is named beside it: then the unit brings it to the customer."""
        return any((uri, unit) in self.ways for unit in together if is_unit(unit) and unit != uri)

    def _customer(self, uri: str, event: Event) -> Thing:
        party = self.facts.masters.party(uri, event.at, event.member)
        address = party.get("address")
        town = str(address.get("municipality", "")) if isinstance(address, dict) else ""
        return Thing(uri, "customer", str(party.get("name", "")), code_of(uri), town, None, None)

    def _staged(self) -> None:
        """Every thing one stage after the last of what it came from; a circle ends where it began."""
        before: dict[str, list[str]] = {uri: [] for uri in self.things}
        for way in self.ways.values():
            if way.source in self.things and way.target in self.things:
                before[way.target].append(way.source)
        stages: dict[str, int] = {}
        for uri in _in_order(before):
            known = [stages[source] for source in before[uri] if source in stages]
            stages[uri] = 1 + max(known) if known else 0
        self.things = {
            uri: Thing(each.uri, each.sort, each.name, each.code, each.place, each.amount, each.weight, stages[uri])
            for uri, each in self.things.items()
        }


def weight_of(facts: Facts, amount: Amount, uri: str, event: Event) -> Decimal | None:
    """An amount in kilograms as of an event, None where it is no mass and nobody says what one piece holds."""
    return kilograms(amount, uri, event.at, facts.masters.products(event.member))


def _customers(event: Event) -> Iterator[str]:
    """Who gets what is shipped: the owner, else who has it, else the place."""
    by = dict(reversed(event.step.destinations))
    for kind in ("owning_party", "possessing_party", "location"):
        if kind in by:
            yield by[kind]
            return


def _in_order(before: Mapping[str, list[str]]) -> Iterator[str]:
    """Every node after what stands before it, as far as there is no circle."""
    done: set[str] = set()
    for start in before:
        waiting = [(start, iter(before[start]))]
        entered = {start}
        while waiting:
            uri, sources = waiting[-1]
            following = next((each for each in sources if each not in done and each not in entered), None)
            if following is not None:
                entered.add(following)
                waiting.append((following, iter(before[following])))
                continue
            waiting.pop()
            if uri not in done:
                done.add(uri)
                yield uri


def code_of(uri: str) -> str:
    """The lot, serial number, SSCC or GLN of a Digital Link; the last part of any other URI."""
    return uri.rpartition(":" if uri.startswith("urn:") else "/")[2]
