"""What one event does to somebody's stock: lines of a lot, each with its kind, amount and place; pure.

- *made* at its birth, *received* from outside, *used* in a transformation, *shipped*, *wasted* when it is taken out of
  the world or of sale, *counted* at an inventory. Everything else moves nothing into a stock or out of it.
- The stock is that of the member who signed: what one ships and another receives leaves one stock and enters the other.
- A kilogram counts once: where an event states amounts, the units it names beside them carry just these; a unit named
  alone is a line of its own without an amount, for its contents to be put in its place.
- `wasteKg` of an event that observes one lot is *wasted* of it, beside what the event is otherwise.
- `accepting` follows `receiving` where both are recorded; it counts for lots that were never received otherwise.
- A single item counts one.

    lines(step)  ->  (Line("https://id.gs1.org/01/…/10/P-1", "shipped", Amount(Decimal("800"), "KGM"), "https://…/414/…"),)

CBV 2.0 section 7.1; FORMATS 5.1 (mass balance) and CTE 6: quantities are never summed with the SSCC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ledger.lots.step import Amount, Flow, Step
from schemas.units import EXACT

Kind = Literal["made", "received", "accepted", "used", "shipped", "wasted", "counted"]
KINDS: tuple[Kind, ...] = ("made", "received", "accepted", "used", "shipped", "wasted", "counted")
_BY_STEP: dict[str, Kind] = {
    "shipping": "shipped",
    "receiving": "received",
    "accepting": "accepted",
    "cycle_counting": "counted",
    "stock_taking": "counted",
}
# What is taken out by these steps went to somebody, or into something; by any other it is lost.
_GIVEN: dict[str, Kind] = {
    "retail_selling": "shipped",
    "shipping": "shipped",
    "dispensing": "shipped",
    "consuming": "used",
}
_UNIT = "https://id.gs1.org/00/"
_GTIN = "https://id.gs1.org/01/"
_ONE = Amount(Decimal(1))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the object (canonical URI), how its stock changed, by how much (None: not shown), and where."""

    uri: str
    kind: Kind
    amount: Amount | None
    site: str | None = None


def lines(step: Step) -> tuple[Line, ...]:
    """The lines of an event; none of a declaration of error, whatever stands of the event it declares wrong."""
    if step.moves.correction:
        return ()
    found = [line for flow in step.flows if (line := _line(step, flow)) is not None]
    if any(line.amount is not None for line in found):
        # The units beside amounts hold what is stated; they have no amount of their own.
        found = [line for line in found if line.amount is not None or not is_unit(line.uri)]
    return (*found, *_lost(step))


def _lost(step: Step) -> Iterator[Line]:
    """What an event that only looks at one lot says was lost of it; the loss of a process is in what it used."""
    lots = {flow.uri for flow in step.flows if not is_unit(flow.uri) and not is_item(flow.uri)}
    if step.wasted and step.type == "ObjectEvent" and step.moves.action == "OBSERVE" and len(lots) == 1:
        yield Line(lots.pop(), "wasted", Amount(step.wasted, "KGM"), step.biz_location or step.read_point)


def _line(step: Step, flow: Flow) -> Line | None:
    kind = _kind(step, flow)
    if kind is None:
        return None
    amount = _ONE if flow.amount is None and is_item(flow.uri) else flow.amount
    return Line(flow.uri, kind, amount, _site(step, kind))


def _kind(step: Step, flow: Flow) -> Kind | None:
    by_step = _BY_STEP.get(step.biz_step or "")
    if step.type == "TransformationEvent":
        return "used" if flow.role == "used" else "made" if flow.role == "made" else None
    if flow.role == "made":
        return "received" if by_step in ("received", "accepted") else "made"
    if flow.role == "used":
        return _GIVEN.get(step.biz_step or "", "wasted")
    if flow.role == "parent" and step.moves.children:
        # Its children are named with it, with or without amounts.
        return None
    return by_step


def _site(step: Step, kind: Kind) -> str | None:
    """Where the stock is: goods leave from where they were read, and come to where they stay."""
    if kind == "shipped":
        return step.read_point or step.biz_location or _related(step.sources)
    return step.biz_location or step.read_point or (_related(step.destinations) if kind == "received" else None)


def _related(pairs: tuple[tuple[str, str], ...]) -> str | None:
    return next((uri for kind, uri in pairs if kind == "location"), None)


def is_unit(uri: str) -> bool:
    """Is it a logistic unit, whose weight is that of its contents?"""
    return uri.startswith(_UNIT)


def is_item(uri: str) -> bool:
    """Is it one trade item, by GTIN and serial number?"""
    return uri.startswith(_GTIN) and "/21/" in uri


def product_of(uri: str) -> str:
    """The product of a lot or item: its GTIN as a canonical URI; of any other object, itself."""
    if not uri.startswith(_GTIN):
        return uri
    return _GTIN + uri[len(_GTIN) :].partition("/")[0]


def contents(unit: str, at: int | None, about: Iterator[Step] | tuple[Step, ...] | list[Step]) -> list[Flow] | None:
    """The flows packed in a unit at a time, by the steps about it that stand; None where that is not shown.

    The last packing before counts: what was added since the unit was last emptied, less what was taken out by name.
    """
    inside: dict[tuple[str, str | None], Decimal] = {}
    unknown: set[str] = set()
    for step in sorted(about, key=lambda step: ((step.at or 0), step.index)):
        if not step.stands or step.moves.parent != unit or (at is not None and step.at is not None and step.at > at):
            continue
        children = [flow for flow in step.flows if flow.role == "child"]
        if step.moves.action == "DELETE" and not children:
            inside.clear()
            unknown.clear()
        sign = {"ADD": 1, "DELETE": -1}.get(step.moves.action or "", 0)
        for flow in children if sign else ():
            amount = _ONE if flow.amount is None and is_item(flow.uri) else flow.amount
            if amount is None:
                (unknown.add if sign > 0 else unknown.discard)(flow.uri)
                continue
            place = flow.uri, amount.uom
            inside[place] = EXACT.add(inside.get(place, Decimal(0)), sign * amount.quantity)
    if not inside and not unknown:
        return None
    known = [Flow(uri, "child", Amount(quantity, uom)) for (uri, uom), quantity in inside.items() if quantity > 0]
    return [*known, *(Flow(uri, "child") for uri in sorted(unknown))]
