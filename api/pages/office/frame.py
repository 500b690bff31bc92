"""What the pages of the office share: their frame, with who is signed in and where else to go.

office_page(visit, "persons.html", persons=persons)
"""

from typing import Any

from starlette.responses import HTMLResponse

from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit

ROOM = "office"
TABS: tuple[tuple[str, str, str], ...] = (
    ("tab-office", "/ufficio", "office"),
    ("tab-records", "/ufficio/registrazioni", "record"),
    ("tab-shipments", "/ufficio/spedizioni", "shipments"),
    ("tab-things", "/ufficio/anagrafica", "master"),
    ("tab-import", "/ufficio/importa", "import"),
    ("tab-persons", "/ufficio/persone", "account.list"),
    ("tab-tokens", "/ufficio/programmi", "token.list"),
    ("tab-seen", "/ufficio/accessi", "access.log"),
)
"""The words of a tab, where it leads, and the verb that it takes."""


def office_page(visit: Visit, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page of the office, for whoever is signed in."""
    tabs = [(words, path) for words, path, verb in TABS if visit.may(verb)]
    here = visit.request.url.path
    return page(
        visit.request, ROOM, template, status=status, caller=visit.caller, tabs=tabs, here=here, **shown
    )  # fmt: skip
