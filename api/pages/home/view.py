"""`/`: the three doors. Each stands here once its room is open.

Route("/", home)
"""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.shell.rendering import page

DOORS: tuple[tuple[str, str], ...] = (
    ("operator", "/campo"),
    ("office", "/ufficio"),
    ("buyer", "/verifica"),
    ("consumer", "/lotto"),
)
"""The words of a door and where it leads, in the order of the issue that a visitor most likely has."""


def home(request: Request) -> Response:
    """The first page."""
    return page(request, "home", "home.html", doors=DOORS)
