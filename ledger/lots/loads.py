"""What is in units while events are played, by measures: the rules of `ledger.lots.contents`, applied one by one.

- A unit lies in one other at most; what is asked of it is asked of the units in it too.
- What leaves in a unit leaves with it (`sent`), and comes back with it.
- Amounts are given as measured: what was not said was never put in.

    loads.put(step, pallet, [crate], {("https://…/10/P-7", "KGM"): Decimal("200")});  loads.of(pallet)

ARCHITECTURE.md 2 (rule 6).
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ledger.lots.contents import begins_anew, gone_after
from ledger.lots.figures import NONE
from ledger.lots.step import Step

Load = dict[tuple[str, str], Decimal]
"""(lot, measure) -> amount."""


class Loads:
    """The state between two events."""

    __slots__ = ("_content", "_gone", "_inside", "_within")

    def __init__(self) -> None:
        self._content: dict[str, Load] = {}
        self._inside: dict[str, set[str]] = {}
        self._within: dict[str, str] = {}
        self._gone: dict[str, str | None] = {}

    def put(self, step: Step, parent: str, units: Iterable[str], amounts: Mapping[tuple[str, str], Decimal]) -> None:
        """Put in what an event packs: units, and amounts of lots."""
        if begins_anew(step, parent, self._gone.get(parent)):
            self.end(parent)
        self._gone[parent] = gone_after(step, parent, self._gone.get(parent))
        for unit in units:
            self._leave(unit)
            self._inside.setdefault(parent, set()).add(unit)
            self._within[unit] = parent
        load = self._content.setdefault(parent, {})
        for key, amount in amounts.items():
            load[key] = load.get(key, NONE) + amount

    def take(self, parent: str, thing: str, measured: Mapping[str, Decimal]) -> None:
        """Take out a unit, or of a lot what is `measured`; all of it in a measure that is not."""
        if self._within.get(thing) == parent:
            self._leave(thing)
        load = self._content.get(parent, {})
        for key in [key for key in load if key[0] == thing]:
            left = load[key] - measured.get(key[1], load[key])
            load.pop(key) if left <= 0 else load.__setitem__(key, left)

    def empty(self, unit: str) -> None:
        """Take out everything."""
        self._content.pop(unit, None)
        for inner in self._inside.pop(unit, ()):
            self._within.pop(inner, None)

    def end(self, unit: str) -> None:
        """The unit is used up, or taken apart: it holds nothing, and lies in nothing."""
        self.empty(unit)
        self._leave(unit)

    def moved(self, step: Step, nest: Iterable[str]) -> None:
        """Note that an event sends units away, or brings them back."""
        for unit in nest:
            self._gone[unit] = gone_after(step, unit, self._gone.get(unit))

    def nest(self, unit: str) -> list[str]:
        """A unit and the units in it, however deep."""
        if not self._inside.get(unit):
            return [unit]
        found, waiting = {unit: None}, [unit]
        while waiting:
            for inner in sorted(self._inside.get(waiting.pop(), ())):
                if inner not in found:
                    found[inner] = None
                    waiting.append(inner)
        return list(found)

    def of(self, unit: str) -> Load:
        """What is in a unit, and in the units in it."""
        load: Load = {}
        for inner in self.nest(unit):
            for key, amount in self._content.get(inner, {}).items():
                load[key] = load.get(key, NONE) + amount
        return load

    def _leave(self, unit: str) -> None:
        self._inside.get(self._within.pop(unit, ""), set()).discard(unit)
