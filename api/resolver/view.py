"""The routes of every GS1 key: redirect to what was asked for, or list all there is.

- `linkType=all` or `linkset`, or an `Accept` that prefers a linkset: the list (200). Any other link type: there (307),
  or 404 with the types there are. Else the default link (307), in the language that `Accept-Language` prefers.
- What else stands in the query is passed on to where it leads.
- Every answer has the links as `Link` headers and may be read by pages of any origin; it may be kept, and is asked for
  again each time, since a recall changes it.
- The same answer is given again while nothing was committed (`api.resolver.kept`).
- A person's browser is led to the page even where nobody may know of the lot: the page explains. A program gets 404.

    GET /01/09520001000011/10/P-7?linkType=gs1:recallStatus  ->  307

GS1-Conformant Resolver Standard; docs/adr/0061-the-resolver-redirects.md.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.access import Access
from api.problems import language_of, problem, respond
from api.resolver import identifier, links, linkset
from api.resolver.description import description
from api.resolver.identifier import Asked, canonical
from api.resolver.kept import Answers
from api.resolver.links import DEFAULT, DEFAULTS, HTML, JSON, Level, Link
from api.resolver.linkset import JSON_LD, LINKSET
from api.resolver.negotiation import preferred
from api.settings import Settings
from ledger.node import Node
from ledger.store import visibility
from schemas.errors import InputError, LedgerError
from schemas.gs1.canonical import tagged_object
from schemas.wording import Language

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Expose-Headers": "Link, Location",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_LISTS = ("all", "linkset")
_FORMS = (HTML, LINKSET, JSON, JSON_LD)
_KEPT = {"Cache-Control": "public, no-cache", "Vary": "Accept, Accept-Language"}


def routes() -> list[BaseRoute]:
    """The resolver's routes; what looks like a compressed identifier is explained last of all."""
    keys = [Route(f"/{head}/{{rest:path}}", _answering(resolve), methods=_METHODS) for head in identifier.HEADS]
    return [
        *keys,
        Route("/.well-known/gs1resolver", _answering(describe), methods=_METHODS),
        Route("/{compressed}", _answering(explain), methods=["GET"]),
    ]


_METHODS = ["GET", "HEAD", "OPTIONS"]


def _answering(view: Callable[[Request], Response]) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**CORS, "Allow": ", ".join(_METHODS)})
        answers: Answers = request.app.state.answers
        if (found := answers.of(request)) is not None:
            return found
        stamp = answers.stamp()
        try:
            return answers.keep(request, stamp, await run_in_threadpool(view, request))
        except LedgerError as error:
            if HTML in request.headers.get("accept", ""):
                raise
            return respond(problem(error, language_of(request.headers)), CORS)

    return answer


def resolve(request: Request) -> Response:
    """What an identifier leads to."""
    served = request.app.state.filiera
    access: Access = served.access
    caller = access.caller(request.headers.get("authorization"), request.cookies.get(served.settings.cookie))
    access.allow(caller, "resolve")
    asked = identifier.asked(request, served.settings)
    spoken = language_of(request.headers)
    form = preferred(request.headers.get("accept", ""), _FORMS)
    levels = _levels(request, asked, spoken)
    if not levels:
        return _nothing(asked, form)
    type = links.bare_type(asked.link_type)
    if type in _LISTS or (not type and form in (LINKSET, JSON, JSON_LD)):
        return _listed(levels, form)
    return _redirect(asked, levels, _chosen(request, levels, type, spoken))


def _levels(request: Request, asked: Asked, spoken: Language) -> list[Level]:
    """The identifier, then what it is a part of, as far as everybody may know of it."""
    found: list[Level] = []
    for path in asked.levels:
        uri = canonical(path)
        if tagged_object(uri) == uri:
            told = request.app.state.packs.of(uri)
            if told is not None and not any(level.anchor == identifier.address(asked.base, path) for level in found):
                found.append(links.of_lot(asked, path, told, spoken))
        elif path[0][0] == "01" and len(path) == 1 and _known(request, uri):
            found.append(links.of_product(asked, path, spoken))
    whole = asked.levels[0]
    # A product whose lot is not known is no answer to who asks for that lot.
    return found if found and found[0].anchor == identifier.address(asked.base, whole) else []


def _known(request: Request, product: str) -> bool:
    """Are there published lots of a product?"""
    node: Node = request.app.state.filiera.node
    with node.store.read() as connection:
        return bool(visibility.published_firsts(connection, f"{product}/", 0, 1))


def _nothing(asked: Asked, form: str | None) -> Response:
    """Nothing that everybody may know of: a page says what that may mean, where it is a pack's."""
    uri = canonical(asked.levels[0])
    if tagged_object(uri) == uri and form == HTML and not asked.link_type:
        target = f"{asked.base}/lotto/{uri.removeprefix('https://id.gs1.org/')}"
        return RedirectResponse(target, status_code=307, headers={**CORS, **_KEPT})
    raise InputError("resolver-nothing", value=uri[:200])


def _chosen(request: Request, levels: Sequence[Level], type: str, spoken: Language) -> Link:
    """The link of a type (any, where none was asked for) that suits who asks; `InputError("link-type-missing")`."""
    offered = [link for level in levels for link in level.links]
    wanted = levels[0].links[0].type if type in ("", DEFAULT, DEFAULTS) else type
    found = [link for link in offered if link.type == wanted]
    if not found:
        known = ", ".join(dict.fromkeys(f"gs1:{link.type}" for link in offered))
        raise InputError("link-type-missing", value=type[:60], known=known)
    liked = preferred(request.headers.get("accept", ""), [link.media_type for link in found])
    fitting = [link for link in found if link.media_type == liked] or found
    return next((link for link in fitting if link.language == spoken), fitting[0])


def _listed(levels: Sequence[Level], form: str | None) -> Response:
    """All there is."""
    media = form if form in (JSON, JSON_LD) else LINKSET
    tree = linkset.json_ld(levels) if media == JSON_LD else linkset.document(levels)
    body = json.dumps(tree, ensure_ascii=False, indent=1).encode("utf-8")
    return Response(body, media_type=media, headers={**CORS, **_KEPT, "Link": linkset.headers(levels)})


def _redirect(asked: Asked, levels: Sequence[Level], link: Link) -> Response:
    """There, with what else was asked."""
    target = link.href
    if asked.query and link.passes:
        parts = urlsplit(link.href)
        query = "&".join(filter(None, (parts.query, urlencode(asked.query))))
        target = parts._replace(query=query).geturl()
    return RedirectResponse(target, status_code=307, headers={**CORS, **_KEPT, "Link": linkset.headers(levels)})


def describe(request: Request) -> Response:
    """What this resolver can do."""
    served = request.app.state.filiera
    settings: Settings = served.settings
    served.access.allow(served.access.caller(None, None), "resolver")
    base = settings.base_url or f"{request.url.scheme}://{request.url.netloc}"
    return JSONResponse(
        description(base, served.node.origin), headers={**CORS, "Cache-Control": "public, max-age=3600"}
    )


def explain(request: Request) -> Response:
    """Says of a compressed identifier that it is one; of anything else that it is not here."""
    raise identifier.unanswered(request.path_params)
