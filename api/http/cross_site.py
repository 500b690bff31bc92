"""Requests that another site's page sends with a person's session: refused before any room sees them.

- Asked only of what could change something (not GET, HEAD, OPTIONS) and comes with our session cookie, or is a form:
  no other page may sign somebody in, or hand in what somebody would find typed after signing in. A token is not sent by
  browsers on their own, so a request that carries one is not asked, unless it is the password of Basic, which browsers
  remember.
- `Sec-Fetch-Site` says where a request comes from, and pages cannot set it: `same-origin`, or `none` for what a person
  typed. Browsers without it send `Origin`, which has to be this server's. A request that says neither comes from no
  page of today's browsers: with a session it is refused all the same, for a program has a token; without one it can do
  nothing in anybody's name.

    app.add_middleware(SameSite, settings=settings)

Fetch Metadata Request Headers (W3C); RFC 6454; docs/adr/0023-who-may-ask.md.
"""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import remembered
from api.problems import language_of, problem, respond
from api.settings import Settings
from schemas.errors import InputError

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_FORMS = frozenset(("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"))
"""What a page can send to another site without asking first (Fetch, CORS-safelisted)."""
_OURS = frozenset(("same-origin", "none"))


class SameSite:
    """ASGI middleware that refuses what other sites' pages send in a person's name."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless another site sent it. A WebSocket is opened by GET, but it is no page's to open."""
        if scope["type"] == "http" and scope["method"] not in _SAFE and self._foreign(Request(scope)):
            headers = Headers(scope=scope)
            answer = respond(problem(InputError("access-cross-site"), language_of(headers)))
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _foreign(self, request: Request) -> bool:
        headers = request.headers
        form = headers.get("content-type", "").partition(";")[0].strip().lower() in _FORMS
        shown = headers.get("authorization")
        session = self._settings.cookie in request.cookies and shown is None
        if not (remembered(shown) if shown is not None else form or session):
            return False
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site not in _OURS
        own = self._settings.base_url or f"{request.url.scheme}://{request.url.netloc}"
        return session if origin is None else origin != own
