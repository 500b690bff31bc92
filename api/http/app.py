"""The application: one port for everything, put together from the routes of its rooms.

- Each room contributes `routes()`; what they share is `request.app.state.filiera`, a `Served`.
- The jobs' threads live as long as the application: started with it, and stopped before the ledger closes.
- Whatever goes wrong is answered as a problem document (RFC 9457); what is our fault shows nothing of itself.

    app = build(node, settings, Access(node, settings))

ARCHITECTURE.md 6, 7.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.access import Access
from api.epcis import capture
from api.epcis.deliver import Deliveries
from api.epcis.exceptions import epcis_problem
from api.epcis.reports import Reports
from api.epcis.routes import routes as epcis_routes
from api.http.addresses import ReadableAddresses
from api.http.cross_site import SameSite
from api.http.gate import Gates
from api.http.limits import BoundedBodies, Budget
from api.http.security import SecurityHeaders, headers
from api.http.v1.table import routes as v1_routes
from api.jobs import Jobs
from api.pages.consumer.kept import Packs
from api.pages.routes import routes as page_routes
from api.pages.shell.failures import failure, wants_page
from api.pages.shell.turns import Turns
from api.problems import language_of, problem, respond
from api.resolver.kept import Answers
from api.resolver.view import routes as resolver_routes
from api.settings import Settings
from ledger.node import Node
from schemas.errors import InputError, LedgerError, UnavailableError

_LOGGER = logging.getLogger("filiera.http")


@dataclass(frozen=True, slots=True)
class Served:
    """What a server keeps for its rooms."""

    node: Node
    settings: Settings
    access: Access
    jobs: Jobs
    gates: Gates = field(default_factory=Gates)


def build(node: Node, settings: Settings, access: Access) -> Starlette:
    """The application over an opened ledger, which its caller closes after it."""
    jobs = Jobs(node, [capture.CAPTURES], days=settings.job_days)
    app = Starlette(
        routes=routes(),
        middleware=[
            Middleware(SecurityHeaders, https=_https(settings)),
            Middleware(ReadableAddresses, refused=_refused),
            Middleware(SameSite, settings=settings),
            Middleware(BoundedBodies, limit=partial(_most, settings), budget=Budget()),
        ],
        exception_handlers={LedgerError: _refused, HTTPException: _not_found, Exception: _failed},
        lifespan=_lifespan,
    )
    app.state.filiera = Served(node, settings, access, jobs)
    app.state.packs = Packs(node, access)
    app.state.turns = Turns()
    app.state.answers = Answers(node, settings)
    app.state.deliveries = Deliveries(node, Reports(node, access), private=settings.allow_private_delivery)
    return app


def _https(settings: Settings) -> bool:
    """Is the operator's own address https, so that browsers may be told to insist on it?"""
    return settings.secure and settings.authority is None


def routes() -> list[BaseRoute]:
    """The routes of every room; a path is held against one after the other, so first those that most come for."""
    return [*page_routes(), *epcis_routes(), *v1_routes(), Route("/health", health), *resolver_routes()]


def _most(settings: Settings, path: str) -> int:
    """The largest body that a path takes; the operations of `/api/v1` have limits of their own below it."""
    if path.startswith("/epcis"):
        return settings.capture_bytes
    return max(settings.capture_bytes, settings.entries_bytes, settings.verify_bytes, settings.document_bytes)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    served: Served = app.state.filiera
    deliveries: Deliveries = app.state.deliveries
    await run_in_threadpool(served.jobs.start)
    await run_in_threadpool(deliveries.start)
    try:
        yield
    finally:
        await run_in_threadpool(deliveries.stop)
        await run_in_threadpool(served.jobs.stop)


def health(request: Request) -> Response:
    """Does the ledger answer? For whoever watches the server: no identity, no figures."""
    served: Served = request.app.state.filiera
    served.access.allow(served.access.caller(None, None), "describe")
    served.node.checkpoint()
    return JSONResponse({"status": "pass"}, media_type="application/health+json")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, LedgerError)
    if error.code == "login-too-many":
        return _answered(request, error, {"Retry-After": str(error.context["seconds"])})
    return _answered(request, error)


def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        said = InputError("method-not-allowed", method=request.method[:20], allowed=allowed)
        return _answered(request, said, {"Allow": allowed})
    return _answered(request, InputError("resource-missing", path=request.url.path[:80]))


def _failed(request: Request, error: Exception) -> Response:
    _LOGGER.error("%s %s failed", request.method, request.url.path, exc_info=error)
    answer = _answered(request, UnavailableError("server-failed"))
    # The framework answers a fault outside of everything that was put around the rooms.
    for name, value in headers(https=_https(request.app.state.filiera.settings)).items():
        answer.headers.setdefault(name, value)
    return answer


def _answered(request: Request, error: LedgerError, headers: dict[str, str] | None = None) -> Response:
    if wants_page(request):
        return failure(request, error, headers)
    tell = epcis_problem if request.url.path.startswith("/epcis") else problem
    return respond(tell(error, language_of(request.headers)), headers)
