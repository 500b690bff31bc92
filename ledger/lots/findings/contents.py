"""What is in a unit at a step: packed before it and not taken out since, through units inside units.

- ADD packs what it names; DELETE takes it out, or everything where it names nothing. What was only seen is not packed.
- Of a lot taken out without an amount, all of it goes.
- What is packed under the number of a unit that its packer sent away, and that did not come back, is in another unit.

    inside(case, "https://id.gs1.org/00/…", shipping)  ->  {"https://id.gs1.org/01/…/10/…": Amount(Decimal("40"))}

EPCIS 2.0 section 7.4.3.
"""

from ledger.lots.findings.found import Case, order
from ledger.lots.step import Amount, Step

DEEPEST = 16
"""Units inside units: a carton, a pallet, a container, a ship. A cycle ends here too."""
Contents = dict[str, Amount | None]


def directly(case: Case, unit: str, before: Step) -> Contents:
    """What is in the unit itself."""
    held: Contents = {}
    gone: str | None = None
    for step in before_it(case, unit, before):
        if step.biz_step == "shipping":
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


def before_it(case: Case, uri: str, step: Step) -> list[Step]:
    """The steps about an object before this one, in order of time."""
    end = order(step)
    return [each for each in case.steps(uri) if order(each) < end]


def _children(held: Contents, step: Step, *, adding: bool) -> None:
    for flow in step.flows:
        if flow.role == "child":
            _pack(held, flow.uri, flow.amount, adding=adding)


def inside(case: Case, unit: str, before: Step, depth: int = DEEPEST) -> Contents:
    """What is in the unit and in the units inside it; the units themselves too."""
    held = directly(case, unit, before)
    for uri in [uri for uri, amount in held.items() if amount is None] if depth else []:
        for inner, amount in inside(case, uri, before, depth - 1).items():
            _pack(held, inner, amount, adding=True)
    return held


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
