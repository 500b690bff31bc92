"""What a recall of one lot or unit touches, and how much of it is found: forward in the trace, then where all of it is.

- *Affected* is everything made of the subject, whole: a lot into which a little of it went is recalled, all of it.
- Of a tank or silo for which a rule is declared, affected is each fill that held some of the subject, all of it.
- Of a unit what is affected is what is in it; the unit names no lot where its packing was not recorded.
- A *gap* is something that a recall team must ask about: a shipment without destination, an amount that was not said, a
  unit with unknown content, an amount that the books miss, a trace that is not whole. Each names its entries.
- `percent` is how much of what there was to find was found, in the measure where that is least; None where an amount is
  missing: it is then *not shown*, never a round hundred.

    recall(StoreEdges(connection), "https://id.gs1.org/01/…/10/P-0107", weigh)

ARCHITECTURE.md 5; FORMATS 5.1 and 6.15.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as altered
from decimal import ROUND_DOWN, Decimal

from ledger.lots.figures import KILOGRAMS, NONE, Figures, Missing, Played
from ledger.lots.genealogy import Steps
from ledger.lots.mixing import UNDECLARED, Followed, Mixing
from ledger.lots.step import Step
from ledger.lots.timeline import order
from ledger.lots.traced import MOST_STEPS, Traced, trace
from ledger.lots.whereabouts import Weigh, play

_HUNDREDTH = Decimal("0.01")
_CODES = {
    "amount": "recall-amount-missing", "destination": "recall-destination-missing", "content": "recall-content-missing",
}  # fmt: skip
Amounts = Mapping[tuple[str, str], Decimal]
"""(lot, measure) -> amount."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not known: its code, what it is about, what the sentence says, and the entries that show it."""

    code: str
    uri: str
    context: Mapping[str, str]
    causes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Customer:
    """To whom affected lots went: canonical URI, None where no event says; places, lots, units, what was shipped and
    what of it was received in this ledger; `last` shipment in microseconds; the entries that say so."""

    uri: str | None
    places: tuple[str, ...]
    lots: tuple[str, ...]
    units: tuple[str, ...]
    shipped: Amounts
    received: Amounts
    last: int | None
    causes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """What a member still has of a lot, and where it was seen last."""

    lot: str
    measure: str
    amount: Decimal
    member: str
    place: str | None


@dataclass(frozen=True, slots=True)
class Recall:
    """What a recall touches. `figures`: of each lot by measure; `totals`: of all of them.

    `totals[measure].used` is what went into other affected lots and is counted there. `mixing`: by which rules tanks
    and silos were followed.
    """

    subject: str
    lots: tuple[str, ...]
    units: tuple[str, ...]
    steps: tuple[Step, ...]
    figures: Mapping[str, Mapping[str, Figures]]
    totals: Mapping[str, Figures]
    customers: tuple[Customer, ...]
    stock: tuple[Stock, ...]
    whereabouts: Mapping[str, tuple[str, str | None]]
    gaps: tuple[Gap, ...]
    percent: Decimal | None
    mixing: tuple[Followed, ...] = ()

    @property
    def known(self) -> bool:
        """Does anything name the subject at all?"""
        return bool(self.steps)


def recall(steps: Steps, subject: str, weigh: Weigh, *, limit: int = MOST_STEPS, mixing: Mixing = UNDECLARED) -> Recall:
    """What a recall of a lot, item or unit (canonical URI) touches; empty where nothing names it."""
    traced = trace(steps, subject, forward=True, limit=limit, mixing=mixing)
    return counted(steps, traced, weigh)


def counted(steps: Steps, traced: Traced, weigh: Weigh) -> Recall:
    """The same for a trace at hand.

    Of lots every step counts; of units, which are used again, those of this journey.
    """
    units = tuple(sorted({*traced.units, *traced.items}))
    told = {step.index: step for step in traced.steps}
    for uri, found in steps.steps_of(traced.lots).items():
        told.update((step.index, step) for step in found if _held(traced, uri, step))
    played = play([_held_only(traced, step) for step in told.values()], traced.lots, units, weigh)
    totals = _totals(played)
    gaps = (*_unsaid(played.missing), *_unaccounted(played), *_unwhole(traced))
    return Recall(
        traced.subject, traced.lots, units, tuple(told.values()), played.positions, totals, _customers(played),
        _stock(played), played.units, gaps, _percent(totals, played), traced.mixing,
    )  # fmt: skip


def _held(traced: Traced, uri: str, step: Step) -> bool:
    """Whether a tank or silo held what is recalled when this happened to it; anything else always did."""
    spans = traced.fills.get(uri)
    return spans is None or any(first <= order(step) <= last for first, last in spans)


def _held_only(traced: Traced, step: Step) -> Step:
    """The step without what it pours into, or draws from, another fill: an affected lot may be made from several."""
    flows = tuple([flow for flow in step.flows if _held(traced, flow.uri, step)])
    return step if len(flows) == len(step.flows) else altered(step, flows=flows)


def _totals(played: Played) -> dict[str, Figures]:
    totals: dict[str, Figures] = {}
    for measures in played.positions.values():
        for measure, figures in measures.items():
            totals.setdefault(measure, Figures()).add(figures)
    return dict(sorted(totals.items(), key=lambda item: (item[0] != KILOGRAMS, item[0])))


def _percent(totals: Mapping[str, Figures], played: Played) -> Decimal | None:
    if any(item.code in ("amount", "content") for item in played.missing):
        return None
    found = [figures.percent for figures in totals.values()]
    shown = [percent for percent in found if percent is not None]
    # Rounded down: what is not all found is never a hundred.
    return min(shown).quantize(_HUNDREDTH, ROUND_DOWN) if shown else None


def _customers(played: Played) -> tuple[Customer, ...]:
    found = sorted(played.deliveries.values(), key=lambda item: (item.to is None, item.to or ""))
    return tuple(
        [
            Customer(
                item.to, tuple(sorted(item.places)), tuple(sorted(item.lots)), tuple(sorted(item.units)),
                item.amounts, item.received, item.last, tuple(sorted(item.steps)),
            )
            for item in found
        ]
    )  # fmt: skip


def _stock(played: Played) -> tuple[Stock, ...]:
    rows = sorted(played.stock.items(), key=lambda item: tuple(map(str, item[0])))
    return tuple([Stock(lot, measure, amount, member, place) for (lot, measure, member, place), amount in rows])


def _unsaid(missing: list[Missing]) -> list[Gap]:
    """What events do not say, a gap for each kind and entry."""
    by: dict[tuple[str, int], list[str]] = {}
    for item in missing:
        by.setdefault((item.code, item.index), []).append(item.uri)
    return [
        Gap(_CODES[code], uris[0], {"uri": uris[0], "count": str(len(uris)), "entry": str(index)}, (index,))
        for (code, index), uris in sorted(by.items())
    ]


def _unaccounted(played: Played) -> list[Gap]:
    found = []
    for lot, measures in sorted(played.positions.items()):
        for measure, figures in measures.items():
            if figures.unaccounted != NONE:
                code = "recall-unaccounted" if figures.unaccounted > 0 else "recall-more-than-was"
                said = {"lot": lot, "amount": format(abs(figures.unaccounted), "f"), "measure": measure}
                found.append(Gap(code, lot, said))
    return found


def _unwhole(traced: Traced) -> list[Gap]:
    found = [
        Gap("recall-cycle", cycle[0], {"uri": cycle[0], "count": str(len(cycle))}) for cycle in traced.cycles if cycle
    ]
    if traced.more:
        found.append(Gap("recall-not-whole", traced.subject, {"uri": traced.subject}))
    return found
