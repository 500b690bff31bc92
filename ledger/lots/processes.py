"""Processes of a season, and those that made the same things added up: what went in, came out and was lost; pure.

- A figure of a group is not shown (None) where that of any of its processes is not, or where their units differ.

    grouped([process_of(run, goods), …])  ->  [Group(made=("https://…",), count=12, into=Decimal("900"), …)]

docs/adr/0067-figures-of-a-season.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.lots.balance import MASS
from ledger.lots.step import Step
from ledger.lots.stock import product_of
from ledger.lots.yielded import Goods, Yielded, yielded
from schemas.units import EXACT


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `at`: its last event (microseconds since 1970); the products it `used` and `made`; `lost`: the
    kilograms that were said to be wasted."""

    at: int
    used: tuple[str, ...]
    made: tuple[str, ...]
    yielded: Yielded
    lost: Decimal


@dataclass(slots=True)
class Group:
    """All processes that made the same products: how many, in and out in the bases of `dimensions`, what was lost, and
    how many gave more, or less, than they can."""

    made: tuple[str, ...]
    products: set[str]
    dimensions: tuple[str, str]
    count: int = 0
    into: Decimal | None = Decimal(0)
    out: Decimal | None = Decimal(0)
    lost: Decimal = Decimal(0)
    over: int = 0
    under: int = 0

    @property
    def percent(self) -> Decimal | None:
        """How much came out of a hundred kilograms, to one place; None where not both are kilograms."""
        if self.into is None or self.out is None or not self.into or self.dimensions != (MASS, MASS):
            return None
        return round(self.out / self.into * 100, 1)

    def add(self, process: Process) -> None:
        """Add a process."""
        found, alike = process.yielded, process.yielded.dimensions == self.dimensions
        self.count += 1
        self.products.update(process.used)
        self.into = _sum(self.into, found.used if alike else None)
        self.out = _sum(self.out, found.made if alike else None)
        self.lost = EXACT.add(self.lost, process.lost)
        self.over += found.verdict == "over"
        self.under += found.verdict == "under"


def process_of(run: Sequence[Step], goods: Goods) -> Process:
    """The process that these steps are."""
    flows = [flow for step in run for flow in step.flows]
    used, made = (
        tuple(sorted({product_of(flow.uri) for flow in flows if flow.role == role})) for role in ("used", "made")
    )
    return Process(max(step.at or 0 for step in run), used, made, yielded(run, goods), _lost(run))


def grouped(processes: Iterable[Process]) -> list[Group]:
    """The groups, those of most processes first."""
    found: dict[tuple[str, ...], Group] = {}
    for process in processes:
        if process.made not in found:
            found[process.made] = Group(process.made, set(), process.yielded.dimensions)
        found[process.made].add(process)
    return sorted(found.values(), key=lambda group: (-group.count, group.made))


def all_lost(processes: Iterable[Process]) -> Decimal:
    """The kilograms that were said to be lost in all of them."""
    total = Decimal(0)
    for process in processes:
        total = EXACT.add(total, process.lost)
    return total


def _lost(run: Sequence[Step]) -> Decimal:
    total = Decimal(0)
    for step in run:
        total = EXACT.add(total, step.wasted or Decimal(0))
    return total


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else EXACT.add(one, other)
