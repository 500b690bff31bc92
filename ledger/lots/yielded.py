"""What a process gave for what went in, held against the band of its kind; pure.

- A process is one transformation, or all that share a `transformationID`. Its inputs and outputs are added up, pieces
  by the net content of their product.
- `over`: more came out than can. `under`: less than is usual; something may not have been recorded. A process with an
  amount that is not shown, or with goods of several dimensions, or of two without a band, is not judged (None).
- Nothing comes from nothing: where no band fits, no more mass may come out than mass went in; and whatever the band,
  what came out and what was lost (`wasteKg`) weigh no more together than what went in.

    yielded([step], goods)  ->  Yielded(ratio=Decimal("0.17"), band=Band("olive-oil", …), verdict="within", …)

ARCHITECTURE.md 5; FORMATS 5.1; `schemas.yields`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as altered
from decimal import Context, Decimal
from typing import Literal, Protocol

from ledger.lots.balance import COUNT, MASS, NoProducts, Products, dimension_of, kilograms
from ledger.lots.step import Amount, Flow, Role, Step
from schemas.units import EXACT, based
from schemas.yields import Band, band

Verdict = Literal["within", "over", "under"]
_BASE = {"mass": "KGM", "volume": "MTQ"}
_SHOWN = Context(prec=60)


class Goods(Products, Protocol):
    """Products that say what they are, too."""

    def commodity(self, uri: str, at: int | None) -> str | None:
        """What a lot is of, as its product's master data says; None where nobody does."""
        ...


class NoGoods(NoProducts):
    """Nothing is known of any product."""

    def commodity(self, uri: str, at: int | None) -> str | None:
        """Never known."""
        return None


GoodsOf = Callable[[str], Goods]
"""What is known of products, the word of a member before that of others."""
NO_GOODS = NoGoods()


def nothing_known(_: str) -> Goods:
    """Whoever is asked, nothing is known of any product."""
    return NO_GOODS


@dataclass(frozen=True, slots=True)
class Yielded:
    """One process: the entries it was recorded by, what went in and came out (in the bases of `dimensions`: kilograms,
    cubic metres), the band it is held against (None: none fits), and the verdict (None: not judged). `lost`: the
    kilograms that were said to be wasted."""

    entries: tuple[int, ...]
    used: Decimal | None
    made: Decimal | None
    dimensions: tuple[str, str] = (MASS, MASS)
    band: Band | None = None
    verdict: Verdict | None = None
    lost: Decimal = Decimal(0)

    @property
    def most(self) -> Decimal | None:
        """How much may come out at most, in the base of its dimension: by the band, and less what was lost; None where
        the process is not judged."""
        if self.used is None or self.verdict is None:
            return None
        most = self.used
        if self.band is not None:
            _, source = based(Decimal(1), self.band.from_unit)
            _, target = based(self.band.most, self.band.to_unit)
            most = _SHOWN.divide(_SHOWN.multiply(self.used, target or Decimal(0)), source or Decimal(1))
        return min(most, EXACT.subtract(self.used, self.lost)) if self.dimensions == (MASS, MASS) else most

    @property
    def ratio(self) -> Decimal | None:
        """How much came out of one, to six places."""
        if self.used is None or self.made is None or not self.used:
            return None
        return round(self.made / self.used, 6)


def yielded(process: Sequence[Step], goods: Goods, *, among: Sequence[Band] | None = None) -> Yielded:
    """Judge one process, given all the steps that stand of it."""
    entries = tuple([step.index for step in process])
    used, made = _added(process, "used", goods), _added(process, "made", goods)
    if used is None or made is None:
        return Yielded(entries, used[1] if used else None, made[1] if made else None)
    dimensions = used[0], made[0]
    fitting = _band(process, goods, dimensions, among)
    if fitting is None and dimensions[0] != dimensions[1]:
        return Yielded(entries, used[1], made[1], dimensions)
    least, most = (Decimal(0), Decimal(1)) if fitting is None else (fitting.least, fitting.most)
    lost = _lost(process)
    from_nothing = dimensions == (MASS, MASS) and EXACT.add(made[1], lost) > used[1]
    verdict: Verdict = "within"
    if _more(made[1], used[1], most, fitting) or from_nothing:
        verdict = "over"
    elif not _more(made[1], used[1], least, fitting) and not _equal(made[1], used[1], least, fitting):
        verdict = "under"
    return Yielded(entries, used[1], made[1], dimensions, fitting, verdict, lost)


def shown(process: Iterable[Step], goods: Products, *, mass: bool = False) -> list[Step]:
    """The process with those of its outputs alone whose amount is shown; `mass`: and is, or can be, weighed."""

    def is_shown(step: Step, flow: Flow) -> bool:
        found = _weighed(flow.amount, flow.uri, step.at, goods)
        return flow.role != "made" or (found is not None and (not mass or found[0] == MASS))

    return [altered(step, flows=tuple([flow for flow in step.flows if is_shown(step, flow)])) for step in process]


def _lost(process: Iterable[Step]) -> Decimal:
    found = Decimal(0)
    for step in process:
        found = EXACT.add(found, step.wasted or Decimal(0))
    return found


def _sides(made: Decimal, used: Decimal, ratio: Decimal, of: Band | None) -> tuple[Decimal, Decimal]:
    """What was made and what the ratio gives of what was used, both multiplied so that nothing is divided."""
    if of is None:
        return made, EXACT.multiply(used, ratio)
    _, source = based(Decimal(1), of.from_unit)
    _, target = based(ratio, of.to_unit)
    assert source is not None
    assert target is not None
    return EXACT.multiply(made, source), EXACT.multiply(used, target)


def _more(made: Decimal, used: Decimal, ratio: Decimal, of: Band | None) -> bool:
    one, other = _sides(made, used, ratio, of)
    return one > other


def _equal(made: Decimal, used: Decimal, ratio: Decimal, of: Band | None) -> bool:
    one, other = _sides(made, used, ratio, of)
    return one == other


def _added(process: Iterable[Step], role: Role, goods: Products) -> tuple[str, Decimal] | None:
    """What went in, or came out: its dimension and sum; None where an amount is not shown or dimensions mix."""
    total: dict[str, Decimal] = {}
    for step in process:
        for flow in step.flows:
            if flow.role != role:
                continue
            found = _weighed(flow.amount, flow.uri, step.at, goods)
            if found is None:
                return None
            total[found[0]] = EXACT.add(total.get(found[0], Decimal(0)), found[1])
    return next(iter(total.items())) if len(total) == 1 else None


def _weighed(amount: Amount | None, uri: str, at: int | None, goods: Products) -> tuple[str, Decimal] | None:
    if amount is None:
        return None
    dimension, quantity = dimension_of(amount)
    if dimension == COUNT:
        weight = kilograms(amount, uri, at, goods)
        return None if weight is None else (MASS, weight)
    return None if quantity is None or dimension not in _BASE else (dimension, quantity)


def _band(
    process: Sequence[Step], goods: Goods, dimensions: tuple[str, str], among: Sequence[Band] | None
) -> Band | None:
    """The one band that fits every input with every output; None where some have none, or another."""
    named: dict[str, set[str | None]] = {"used": set(), "made": set()}
    for step in process:
        for flow in step.flows:
            if flow.role in named:
                named[flow.role].add(goods.commodity(flow.uri, step.at))
    units = _BASE[dimensions[0]], _BASE[dimensions[1]]
    pairs = [(source, target) for source in named["used"] for target in named["made"]]
    found = {band(source, target, *units, among) if source and target else None for source, target in pairs}
    return found.pop() if len(found) == 1 else None
