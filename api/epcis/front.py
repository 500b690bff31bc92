"""The way in for everything under `/epcis`: a request becomes an `Exchange`, an error becomes a problem document.

In this order: the caller is known, the path is found, the caller may do this, versions and forms are agreed, the body
is read; only then is anything looked up. Handlers are plain functions and run in worker threads.

    routes()  ->  [Contract(RESOURCES)]
"""

from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, URLPath
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from api.access_log import what_about
from api.epcis import headers, representation
from api.epcis.contract import DISCOVER, PREFIXES, Exchange, Found, Operation, Resource, Served, find
from api.epcis.exceptions import epcis_problem
from api.epcis.xml_forms import PROBLEM, problem_xml
from api.problems import language_of, respond
from schemas.errors import InputError, LedgerError

MOST_URI = 16 * 1024
"""Characters of path and query string together; a longer query is named and asked by its name."""


class Contract(BaseRoute):
    """One route for all paths of the contract: starlette's own would decode a path before it is taken apart."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.resources = tuple(resources)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Everything below `/epcis`."""
        path = _raw_path(scope) if scope["type"] in ("http", "websocket") else ""
        below = any(path == prefix or path.startswith(prefix + "/") for prefix in PREFIXES)
        return (Match.FULL if below else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """No path here has a name of starlette's."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await self._socket(WebSocket(scope, receive, send))
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        served: Served = request.app.state.filiera
        try:
            return await self._agreed(request, served)
        except ClientDisconnect:
            return _problem(InputError("body-cut-short"), request.headers, served)
        except LedgerError as error:
            return _problem(error, request.headers, served)

    async def _agreed(self, request: Request, served: Served) -> Response:
        authorization = request.headers.get("authorization")
        cookie = request.cookies.get(served.settings.cookie)
        caller = await run_in_threadpool(served.access.caller, authorization, cookie)
        found = self._found(request)
        operation = _operation(found.resource, request.method)
        about = what_about(found.values, request.query_params)
        verb = _verb(found.resource, operation)
        audience = await run_in_threadpool(served.access.allow, caller, verb, about=about)
        terms = headers.negotiate(request.headers)
        body = await request.body() if operation is not None and operation.body else b""
        language, path = language_of(request.headers), found.resource.path
        exchange = Exchange(request, served, caller, audience, terms, language, found.prefix, path, found.values, body)
        response = await run_in_threadpool(_answered, found.resource, operation, exchange)
        for name, value in terms.headers().items():
            response.headers.setdefault(name, value)
        return response

    def _found(self, request: Request) -> Found:
        path = _raw_path(request.scope)
        query: bytes = request.scope.get("query_string", b"")
        # A page token carries the query it goes on with.
        limit = 2 * MOST_URI if b"nextPageToken=" in query else MOST_URI
        if len(path) + len(query) > limit:
            raise InputError("uri-too-long", limit=MOST_URI)
        found = find(self.resources, path)
        if found is None:
            raise InputError("resource-missing", path=path[:80])
        return found

    async def _socket(self, socket: WebSocket) -> None:
        found = find(self.resources, _raw_path(socket.scope))
        if found is None or found.resource.socket is None:
            await socket.close()
            return
        await found.resource.socket(socket, found)


def _operation(resource: Resource, method: str) -> Operation | None:
    """The operation of a method; None for OPTIONS."""
    if method == "OPTIONS":
        return None
    found = resource.operations.get("GET" if method == "HEAD" else method)
    if found is None:
        raise InputError("method-not-allowed", method=method[:20], allowed=resource.allow)
    return found


def _verb(resource: Resource, operation: Operation | None) -> str:
    """What is asked of access. That something is there is told by `OPTIONS` only to who may have it."""
    if operation is not None:
        return operation.verb
    return DISCOVER if resource.there is None else next(iter(resource.operations.values())).verb


def _answered(resource: Resource, operation: Operation | None, exchange: Exchange) -> Response:
    """Runs in a worker thread: it may wait for the store."""
    if resource.there is not None:
        resource.there(exchange)
    if operation is not None:
        return operation.answer(exchange)
    said = {"Allow": resource.allow, **headers.discovery(), **resource.discovery(exchange.served)}
    return Response(status_code=204, headers=said)


def _problem(error: LedgerError, asked: Headers, served: Served) -> Response:
    said = epcis_problem(error, language_of(asked))
    beside = headers.Terms().headers()
    if said["status"] == 413:
        beside |= capture_limits(served)
    if said["status"] == 405:
        beside["Allow"] = str(error.context["allowed"])
    if representation.wants_xml(asked.get("accept")):
        return respond(said, beside, body=problem_xml(said), media_type=PROBLEM)
    return respond(said, beside)


def capture_limits(served: Served) -> dict[str, str]:
    """The limits of a capture, as they are announced."""
    return {
        "GS1-EPCIS-Capture-Limit": str(served.settings.capture_limit),
        "GS1-EPCIS-Capture-File-Size-Limit": str(served.settings.capture_bytes),
    }


def _raw_path(scope: Scope) -> str:
    """The path as it was sent, before percent-decoding."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    return raw.partition(b"?")[0].decode("ascii", "replace")
