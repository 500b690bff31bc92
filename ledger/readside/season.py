"""What a season moved, read back from the store: added up by week, or line by line, in one read transaction.

- Lines are those of the balance: units without amounts are opened (`unpacked`), what was accepted counts for lots that
  were never received, and pieces weigh what their product weighed then.
- Added up and one by one are the same: where what is said of a product changed within a day, the lines of that day are
  read one by one.

    Reading(connection, asked, products, shows).moved(weeks)  ->  Moved(figure="shipped", …), …
    Reading(connection, asked, products, shows).lines(("shipped",))  ->  [Behind(index=41, kilograms=Decimal("800"), …)]

docs/adr/0038-balances.md, 0067-figures-of-a-season.md.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from ledger.audience import Audience
from ledger.lots.balance import COUNT
from ledger.lots.journey_time import Became, JourneyTime, Place, journey_times
from ledger.lots.kilos import OF_KIND, Moved, Moving, in_kilograms
from ledger.lots.processes import Process, process_of
from ledger.lots.step import Step
from ledger.lots.stock import Kind, is_unit, product_of
from ledger.lots.weeks import Week
from ledger.readside.products import MasterProducts
from ledger.readside.runs import runs, runs_of
from ledger.readside.unpacked import Unpacking
from ledger.store import moved as store
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.moved import Sum
from ledger.store.stock import Asked, Booked

_SHIPPED: tuple[Kind, ...] = ("shipped",)
LOOK_BACK = 2 * 366 * 86_400_000_000
"""How long before a period a harvest is looked for, in microseconds."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One line behind a figure. `at`: microseconds since 1970; `kilograms`: None where they are not known."""

    figure: Moving
    index: int
    at: int
    member: str
    uri: str
    product: str
    site: str | None
    kilograms: Decimal | None


class Reading:
    """One question about a period (`asked.start` to before `asked.stop`)."""

    def __init__(
        self, connection: Connection, asked: Asked, goods: MasterProducts, shows: Callable[[Step], bool]
    ) -> None:
        self._connection, self._asked, self._goods = connection, asked, goods
        self._edges = StoreEdges(connection, asked.size)
        self._unpacking = Unpacking(self._edges, shows)

    @property
    def last(self) -> int | None:
        """When anything of the member's last moved (microseconds since 1970); None where nothing ever did."""
        return store.last(self._connection, self._asked.member)

    def moved(self, weeks: Sequence[Week]) -> Iterator[Moved]:
        """Everything that moved, by figure, product, site and week."""
        begins = [week.begins for week in weeks]
        for total in store.summed(self._connection, self._asked, [week.ends for week in weeks[:-1]]):
            posted = total.booked.posted
            if self._steady(total):
                kilograms = in_kilograms(posted, self._goods)
                yield Moved(
                    OF_KIND[posted.kind], posted.uri, total.booked.site, total.week, kilograms, posted.count
                )  # fmt: skip
            else:
                yield from self._singly(store.alike(self._connection, self._asked, total), begins)
        yield from self._singly(self._counting(store.apart(self._connection, self._asked)), begins)

    def _steady(self, total: Sum) -> bool:
        posted = total.booked.posted
        return posted.dimension != COUNT or self._goods.steady(posted.uri, posted.at, total.last)

    def _singly(self, booked: Iterable[Booked], begins: Sequence[int]) -> Iterator[Moved]:
        for item in booked:
            posted = item.posted
            week = bisect_right(begins, posted.at) - 1
            yield Moved(
                OF_KIND[posted.kind], product_of(posted.uri), item.site, week, in_kilograms(posted, self._goods)
            )  # fmt: skip

    def lines(self, figures: Collection[Moving], within: Week | None = None) -> list[Behind]:
        """Each line behind some figures, in the order of time; `within`: of one week of the period alone."""
        kinds = [kind for kind, figure in OF_KIND.items() if figure in figures]
        asked = self._asked if within is None else replace(self._asked, start=within.begins, stop=within.ends)
        found = self._counting(store.lines(self._connection, asked, kinds))
        return sorted((self._behind(item) for item in found), key=lambda line: (line.at, line.index))

    def _behind(self, item: Booked) -> Behind:
        posted = item.posted
        return Behind(
            OF_KIND[posted.kind], posted.index, posted.at, item.member, posted.uri, product_of(posted.uri), item.site,
            in_kilograms(posted, self._goods),
        )  # fmt: skip

    def _counting(self, booked: Iterable[Booked]) -> list[Booked]:
        """The lines that count: units opened, what was received not accepted again, of the product asked for."""
        known = [item for item in booked if self._counts(item)]
        found, _ = self._unpacking.unpacked(known)
        return [
            item for item in found if self._asked.product in (None, product_of(item.posted.uri)) and self._counts(item)
        ]

    def _counts(self, item: Booked) -> bool:
        return item.posted.kind != "accepted" or (item.member, item.posted.uri) not in self._received

    @cached_property
    def _received(self) -> set[tuple[str, str]]:
        return self._unpacking.received(self._connection, self._asked)

    def processes(self) -> list[Process]:
        """The processes that ended in the period, in the order of time."""
        indexes = store.transformations(self._connection, self._asked)
        steps = [step for step in self._edges.steps(indexes).values() if step.stands and self._own(step)]
        found = [process_of(run, self._goods) for run in runs(self._edges, steps, self._own) if self._at_site(run)]
        of_product = self._asked.product
        return sorted(
            (each for each in found if of_product in (None, *each.made, *each.used)),
            key=lambda each: (each.at, each.yielded.entries),
        )

    def _own(self, step: Step) -> bool:
        return self._asked.member in (None, step.member)

    def _at_site(self, run: Sequence[Step]) -> bool:
        site = self._asked.site
        return site is None or any(site in (step.biz_location, step.read_point) for step in run)

    def journeys(self, audience: Audience) -> tuple[list[JourneyTime], int]:
        """How long the lots that were shipped took since their harvest, and of how many no harvest is shown."""
        shipped: dict[str, Place] = {}
        for item in self._counting(store.lines(self._connection, self._asked, _SHIPPED)):
            posted = item.posted
            if not is_unit(posted.uri):
                place = Place(posted.at, posted.index)
                shipped[posted.uri] = min(shipped.get(posted.uri, place), place)
        found = journey_times(self._became(audience), shipped) if shipped else []
        return found, len(shipped) - len(found)

    def _became(self, audience: Audience) -> Iterator[Became]:
        asked = replace(self._asked, start=(self._asked.start or 0) - LOOK_BACK)
        rows = list(store.became(self._connection, asked, audience))
        sides: dict[int, set[str]] = {}
        for place, _, kind, of_others in rows:
            if of_others:
                sides.setdefault(place.entry, set()).add(kind)
        # What an event takes in, another of its run gives.
        halves = self._edges.steps([index for index, kinds in sides.items() if len(kinds) == 1])
        named = {index: min(runs_of(step), default=None) for index, step in halves.items()}
        for place, uri, kind, of_others in rows:
            process = (named.get(place.entry) or place.entry) if of_others else None
            yield Became(place, uri, "used" if kind == "used" else "made", process)
