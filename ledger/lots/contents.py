"""What is in a unit at a moment: packed before it and not taken out since, through units inside units.

- ADD packs what it names; DELETE takes it out, or everything where it names nothing. What was only seen is not packed.
- Of a lot taken out without an amount, all of it goes.
- What is packed under the number of a unit that its packer sent away, and that did not come back, is in another unit.
- A moment is a place in the order of time (`ledger.lots.timeline.order`); what happens at it is not before it.
- A crate is packed a thousand times: its steps are played on from the last moment that was asked for, not from its
  first load again, and no moment is worked out twice.

    Units(steps_of).inside("https://id.gs1.org/00/…", order(shipping))
        ->  {"https://id.gs1.org/01/…/10/…": Amount(Decimal("40"), "KGM")}

EPCIS 2.0 section 7.4.3. How long each thing was in a unit is `ledger.lots.residence`'s to say.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ledger.lots.step import Amount, Step
from ledger.lots.timeline import BEGINNING, order

DEEPEST = 16
"""Units inside units: a carton, a pallet, a container, a ship. A cycle ends here too."""
Contents = dict[str, Amount | None]
StepsOf = Callable[[str], Sequence[Step]]
"""The steps about an object that stand, in order of time."""
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is in a unit after the first `played` of its steps; `gone`: the member that sent it away."""

    played: int
    held: Contents
    gone: str | None


class Units:
    """What is in units, by the steps about them. What it gives is the caller's to read only."""

    __slots__ = ("_inside", "_moments", "_of", "_places")

    def __init__(self, steps_of: StepsOf) -> None:
        self._of = steps_of
        self._places: dict[str, list[Place]] = {}
        self._moments: dict[str, list[_Moment]] = {}
        self._inside: dict[tuple[str, Place, int], Contents] = {}

    def directly(self, unit: str, before: Place) -> Contents:
        """What is in the unit itself."""
        places = self._places.setdefault(unit, [(BEGINNING, -1)])
        moments = self._moments.setdefault(unit, [_Moment(0, {}, None)])
        at = bisect_right(places, before)
        if places[at - 1] != before:
            places.insert(at, before)
            moments.insert(at, _played(self._of(unit), unit, moments[at - 1], before))
            return moments[at].held
        return moments[at - 1].held

    def inside(self, unit: str, before: Place, depth: int = DEEPEST) -> Contents:
        """What is in the unit and in the units inside it; the units themselves too."""
        found = self._inside.get((unit, before, depth))
        if found is None:
            found = self._inside[unit, before, depth] = dict(self.directly(unit, before))
            for uri in [uri for uri, amount in found.items() if amount is None] if depth else []:
                for inner, amount in self.inside(uri, before, depth - 1).items():
                    _pack(found, inner, amount, adding=True)
        return found


def _played(steps: Sequence[Step], unit: str, since: _Moment, before: Place) -> _Moment:
    """A moment later than another: the steps between them, one after the other."""
    held, gone, played = dict(since.held), since.gone, since.played
    for step in steps[played:]:
        if order(step) >= before:
            break
        played += 1
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
    return _Moment(played, held, gone)


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
