"""A visit: one request to a page, with who comes and what may be seen; and the route that makes it.

    Route = door("/campo", "capture", field)        # def field(visit: Visit) -> Response
    door("/campo", "capture", saved, method="POST")

- Whoever comes is held against the verb's rule by `api.access`, as every program is; a page makes no audience.
- Without credentials, or with a session that ended, a person is sent to sign in and comes back to where she was; a
  program is refused. A form that was sent meanwhile is not lost: the sign-in page says so, and the browser's own "back"
  still holds it.
- Views are plain functions and run in worker threads; a form is read before, and nothing larger than the server takes.

ARCHITECTURE.md rules 8 and 9.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api.access import Access, Caller
from api.pages.shell.failures import wants_page
from api.pages.shell.languages import fixed_language, page_language
from api.pages.shell.rendering import link
from api.settings import Settings
from ledger.audience import Audience
from ledger.node import Node
from schemas.errors import InputError
from schemas.wording import Language

SIGN_IN = "/entra"
_TO_SIGN_IN = frozenset(("access-no-credentials", "access-session-ended", "access-unknown-token"))


@dataclass(frozen=True, slots=True)
class Visit:
    """What a view is given. `form`: what was posted, empty for what was not."""

    request: Request
    caller: Caller
    audience: Audience
    form: FormData = field(default_factory=FormData)

    @property
    def node(self) -> Node:
        """The ledger."""
        node: Node = self.request.app.state.filiera.node
        return node

    @property
    def settings(self) -> Settings:
        """What the operator of the server chose."""
        settings: Settings = self.request.app.state.filiera.settings
        return settings

    @property
    def access(self) -> Access:
        """Who may do what."""
        access: Access = self.request.app.state.filiera.access
        return access

    @property
    def language(self) -> Language:
        """The language of the page."""
        return page_language(self.request)

    def text(self, name: str, most: int = 1000) -> str:
        """A field of the form or of the address, without blanks at its ends; empty where it was not sent."""
        value = self.form.get(name, self.request.query_params.get(name, ""))
        return value.strip()[:most] if isinstance(value, str) else ""

    def to(self, path: str, **query: str) -> Response:
        """Go on at another page (303), in the same language."""
        return RedirectResponse(link(fixed_language(self.request), path, **query), status_code=303)


View = Callable[[Visit], Response]


def door(path: str, verb: str, view: View, *, method: str = "GET") -> Route:
    """The route of one page: `verb` is the rule of `api.access.RULES` that lets people in."""

    async def answer(request: Request) -> Response:
        form = await request.form() if method == "POST" else FormData()
        return await run_in_threadpool(_visited, request, verb, view, form)

    return Route(path, answer, methods=[method], name=f"{method} {path}")


def _visited(request: Request, verb: str, view: View, form: FormData) -> Response:
    served = request.app.state.filiera
    access: Access = served.access
    try:
        caller = access.caller(request.headers.get("authorization"), request.cookies.get(served.settings.cookie))
        audience = access.allow(caller, verb)
    except InputError as error:
        if error.code in _TO_SIGN_IN and "authorization" not in request.headers and wants_page(request):
            return _to_sign_in(request)
        raise
    return view(Visit(request, caller, audience, form))


def _to_sign_in(request: Request) -> Response:
    """The way to the sign-in page, which leads back here; what was posted is not sent twice by itself."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    query = {"next": here} if request.method == "GET" else {"next": request.url.path, "kept": "1"}
    fixed = fixed_language(request)
    return RedirectResponse(f"{SIGN_IN}?{urlencode(query | ({'lang': fixed} if fixed else {}))}", status_code=303)
