"""`/ufficio`: where the office begins, and the routes of its pages.

Route("/ufficio", …)
"""

from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages.office import corrections, imports, master, persons, records, shipments, tokens
from api.pages.office.frame import office_page
from api.pages.office.todo import todo
from api.pages.shell.visit import Visit, door

ROOMS: tuple[tuple[str, str, str], ...] = (
    ("season", "/stagione", "season"),
    ("lots", "/lotti", "trace"),
    ("papers", "/dossier", "export"),
    ("recall", "/richiamo", "recall"),
)
"""Pages of other rooms that the office works with: the words, where they lead, and the verb that they take."""


def office(visit: Visit) -> Response:
    """What is to be done, and where to go from here."""
    rooms = [(words, path) for words, path, verb in ROOMS if visit.may(verb)]
    return office_page(visit, "office.html", rooms=rooms, sees_records=visit.may("record"), **todo(visit))


def routes() -> list[BaseRoute]:
    """The pages of this room."""
    return [
        door("/ufficio", "office", office),
        *records.routes(),
        *corrections.routes(),
        *shipments.routes(),
        *master.routes(),
        *imports.routes(),
        *persons.routes(),
        *tokens.routes(),
    ]
