"""What is mixed without end, tanks of milk, oil and wine, silos of grain: which pouring is in which drawing.

A vessel is one object that events make again and again (what is poured in) and use again and again (what is drawn off).
What a drawing holds nobody can see; a rule is declared (`ledger.lots.mixing`), and the answer says which:
- `cycle`: everything poured in since the vessel was last empty is in every drawing. It is the rule that loses nothing.
- `fifo`: first in, first out, as in a silo that is filled at the top and emptied at the bottom. A drawing holds what
  was poured in first and not drawn yet. After a drawing by another rule nobody knows what that is, until it is empty.
- Where no rule was declared at the time of a drawing, everything ever poured in before is in it.

- Empty is when as much was drawn as poured, in amounts of one unit. Where an amount is not stated nobody knows when the
  vessel is empty, and under `fifo` not what is left: then everything since it last was empty is in the drawing.
- A *fill* goes from one pouring into the empty vessel to the last drawing before the next such pouring.
- A drawing from a vessel that is empty by the figures holds what was in it last, and one before anything was poured in
  all that ever was: figures and clocks err, and nothing may be lost.
- Of one time, what is poured in comes before what is drawn off.

    drawn(vessel, pourings, drawings, rule).portions[9]  ->  (Portion(pouring, Amount(Decimal("300"), "LTR")),)

FORMATS section 6, red flags (bulk); docs/adr/0037-what-is-mixed-follows-a-declared-rule.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as altered
from decimal import Decimal

from ledger.lots.mixing import Declared, Rule, RuleOf
from ledger.lots.step import Amount, Step
from ledger.lots.timeline import END, at_of, stated


@dataclass(frozen=True, slots=True)
class Portion:
    """What a drawing holds of a pouring: the step that poured, and how much, None where no figure says."""

    pouring: Step
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A vessel along time: the portions of each drawing by its index, oldest pouring first; its fills; the rules that
    were followed, each once."""

    portions: Mapping[int, tuple[Portion, ...]]
    fills: tuple[tuple[Step, ...], ...]
    rules: tuple[Declared | None, ...]


def drawn(uri: str, pourings: Sequence[Step], drawings: Sequence[Step], rule: RuleOf) -> Drawn:
    """What each drawing from a vessel holds."""
    vessel = _Vessel(pourings)
    steps = [(at_of(step, END), 0, step.index, step) for step in pourings]
    steps += [(at_of(step, END), 1, step.index, step) for step in drawings]
    found: dict[int, tuple[Portion, ...]] = {}
    rules: dict[Declared | None, None] = {}
    for _, draws, index, step in sorted(steps, key=lambda entry: entry[:3]):
        if draws:
            declared = rule(step)
            rules[declared] = None
            found[index] = vessel.draw(step, stated(step, uri, "used"), declared.rule if declared else None)
        else:
            vessel.pour(step, stated(step, uri, "made"))
    return Drawn(found, tuple([tuple(fill) for fill in vessel.fills]), tuple(rules))


class _Vessel:
    """A vessel along time. `inside`: the pourings of this fill, with what is left of each while all drawings were by
    `fifo` (`in_order`)."""

    def __init__(self, pourings: Sequence[Step]) -> None:
        self.fills: list[list[Step]] = []
        self._every = tuple([Portion(step) for step in pourings])
        self._poured: list[Portion] = []
        self._inside: list[Portion] = []
        self._last: list[Portion] = []
        self._level: Amount | None = None
        self._known = self._in_order = True

    def pour(self, step: Step, amount: Amount | None) -> None:
        """Something is poured in."""
        if not self._inside:
            self._level, self._known, self._in_order = None, True, True
            self.fills.append([])
        self.fills[-1].append(step)
        self._poured.append(Portion(step))
        self._inside.append(Portion(step, amount))
        self._known = self._known and amount is not None and (self._level is None or self._level.uom == amount.uom)
        if self._known and amount is not None:
            before = Decimal(0) if self._level is None else self._level.quantity
            self._level = Amount(before + amount.quantity, amount.uom)

    def draw(self, step: Step, amount: Amount | None, rule: Rule | None) -> tuple[Portion, ...]:
        """Something is drawn off: what it holds."""
        self.fills = self.fills or [[]]
        self.fills[-1].append(step)
        if not self._poured:
            return self._every
        if not self._inside:
            return self._unmeasured(self._last, rule)
        self._known = self._known and amount is not None and self._level is not None and amount.uom == self._level.uom
        if not self._known or amount is None or self._level is None:
            return self._unmeasured(self._inside, rule)
        self._in_order = self._in_order and rule == "fifo"
        portions = self._first(amount) if self._in_order else self._unmeasured(self._inside, rule)
        self._level = Amount(self._level.quantity - amount.quantity, amount.uom)
        if self._level.quantity <= 0:
            self._last, self._inside = list(portions if self._in_order else self._inside), []
        return portions

    def _unmeasured(self, held: Sequence[Portion], rule: Rule | None) -> tuple[Portion, ...]:
        """Some of each of these, or, by no rule, of everything ever poured in; how much nobody knows."""
        if rule is None:
            return tuple(self._poured)
        return tuple([altered(portion, amount=None) for portion in held])

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
