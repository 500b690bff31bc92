"""How a page says that something is not there, not allowed or broken: in words, with a way on.

- The same error that a program gets as a problem document (RFC 9457), with the same status, for whoever prefers HTML.
- What programs use (`/api`, `/epcis`, `/log`, `/static`) never answers with a page, whatever is accepted.

    if wants_page(request): return failure(request, error)
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from api.pages.shell.languages import page_language
from api.pages.shell.rendering import page
from api.problems import status_of
from schemas.errors import LedgerError
from schemas.wording import explain, sentence

_PROGRAMS = ("/api/", "/epcis", "/log/", "/static/", "/health")


def wants_page(request: Request) -> bool:
    """Is it a person's browser that asked for this?"""
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted and not request.url.path.startswith(_PROGRAMS)


def failure(request: Request, error: LedgerError, headers: Mapping[str, str] | None = None) -> Response:
    """The page that says what an error means and what to do, with what RFC 9110 wants beside its status."""
    language = page_language(request)
    status = status_of(error)
    title = sentence(f"problem-{status}", {}, language)
    told = page(request, "home", "shell/failure.html", status=status, title=title, what=explain(error, language))
    told.headers.update(headers or {})
    return told
