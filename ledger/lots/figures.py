"""The figures of a recall: how much of each lot is where, to whom it went, and what no event says.

- Amounts are kept by *measure*: `KGM` for kilograms, the UN/CEFACT code as it was written, or pieces.
- Born = used + shipped + in stock + destroyed + unaccounted, always (`ledger.lots.whereabouts`).

    Figures(shipped=Decimal(60), in_stock=Decimal(38), unaccounted=Decimal(2)).percent  ->  Decimal(98)

docs/adr/0041-what-a-recall-counts.md.
"""

from dataclasses import dataclass, field
from decimal import Decimal

KILOGRAMS, PIECES = "KGM", "pieces"
NONE = Decimal(0)


@dataclass(slots=True)
class Figures:
    """Amounts of one lot, or of all, in one measure. `lost_way`: of what was shipped, that nobody said where to."""

    born: Decimal = NONE
    used: Decimal = NONE
    shipped: Decimal = NONE
    in_stock: Decimal = NONE
    destroyed: Decimal = NONE
    unaccounted: Decimal = NONE
    lost_way: Decimal = NONE

    def add(self, other: "Figures") -> None:
        """Add other figures of the same measure."""
        for name in Figures.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def percent(self) -> Decimal | None:
        """How much of what there was to find was found, in hundredths; None of nothing."""
        found = self.in_stock + self.destroyed + self.shipped - self.lost_way
        missing = abs(self.unaccounted) + self.lost_way
        return None if not found + missing else Decimal(100) * found / (found + missing)


@dataclass(slots=True)
class Delivery:
    """What went to one destination: the place, what of each lot in each measure, units, and the entries that say so."""

    to: str | None
    places: set[str] = field(default_factory=set)
    amounts: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    received: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    lots: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    steps: set[int] = field(default_factory=set)
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What an event does not say: `code` `amount`, `destination` or `content`, of this object."""

    code: str
    uri: str
    index: int


@dataclass(slots=True)
class Played:
    """What became of the lots: `positions` by lot and measure; `stock` by (lot, measure, member, place); `units`: where
    each unit is, ("stock", place) or ("shipped", destination) or ("gone", None)."""

    positions: dict[str, dict[str, Figures]] = field(default_factory=dict)
    stock: dict[tuple[str, str, str, str | None], Decimal] = field(default_factory=dict)
    units: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    deliveries: dict[str | None, Delivery] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
