"""The question which lot, on the page that its answer leads to: what was typed stays beside what is wrong with it.

ask(visit, "recall")          # `/richiamo`: asked for, and shown, there
"""

from typing import Literal

from starlette.responses import Response

from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit
from schemas.errors import InputError
from schemas.wording import sentence

PLACES = {"lots": "/lotti", "recall": "/richiamo", "papers": "/dossier"}


def ask(
    visit: Visit, about: Literal["lots", "recall", "papers"], text: str = "", wrong: InputError | None = None
) -> Response:
    """The page that asks; 404 where an answer was `wrong`."""
    said = sentence(wrong.code, wrong.context, visit.language) if wrong else ""
    status = 404 if wrong else 200
    return page(
        visit.request, "buyer", "ask.html", status=status, about=about, place=PLACES[about], text=text, wrong=said
    )
