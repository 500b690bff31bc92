"""`/stagione`: what a season gave, each figure with the way to the events behind it; as JSON and CSV too.

- Who comes sees what `api.access` lets her: a member's people their own stock, whoever runs the server all.
- What is wrong with what was asked is said beside its field, with what was typed kept.

    routes()  ->  [Route("/stagione", …), …]

docs/adr/0067-figures-of-a-season.md; WCAG 2.1.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages.buyer.tables import csv_answer, json_answer
from api.pages.dashboard import lists
from api.pages.dashboard.asked import CHOICES, Asked, read
from api.pages.dashboard.tables import Tables
from api.pages.dashboard.written import Written
from api.pages.shell.times import shown_day
from api.pages.shell.visit import Visit, door
from api.season_json import plain, season_tree
from api.verbs.season import SEASON_WEEKS, Names, Season, season, season_names
from ledger.lots.journey_time import median
from ledger.lots.kilos import MOVING, Moving, Row
from ledger.lots.processes import all_lost
from ledger.lots.weeks import ROME, day_of

SEASON = "/stagione"
COLUMNS = ("by", "key", "name", "figure", "kilograms", "lines", "lacking")


def routes() -> list[BaseRoute]:
    """Every page of the room."""
    return [
        door(SEASON, "season", show),
        door(f"{SEASON}.json", "season", as_json),
        door(f"{SEASON}.csv", "season", as_csv),
        *lists.routes(),
    ]


def show(visit: Visit) -> Response:
    """The season, or what is wrong with what was asked."""
    asked = read(visit)
    names = season_names(visit.node, audience=visit.audience)
    written = Written(visit, names)
    if asked.period is None:
        return _page(visit, asked, names, status=400, found=None)
    with visit.turn():
        found = season(visit.node, asked.period, audience=visit.audience)
    return _page(visit, asked, names, found=found, **_shown(visit, asked, found, written))


def as_json(visit: Visit) -> Response:
    """The same for a program."""
    return json_answer(season_tree(*_season(visit)))


def as_csv(visit: Visit) -> Response:
    """Every figure as a row."""
    found, names = _season(visit)
    rows = [("all", "", "", found.total)]
    rows += [("product", uri, names.products.get(uri, ""), row) for uri, row in found.by_product.items()]
    rows += [("site", uri, names.sites.get(uri, ""), row) for uri, row in found.by_site.items()]
    rows += [("week", week.name, "", row) for week, row in found.by_week.items()]
    listed = [line for by, key, name, row in rows for line in _rows(by, key, name, row)]
    return csv_answer(COLUMNS, listed, "stagione.csv")


def _rows(by: str, key: str, name: str, row: Row) -> list[list[Any]]:
    return [
        [by, key, name, figure, plain(kilos.kilograms), kilos.lines, kilos.lacking] for figure, kilos in row.items()
    ]  # fmt: skip


def _season(visit: Visit) -> tuple[Season, Names]:
    """What a program asked for; `InputError` where that cannot be understood."""
    period = read(visit).understood()
    with visit.turn():
        found = season(visit.node, period, audience=visit.audience)
    return found, season_names(visit.node, audience=visit.audience)


def _shown(visit: Visit, asked: Asked, found: Season, written: Written) -> dict[str, Any]:
    tables = Tables(asked, found, written)
    products, sites, weeks = tables.products(), tables.sites(), tables.weeks()
    figure = _figure(visit, found)
    return {
        "total": tables.total(), "products": products, "sites": sites,
        "week_lines": [line for _, line in weeks if any(kilos.lines for kilos in line.row.values())],
        "figure": figure, "lost": written.weight(all_lost(found.processes)),
        "hours": written.hours(median([lot.hours for lot in found.lots])),
        "drawn": {
            "weeks": tables.drawn_weeks(figure, weeks), "products": tables.drawn(figure, products, "products"),
            "sites": tables.drawn(figure, sites, "sites"),
        },
        "yields": list(tables.yields()), "times": tables.times(),
        "elsewhere": _elsewhere(visit, asked, found), **_open(visit, asked, found),
    }  # fmt: skip


def _open(visit: Visit, asked: Asked, found: Season) -> dict[str, Any]:
    """What is to be looked at now: kinds of findings with how many there are, and certificates with their last day."""
    findings = [
        (code, lists.called(code, visit.language), count, asked.link(lists.FINDINGS, codice=code))
        for code, count in found.findings.items()
    ]
    days = [(each, shown_day(each.ends, visit.language) if each.ends else "") for each in found.certificates]
    return {"findings": findings, "certificates": days}


def _figure(visit: Visit, found: Season) -> Moving:
    """The figure that the drawings show: the one that was asked for, else the first of which there is any."""
    said = visit.text("cifra", 20)
    if said in MOVING:
        return said
    return next((figure for figure in MOVING if found.total[figure].lines), MOVING[0])


def _elsewhere(visit: Visit, asked: Asked, found: Season) -> tuple[str, str] | None:
    """The last day on which anything moved and the way to the season that ended with it, where this one is empty."""
    if found.moved or found.moved_last is None or asked.period is None:
        return None
    last = day_of(found.moved_last, ROME)
    first = last - timedelta(weeks=SEASON_WEEKS) + timedelta(days=1)
    return shown_day(last, visit.language), asked.link(SEASON, al=last.isoformat(), dal=first.isoformat())


def _page(visit: Visit, asked: Asked, names: Names, **shown: Any) -> Response:
    """The page with its form, in which what has no name but moved can be chosen too."""
    found: Season | None = shown["found"]
    moved = (found.by_product, found.by_site) if found else ((), ())
    write = Written(visit, names)
    form = {
        "product_choices": _choices(names.products, moved[0], asked.product, write.product),
        "site_choices": _choices(names.sites, moved[1], asked.site, write.site),
        "choices": CHOICES, "figures": MOVING, "figure": MOVING[0],
    }  # fmt: skip
    return lists.framed(visit, "season.html", asked, names, **{**form, **shown})


def _choices(
    named: Iterable[str], moved: Iterable[str], typed: str, called: Callable[[str], str]
) -> list[tuple[str, str]]:
    """What can be chosen, by name: URI and name of each."""
    return sorted([(uri, called(uri)) for uri in {*named, *moved, typed} if uri], key=lambda each: each[1].casefold())
