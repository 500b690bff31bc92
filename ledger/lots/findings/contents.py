"""What is in a unit at a step: packed before it and not taken out since, through units inside units.

- ADD packs what it names; DELETE takes it out, or everything where it names nothing. What was only seen is not packed.
- Of a lot taken out without an amount, all of it goes.

    inside(case, "https://id.gs1.org/00/…", shipping)  ->  {"https://id.gs1.org/01/…/10/…": Amount(Decimal("40"))}

EPCIS 2.0 section 7.4.3.
"""

from collections.abc import Iterator

from ledger.lots.findings.found import Case, order
from ledger.lots.step import Amount, Step

DEEPEST = 16
"""Units inside units: a carton, a pallet, a container, a ship. A cycle ends here too."""
Contents = dict[str, Amount | None]


def packings(case: Case, unit: str, before: Step) -> Iterator[Step]:
    """The steps before this one in which something was packed into a unit or taken out, in order of time."""
    end = order(before)
    for step in case.steps(unit):
        if order(step) >= end:
            return
        if step.moves.parent == unit and step.moves.action in ("ADD", "DELETE"):
            yield step


def directly(case: Case, unit: str, before: Step) -> Contents:
    """What is in the unit itself."""
    held: Contents = {}
    for step in packings(case, unit, before):
        if step.moves.action == "DELETE" and not step.moves.children:
            held.clear()
            continue
        for flow in step.flows:
            if flow.role == "child":
                _pack(held, flow.uri, flow.amount, adding=step.moves.action == "ADD")
    return held


def inside(case: Case, unit: str, before: Step, depth: int = DEEPEST) -> Contents:
    """What is in the unit and in the units inside it; the units themselves too."""
    held = directly(case, unit, before)
    for uri in [uri for uri, amount in held.items() if amount is None] if depth else []:
        for inner, amount in inside(case, uri, before, depth - 1).items():
            _pack(held, inner, amount, adding=True)
    return held


def around(case: Case, uri: str, before: Step) -> set[str]:
    """The units that hold the object at this step, from the innermost out."""
    found: set[str] = set()
    waiting = [uri]
    for inner in waiting:
        named = {step.moves.parent for step in case.steps(inner) if inner in step.moves.children}
        for unit in sorted(name for name in named if name is not None and name not in found and name != uri):
            if inner in directly(case, unit, before):
                found.add(unit)
                waiting.append(unit)
    return found


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
