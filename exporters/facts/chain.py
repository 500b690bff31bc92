"""The events of several bundles as one history: each once, with the bundle that explains it, found by what it is about.

- Registers are asked for a period, which is a series of bundles; an event that several of them hold is one event.
- Held of an event is where it stands in the series, and of a lot which events are about it. The rest is read when it is
  asked for, so that a period may be longer than memory (`exporters.facts.series`).
- A day is that of the place where something was recorded, by the event's own offset.

    chain = chain_of(paper.facts);  [told.day for told in chain.making(lot)]

FORMATS section 4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from sys import intern
from typing import Any

from exporters.facts.figures import zone
from exporters.facts.history import Event, Facts
from exporters.facts.lots import said_in
from exporters.facts.parties import Where, Who, party, place
from exporters.facts.shipping import Document, document, goods
from ledger.lots.products import Content
from ledger.lots.step import Amount, Step
from ledger.lots.stock import is_unit
from ledger.lots.timeline import order
from schemas.epcis.instant import instant
from schemas.epcis.own_terms import own_value
from schemas.gs1.canonical import canonical_uri


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One event, and the bundle whose master data explains it: which of the series, which of its events that count."""

    series: Sequence[Facts]
    bundle: int
    position: int

    @property
    def facts(self) -> Facts:
        """What the bundle says."""
        return self.series[self.bundle]

    @property
    def event(self) -> Event:
        """What the event says."""
        return self.facts.standing[self.position]

    @property
    def step(self) -> Step:
        """What it does."""
        return self.event.step

    @property
    def index(self) -> int:
        """Its place in the log."""
        return self.event.index

    @property
    def day(self) -> date | None:
        """The day on which it happened, there where it was recorded."""
        return day_of(self.event)

    @property
    def documents(self) -> Iterator[tuple[str, Document]]:
        """The business documents it names, each with its type (a bare word of the CBV)."""
        return ((type, document(uri)) for type, uri in self.step.transactions)

    def own(self, name: str) -> str:
        """The text of a term of ours on the event itself; empty where it is not there."""
        value = own_value(self.event.content, name)
        return value.strip() if isinstance(value, str) else ""

    def own_uri(self, name: str) -> str:
        """The canonical URI that a term of ours names."""
        found = self.own(name)
        return canonical_uri(found) if found else ""

    def place(self, uri: str) -> Where:
        """A place, as of this event."""
        return place(self.facts, self.event, uri)

    def party(self, uri: str) -> Who:
        """Somebody, as of this event."""
        return party(self.facts, self.event, uri)

    def approvals(self, uri: str) -> tuple[str, ...]:
        """The approval numbers of a place, else of whose it is, as of this event."""
        masters, at, member = self.facts.masters, self.event.at, self.event.member
        for said in (masters.site(uri, at, member), masters.party(uri, at, member)):
            listed = said.get("approvalNumbers")
            if isinstance(listed, list) and listed:
                return tuple(str(number) for number in listed)
        return ()

    def product(self, uri: str) -> Content:
        """The product of a lot, as of this event."""
        return self.facts.masters.product(uri, self.event.at, self.event.member)

    @property
    def site(self) -> str:
        """Where it happened: where the goods stay, else where they were read; empty where nobody says."""
        return self.step.biz_location or self.step.read_point or ""

    @property
    def here(self) -> Where | None:
        """The place where it happened."""
        return self.place(self.site) if self.site else None

    @property
    def made(self) -> list[str]:
        """The lots it makes, in its own order."""
        return list(dict.fromkeys(flow.uri for flow in self.step.flows if flow.role == "made"))

    @property
    def used(self) -> list[str]:
        """The lots it uses, in its own order."""
        return list(dict.fromkeys(flow.uri for flow in self.step.flows if flow.role == "used"))

    @property
    def goods(self) -> Iterator[tuple[str, Amount | None]]:
        """The lots that move in it, or come with it, each with how much; of units, what is in them."""
        begun = [flow for flow in self.step.flows if flow.role == "made" and not is_unit(flow.uri)]
        if begun and self.step.moves.receipt:
            return ((flow.uri, flow.amount) for flow in begun)
        return goods((self.facts,), self.event)

    def end(self, *kinds: str, to: bool) -> Where | Who | None:
        """Who or what place is at one end of it, by the first of these kinds (`location`, `owning_party`, …)."""
        ends = dict(reversed(self.step.destinations if to else self.step.sources))
        for kind in kinds:
            if kind in ends:
                return self.place(ends[kind]) if kind == "location" else self.party(ends[kind])
        return None


@dataclass(slots=True)
class Chain:
    """All of them in the order of time."""

    told: tuple[Told, ...]
    _by_lot: dict[str, list[Told]] = field(default_factory=dict)

    def about(self, lot: str) -> Sequence[Told]:
        """The events that name a lot or move it, in the order of time."""
        return self._by_lot.get(lot, ())

    def making(self, lot: str) -> Iterator[Told]:
        """Those that made it."""
        return (told for told in self.about(lot) if lot in told.step.moves.made)

    def ilmd(self, lot: str) -> dict[str, Any]:
        """What those that made it say of it, by the last part of the name; the first word counts."""
        found: dict[str, Any] = {}
        for told in self.making(lot):
            found = {**said_in(told.event), **found}
        return found


def day_of(event: Event) -> date | None:
    """The day on which an event happened, there where it was recorded; None where nobody says."""
    if event.at is None:
        return None
    return instant(event.at).astimezone(zone(str(event.content.get("eventTimeZoneOffset") or ""))).date()


def chain_of(given: Sequence[Facts]) -> Chain:
    """The events that count of some bundles."""
    found = sorted(_placed(given), key=itemgetter(0))
    chain = Chain(tuple(told for _, told, _ in found))
    for _, told, lots in found:
        for lot in lots:
            chain._by_lot.setdefault(lot, []).append(told)
    return chain


def _placed(given: Sequence[Facts]) -> Iterator[tuple[tuple[int, int, bytes], Told, tuple[str, ...]]]:
    """Each event with its place in time and the lots that it names or moves, in the order of the bundles, so that each
    bundle is gone through once."""
    seen: set[bytes] = set()
    for number, facts in enumerate(given):
        for position, event in enumerate(facts.standing):
            if event.leaf not in seen:
                seen.add(event.leaf)
                told = Told(given, number, position)
                lots = (*event.step.moves.objects, *(uri for uri, _ in told.goods))
                yield (*order(event.step), event.leaf), told, tuple(map(intern, dict.fromkeys(lots)))
