"""One operation of `/api/v1` as a value: what it is called, what it asks of access, what it takes and answers.

- Routes, the OpenAPI document, the page of docs and the tests are all made from these values, so nothing can be served
  that is not described, or described that is not served.
- In this order: the caller is known, access is asked, the parameters are read, then the body; only then is anything
  looked up. Parameters that are not declared are refused, like misspelled options of the command line.
- Handlers are plain functions and run in worker threads.

    Endpoint("GET", "/api/v1/members", "member.list", "listMembers", "The members.", members, success=JSON_LIST)

OpenAPI 3.1; RFC 9457; ARCHITECTURE.md 6.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from api.access import Access, Caller
from api.access_log import what_about
from api.http.gate import Gates
from api.problems import language_of
from api.served import Served
from api.settings import Settings
from ledger.audience import Audience
from schemas.errors import InputError
from schemas.wording import Language

JSON = "application/json"
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of the path or the query, with its JSON Schema."""

    name: str
    place: str
    schema: Mapping[str, Any]
    description: str
    required: bool = False
    repeated: bool = False
    example: Any = None


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: media types, the schema of what is JSON, an example, and which bodies are too large."""

    media: tuple[str, ...]
    schema: Mapping[str, Any]
    example: Any
    limit: Callable[[Settings], int] = lambda settings: settings.document_bytes
    required: bool = True


@dataclass(frozen=True, slots=True)
class Success:
    """What is answered when all is well. `also`: other media types that it may be, beside `media`."""

    status: int
    description: str
    media: str = JSON
    schema: Mapping[str, Any] | None = None
    example: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation. `verb`: what access is asked; `errors`: statuses of its own beside those every operation has;
    `path_kind`: the last variable takes slashes too (`path`)."""

    method: str
    path: str
    verb: str
    name: str
    summary: str
    answer: "Callable[[Ask], Response]"
    success: Success
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    errors: tuple[int, ...] = ()
    description: str = ""
    tag: str = "log"


@dataclass(frozen=True, slots=True)
class Ask(Served):
    """One request, with all that was found out about it."""

    request: Request
    endpoint: Endpoint
    caller: Caller
    audience: Audience
    language: Language
    body: bytes

    @property
    def gates(self) -> Gates:
        """The gates of this server."""
        gates: Gates = self.request.app.state.filiera.gates
        return gates

    def value(self, name: str) -> str:
        """A variable of the path."""
        return str(self.request.path_params[name])

    def text(self, name: str) -> str | None:
        """A parameter of the query, None where it is not there."""
        return self.request.query_params.get(name)

    def texts(self, name: str) -> list[str]:
        """Every value of a repeated parameter."""
        return self.request.query_params.getlist(name)

    def flag(self, name: str) -> bool:
        """A parameter that is `true` or `false`, false where it is not there; `InputError("parameter-value")`."""
        said = self.text(name)
        if said is None:
            return False
        if said not in _TRUTH:
            raise InputError("parameter-value", name=name, allowed="true, false")
        return _TRUTH[said]

    def number(self, name: str) -> int | None:
        """A parameter that is a whole number from 0 on; `InputError("parameter-number")`."""
        said = self.text(name)
        return None if said is None else whole_number(name, said)

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """A parameter that is one of a few words; `InputError("parameter-value")`."""
        said = self.text(name)
        if said is None:
            return default
        if said not in allowed:
            raise InputError("parameter-value", name=name, allowed=", ".join(allowed))
        return said

    def member(self, named: str | None) -> str:
        """The member that something is done for: the caller's own, or the one the operator names.

        `InputError`: `access-denied` for another's, `member-missing` where the operator names none.
        """
        if self.caller.member is not None:
            if named not in (None, self.caller.member):
                raise InputError("access-denied")
            return self.caller.member
        if named is None:
            raise InputError("member-missing")
        return named


def whole_number(name: str, said: str) -> int:
    """A number from 0 to 2^53; `InputError("parameter-number")`."""
    if not (said.isascii() and said.isdigit()) or len(said) > 16:
        raise InputError("parameter-number", name=name)
    return int(said)


def route(endpoint: Endpoint) -> Route:
    """The route of an endpoint."""

    async def answer(request: Request) -> Response:
        return await _answered(request, endpoint)

    return Route(endpoint.path, answer, methods=[endpoint.method], name=endpoint.name)


async def _answered(request: Request, endpoint: Endpoint) -> Response:
    access: Access = request.app.state.filiera.access
    headers = request.headers
    cookie = request.cookies.get(request.app.state.filiera.settings.cookie)
    caller = await run_in_threadpool(access.comes, headers.get("authorization"), cookie, endpoint.verb)
    about = what_about(request.path_params, request.query_params)
    audience = await run_in_threadpool(access.allow, caller, endpoint.verb, about=about)
    _declared(request, endpoint)
    body = await _read(request, endpoint) if endpoint.body is not None else b""
    ask = Ask(request, endpoint, caller, audience, language_of(headers), body)
    return await run_in_threadpool(endpoint.answer, ask)


def _declared(request: Request, endpoint: Endpoint) -> None:
    """`InputError`: `parameter-unknown`, `parameter-repeated`, `parameter-missing`."""
    known = {parameter.name: parameter for parameter in endpoint.parameters if parameter.place == "query"}
    sent = request.query_params
    for name in sent:
        if name not in known:
            raise InputError("parameter-unknown", name=name[:40], known=", ".join(known) or "-")
        if len(sent.getlist(name)) > 1 and not known[name].repeated:
            raise InputError("parameter-repeated", name=name)
    for name, parameter in known.items():
        if parameter.required and name not in sent:
            raise InputError("parameter-missing", name=name)


async def _read(request: Request, endpoint: Endpoint) -> bytes:
    assert endpoint.body is not None
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    limit = endpoint.body.limit(request.app.state.filiera.settings)
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > limit:
        raise InputError("body-too-large", limit=limit)
    pieces, size = [], 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > limit:
                raise InputError("body-too-large", limit=limit)
            pieces.append(piece)
    except ClientDisconnect:
        raise InputError("body-cut-short") from None
    body = b"".join(pieces)
    if not body and not endpoint.body.required:
        return body
    if not sent:
        raise InputError("media-type-missing", allowed=", ".join(endpoint.body.media))
    if sent not in endpoint.body.media:
        raise InputError("media-type-other", media_type=sent[:80], allowed=", ".join(endpoint.body.media))
    return body
