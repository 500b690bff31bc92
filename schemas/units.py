"""Units of measure by UN/CEFACT code, converted exactly: a query in kelvin finds what was recorded in degrees Celsius.

- Each code belongs to one *dimension*; a value becomes the dimension's base by `value * factor + offset`. Bases are
  chosen so that every factor of the list is a finite decimal: temperatures meet in degrees Rankine, speeds in km/h.
- Nothing is rounded: a value that has no exact base (an absurd exponent) is not comparable, and None says so.
- A code that the list does not hold is a dimension of its own: it is compared with itself alone.

    based(Decimal("20"), "CEL")  ->  ("temperature", Decimal("527.67"))

UN/ECE Recommendation 20.
"""

from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow
from functools import cache

from schemas.lists.table import rows

EXACT = Context(prec=256, traps=[Inexact, InvalidOperation, Overflow])
"""Where figures are added and multiplied: what would be rounded raises `decimal.Inexact`."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One code: its dimension, and how a value of it becomes the dimension's base."""

    code: str
    dimension: str
    factor: Decimal
    offset: Decimal


@cache
def _units() -> dict[str, Unit]:
    found = (Unit(row["code"], row["dimension"], Decimal(row["factor"]), Decimal(row["offset"])) for row in rows(_LIST))
    return {unit.code: unit for unit in found}


_LIST = "conversions"


def unit(code: str) -> Unit:
    """The unit of a code; one outside the list is a dimension of its own, named by the code."""
    return _units().get(code) or Unit(code, code, Decimal(1), Decimal(0))


def based(value: Decimal, code: str, *, difference: bool = False) -> tuple[str, Decimal | None]:
    """The dimension of a code and the value in its base, None where there is no exact one.

    `difference`: the value is a distance between two values (a standard deviation), so no zero point is added.
    """
    known = unit(code)
    try:
        base = EXACT.multiply(value, known.factor)
        return known.dimension, base if difference else EXACT.add(base, known.offset)
    except DecimalException:
        return known.dimension, None
