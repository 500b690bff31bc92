"""What a logistic unit holds at a time, down to the lots in whatever is in it.

- What was put in and not taken out again, as far as the bundle says; units inside units are opened.
- An amount that is not said, or that cannot be added to another, is None: never guessed.

    contents(facts, "https://id.gs1.org/00/395210010000000018", event)  ->  {"https://…/10/T-196": Amount(Decimal(96))}

EPCIS 2.0 section 7.4.3; FORMATS section 4 (CTE 5).
"""

from collections.abc import Mapping

from exporters.facts.history import Event, Facts
from ledger.lots.step import Amount
from ledger.lots.stock import is_unit

_DEEPEST = 8


def contents(facts: Facts, unit: str, until: Event) -> Mapping[str, Amount | None]:
    """Lot or item -> how much of it is in the unit when the event happens, in the order in which it was packed."""
    found: dict[str, Amount | None] = {}
    _open(facts, unit, _before(facts, until), found, _DEEPEST)
    return found


def _before(facts: Facts, until: Event) -> list[Event]:
    """What happened before an event, in the order of time."""
    return [event for event in facts.standing if (event.at or 0) <= (until.at or 0) and event.leaf != until.leaf]


def _open(facts: Facts, unit: str, events: list[Event], found: dict[str, Amount | None], depth: int) -> None:
    for uri, amount in _held(unit, events).items():
        if is_unit(uri) and depth:
            _open(facts, uri, events, found, depth - 1)
        else:
            found[uri] = added(found[uri], amount) if uri in found else amount


def _held(unit: str, events: list[Event]) -> dict[str, Amount | None]:
    held: dict[str, Amount | None] = {}
    for event in events:
        if event.step.moves.parent != unit:
            continue
        children = [flow for flow in event.step.flows if flow.role == "child"]
        if event.step.moves.action == "ADD":
            for flow in children:
                held[flow.uri] = added(held[flow.uri], flow.amount) if flow.uri in held else flow.amount
        elif event.step.moves.action == "DELETE":
            for flow in children:
                _take(held, flow.uri, flow.amount)
            if not children:
                held.clear()
    return held


def added(first: Amount | None, second: Amount | None) -> Amount | None:
    """Two amounts of one unit together."""
    if first is None or second is None or first.uom != second.uom:
        return None
    return Amount(first.quantity + second.quantity, first.uom)


def _take(held: dict[str, Amount | None], uri: str, amount: Amount | None) -> None:
    """All of it where it is not said how much, or where there is no more."""
    before = held.get(uri)
    if amount is None or before is None or before.uom != amount.uom or before.quantity <= amount.quantity:
        held.pop(uri, None)
    else:
        held[uri] = Amount(before.quantity - amount.quantity, before.uom)
