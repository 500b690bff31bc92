"""What is behind the figures of the season: events, processes, lots, findings; each as a page, as JSON and as CSV.

- What is listed adds up to the figure that led here. A page shows so many rows and leads to the next; JSON and CSV have
  all of them.
- A lot leads to its own page, where its events are told.

    routes()  ->  [Route("/stagione/eventi", …), Route("/stagione/eventi.json", …), …]

docs/adr/0067-figures-of-a-season.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages.buyer.tables import csv_answer, json_answer
from api.pages.dashboard.asked import Asked, read
from api.pages.dashboard.tables import EVENTS, LOTS, PROCESSES, Cell
from api.pages.dashboard.written import ROOM, Written, code
from api.pages.shell.rendering import page
from api.pages.shell.times import shown_day
from api.pages.shell.visit import Visit, door
from api.pages.shell.words import table
from api.season_json import behind_tree, kilos_tree, lot_tree, plain, process_tree
from api.verbs.findings import MOST, list_findings, said
from api.verbs.season import Names, season_events, season_lots, season_names, season_processes
from ledger.lots.journey_time import median
from ledger.lots.processes import all_lost
from ledger.lots.stock import is_unit
from schemas.wording import Language

FINDINGS = "/stagione/rilievi"
A_PAGE = 100
_MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: its rows as data, and the `heads` under which a page shows them (words of the room; of those in `numbers`
    the cells are numbers). `cells`: a row as it is shown; `sums`: what all come to, in words; `also`: as data."""

    title: str
    rows: Sequence[Mapping[str, Any]]
    heads: tuple[str, ...]
    cells: Callable[[int], tuple[Cell, ...]]
    sums: str
    also: Mapping[str, Any]
    numbers: frozenset[str] = frozenset(("entry", "kilograms", "used", "made", "lost", "hours", "percent"))


Lister = Callable[[Visit, Asked, Written], Listed]


def routes() -> list[BaseRoute]:
    """Every list, in its three forms."""
    listers: dict[str, Lister] = {EVENTS: _events, PROCESSES: _processes, LOTS: _lots, FINDINGS: _findings}
    return [
        door(f"{path}{ending}", "season", partial(answer, path, lister))
        for path, lister in listers.items()
        for ending, answer in (("", _show), (".json", _as_json), (".csv", _as_csv))
    ]


def framed(visit: Visit, template: str, asked: Asked, names: Names, *, status: int = 200, **shown: Any) -> Response:
    """A page of the room: its form, filled with what was asked, and where else to go."""
    begins, until = (
        (shown_day(asked.period.first, visit.language), shown_day(asked.period.last, visit.language))
        if (asked.period)
        else ("", "")
    )
    return page(
        visit.request, ROOM, template, status=status, asked=asked, write=Written(visit, names), caller=visit.caller,
        office=visit.may("office"), here=visit.request.url.path, may_trace=visit.may("trace"), begins=begins,
        until=until, **shown,
    )  # fmt: skip


def called(code: str, language: Language) -> str:
    """A kind of finding in a few words; by its code where the room has none for it."""
    return table(ROOM)[language].get(f"finding-{code}", code)


def _show(path: str, lister: Lister, visit: Visit) -> Response:
    asked, names = read(visit), season_names(visit.node, audience=visit.audience)
    asked.understood()
    with visit.turn():
        listed = lister(visit, asked, Written(visit, names))
    first = (_page_of(visit, len(listed.rows)) - 1) * A_PAGE
    shown = range(first, min(first + A_PAGE, len(listed.rows)))
    return framed(
        visit, "list.html", asked, names, listed=listed, rows=[listed.cells(place) for place in shown], path=path,
        first=first, count=len(listed.rows), a_page=A_PAGE, also=_own_parameters(visit),
    )  # fmt: skip


def _page_of(visit: Visit, count: int) -> int:
    """The page that is asked for; the last where there are not so many."""
    said = visit.text("pagina", 6)
    number = int(said) if said.isascii() and said.isdigit() else 1
    return max(1, min(number, -(-count // A_PAGE)))


def _own_parameters(visit: Visit) -> dict[str, str]:
    """What a list is asked for beside the period."""
    named = {name: visit.text(name, 1000) for name in ("cifra", "settimana", "fatto", "codice")}
    return {name: value for name, value in named.items() if value}


def _as_json(path: str, lister: Lister, visit: Visit) -> Response:
    listed = _listed(lister, visit)
    return json_answer({"rows": list(listed.rows), **listed.also})


def _as_csv(path: str, lister: Lister, visit: Visit) -> Response:
    listed = _listed(lister, visit)
    columns = list(dict.fromkeys(name for row in listed.rows for name in row))
    name = f"{path.rpartition('/')[2]}.csv"
    return csv_answer(columns, ([_flat(row.get(column)) for column in columns] for row in listed.rows), name)


def _flat(value: Any) -> Any:
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _listed(lister: Lister, visit: Visit) -> Listed:
    asked = read(visit)
    asked.understood()
    with visit.turn():
        return lister(visit, asked, Written(visit, season_names(visit.node, audience=visit.audience)))


def _events(visit: Visit, asked: Asked, write: Written) -> Listed:
    period, figure, week = asked.understood(), visit.text("cifra", 40) or None, visit.text("settimana", 40) or None
    lines, total = season_events(visit.node, period, audience=visit.audience, figure=figure, week=week)

    def cells(place: int) -> tuple[Cell, ...]:
        line = lines[place]
        lot = Cell(code(line.uri), asked.to_lot(line.uri))
        what = write.say("unit") if is_unit(line.uri) else write.product(line.product)
        return (
            Cell(str(line.index)), Cell(write.moment(line.at)), Cell(write.say(line.figure)), lot, Cell(what),
            Cell(write.site(line.site or "")), Cell(write.weight(line.kilograms)),
        )  # fmt: skip

    title = write.say("events-of", what=write.say(figure) if figure else write.say("everything"))
    return Listed(
        f"{title}, {week}" if week else title, [behind_tree(line, period) for line in lines],
        ("entry", "when", "figure", "lot", "product", "site", "kilograms"), cells,
        write.say("sum", n=total.lines, total=write.kilos(total)), {"total": kilos_tree(total)},
    )  # fmt: skip


def _processes(visit: Visit, asked: Asked, write: Written) -> Listed:
    period = asked.understood()
    found = season_processes(visit.node, period, audience=visit.audience, made=visit.text("fatto", 1000) or None)

    def cells(place: int) -> tuple[Cell, ...]:
        each = found[place]
        (source, target), told = each.yielded.dimensions, each.yielded
        percent = None if told.ratio is None or source != target else round(told.ratio * 100, 1)
        return (
            Cell(", ".join(map(str, told.entries))), Cell(write.moment(each.at)),
            Cell(" + ".join(map(write.product, each.used))), Cell(" + ".join(map(write.product, each.made))),
            Cell(write.quantity(told.used, source)), Cell(write.quantity(told.made, target)),
            Cell(write.percent(percent)), Cell(write.weight(each.lost)), Cell(write.say(f"yield-{told.verdict}")),
        )  # fmt: skip

    lost = all_lost(found)
    return Listed(
        write.say("processes"), [process_tree(each, period) for each in found],
        ("entry", "when", "from", "to", "used", "made", "percent", "lost", "verdict"), cells,
        write.say("processes-sum", n=len(found), lost=write.weight(lost)), {"lost": plain(lost)},
    )  # fmt: skip


def _lots(visit: Visit, asked: Asked, write: Written) -> Listed:
    period = asked.understood()
    lots, unharvested = season_lots(visit.node, period, audience=visit.audience)

    def cells(place: int) -> tuple[Cell, ...]:
        lot = lots[place]
        return (
            Cell(code(lot.uri), asked.to_lot(lot.uri)), Cell(write.product(lot.uri.partition("/10/")[0])),
            Cell(write.moment(lot.harvested.at)), Cell(str(lot.harvested.entry)), Cell(write.moment(lot.shipped.at)),
            Cell(str(lot.shipped.entry)), Cell(write.hours(lot.hours)),
        )  # fmt: skip

    middle: Decimal | None = median([lot.hours for lot in lots])
    return Listed(
        write.say("times"), [lot_tree(lot, period) for lot in lots],
        ("lot", "product", "harvested", "entry", "sent", "entry", "hours-head"), cells,
        write.say("times-sum", n=len(lots), median=write.hours(middle), none=unharvested),
        {"hours": plain(middle), "unharvested": unharvested},
        numbers=frozenset(("entry", "hours-head")),
    )  # fmt: skip


def _findings(visit: Visit, asked: Asked, write: Written) -> Listed:
    member, wanted = asked.understood().member, visit.text("codice", 60) or None
    found, after = [], None
    for _ in range(_MOST_PAGES):
        some, after = list_findings(
            visit.node, audience=visit.audience, member=member, code=wanted, after=after, limit=MOST
        )
        found += some
        if after is None:
            break
    rows = [said(each, visit.language) for each in found]

    def cells(place: int) -> tuple[Cell, ...]:
        row = rows[place]
        subject = row["subject"]
        lot = Cell(code(subject), asked.to_lot(subject)) if subject else Cell("")
        causes = ", ".join(map(str, row["causes"]))
        return Cell(str(row["index"])), Cell(called(row["code"], visit.language)), lot, Cell(row["text"]), Cell(causes)

    title = write.say("findings") + (f": {called(wanted, visit.language)}" if wanted else "")
    data = [{name: row[name] for name in ("index", "code", "subject", "member", "text", "causes")} for row in rows]
    return Listed(
        title, data, ("entry", "kind", "lot", "text", "entries"), cells,
        write.say("findings-sum", n=len(rows)) + (write.say("and-more") if after is not None else ""), {},
    )  # fmt: skip
