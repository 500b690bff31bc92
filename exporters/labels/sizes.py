"""How large a symbol is printed: the limits of its use, and the whole dots of a printer that keep them.

- X-dimension is the width of one module. A printer has dots; a module is a whole number of them, or its edges blur.
- The uses and their limits are GS1's: for tills, for distribution (cases and pallets), and for what a phone reads.
- Everything on a label stands on the dots of its `Grid`: positions and sizes are whole numbers of dots.

    LOGISTIC.dots(Grid(300))  ->  6     (0.508 mm)

GS1 General Specifications, section 5.12.3 (symbol specification tables 1 and its addendum, 2, 5); PTI label: Best
Practices for Formatting Case Labels. KNOWN LIMIT: the figures are from the tables as of 2025; a new release may move
them.
"""

from dataclasses import dataclass

from schemas.errors import InputError

RESOLUTIONS = (203, 300, 600)
"""Dots an inch of the printers that labels are made for."""
_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Grid:
    """The dots of a printer, `dpi` an inch; `InputError("label-dpi")` for others than `RESOLUTIONS`."""

    dpi: int

    def __post_init__(self) -> None:
        """Refuse a resolution that no printer here has."""
        if self.dpi not in RESOLUTIONS:
            raise InputError("label-dpi", dpi=self.dpi, allowed=", ".join(map(str, RESOLUTIONS)))

    def dots(self, mm: float) -> int:
        """The nearest whole number of dots."""
        return round(mm * self.dpi / _INCH)

    def at_least(self, mm: float) -> int:
        """The fewest dots that are not less."""
        return -int(-mm * self.dpi // _INCH)

    def mm(self, dots: float) -> float:
        """Millimetres of some dots."""
        return dots * _INCH / self.dpi


@dataclass(frozen=True, slots=True)
class Use:
    """Where a symbol is read: least, wanted and greatest X-dimension, least height of bars; all in millimetres."""

    name: str
    least: float
    wanted: float
    most: float
    height: float = 0.0

    def dots(self, grid: Grid) -> int:
        """Dots a module: the fewest that give the wanted X-dimension, within what is allowed."""
        return max(1, min(grid.at_least(self.wanted), int(grid.dpi * self.most // _INCH)))

    def widest(self, grid: Grid, across: int, room: int) -> int | None:
        """The most dots a module so that so many modules fit into the room (dots); None where the least do not."""
        found = min(room // across, int(grid.dpi * self.most // _INCH))
        return found if found >= grid.at_least(self.least) else None

    def bars(self, grid: Grid) -> int:
        """The height of bars in dots."""
        return grid.at_least(self.height)


# GS1-128 on what moves through distribution: table 5 (logistic units) and 2 (trade items).
LOGISTIC = Use("logistic", 0.495, 0.495, 0.940, 31.75)
CASE = Use("case", 0.495, 0.495, 1.016, 31.75)
# PTI's small case label, read by hand at arm's length: ten mil and half an inch.
PTI = Use("pti", 0.25, 0.33, 0.508, 12.7)
# Tills: EAN-13 (table 1), whose height goes with its X-dimension, and two-dimensional symbols (its addendum).
TILL = Use("till", 0.264, 0.330, 0.660, 22.85)
TILL_2D = Use("till-2d", 0.396, 0.495, 0.990)
