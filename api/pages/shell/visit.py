"""A visit: one request to a page, with who comes and what may be seen; and the route that makes it.

    Route = door("/campo", "capture", field)        # def field(visit: Visit) -> Response
    door("/campo", "capture", saved, method="POST")

- Whoever comes is held against the verb's rule by `api.access`, as every program is; a page makes no audience.
- Without credentials, or with a session that ended, a person is sent to sign in and comes back to where she was; a
  program is refused. A form that was sent meanwhile is not lost: it is carried over signing in, and shown again
  (`api.pages.shell.kept`). `back` is the page that holds the form, where that is another than the one it is sent to.
- A page that is open to everybody takes a session that ended for none.
- Views are plain functions and run in worker threads; a form is read before, and nothing larger than the server takes.
- A page for strangers that is mostly asked for again has a `ready`, which answers in the server's own loop what it can
  without waiting for anything, or gives None; then the view makes it, in its turn (`api.pages.shell.turns`).

ARCHITECTURE.md rules 8 and 9.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api.access import PUBLIC, Access, Caller
from api.access_log import what_about
from api.pages.shell.failures import wants_page
from api.pages.shell.kept import packed
from api.pages.shell.languages import fixed_language, page_language
from api.pages.shell.places import here
from api.pages.shell.rendering import link, page
from api.pages.shell.turns import Turns
from api.served import Served
from ledger.audience import Audience
from schemas.errors import InputError
from schemas.wording import Language, explain

SIGN_IN = "/entra"
MOST_FIELDS, MOST_PART = 1_000, 1 << 20
"""Fields of a form, and the bytes of one."""
_TO_SIGN_IN = frozenset(("access-no-credentials", "access-session-ended", "access-unknown-token"))


@dataclass(frozen=True, slots=True)
class Visit(Served):
    """What a view is given. `form`: what was posted, empty for what was not."""

    request: Request
    caller: Caller
    audience: Audience
    form: FormData = field(default_factory=FormData)

    @property
    def language(self) -> Language:
        """The language of the page."""
        return page_language(self.request)

    @property
    def origin(self) -> str:
        """Where clients reach this server, as it was told or as this request names it; no slash at its end."""
        return self.settings.base_url or f"{self.request.url.scheme}://{self.request.url.netloc}"

    def may(self, verb: str) -> bool:
        """May this visitor do that too?"""
        try:
            self.access.check(self.caller, verb)
        except InputError:
            return False
        return True

    def turn(self) -> AbstractContextManager[None]:
        """A turn at work that anybody may ask for; `UnavailableError("server-busy")`."""
        turn: AbstractContextManager[None] = self.request.app.state.filiera.gates.turn(self.caller)
        return turn

    @property
    def secret(self) -> str:
        """The secret of the session that the visitor's browser holds; empty where it holds none."""
        return self.request.cookies.get(self.settings.cookie, "")

    def typed(self, name: str, most: int = 1000) -> str:
        """A field of the form as it was typed, blanks and all, as passwords are."""
        value = self.form.get(name, "")
        return value[:most] if isinstance(value, str) else ""

    def text(self, name: str, most: int = 1000) -> str:
        """A field of the form or of the address, without blanks at its ends; empty where it was not sent."""
        value = self.form.get(name, self.request.query_params.get(name, ""))
        return value.strip()[:most] if isinstance(value, str) else ""

    def to(self, path: str, **query: str) -> Response:
        """Go on at another page (303), in the same language."""
        return RedirectResponse(link(fixed_language(self.request), path, **query), status_code=303)


View = Callable[[Visit], Response]
Ready = Callable[[Request], Response | None]


def door(path: str, verb: str, view: View, *, method: str = "GET", back: str = "", ready: Ready | None = None) -> Route:
    """The route of one page: `verb` is the rule of `api.access.RULES` that lets people in."""

    async def answer(request: Request) -> Response:
        form = await _form(request) if method == "POST" else FormData()
        try:
            return await run_in_threadpool(_visited, request, verb, view, form, back)
        finally:
            await form.close()

    async def answer_ready(request: Request) -> Response:
        assert ready is not None
        if (made := ready(request)) is not None:
            return made
        turns: Turns = request.app.state.turns
        async with turns.of(request.url.path):
            if (made := ready(request)) is not None:
                return made
            return await turns.away(_visited, request, verb, view, FormData(), back)

    return Route(path, answer if ready is None else answer_ready, methods=[method], name=f"{method} {path}")


async def _form(request: Request) -> FormData:
    """The form; `InputError`: `form-unreadable` where what was sent is none, or of too many parts, `body-cut-short`."""
    try:
        return await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_PART)
    except HTTPException:
        raise InputError("form-unreadable") from None
    except ClientDisconnect:
        raise InputError("body-cut-short") from None


def _visited(request: Request, verb: str, view: View, form: FormData, back: str) -> Response:
    access: Access = request.app.state.filiera.access
    try:
        cookie = request.cookies.get(request.app.state.filiera.settings.cookie)
        caller = access.comes(request.headers.get("authorization"), cookie, verb)
        said = {name: value for name, value in form.items() if isinstance(value, str)}
        audience = access.allow(caller, verb, about=what_about(request.path_params, {**request.query_params, **said}))
    except InputError as error:
        if error.code in _TO_SIGN_IN and "authorization" not in request.headers and wants_page(request):
            return _to_sign_in(request, form, back)
        raise
    return view(Visit(request, caller, audience, form))


def stranger(request: Request, verb: str) -> bool:
    """Does somebody without any credentials ask, who may do this?"""
    filiera = request.app.state.filiera
    if "authorization" in request.headers or filiera.settings.cookie in request.cookies:
        return False
    try:
        filiera.access.check(PUBLIC, verb)
    except InputError:
        return False
    return True


def _to_sign_in(request: Request, form: FormData, back: str) -> Response:
    """The way to the sign-in page, which leads back here; what was posted is carried along, and not sent by itself."""
    if request.method == "GET":
        query = request.scope["query_string"].decode("latin-1")
        after = here(request) + (f"?{query}" if query else "")
        return RedirectResponse(link(fixed_language(request), SIGN_IN, next=after), status_code=303)
    try:
        kept, problem = packed(form), ""
    except InputError as error:
        kept, problem = "", explain(error, page_language(request))
    shown: dict[str, Any] = {
        "name": "",
        "next": back or here(request),
        "to": here(request),
        "kept": kept,
        "problem": problem,
    }
    answer = page(request, "sign_in", "sign_in.html", status=401, ended=True, **shown)
    # A challenge that no browser answers by a window of its own: the page is the way in.
    answer.headers["WWW-Authenticate"] = 'Form realm="filiera"'
    return answer
