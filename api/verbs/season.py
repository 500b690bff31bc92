"""What a season gave: kilograms by product, site and week; yields, waste, hours from harvest to shipping; what is open.

- Kilograms are those that the balance says. A figure of which a line cannot become kilograms is not shown: never zero.
- A member asks about its own stock, whoever runs the ledger about any or all (None).
- Days and weeks are those of a time zone (Italy's); the last day of a period counts whole. Without days it is the last
  52 weeks.
- `season_events`, `season_processes` and `season_lots` list what is behind the figures: what they list adds up to them.

    season(node, audience=full(), begins="2026-06-01", until="2026-10-31").total["shipped"].kilograms

KNOWN LIMIT: a harvest more than two years before the period is not looked for, and of findings no more than 20,000 are
counted (docs/limits.md).

docs/adr/0038-balances.md, 0067-figures-of-a-season.md.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from api.verbs.balance import product_uri, whose
from api.verbs.certificates import Certificate, certificates
from api.verbs.findings import MOST, list_findings
from api.verbs.master import list_things
from ledger.audience import Audience
from ledger.lots.journey_time import JourneyTime
from ledger.lots.kilos import MOVING, Kilos, Moved, Row, added, nothing
from ledger.lots.processes import Process
from ledger.lots.products import level_uris
from ledger.lots.weeks import ROME, Week, day_of, midnight, weeks
from ledger.node import Node
from ledger.readside.products import MasterProducts
from ledger.readside.season import Behind, Reading
from ledger.store.stock import Asked
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.master.validity import day

SEASON_WEEKS, LONGEST, SOON = 52, 2 * 366, 60
_MOST_PAGES = 20
_MICROSECONDS = 1_000_000
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Period:
    """Which days, whose stock, and of what: canonical URIs; None: of all. `first` and `last` are whole days."""

    first: date
    last: date
    member: str | None = None
    product: str | None = None
    site: str | None = None
    zone: ZoneInfo = ROME

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks of the period."""
        return weeks(self.start, self.stop, self.zone)

    @property
    def start(self) -> int:
        """When it begins, in microseconds since 1970."""
        return midnight(self.first, self.zone)

    @property
    def stop(self) -> int:
        """When it is over."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def asked(self) -> Asked:
        """The same as a question to the store."""
        return Asked(self.member, self.site, self.product, self.start, self.stop)


@dataclass(frozen=True, slots=True)
class Season:
    """The figures of a period. `findings`: how many are open now, by code, and whether there are more than were
    counted; `unharvested`: lots that were shipped and of which no harvest is shown; `moved_last`: when anything moved
    (microseconds since 1970), None where nothing ever did."""

    period: Period
    moved: tuple[Moved, ...]
    processes: tuple[Process, ...]
    lots: tuple[JourneyTime, ...]
    unharvested: int
    findings: Mapping[str, int]
    more_findings: bool
    certificates: tuple[Certificate, ...]
    moved_last: int | None

    @property
    def total(self) -> Row:
        """Everything."""
        return added(self.moved, lambda _: None).get(None, nothing())

    @property
    def by_product(self) -> dict[str, Row]:
        """Figures of each product, by URI."""
        return dict(sorted(added(self.moved, lambda each: each.product).items()))

    @property
    def by_site(self) -> dict[str, Row]:
        """Figures of each site, by URI; of what names none, under no name."""
        return dict(sorted(added(self.moved, lambda each: each.site or "").items()))

    @property
    def by_week(self) -> dict[Week, Row]:
        """Figures of every week of the period, in order."""
        found = added(self.moved, lambda each: each.week)
        return {week: found.get(place, nothing()) for place, week in enumerate(self.period.weeks)}


@dataclass(frozen=True, slots=True)
class Names:
    """What products (every GTIN of them) and sites are called, by URI."""

    products: Mapping[str, str]
    sites: Mapping[str, str]


def period_of(
    node: Node,
    *,
    audience: Audience,
    begins: str | None = None,
    until: str | None = None,
    product: str | None = None,
    site: str | None = None,
    member: str | None = None,
) -> Period:
    """What is asked for, from texts. `InputError`: `season-day`, `season-order`, `season-long`, each with the `field`
    that is wrong; `balance-member` and those of `recognise`."""
    last = _day(until, "until") or day_of(int(node.clock() * _MICROSECONDS), ROME)
    first = _day(begins, "begins") or last - timedelta(weeks=SEASON_WEEKS) + timedelta(days=1)
    if first > last:
        raise InputError("season-order", field="until", begins=first.isoformat(), until=last.isoformat())
    if (last - first).days > LONGEST:
        raise InputError("season-long", field="begins", days=LONGEST)
    return Period(
        first, last, whose(audience, member), product_uri(product) if product else None,
        canonical_uri(site.strip()) if site else None,
    )  # fmt: skip


def _day(text: str | None, field: str) -> date | None:
    if not text:
        return None
    found = day(text)
    if found is None or not 1971 <= found.year <= 9990:
        raise InputError("season-day", field=field, value=text[:40])
    return found


def season(node: Node, period: Period, *, audience: Audience) -> Season:
    """All figures of a period, as far as the audience may see them."""
    counted, more = _open_findings(node, audience, period.member)
    held = certificates(node, audience=audience, member=period.member, soon=SOON)

    def read(reading: Reading) -> Season:
        lots, unharvested = reading.journeys(audience)
        return Season(
            period, tuple(reading.moved(period.weeks)), tuple(reading.processes()), tuple(lots), unharvested, counted,
            more, tuple(held), reading.last,
        )  # fmt: skip

    return _asked(node, period, audience, read)


def season_names(node: Node, *, audience: Audience) -> Names:
    """What products and sites are called, as far as the audience may see what is said of them; the asker's own word
    counts before that of others."""
    found: dict[str, dict[str, str]] = {"product": {}, "site": {}}
    for type, named in found.items():
        after: tuple[str, str] | None = None
        while True:
            things, after = list_things(node, audience=audience, type=type, after=after, limit=MOST)
            for thing in sorted(things, key=lambda thing: thing.version.member == audience.member):
                name = thing.content.get("name")
                if isinstance(name, str):
                    named.update(dict.fromkeys([thing.version.id, *level_uris(thing.content)], name))
            if after is None:
                break
    return Names(found["product"], found["site"])


def season_events(
    node: Node, period: Period, *, audience: Audience, figure: str | None = None, week: str | None = None
) -> tuple[list[Behind], Kilos]:
    """The lines behind a figure (None: behind all), in the order of time, and what they add up to; `week`: only of one
    week of the period, as ISO 8601 writes it. `InputError`: `season-figure`, `season-week`."""
    if figure is not None and figure not in MOVING:
        raise InputError("season-figure", value=figure[:40], allowed=", ".join(MOVING))
    within = next((each for each in period.weeks if each.name == week), None)
    if week is not None and within is None:
        raise InputError("season-week", value=week[:40], first=period.weeks[0].name, last=period.weeks[-1].name)
    figures = [each for each in MOVING if figure in (None, each)]
    lines = _asked(node, period, audience, lambda reading: reading.lines(figures, within))
    total = Kilos()
    for line in lines:
        total.add(line.kilograms)
    return lines, total


def season_processes(node: Node, period: Period, *, audience: Audience, made: str | None = None) -> list[Process]:
    """The processes that ended in the period, in the order of time; `made`: only those that made just these products,
    with blanks between them."""
    products = tuple(sorted({product_uri(each) for each in made.split()})) if made else None
    found = _asked(node, period, audience, Reading.processes)
    return [each for each in found if products in (None, each.made)]


def season_lots(node: Node, period: Period, *, audience: Audience) -> tuple[list[JourneyTime], int]:
    """How long each lot that was shipped took since its harvest, and of how many no harvest is shown."""
    return _asked(node, period, audience, lambda reading: reading.journeys(audience))


def _asked(node: Node, period: Period, audience: Audience, ask: Callable[[Reading], Answer]) -> Answer:
    node.settled()
    goods = MasterProducts(node, seen_by=audience)
    with node.store.read() as connection:
        shows = lambda step: audience.whole or step.member == period.member  # noqa: E731
        return ask(Reading(connection, period.asked, goods, shows))


def _open_findings(node: Node, audience: Audience, member: str | None) -> tuple[Mapping[str, int], bool]:
    counted, after = Counter[str](), None
    for _ in range(_MOST_PAGES):
        found, after = list_findings(node, audience=audience, member=member, after=after, limit=MOST)
        counted.update(each.code for each in found)
        if after is None:
            break
    return dict(sorted(counted.items())), after is not None
