"""What is in a unit at a moment: packed before it and not taken out since, through units inside units.

- ADD packs what it names; DELETE takes it out, or everything where it names nothing. What was only seen is not packed.
- Of a lot taken out without an amount, all of it goes.
- What is packed under the number of a unit that its packer sent away, and that did not come back, is in another unit.
- A moment is a place in the order of time (`ledger.lots.timeline.order`); what happens at it is not before it.

    inside(steps_of, "https://id.gs1.org/00/…", order(shipping))
        ->  {"https://id.gs1.org/01/…/10/…": Amount(Decimal("40"), "KGM")}

EPCIS 2.0 section 7.4.3. How long each thing was in a unit is `ledger.lots.residence`'s to say.
"""

from collections.abc import Callable, Sequence

from ledger.lots.step import Amount, Step
from ledger.lots.timeline import order

DEEPEST = 16
"""Units inside units: a carton, a pallet, a container, a ship. A cycle ends here too."""
Contents = dict[str, Amount | None]
StepsOf = Callable[[str], Sequence[Step]]
"""The steps about an object that stand, in order of time."""
Place = tuple[int, int]


def directly(steps_of: StepsOf, unit: str, before: Place) -> Contents:
    """What is in the unit itself."""
    held: Contents = {}
    gone: str | None = None
    for step in steps_of(unit):
        if order(step) >= before:
            break
        if step.dealing == "ships":
            gone = step.member
        elif step.moves.receipt and step.member == gone:
            gone = None
        elif step.moves.parent == unit and step.moves.action == "ADD":
            if step.member == gone:
                # It left and did not come back: another unit has its number now.
                held, gone = {}, None
            _children(held, step, adding=True)
        elif step.moves.parent == unit and step.moves.action == "DELETE":
            if not step.moves.children:
                held = {}
            _children(held, step, adding=False)
    return held


def inside(steps_of: StepsOf, unit: str, before: Place, depth: int = DEEPEST) -> Contents:
    """What is in the unit and in the units inside it; the units themselves too."""
    held = directly(steps_of, unit, before)
    for uri in [uri for uri, amount in held.items() if amount is None] if depth else []:
        for inner, amount in inside(steps_of, uri, before, depth - 1).items():
            _pack(held, inner, amount, adding=True)
    return held


def _children(held: Contents, step: Step, *, adding: bool) -> None:
    for flow in step.flows:
        if flow.role == "child":
            _pack(held, flow.uri, flow.amount, adding=adding)


def _pack(held: Contents, uri: str, amount: Amount | None, *, adding: bool) -> None:
    had = held.get(uri)
    if adding:
        held[uri] = _plus(had, amount) if uri in held else amount
    elif had is None or amount is None or had.uom != amount.uom or amount.quantity >= had.quantity:
        held.pop(uri, None)
    else:
        held[uri] = Amount(had.quantity - amount.quantity, had.uom)


def _plus(one: Amount | None, other: Amount | None) -> Amount | None:
    """The sum where both are in one unit; two units of one lot in one pallet are not added up here."""
    if one is None or other is None or one.uom != other.uom:
        return None
    return Amount(one.quantity + other.quantity, one.uom)
