"""How much may come out of a process: the band that a transformation is held against, and who gives it.

- `Bands` is asked for the kilograms of an amount and for the most that a step may yield from a kilogram; who knows
  processes, products and their net contents answers. None is *not shown*: nothing is held against it.
- `NothingMade` knows one law only: no process makes more mass than went into it.

KNOWN LIMIT: what is kept was judged with `NothingMade`, since products are sealed where findings are kept
(docs/limits.md).

    NothingMade().most(step)  ->  Decimal(1)
"""

from decimal import Decimal
from typing import Protocol

from ledger.lots.balance import NoProducts, kilograms
from ledger.lots.step import Amount, Step


class Bands(Protocol):
    """What is known of processes."""

    def most(self, step: Step) -> Decimal | None:
        """The most kilograms that a transformation may give from one kilogram; None where no band is known."""
        ...

    def kilograms(self, amount: Amount, uri: str, at: int | None) -> Decimal | None:
        """The kilograms of an amount of a lot at a moment (microseconds since 1970); None where they are not shown."""
        ...


class NothingMade:
    """Mass is at best conserved, and known only where it was weighed."""

    def most(self, step: Step) -> Decimal | None:
        """One kilogram from one kilogram."""
        return Decimal(1)

    def kilograms(self, amount: Amount, uri: str, at: int | None) -> Decimal | None:
        """What was recorded in a unit of mass."""
        return kilograms(amount, uri, at, NoProducts())
