"""What is mixed without end, tanks of milk, oil and wine, silos of grain: which pouring is in which drawing.

A vessel is one object that events make again and again (what is poured in) and use again and again (what is drawn off).
What a drawing holds nobody can see; a rule is declared, and the answer says which:
- `cycle`: everything poured in since the vessel was last empty is in every drawing. It is the rule that loses nothing.
- `fifo`: first in, first out, as in a silo that is filled at the top and emptied at the bottom. A drawing holds what
  was poured in first and not drawn yet.

- Empty is when as much was drawn as poured, in amounts of one unit. Where an amount is not stated nobody knows when the
  vessel is empty, and under `fifo` not what is left: then everything since it last was empty is in the drawing.
- A drawing from a vessel that is empty by the figures holds what was in it last: figures err, and nothing may be lost.
- Of one time, what is poured in comes before what is drawn off.

    drawn(vessel, pourings, drawings, "fifo")[9]  ->  (Portion(pouring, Amount(Decimal("300"), "LTR")),)

FORMATS section 6, red flags (bulk).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as altered
from decimal import Decimal
from typing import Literal

from ledger.lots.step import Amount, Step
from ledger.lots.timeline import END, at_of, stated

Rule = Literal["cycle", "fifo"]
RULES: tuple[Rule, ...] = ("cycle", "fifo")


@dataclass(frozen=True, slots=True)
class Portion:
    """What a drawing holds of a pouring: the step that poured, and how much, None where no figure says."""

    pouring: Step
    amount: Amount | None = None


def drawn(
    uri: str, pourings: Sequence[Step], drawings: Sequence[Step], rule: Rule
) -> Mapping[int, tuple[Portion, ...]]:
    """The portions of each drawing, by its index, oldest pouring first."""
    vessel = _Vessel(rule)
    steps = [(at_of(step, END), 0, step.index, step) for step in pourings]
    steps += [(at_of(step, END), 1, step.index, step) for step in drawings]
    found: dict[int, tuple[Portion, ...]] = {}
    for _, draws, index, step in sorted(steps, key=lambda entry: entry[:3]):
        if draws:
            found[index] = vessel.draw(stated(step, uri, "used"))
        else:
            vessel.pour(step, stated(step, uri, "made"))
    return found


class _Vessel:
    """A vessel along time. `inside`: the pourings of this cycle, with what is left of each under `fifo`."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._inside: list[Portion] = []
        self._last: list[Portion] = []
        self._level: Amount | None = None
        self._known = True

    def pour(self, step: Step, amount: Amount | None) -> None:
        """Something is poured in."""
        if not self._inside:
            self._level, self._known = None, True
        self._inside.append(Portion(step, amount))
        self._known = self._known and amount is not None and (self._level is None or self._level.uom == amount.uom)
        if self._known and amount is not None:
            before = Decimal(0) if self._level is None else self._level.quantity
            self._level = Amount(before + amount.quantity, amount.uom)

    def draw(self, amount: Amount | None) -> tuple[Portion, ...]:
        """Something is drawn off: what it holds."""
        if not self._inside:
            return tuple(altered(portion, amount=None) for portion in self._last)
        self._known = self._known and amount is not None and self._level is not None and amount.uom == self._level.uom
        if not self._known or amount is None or self._level is None:
            return tuple(altered(portion, amount=None) for portion in self._inside)
        if self._rule == "fifo":
            portions = self._first(amount)
        else:
            portions = tuple(altered(portion, amount=None) for portion in self._inside)
        self._level = Amount(self._level.quantity - amount.quantity, amount.uom)
        if self._level.quantity <= 0:
            self._last, self._inside = list(portions if self._rule == "fifo" else self._inside), []
        return portions

    def _first(self, amount: Amount) -> tuple[Portion, ...]:
        """What was poured in first, as much as is drawn; what is left of each pouring stays."""
        wanted, taken, left = amount.quantity, [], []
        for portion in self._inside:
            held = portion.amount.quantity if portion.amount is not None else Decimal(0)
            part = min(held, wanted)
            wanted -= part
            if part > 0:
                taken.append(Portion(portion.pouring, Amount(part, amount.uom)))
            if held > part:
                left.append(Portion(portion.pouring, Amount(held - part, amount.uom)))
        self._last, self._inside = taken or self._last, left
        return tuple(taken)
