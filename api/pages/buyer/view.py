"""The buyer's pages: `/lotti`, `/richiamo`, `/dossier`; each as JSON and CSV too, by the ending of its address.

- `/lotti` asks for a lot; `/lotti?lot=…` and `/lotti/01/{gtin}/10/{lot}` show it. `/richiamo?lot=…` reports a recall,
  and a POST records the drill. `/dossier?lot=…` lists the papers; with `format` it makes one, or says what is missing.
- Who comes sees what `api.access` lets her: the audience goes into the bundle, and the page is made from that.

    routes()  ->  [Route("/lotti", …), …]
"""

from typing import Any, Literal

from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages.buyer import papers, recall
from api.pages.buyer.lot import Lot, lot_of, steps_of, ways_of
from api.pages.buyer.question import ask
from api.pages.buyer.tables import csv_answer, json_answer
from api.pages.shell.languages import fixed_language
from api.pages.shell.rendering import link, page
from api.pages.shell.visit import Visit, door
from api.recalls_json import tree as recalls_tree
from exporters.drawing.lanes import lanes
from exporters.facts.journey import Thing, code_of
from schemas.errors import InputError
from schemas.wording import sentence

_ID = "https://id.gs1.org"
COLUMNS = ("source", "source_name", "source_code", "target", "target_name", "target_code", "amount", "kilograms")


def routes() -> list[BaseRoute]:
    """Every page of the room."""
    return [
        door("/lotti", "trace", show),
        door("/lotti.json", "trace", as_json),
        door("/lotti.csv", "trace", as_csv),
        door("/lotti/{path:path}", "trace", show),
        door("/richiamo", "recall", recall.show),
        door("/richiamo.json", "recall", recall.as_json),
        door("/richiamo.csv", "recall", recall.as_csv),
        door("/richiamo", "recall.act", recall.drill, method="POST"),
        door("/dossier", "export", papers.show),
        door("/dossier.json", "export", papers.as_json),
        door("/dossier.csv", "export", papers.as_csv),
    ]


def asked(visit: Visit) -> str:
    """The lot that the address names; empty where it names none."""
    path = str(visit.request.path_params.get("path", ""))
    return f"{_ID}/{path}" if path else visit.text("lot")


def show(visit: Visit) -> Response:
    """A lot, or the question which; what was typed stays in its field beside what is wrong with it."""
    text = asked(visit)
    if not text:
        return ask(visit, "lots")
    try:
        lot = lot_of(visit, text)
    except InputError as error:
        return ask(visit, "lots", text, error)
    return page(visit.request, "buyer", "lot.html", **_shown(visit, lot))


def as_json(visit: Visit) -> Response:
    """The same for a program."""
    lot = lot_of(visit, asked(visit))
    return json_answer(
        {
            "subject": lot.uri,
            "account": lot.account.as_json(visit.language),
            "recalls": recalls_tree(lot.recalls),
            "ways": list(ways_of(lot, visit.language)),
            "steps": list(steps_of(lot, visit.language)),
        }
    )


def as_csv(visit: Visit) -> Response:
    """The ways with their quantities, as rows."""
    lot = lot_of(visit, asked(visit))
    return csv_answer(COLUMNS, ([row[name] for name in COLUMNS] for row in ways_of(lot, visit.language)), "lotti.csv")


def _shown(visit: Visit, lot: Lot) -> dict[str, Any]:
    fixed = fixed_language(visit.request)

    def address(thing: Thing) -> str:
        return link(fixed, "/lotti", lot=thing.uri)

    subject = lot.told.things.get(lot.uri)
    return {
        "uri": lot.uri,
        "code": code_of(lot.uri),
        "name": subject.name if subject else "",
        "account": lot.account,
        "strip": strip(lot),
        "checks": [
            (sentence(f"verdict-{name}".replace("_", "-"), {}, visit.language), answer, reasons(lot, name, visit))
            for name, answer in lot.account.verdicts.items()
        ],
        "recalls": recalls_tree(lot.recalls),
        "drawing": lanes(lot.facts, lot.told, visit.language, address),
        "ways": list(ways_of(lot, visit.language)),
        "steps": list(steps_of(lot, visit.language)),
        "records": visit.may("record"),
    }


def strip(lot: Lot) -> Literal["good", "bad", "unsure"]:
    """How the strip with the verdict looks."""
    return {True: "good", False: "bad", None: "unsure"}[lot.account.valid]  # type: ignore[return-value]


def reasons(lot: Lot, verdict: str, visit: Visit) -> list[str]:
    """Why a verdict is what it is, each reason once."""
    return list(dict.fromkeys(reason.text(visit.language) for reason in lot.account.because(verdict)))
