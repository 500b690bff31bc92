"""What one event does to somebody's stock: lines of a lot, each with its kind, amount and place; pure.

- *made* at its birth, *received* from outside, *used* in a transformation, *shipped*, *wasted* when it is taken out of
  the world or of sale, *counted* at an inventory. Everything else moves nothing into a stock or out of it.
- The stock is that of the member who signed: what one ships and another receives leaves one stock and enters the other.
- A kilogram counts once: where an event states amounts, the units it names beside them carry just these, of what it
  uses and of what it makes apart; a unit named alone is a line of its own without an amount, for its contents to be put
  in its place. A unit that begins holds nothing, and what is in one that is only taken apart goes on: no line.
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

from ledger.lots.dealing import Dealing
from ledger.lots.step import Amount, Flow, Step

Kind = Literal["made", "received", "accepted", "used", "shipped", "wasted", "counted"]
KINDS: tuple[Kind, ...] = ("made", "received", "accepted", "used", "shipped", "wasted", "counted")
_BY_DEALING: dict[Dealing | None, Kind] = {
    "ships": "shipped", "receives": "received", "accepts": "accepted", "counts": "counted",
}  # fmt: skip
# What is taken out by these went to somebody, or into something; by any other it is lost.
_GIVEN: dict[Dealing | None, Kind] = {"ships": "shipped", "sells": "shipped", "consumes": "used"}
UNIT = "https://id.gs1.org/00/"
GTIN = "https://id.gs1.org/01/"
ONE = Amount(Decimal(1))


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
    # The units beside amounts hold what is stated; they have no amount of their own.
    without = {"made", *(line.kind for line in found if line.amount is not None)}
    if step.only_unpacks:
        without.add("wasted")
    kept = [line for line in found if line.amount is not None or not is_unit(line.uri) or line.kind not in without]
    return (*kept, *_lost(step))


def _lost(step: Step) -> Iterator[Line]:
    """What an event that only looks at one lot says was lost of it; the loss of a process is in what it used."""
    lots = {flow.uri for flow in step.flows if not is_unit(flow.uri) and not is_item(flow.uri)}
    if step.wasted and step.type == "ObjectEvent" and step.moves.action == "OBSERVE" and len(lots) == 1:
        yield Line(lots.pop(), "wasted", Amount(step.wasted, "KGM"), step.biz_location or step.read_point)


def _line(step: Step, flow: Flow) -> Line | None:
    kind = _kind(step, flow)
    if kind is None:
        return None
    return Line(flow.uri, kind, own_amount(flow.uri, flow.amount), _site(step, kind))


def _kind(step: Step, flow: Flow) -> Kind | None:
    by_step = _BY_DEALING.get(step.dealing)
    if step.type == "TransformationEvent":
        return "used" if flow.role == "used" else "made" if flow.role == "made" else None
    if flow.role == "made":
        return by_step if by_step in ("received", "accepted") else "made"
    if flow.role == "used":
        return _GIVEN.get(step.dealing, "wasted")
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


def own_amount(uri: str, amount: Amount | None) -> Amount | None:
    """The amount of an object where none is stated: a single item is one piece, of anything else none is known."""
    return ONE if amount is None and is_item(uri) else amount


def is_unit(uri: str) -> bool:
    """Is it a logistic unit, whose weight is that of its contents?"""
    return uri.startswith(UNIT)


def is_item(uri: str) -> bool:
    """Is it one trade item, by GTIN and serial number?"""
    return uri.startswith(GTIN) and "/21/" in uri


def product_of(uri: str) -> str:
    """The product of a lot or item: its GTIN as a canonical URI; of any other object, itself."""
    if not uri.startswith(GTIN):
        return uri
    return GTIN + uri[len(GTIN) :].partition("/")[0]
