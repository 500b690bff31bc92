"""Amounts that can be added: exact sums by dimension, written back in the unit they were recorded in.

- An amount without a unit counts pieces, which is a dimension of its own. An item or a unit without an amount is one
  piece of itself; a lot without one is of unknown amount, and what it is added to becomes unknown.
- Amounts of two dimensions (kilograms and cases) have no sum.

    total([Amount(Decimal("1.5"), "TNE"), Amount(Decimal("20"), "KGM")]).text  ->  "1.52 TNE"
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from ledger.lots.balance import dimension_of
from ledger.lots.step import Amount
from schemas.units import unit

_SHOWN = Context(prec=60)
_FINEST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Sum:
    """So much in the base of a dimension; `uom` is how to write it, None for pieces."""

    dimension: str
    value: Decimal
    uom: str | None

    @property
    def text(self) -> str:
        """The value with its unit, without needless zeros."""
        factor = unit(self.uom).factor if self.uom else Decimal(1)
        shown = _SHOWN.divide(self.value, factor).quantize(_FINEST, ROUND_HALF_EVEN, _SHOWN)
        number = f"{shown.normalize(_SHOWN):f}"
        return f"{number} {self.uom}" if self.uom else number


def total(amounts: Iterable[Amount | None]) -> Sum | None:
    """The sum of amounts; None for none at all, for an unknown one, and for amounts of different dimensions."""
    summed: Sum | None = None
    for amount in amounts:
        each = None if amount is None else measured(amount)
        if each is None or (summed is not None and summed.dimension != each.dimension):
            return None
        summed = each if summed is None else Sum(summed.dimension, summed.value + each.value, summed.uom)
    return summed


def measured(amount: Amount) -> Sum | None:
    """An amount in the base of its dimension; None where it has no exact one."""
    dimension, value = dimension_of(amount)
    return None if value is None else Sum(dimension, value, amount.uom)
