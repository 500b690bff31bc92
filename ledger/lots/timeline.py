"""One object along time: what made it, what used it, where it went, what it was packed in and what was packed in it.

- The order is that of event times, never that of arrival: what is logged late takes its place. Events of one time are
  told apart by nothing, so of two at the same time each may have come first.
- A *making* feeds a *use* when it is not later. A use before which nothing was made is fed by every making: the clocks
  were wrong, and a trace that lost the origin would be worse than one that shows times running backwards.
- An instance (item, unit) is used up whole: what was made before its last end feeds nothing after it, where it was made
  again. A lot is used in parts, so all that was made of it before feeds what follows.
- A run of a transformation (`transformationID`) has no time: all its inputs feed all its outputs.
- An event whose time is hidden may have been at any time.

    Timeline(uri, steps).feeding(at)  ->  the steps that made what was there at `at`

ARCHITECTURE.md 5; EPCIS 2.0 sections 7.4.3 and 7.4.6.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal

from ledger.lots.step import Amount, Role, Step

BEGINNING = -(1 << 62)
END = 1 << 62
Kind = Literal["lot", "item", "unit", "run"]
_GS1 = re.compile(r"https://id\.gs1\.org/(\d{2,4})/[^/]+(?:/(\d{2,4})/)?")
_ITEMS = frozenset(("21", "235"))
_PACKING = frozenset(("ADD", "DELETE"))


def kind_of(uri: str) -> Kind:
    """What an identifier names, by itself: GS1 keys tell; any other URI is taken for a lot."""
    found = _GS1.match(uri)
    if found is None or (found[1] == "01" and found[2] not in _ITEMS):
        return "lot"
    return "item" if found[1] in ("01", "8006") else "unit"


def order(step: Step) -> tuple[int, int]:
    """The place of a step along time; those without a time come last."""
    return (END if step.at is None else step.at), step.index


def at_of(step: Step, unknown: int) -> int:
    """The time of a step, or what stands for a hidden one."""
    return unknown if step.at is None else step.at


def stated(step: Step, uri: str, *roles: Role) -> Amount | None:
    """What a step states of an object in these parts, added up; None where it states none, or in several units."""
    found = [amount for amount in step.amounts(uri, *roles) if amount is not None]
    if len(found) == 1:
        return found[0]
    if not found or len({amount.uom for amount in found}) > 1:
        return None
    return Amount(sum((amount.quantity for amount in found[1:]), found[0].quantity), found[0].uom)


class Timeline:
    """The steps that stand about one object, in time order; `voided` are those that do not."""

    __slots__ = ("_made_at", "as_child", "as_parent", "instance", "kind", "makings", "moves", "uri", "uses", "voided")

    def __init__(self, uri: str, steps: Iterable[Step]) -> None:
        self.uri = uri
        self.makings: list[Step] = []
        self.uses: list[Step] = []
        self.moves: list[Step] = []
        self.as_parent: list[Step] = []
        self.as_child: list[Step] = []
        self.voided: list[Step] = []
        named = False
        for step in sorted(steps, key=order):
            named = named or uri in step.moves.objects
            if not step.stands:
                self.voided.append(step)
            else:
                self._place(step)
        kind = kind_of(uri)
        self.kind: Kind = "run" if not named else "unit" if kind == "lot" and self.as_parent else kind
        self.instance = self.kind in ("unit", "item")
        self._made_at = [at_of(step, BEGINNING) for step in self.makings]

    def _place(self, step: Step) -> None:
        moves = step.moves
        if self.uri in moves.made:
            self.makings.append(step)
        if self.uri in moves.used:
            self.uses.append(step)
        if self.uri in moves.children:
            self.as_child.append(step)
        elif moves.parent == self.uri and (moves.children or moves.action == "DELETE"):
            self.as_parent.append(step)
            if moves.action not in _PACKING:
                self.moves.append(step)
        elif self.uri in moves.moved:
            self.moves.append(step)

    def feeding(self, at: int) -> Sequence[Step]:
        """The makings of what was there at a time."""
        if self.kind == "run":
            return self.makings
        until = [step for step in self.makings if at_of(step, BEGINNING) <= at]
        if not until or not self.instance:
            return until or self.makings
        return self._last_life(until, at) or until

    def _last_life(self, makings: list[Step], at: int) -> list[Step]:
        """Those of the makings that the last end before `at` did not undo."""
        ends = [use.at for use in self.uses if use.at is not None and use.at < at]
        since = [step for step in makings if at_of(step, BEGINNING) >= max(ends)] if ends else makings
        return since

    def fed(self, by: Step | None, at: int) -> bool:
        """Whether this making (None: any) feeds what happens at `at`: the other side of `feeding`."""
        if by is None or self.kind == "run":
            return True
        if not self.instance:
            made = at_of(by, BEGINNING)
            return made <= at or not self._made_at or min(self._made_at) > at
        return any(step.index == by.index for step in self.feeding(at))

    def births(self, at: int) -> list[Step]:
        """The last making without inputs at or before `at`: where a unit was commissioned."""
        found = [step for step in self.makings if not step.moves.used and at_of(step, BEGINNING) <= at]
        return found[-1:]


def between(steps: Sequence[Step], first: int, last: int) -> Sequence[Step]:
    """The steps of a list in time order from `first` to `last`, both included; those without a time, too."""
    if not steps or (first <= at_of(steps[0], END) and at_of(steps[-1], END) <= last):
        return steps
    low = bisect_left(steps, first, key=lambda step: at_of(step, END))
    high = bisect_right(steps, last, key=lambda step: at_of(step, END))
    timeless = bisect_left(steps, END, key=lambda step: at_of(step, END))
    return [*steps[low : min(high, timeless)], *steps[timeless:]]
