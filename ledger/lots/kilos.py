"""Kilograms that moved, added up by whatever is asked: products, sites, weeks; pure.

- A figure is what the balance calls so: *made*, *received*, *used*, *shipped*, *wasted*; what a line weighs is what the
  balance says it weighs (`ledger.lots.balance.weighed`).
- A line that cannot become kilograms makes every figure that it is in *not shown* (None): never zero.

    added(moved, lambda each: each.product)["https://id.gs1.org/01/…"]["shipped"].kilograms  ->  Decimal("800")

docs/adr/0038-balances.md; docs/adr/0067-figures-of-a-season.md.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from ledger.lots.balance import MASS, Posted, Products, weighed
from ledger.lots.stock import Kind
from schemas.units import EXACT

Moving = Literal["made", "received", "used", "shipped", "wasted"]
MOVING: tuple[Moving, ...] = ("made", "received", "used", "shipped", "wasted")
OF_KIND: dict[Kind, Moving] = {
    "made": "made", "received": "received", "accepted": "received", "used": "used", "shipped": "shipped",
    "wasted": "wasted",
}  # fmt: skip
"""The figure that a kind of line is added to; what was counted at an inventory moved nothing."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Moved:
    """Lines of one figure, product, site and week (by its place in the period); `lines`: how many they are."""

    figure: Moving
    product: str
    site: str | None
    week: int
    kilograms: Decimal | None
    lines: int = 1


@dataclass(slots=True)
class Kilos:
    """What some lines weigh together: how many lines, and of how many the kilograms are not known."""

    known: Decimal = Decimal(0)
    lines: int = 0
    lacking: int = 0

    @property
    def kilograms(self) -> Decimal | None:
        """All of it; None where any line's is not known."""
        return None if self.lacking else self.known

    def add(self, kilograms: Decimal | None, lines: int = 1) -> None:
        """Add lines."""
        self.lines += lines
        if kilograms is None:
            self.lacking += lines
        else:
            self.known = EXACT.add(self.known, kilograms)


Row = dict[Moving, Kilos]


def nothing() -> Row:
    """A row of figures to which nothing was added yet."""
    return {figure: Kilos() for figure in MOVING}


def added(moved: Iterable[Moved], key: Callable[[Moved], Key]) -> dict[Key, Row]:
    """The figures of each key."""
    found: dict[Key, Row] = {}
    for each in moved:
        name = key(each)
        if name not in found:
            found[name] = nothing()
        found[name][each.figure].add(each.kilograms, each.lines)
    return found


def in_kilograms(line: Posted, products: Products) -> Decimal | None:
    """What a line weighs; None where it does not say it, and its product does not."""
    found = weighed(line, products)
    return found.quantity if found.dimension == MASS else None
