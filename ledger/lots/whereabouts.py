"""Where lots and units have gone: events played in the order of their times, every amount in one place at any moment.

What is born is used up, shipped, destroyed, or still with somebody; what the books miss is *unaccounted*. In detail:
- A transformation's outputs, commissioning, and receipts of what this ledger never saw leave before, are *born*;
  inputs are *used*. What is deleted is *destroyed*, unless it was sold to consumers, which is *shipped*, or
  consumed, which is *used*.
- Packing puts amounts into a unit, and a unit into another, as `ledger.lots.contents` says; shipping a unit ships what
  is in it, in the units in it too. Shipped is on its way to the destination that was said until somebody here receives
  it; then it is with that member.
- A kilogram counts once: amounts stated beside a unit are of what is in it; only what they say beyond that is loose.
- A stock-taking says what is there: what the books had more is unaccounted, what they had less is so with a minus.
  More used or shipped than there was leaves a minus, too.
- A member that does nothing but receive is a customer: what it has is shipped. Who works on, or counts, has stock.
- KNOWN LIMIT: stock in several stores of one member is one figure, so a stock-taking of one store looks like a loss in
  the others.
- Amounts are kept by *measure*: kilograms where they can be weighed, else the unit as written, or pieces. An amount
  that was not said is said to be missing, and never taken for nothing.

    play(steps, lots, weigh).positions["https://id.gs1.org/01/…/10/P-7"]["KGM"].shipped  ->  Decimal("1200")

EPCIS 2.0 section 7.4; CBV 2.0 sections 7.1 and 7.2; FORMATS section 5.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from ledger.lots.balance import COUNT, dimension_of
from ledger.lots.contents import does
from ledger.lots.dealing import RECEIPTS
from ledger.lots.figures import KILOGRAMS, NONE, PIECES, Delivery, Figures, Missing, Played
from ledger.lots.loads import Load, Loads
from ledger.lots.step import Amount, Flow, Step
from ledger.lots.timeline import order

Weigh = Callable[[Amount, str, int | None], Decimal | None]
"""(amount, canonical URI, time in microseconds) -> kilograms, or None where nothing says how heavy it is."""
_PREFERRED = ("owning_party", "possessing_party", "location", "")


def in_time(steps: Iterable[Step]) -> list[Step]:
    """Steps in the order of their times, then of the log; those without a time last."""
    return sorted(steps, key=order)


def play(steps: Iterable[Step], lots: Collection[str], units: Collection[str], weigh: Weigh) -> Played:
    """Play the steps that stand; of the objects they name only these lots and units are looked at."""
    game = _Game(frozenset(lots), frozenset(units), weigh)
    for step in in_time(steps):
        if step.stands:
            game.take(step)
    return game.ended()


"""(lot, measure) -> amount."""


@dataclass(slots=True)
class _Sent:
    """One lot's amount on its way."""

    to: str | None
    lot: str
    measure: str
    amount: Decimal


class _Game:
    """The state between two events."""

    def __init__(self, lots: frozenset[str], units: frozenset[str], weigh: Weigh) -> None:
        self._lots, self._units, self._weigh = lots, units, weigh
        self._held: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        self._place: dict[tuple[str, str], str | None] = {}
        self._works: set[str] = set()
        self._loads = Loads()
        self._sent: list[_Sent] = []
        self._in_unit: dict[str, list[_Sent]] = {}
        self._loose: dict[tuple[str, str], deque[_Sent]] = {}
        self._received: dict[tuple[str, str, str], dict[str | None, Decimal]] = {}
        self._played = Played()

    def take(self, step: Step) -> None:
        """Let one event happen."""
        flows = [flow for flow in step.flows if flow.uri in self._lots or flow.uri in self._units]
        if not flows:
            return
        if step.dealing not in RECEIPTS:
            self._works.add(step.member)
        if step.dealing == "ships":
            self._ship(step, self._outermost(step, flows))
        elif step.dealing in RECEIPTS:
            self._receive(step, self._outermost(step, flows))
        elif step.dealing == "counts":
            self._count(step, flows)
        elif step.moves.parent is not None:
            self._pack(step, flows)
        else:
            self._change(step, flows)
        self._note_place(step, flows)

    # What events do.

    def _change(self, step: Step, flows: list[Flow]) -> None:
        for flow in flows:
            if flow.uri in self._units:
                self._change_unit(step, flow)
            elif flow.role in ("made", "used"):
                for measure, amount in self._amount(step, flow).items():
                    self._add(step, flow, measure, amount)

    def _add(self, step: Step, flow: Flow, measure: str, amount: Decimal) -> None:
        figures = self._figures(flow.uri, measure)
        sign = 1 if flow.role == "made" else -1
        self._held[flow.uri, measure, step.member] += sign * amount
        if flow.role == "made":
            figures.born += amount
        elif step.type == "TransformationEvent" or step.dealing == "consumes":
            figures.used += amount
        elif step.dealing == "sells":
            self._deliver(step, step.biz_location, flow.uri, measure, amount, None)
        else:
            figures.destroyed += amount

    def _change_unit(self, step: Step, flow: Flow) -> None:
        if flow.role != "used":
            self._played.units.setdefault(flow.uri, ("stock", step.biz_location or step.read_point))
            return
        self._played.units[flow.uri] = ("gone", None)
        if step.only_unpacks:
            # A unit that is only taken apart ends, and what was in it goes on.
            self._loads.end(flow.uri)
            return
        named = {other.uri for other in step.flows if other.role == "used"}
        for (lot, measure), amount in self._loads.of(flow.uri).items():
            if lot not in named:
                self._add(step, Flow(lot, "used"), measure, amount)
        for inner in self._loads.nest(flow.uri):
            self._played.units[inner] = ("gone", None)
            self._loads.end(inner)

    def _pack(self, step: Step, flows: list[Flow]) -> None:
        parent = step.moves.parent
        assert parent is not None
        what, children = does(step, parent), [flow for flow in flows if flow.role == "child"]
        if what == "empties":
            self._loads.empty(parent)
        if what == "takes":
            for flow in children:
                self._loads.take(parent, flow.uri, self._measured(flow, None))
        if what != "puts":
            return
        if self._played.units.get(parent, ("", None))[0] != "stock":
            self._played.units[parent] = ("stock", step.biz_location or step.read_point)
        amounts: Load = {}
        for flow in children:
            for measure, amount in self._amount(step, flow).items() if flow.uri not in self._units else ():
                amounts[flow.uri, measure] = amounts.get((flow.uri, measure), NONE) + amount
        self._loads.put(step, parent, [flow.uri for flow in children if flow.uri in self._units], amounts)

    def _ship(self, step: Step, flows: list[Flow]) -> None:
        to = _destination(step)
        for flow in flows:
            if to is None:
                self._played.missing.append(Missing("destination", flow.uri, step.index))
            if flow.uri in self._lots:
                for measure, amount in self._loosely(step, flow, flows).items():
                    self._held[flow.uri, measure, step.member] -= amount
                    self._deliver(step, to, flow.uri, measure, amount, None)
                continue
            load = self._loads.of(flow.uri)
            if not load and not any(other.amount for other in flows if other.uri in self._lots):
                self._played.missing.append(Missing("content", flow.uri, step.index))
            nest = self._loads.nest(flow.uri)
            self._played.units.update(dict.fromkeys(nest, ("shipped", to)))
            self._loads.moved(step, nest)
            self._delivery(step, to).units.update(nest)
            for (lot, measure), amount in load.items():
                self._held[lot, measure, step.member] -= amount
                self._deliver(step, to, lot, measure, amount, flow.uri)

    def _receive(self, step: Step, flows: list[Flow]) -> None:
        for flow in flows:
            if flow.uri in self._lots:
                for measure, amount in self._loosely(step, flow, flows).items():
                    self._arrive(step, flow.uri, measure, amount)
                continue
            nest = self._loads.nest(flow.uri)
            self._played.units.update(dict.fromkeys(nest, ("stock", step.biz_location or step.read_point)))
            self._loads.moved(step, nest)
            for sent in self._in_unit.pop(flow.uri, ()):
                self._settle(step, sent, sent.amount)

    def _arrive(self, step: Step, lot: str, measure: str, amount: Decimal) -> None:
        left = amount
        loose = self._loose.get((lot, measure), deque())
        while left and loose:
            some = min(left, loose[0].amount)
            self._settle(step, loose[0], some)
            left -= some
            if not loose[0].amount:
                loose.popleft()
        if left:
            figures = self._figures(lot, measure)
            # What was never here comes from outside; of what was, more has come than was sent.
            if figures.born:
                figures.unaccounted -= left
            else:
                figures.born += left
            self._held[lot, measure, step.member] += left

    def _settle(self, step: Step, sent: _Sent, amount: Decimal) -> None:
        sent.amount -= amount
        key = sent.lot, sent.measure
        self._held[sent.lot, sent.measure, step.member] += amount
        self._place.setdefault((sent.lot, step.member), step.biz_location or step.read_point)
        delivery = self._played.deliveries[sent.to]
        delivery.received[key] = delivery.received.get(key, NONE) + amount
        by = self._received.setdefault((sent.lot, sent.measure, step.member), {})
        by[sent.to] = by.get(sent.to, NONE) + amount

    def _count(self, step: Step, flows: list[Flow]) -> None:
        counted: Load = {}
        for flow in flows:
            if flow.uri in self._lots:
                for measure, amount in self._amount(step, flow).items():
                    counted[flow.uri, measure] = counted.get((flow.uri, measure), NONE) + amount
        for (lot, measure), amount in counted.items():
            self._figures(lot, measure).unaccounted += self._held[lot, measure, step.member] - amount
            self._held[lot, measure, step.member] = amount

    # What is asked on the way.

    def _outermost(self, step: Step, flows: list[Flow]) -> list[Flow]:
        """What is shipped or received by itself: what is inside a unit that is named goes with it."""
        if step.moves.parent is not None:
            return [flow for flow in flows if flow.role == "parent"]
        named = {flow.uri for flow in flows}
        inner = {inside for uri in named for inside in self._loads.nest(uri) if inside != uri}
        return [flow for flow in flows if flow.uri not in inner]

    def _loosely(self, step: Step, flow: Flow, flows: list[Flow]) -> dict[str, Decimal]:
        """What is stated of a lot beyond what the units named beside it hold of it: that comes with them."""
        held: dict[str, Decimal] = {}
        for unit in flows:
            for (lot, measure), amount in self._loads.of(unit.uri).items() if unit.uri in self._units else ():
                if lot == flow.uri:
                    held[measure] = held.get(measure, NONE) + amount
        if flow.amount is None and held:
            return {}
        stated = self._amount(step, flow)
        return {measure: amount - held.get(measure, NONE) for measure, amount in stated.items()
                if amount > held.get(measure, NONE)}  # fmt: skip

    def _amount(self, step: Step, flow: Flow) -> dict[str, Decimal]:
        if flow.amount is None:
            self._figures(flow.uri, KILOGRAMS)
            self._played.missing.append(Missing("amount", flow.uri, step.index))
            return {}
        return self._measured(flow, step.at)

    def _measured(self, flow: Flow, at: int | None) -> dict[str, Decimal]:
        if flow.amount is None:
            return {}
        weight = self._weigh(flow.amount, flow.uri, at)
        if weight is not None:
            return {KILOGRAMS: weight}
        pieces = dimension_of(flow.amount)[0] == COUNT
        return {PIECES if pieces else flow.amount.uom or PIECES: flow.amount.quantity}

    def _figures(self, lot: str, measure: str) -> Figures:
        measures = self._played.positions.setdefault(lot, {})
        if measure not in measures:
            measures[measure] = Figures()
        return measures[measure]

    def _delivery(self, step: Step, to: str | None) -> Delivery:
        found = self._played.deliveries.get(to)
        if found is None:
            found = self._played.deliveries[to] = Delivery(to)
        found.steps.add(step.index)
        found.places.update(uri for kind, uri in step.destinations if kind == "location")
        if step.at is not None and (found.last is None or step.at > found.last):
            found.last = step.at
        return found

    def _deliver(self, step: Step, to: str | None, lot: str, measure: str, amount: Decimal, unit: str | None) -> None:
        delivery = self._delivery(step, to)
        delivery.lots.add(lot)
        delivery.amounts[lot, measure] = delivery.amounts.get((lot, measure), NONE) + amount
        sent = _Sent(to, lot, measure, amount)
        self._sent.append(sent)
        if unit is not None:
            self._in_unit.setdefault(unit, []).append(sent)
        else:
            self._loose.setdefault((lot, measure), deque()).append(sent)

    def _note_place(self, step: Step, flows: list[Flow]) -> None:
        place = step.biz_location or step.read_point
        if place is None or step.dealing == "ships":
            return
        for flow in flows:
            if flow.uri in self._lots:
                self._place[flow.uri, step.member] = place
            elif self._played.units.get(flow.uri, ("stock", None))[0] == "stock":
                self._played.units[flow.uri] = ("stock", place)

    def ended(self) -> Played:
        """Where everything is once the last event has happened."""
        for sent in self._sent:
            if sent.amount:
                self._shipped(sent.lot, sent.measure, sent.amount, sent.to)
        for (lot, measure, member), amount in self._held.items():
            if amount < 0:
                self._figures(lot, measure).unaccounted += amount
            elif amount and member not in self._works:
                self._kept_by_customer(lot, measure, member, amount)
            elif amount:
                self._figures(lot, measure).in_stock += amount
                place = self._place.get((lot, member))
                self._played.stock[lot, measure, member, place] = amount
        return self._played

    def _kept_by_customer(self, lot: str, measure: str, member: str, amount: Decimal) -> None:
        left = amount
        for to, received in self._received.get((lot, measure, member), {}).items():
            some = min(left, received)
            self._shipped(lot, measure, some, to)
            left -= some
        if left:
            self._figures(lot, measure).in_stock += left
            self._played.stock[lot, measure, member, self._place.get((lot, member))] = left

    def _shipped(self, lot: str, measure: str, amount: Decimal, to: str | None) -> None:
        figures = self._figures(lot, measure)
        figures.shipped += amount
        if to is None:
            figures.lost_way += amount


def _destination(step: Step) -> str | None:
    """To whom: the owner if one was named, else who holds it, else the place."""
    kinds = dict(reversed(step.destinations))
    return next((kinds[kind] for kind in _PREFERRED if kind in kinds), None)
