"""The tables and drawings of the season's page: products, sites, weeks, yields, times.

Tables(asked, found, written).products()  ->  [Line("Pesche (09521001002011)", {"made": Cell("800 kg", "/stagione/…")})]
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.pages.dashboard.asked import Asked
from api.pages.dashboard.written import NONE, Written
from api.pages.shell.words import SHELL, words_of
from api.verbs.season import Season
from exporters.drawing.bars import Bar, bars, columns
from ledger.lots.journey_time import median
from ledger.lots.kilos import MOVING, Kilos, Moving, Row
from ledger.lots.processes import grouped
from ledger.lots.stock import product_of
from ledger.lots.weeks import Week

EVENTS, PROCESSES, LOTS = "/stagione/eventi", "/stagione/lavorazioni", "/stagione/tempi"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and the address of what is behind it; empty where nothing is."""

    said: str
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of figures; `label`: its name in a drawing."""

    name: str
    label: str
    row: Row
    cells: Mapping[Moving, Cell]


class Tables:
    """Of one season, for one visitor."""

    def __init__(self, asked: Asked, found: Season, written: Written) -> None:
        self._asked, self._found, self._written = asked, found, written

    def total(self) -> Line:
        """All of it, with what is hidden in words."""
        row = self._found.total
        cells = self._line("", row, {}).cells
        return Line(
            "", "", row, {name: Cell(self._written.kilos(row[name]), cell.behind) for name, cell in cells.items()}
        )

    def products(self) -> list[Line]:
        """A line a product."""
        listed = self._found.by_product.items()
        say = self._written
        return [
            self._line(say.product(uri), row, {"prodotto": uri}, say.product(uri, bare=True)) for uri, row in listed
        ]

    def sites(self) -> list[Line]:
        """A line a site; what happened at none cannot be asked for by itself."""
        listed = self._found.by_site.items()
        return [self._line(self._written.site(uri), row, {"sito": uri} if uri else None) for uri, row in listed]

    def weeks(self) -> list[tuple[Week, Line]]:
        """A line a week, from the first to the last in which anything moved."""
        listed = list(self._found.by_week.items())
        busy = [place for place, (_, row) in enumerate(listed) if any(kilos.lines for kilos in row.values())]
        shown = listed[busy[0] : busy[-1] + 1] if busy else []
        return [(week, self._line(self.week(week), row, {"settimana": week.name})) for week, row in shown]

    def week(self, week: Week) -> str:
        """A week by its number and its Monday."""
        return self._written.say("week", number=week.number, day=f"{week.monday:%d/%m/%Y}")

    def _line(self, name: str, row: Row, narrower: Mapping[str, str] | None, label: str = "") -> Line:
        return Line(name, label or name, row, {figure: self._cell(figure, row[figure], narrower) for figure in MOVING})

    def _cell(self, figure: Moving, kilos: Kilos, narrower: Mapping[str, str] | None) -> Cell:
        """`narrower`: what is asked for besides, of whoever opens it; None where that cannot be asked for."""
        said = self._written.short(kilos)
        if not kilos.lines or narrower is None:
            return Cell(said)
        return Cell(said, self._asked.link(EVENTS, cifra=figure, **narrower))

    def drawn(self, figure: Moving, lines: Sequence[Line], by: str) -> str:
        """Bars of one figure, the longest first."""
        some = [line for line in lines if line.row[figure].lines]
        some.sort(key=lambda line: -(line.row[figure].kilograms or Decimal(0)))
        listed = [
            Bar(line.label, line.row[figure].kilograms, self._written.weight(line.row[figure].kilograms))
            for line in some
        ]
        return bars(listed, title=self._title(figure, by), about=self._about(listed)) if listed else ""

    def drawn_weeks(self, figure: Moving, lines: Sequence[tuple[Week, Line]]) -> str:
        """A column a week."""
        listed, month = list[Bar](), 0
        names = words_of(SHELL, self._written.language)("months").split()
        for week, line in lines:
            begins = "" if week.monday.month == month else names[week.monday.month - 1][:3]
            month = week.monday.month
            kilos = line.row[figure]
            listed.append(Bar(str(week.number), kilos.kilograms, self._written.weight(kilos.kilograms), begins))
        return columns(listed, title=self._title(figure, "weeks"), about=self._about(listed)) if listed else ""

    def _title(self, figure: Moving, by: str) -> str:
        return self._written.say("chart", figure=self._written.say(figure), by=self._written.say(f"by-{by}"))

    def _about(self, listed: Sequence[Bar]) -> str:
        known = [each for each in listed if each.value is not None]
        most = max(known, key=lambda each: each.value or 0, default=None)
        return self._written.say("chart-about", n=len(listed), most=f"{most.label}, {most.said}" if most else NONE)

    def yields(self) -> Iterator[dict[str, Any]]:
        """A line for all processes that made the same."""
        say = self._written
        for group in grouped(self._found.processes):
            source, target = group.dimensions
            yield {
                "used": [say.product(uri) for uri in sorted(group.products)],
                "made": [say.product(uri) for uri in group.made],
                "count": Cell(str(group.count), self._asked.link(PROCESSES, fatto=" ".join(group.made))),
                "into": say.quantity(group.into, source), "out": say.quantity(group.out, target),
                "percent": NONE if group.dimensions[0] != group.dimensions[1] else say.percent(group.percent),
                "lost": say.weight(group.lost), "over": group.over, "under": group.under,
            }  # fmt: skip

    def times(self) -> list[dict[str, Any]]:
        """A line a product: how many lots, the middle one's hours, the quickest's and the slowest's."""
        by: dict[str, list[Decimal]] = {}
        for lot in self._found.lots:
            by.setdefault(product_of(lot.uri), []).append(lot.hours)
        say = self._written
        return [
            {
                "product": say.product(uri), "count": len(hours), "median": say.hours(median(hours)),
                "least": say.hours(min(hours)), "most": say.hours(max(hours)),
                "behind": self._asked.link(LOTS, **({"prodotto": uri} if uri else {})),
            }
            for uri, hours in sorted(by.items())
        ]  # fmt: skip
