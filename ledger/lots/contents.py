"""What is in a unit: what an event does to that (`does`, `begins_anew`, `leaves`), and what is in it at a moment.

- ADD packs what it names; DELETE takes it out, or everything where it names nothing; any other action shows it. What
  was only seen is not packed. A unit that is used up, or ends, holds nothing afterwards.
- Of a lot taken out without an amount, all of it goes.
- What is packed under the number of a unit that its packer sent away, and that did not come back to him, is in another
  unit: it begins anew, and lies in nothing.
- A crate on a pallet is sent away, or comes back, with the pallet that an event names (`along`). What that pallet lies
  in is not looked at.
- One thing is in one place: an item or unit that is packed into another, or used up, has left the first without a word
  (`leaves`). A lot may be in many.
- A moment is a place in the order of time (`ledger.lots.timeline.order`); what happens at it is not before it.
- A crate is packed a thousand times: its steps are played on from the last moment that was asked for, not from its
  first load again, and no moment is worked out twice.

    Units(steps_of).inside("https://id.gs1.org/00/…", order(shipping))
        ->  {"https://id.gs1.org/01/…/10/…": Amount(Decimal("40"), "KGM")}

EPCIS 2.0 section 7.4.3. How long each thing was in a unit is `ledger.lots.residence`'s to say, and how much of it by
measures `ledger.lots.whereabouts`', by the same rules.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ledger.lots.step import Amount, Step
from ledger.lots.timeline import BEGINNING, END, kind_of, order

DEEPEST = 16
"""Units inside units: a carton, a pallet, a container, a ship. A cycle ends here too."""
Contents = dict[str, Amount | None]
StepsOf = Callable[[str], Sequence[Step]]
"""The steps about an object that stand, in order of time."""
Place = tuple[int, int]
Does = Literal["puts", "takes", "empties", "shows", "ends"]


def does(step: Step, unit: str) -> Does | None:
    """What an event does to what is in a unit: puts in or takes out what it names, takes out everything, shows it, or
    ends the unit; None for nothing."""
    moves = step.moves
    if unit in moves.used:
        return "ends"
    if moves.parent != unit:
        return None
    if moves.action == "DELETE":
        return "takes" if moves.children else "empties"
    if not moves.children:
        return None
    return "puts" if moves.action == "ADD" else "shows"


def begins_anew(step: Step, unit: str, gone: str | None) -> bool:
    """Whether it packs another unit under the number of one that is `gone` from the member who packs (`gone_after`)."""
    return step.member == gone and not _travels(step, gone) and does(step, unit) == "puts"


def leaves(step: Step, thing: str, unit: str) -> bool:
    """Whether it takes one thing, which is no lot, out of a unit that it does not name as its parent."""
    moves = step.moves
    packed = moves.parent is not None and moves.parent != unit and thing in moves.children
    return thing in moves.used or (packed and moves.action == "ADD")


def gone_after(step: Step, unit: str, gone: str | None) -> str | None:
    """Who sent a unit away and did not get it back, after one more event about it; `gone`: before."""
    if step.dealing == "ships":
        return step.member
    if step.member != gone:
        return gone
    return None if step.moves.receipt or begins_anew(step, unit, gone) else gone


def _travels(step: Step, gone: str | None) -> bool:
    """Does it send the unit away, or bring it back: then it packs nothing, whatever it names?"""
    return step.dealing == "ships" or (step.moves.receipt and step.member == gone)


def along(unit: str, steps: Sequence[Step], of: StepsOf) -> Sequence[Step]:
    """The steps about a unit, in order of time, with those that send away or bring back another one that it lies in."""
    # KNOWN LIMIT: a unit in a unit that travels in a third is not said to leave; docs/limits.md.
    taken: dict[int, Step] = {}
    riding: list[Step] = []
    gone: str | None = None
    # What never held anything is only a thing in many units: none of them is asked.
    holds = any(step.moves.parent == unit for step in steps)
    for at, step in enumerate(steps) if holds else ():
        while riding and order(riding[0]) < order(step):
            gone = gone_after(riding.pop(0), unit, gone)
        gone = gone_after(step, unit, gone)
        carrier = step.moves.parent
        if carrier is not None and carrier != unit and unit in step.moves.children and does(step, carrier) == "puts":
            riding = list(_rides(unit, steps[at:], carrier, of(carrier), gone))
            taken.update((ride.index, ride) for ride in riding)
    return sorted([*steps, *taken.values()], key=order) if taken else steps


def _rides(unit: str, since: Sequence[Step], carrier: str, steps: Sequence[Step], gone: str | None) -> Iterator[Step]:
    """The journeys of a carrier from the first of the steps about a unit, which puts it in, until it is out or anew."""
    put, *later = since
    out = next((at for at, step in enumerate(later) if _comes_out(step, unit, carrier)), len(later))
    last = order(later[out]) if out < len(later) else (END, END)
    went = [step for step in _journeys(carrier, steps, order(put), last) if not step.moves.touches(unit)]
    anew = renewals(unit, sorted([*later[:out], *went], key=order), gone) if went else []
    return (step for step in went if not anew or order(step) < order(anew[0]))


def _comes_out(step: Step, unit: str, carrier: str) -> bool:
    return leaves(step, unit, carrier) or (unit in step.moves.children and does(step, carrier) == "takes")


def _journeys(carrier: str, steps: Sequence[Step], first: Place, last: Place) -> Iterator[Step]:
    """Where a carrier went with what was put into it at `first`, until it is emptied, or another one."""
    gone: str | None = None
    for at in range(bisect_right(steps, first, key=order), len(steps)):
        step = steps[at]
        ended = does(step, carrier) in ("empties", "ends") or begins_anew(step, carrier, gone)
        if ended or order(step) >= last:
            return
        if step.dealing == "ships" or step.moves.receipt:
            yield step
        gone = gone_after(step, carrier, gone)


def renewals(unit: str, steps: Iterable[Step], gone: str | None = None) -> list[Step]:
    """Those of the steps about a unit, and of what it goes `along` with, that begin another under its number. `gone`:
    who had sent it away before them."""
    found = []
    for step in steps:
        if begins_anew(step, unit, gone):
            found.append(step)
        gone = gone_after(step, unit, gone)
    return found


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is in a unit after the first `played` of its steps; `gone`: the member that sent it away."""

    played: int
    held: Contents
    gone: str | None


class Units:
    """What is in units, by the steps about them. What it gives is the caller's to read only."""

    __slots__ = ("_anew", "_inside", "_moments", "_of", "_places", "_steps")

    def __init__(self, steps_of: StepsOf) -> None:
        self._of = steps_of
        self._steps: dict[str, Sequence[Step]] = {}
        self._anew: dict[str, Sequence[Step]] = {}
        self._places: dict[str, list[Place]] = {}
        self._moments: dict[str, list[_Moment]] = {}
        self._inside: dict[tuple[str, Place, int], Contents] = {}

    def directly(self, unit: str, before: Place) -> Contents:
        """What is in the unit itself."""
        held = self.packed(unit, before)
        left = [uri for uri in held if kind_of(uri) != "lot" and self._has_left(uri, unit, before)]
        return {uri: amount for uri, amount in held.items() if uri not in left} if left else held

    def _has_left(self, thing: str, unit: str, before: Place) -> bool:
        """Did what was packed in a unit leave it without a word of that unit?"""
        steps = self._of(thing)
        for at in range(bisect_left(steps, before, key=order) - 1, -1, -1):
            if does(steps[at], unit) == "puts" and thing in steps[at].moves.children:
                return any(order(steps[at]) < order(anew) < before for anew in self._renewals(thing))
            if leaves(steps[at], thing, unit):
                return True
        return False

    def _renewals(self, unit: str) -> Sequence[Step]:
        found = self._anew.get(unit)
        if found is None:
            found = self._anew[unit] = renewals(unit, self._told(unit))
        return found

    def packed(self, unit: str, before: Place) -> Contents:
        """What was packed in the unit and not taken out, by what is told of the unit and of what it goes along with."""
        places = self._places.setdefault(unit, [(BEGINNING, -1)])
        moments = self._moments.setdefault(unit, [_Moment(0, {}, None)])
        at = bisect_right(places, before)
        if places[at - 1] != before:
            places.insert(at, before)
            moments.insert(at, _played(self._told(unit), unit, moments[at - 1], before))
            return moments[at].held
        return moments[at - 1].held

    def _told(self, unit: str) -> Sequence[Step]:
        found = self._steps.get(unit)
        if found is None:
            found = self._steps[unit] = along(unit, self._of(unit), self._of)
        return found

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
        what = None if _travels(step, gone) else does(step, unit)
        if what in ("empties", "ends") or begins_anew(step, unit, gone):
            held = {}
        if what in ("puts", "takes"):
            _children(held, step, adding=what == "puts")
        gone = gone_after(step, unit, gone)
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
