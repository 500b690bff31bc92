"""A logistic unit as its label says it: what is in it, what it weighs, from whom it goes and to whom.

- What is in it is what the books say (`ledger.lots.contents`), from its last filling on, before it was sent away or
  emptied: its label was for that.
- A unit that holds nothing but one lot is *homogeneous*: its label may say the lot and how many. Anything else says the
  SSCC alone.
- Its gross weight is what the event that filled it says, else that of a shipment of this unit and no other.

    unit(facts, "https://id.gs1.org/00/395210010000000018").contents  ->  (Content("https://…/10/T-196", Amount(96)),)

FORMATS section 4 (CTE 5 and 6); GS1 Logistic Label Guideline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from exporters.facts.history import Event, Facts
from exporters.facts.packs import packer
from exporters.facts.parties import Who, place
from ledger.lots.contents import Units, does
from ledger.lots.step import Amount
from ledger.lots.stock import is_unit
from ledger.lots.timeline import order
from schemas.epcis.own_terms import decimal, own_value
from schemas.gs1.digital_link import parse


@dataclass(frozen=True, slots=True)
class Content:
    """Something in a unit, by its canonical URI. `amount`: None where it is not said."""

    uri: str
    amount: Amount | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One logistic unit. `gross`: kilograms. `index`: the entry that filled it; `at`: when, in microseconds."""

    uri: str
    sscc: str
    contents: tuple[Content, ...]
    gross: Decimal | None
    sender: Who
    receiver: Who | None
    index: int
    at: int | None

    @property
    def homogeneous(self) -> Content | None:
        """The one thing that is in it, if there is no other."""
        return self.contents[0] if len(self.contents) == 1 else None


def unit(facts: Facts, uri: str) -> Unit | None:
    """What is said of a unit; None where nothing in the bundle fills it."""
    about = [event for event in facts.standing if uri in event.step.moves.touched]
    filled = [at for at, event in enumerate(about) if _fills(event, uri)]
    if not filled:
        return None
    last = about[filled[-1]]
    held = _held(facts, about, filled[-1], uri)
    shipped = [event for event in about[filled[-1] :] if event.step.dealing == "ships"]
    return Unit(
        uri,
        parse(uri).path[0][1],
        tuple(Content(name, amount) for name, amount in held.items()),
        next(filter(None, map(_gross, (last, *(event for event in shipped if _alone(event, uri))))), None),
        packer(facts, last),
        next(filter(None, (_receiver(facts, event) for event in shipped)), None),
        last.index,
        last.at,
    )


def _fills(event: Event, uri: str) -> bool:
    return does(event.step, uri) == "puts"


def _held(facts: Facts, about: Sequence[Event], filled: int, uri: str) -> dict[str, Amount | None]:
    """What is in it before it goes or is emptied, of all that is told of it from its last filling on."""
    later = about[filled + 1 :]
    ends = next((order(event.step) for event in later if _ends(event, uri)), None)
    at, index = order(about[-1].step)
    return Units(facts.about).directly(uri, ends if ends is not None else (at, index + 1))


def _ends(event: Event, uri: str) -> bool:
    return does(event.step, uri) in ("empties", "ends") or event.step.dealing == "ships"


def _alone(event: Event, uri: str) -> bool:
    return {flow.uri for flow in event.step.flows if is_unit(flow.uri)} == {uri}


def _gross(event: Event) -> Decimal | None:
    found = decimal(own_value(event.content, "grossWeightKg"))
    return found if found else None


def _receiver(facts: Facts, event: Event) -> Who | None:
    """Who a shipment goes to: whose the place is that it goes to, else who will own or have it; there."""
    to = dict(reversed(event.step.destinations))
    for kind in ("location", "owning_party", "possessing_party"):
        where = place(facts, event, to[kind]) if kind in to else None
        if where is not None and where.owner.name:
            return Who(where.owner.uri, where.owner.name, address=where.address)
    return None
