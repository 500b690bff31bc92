"""A logistic unit as its label says it: what is in it, what it weighs, from whom it goes and to whom.

- What is in it is what was put in and not taken out again. One that was emptied is told as it was when it was last
  filled: its label was for that.
- A unit that holds nothing but one lot is *homogeneous*: its label may say the lot and how many. Anything else says the
  SSCC alone.
- Its gross weight is what the event that filled it says, else that of a shipment of this unit and no other.

    unit(facts, "https://id.gs1.org/00/395210010000000018").contents  ->  (Content("https://…/10/T-196", Amount(96)),)

FORMATS section 4 (CTE 5 and 6); GS1 Logistic Label Guideline.
"""

from dataclasses import dataclass
from decimal import Decimal

from exporters.facts.history import Event, Facts
from exporters.facts.packs import Packer, packer, party_at
from ledger.lots.step import Amount
from schemas.epcis.own_terms import decimal, own_value
from schemas.gs1.digital_link import parse

UNIT = "https://id.gs1.org/00/"


@dataclass(frozen=True, slots=True)
class Content:
    """Something in a unit, by its canonical URI. `amount`: None where it is not said."""

    uri: str
    amount: Amount | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One logistic unit. `gross`: kilograms. `index`: the entry that filled it."""

    uri: str
    sscc: str
    contents: tuple[Content, ...]
    gross: Decimal | None
    sender: Packer
    receiver: Packer | None
    index: int
    at: int | None

    @property
    def homogeneous(self) -> Content | None:
        """The one thing that is in it, if there is no other."""
        return self.contents[0] if len(self.contents) == 1 else None


def unit(facts: Facts, uri: str) -> Unit | None:
    """What is said of a unit; None where nothing in the bundle fills it."""
    filled = [event for event in facts.standing if event.step.moves.parent == uri]
    contents, last = _contents(filled, uri)
    if last is None:
        return None
    shipped = [event for event in facts.standing if event.step.dealing == "ships" and _role(event, uri, "moved")]
    return Unit(
        uri,
        parse(uri).path[0][1],
        contents,
        next(filter(None, map(_gross, (last, *(event for event in shipped if _alone(event, uri))))), None),
        packer(facts, last),
        next(filter(None, (_receiver(facts, event) for event in shipped)), None),
        last.index,
        last.at,
    )


def _contents(filled: list[Event], uri: str) -> tuple[tuple[Content, ...], Event | None]:
    """What is in it after these events in the order of time, and the last that put something in."""
    held: dict[str, Amount | None] = {}
    last, emptied = None, False
    for event in filled:
        action, children = event.step.moves.action, [flow for flow in event.step.flows if flow.role == "child"]
        if action == "ADD":
            held, emptied, last = ({} if emptied else held), False, event
            for flow in children:
                held[flow.uri] = _sum(held[flow.uri], flow.amount) if flow.uri in held else flow.amount
        elif action == "DELETE" and children:
            for flow in children:
                _take(held, flow.uri, flow.amount)
        elif action == "DELETE":
            emptied = True
    return tuple(Content(name, amount) for name, amount in held.items()), last


def _sum(held: Amount | None, more: Amount | None) -> Amount | None:
    if held is None or more is None or held.uom != more.uom:
        return None
    return Amount(held.quantity + more.quantity, held.uom)


def _take(held: dict[str, Amount | None], uri: str, amount: Amount | None) -> None:
    """All of it where it is not said how much, or as much as there is."""
    before = held.get(uri)
    if amount is None or before is None or before.uom != amount.uom or before.quantity <= amount.quantity:
        held.pop(uri, None)
    else:
        held[uri] = Amount(before.quantity - amount.quantity, before.uom)


def _role(event: Event, uri: str, role: str) -> bool:
    return any(flow.uri == uri and flow.role == role for flow in event.step.flows)


def _alone(event: Event, uri: str) -> bool:
    return {flow.uri for flow in event.step.flows if flow.uri.startswith(UNIT)} == {uri}


def _gross(event: Event) -> Decimal | None:
    found = decimal(own_value(event.content, "grossWeightKg"))
    return found if found else None


def _receiver(facts: Facts, event: Event) -> Packer | None:
    """Who a shipment goes to: the place it goes to, else who will own or have it."""
    to = dict(reversed(event.step.destinations))
    named = [to[kind] for kind in ("location", "owning_party", "possessing_party") if kind in to]
    return next((found for uri in named if (found := party_at(facts, uri, event)).name), None)
