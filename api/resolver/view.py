"""The routes of every GS1 key: redirect to what was asked for, or list all there is.

- `linkType=all` or `linkset`, or an `Accept` that prefers a linkset: the list (200). Any other link type: there (307),
  or 404 with the types there are. Else the default link (307), in the language that `Accept-Language` prefers.
- What else stands in the query is passed on to where it leads.
- Every answer has the links as `Link` headers and may be read by pages of any origin; it may be kept, and is asked for
  again each time, since a recall changes it.
- Of a lot or item that nobody may know of the links are those of what it is a part of. A person's browser is led to the
  page of its own: the page explains. Where there is nothing at all, a program gets 404.
- The same answer is given again while nothing was committed (`api.resolver.kept`).

    GET /01/09520001000011/10/P-7?linkType=gs1:recallStatus  ->  307

GS1-Conformant Resolver Standard; docs/adr/0061-the-resolver-redirects.md, 0069-every-code-is-answered.md.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
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
from api.resolver.identifier import Asked, address, canonical
from api.resolver.kept import Answers
from api.resolver.links import DEFAULT, DEFAULTS, HTML, JSON, Level, Link
from api.resolver.linkset import JSON_LD, LINKSET
from api.resolver.negotiation import preferred
from ledger.node import Node
from ledger.readside.presented import presented
from ledger.store import visibility
from schemas.errors import InputError, LedgerError
from schemas.gs1.canonical import tagged_object
from schemas.gs1.decompress import looks_compressed
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.gs1.keys import Elements
from schemas.wording import Language

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Expose-Headers": "Link, Location",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_LISTS = ("all", "linkset")
_FORMS = (HTML, LINKSET, JSON, JSON_LD)
_LONG = {"Cache-Control": "public, max-age=3600"}
_KEPT = {"Cache-Control": "public, no-cache", "Vary": "Accept, Accept-Language"}


def routes() -> list[BaseRoute]:
    """The resolver's routes; a compressed identifier has no code in front, and is looked for last of all."""
    keys = [Route(f"/{head}/{{rest:path}}", _answering(resolve), methods=_METHODS) for head in identifier.HEADS]
    return [
        *keys,
        Route("/.well-known/gs1resolver", _answering(describe), methods=_METHODS),
        Route(linkset.CONTEXT_PATH, _answering(context), methods=_METHODS),
        *(Route(path, _answering(compressed), methods=_METHODS) for path in ("/{compressed}", "/{compressed}/")),
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
    cookie = request.cookies.get(served.settings.cookie)
    access.allow(access.comes(request.headers.get("authorization"), cookie, "resolve"), "resolve")
    asked = identifier.asked(request, served.settings)
    spoken = language_of(request.headers)
    form = preferred(request.headers.get("accept", ""), _FORMS)
    levels = _levels(request, asked, spoken)
    type = links.bare_type(asked.link_type)
    if form == HTML and not type and _to_be_explained(asked, levels):
        return _explained(asked)
    if not levels:
        raise InputError("resolver-nothing", value=canonical(asked.levels[0])[:200])
    if type in _LISTS or (not type and form in (LINKSET, JSON, JSON_LD)):
        return _listed(asked, levels, form)
    return _redirect(asked, levels, _chosen(request, levels, type, spoken))


def _levels(request: Request, asked: Asked, spoken: Language) -> list[Level]:
    """The identifier, then what it is a part of, as far as everybody may know of it."""
    found: dict[str, Level] = {}
    for path in asked.levels:
        # Some qualifiers name nothing of their own here: such a level is that of the one above it.
        level = _level(request, asked, path, spoken)
        if level is not None:
            found.setdefault(canonical(path), level)
    return list(found.values())


def _level(request: Request, asked: Asked, path: Elements, spoken: Language) -> Level | None:
    uri, node = canonical(path), _node(request)
    if tagged_object(uri) == uri:
        told = request.app.state.packs.of(uri)
        return None if told is None else links.of_lot(asked, path, told, spoken)
    if path[0][0] == "01":
        return links.of_product(asked, path[:1], spoken) if _known(request, uri) else None
    access: Access = request.app.state.filiera.access
    known = presented(node, uri, access.everybody(), datetime.fromtimestamp(node.clock(), UTC))
    return None if known is None else links.of_code(asked, path, known, spoken)


def _to_be_explained(asked: Asked, levels: Sequence[Level]) -> bool:
    """Is nothing known, or of a lot or item no more than its product? Then a person is told so."""
    uri = canonical(asked.levels[0])
    product = address(asked.base, asked.levels[-1])
    return not levels or (tagged_object(uri) == uri and levels[0].anchor == product != asked.address)


def _explained(asked: Asked) -> Response:
    """To the page that says what it may mean."""
    uri = canonical(asked.levels[0])
    page = "lotto" if tagged_object(uri) == uri else "codice"
    target = f"{asked.base}/{page}/{uri.removeprefix(f'{CANONICAL_STEM}/')}"
    return RedirectResponse(target, status_code=307, headers={**CORS, **_KEPT})


def _known(request: Request, product: str) -> bool:
    """Are there published lots of a product?"""
    with _node(request).store.read() as connection:
        return bool(visibility.published_firsts(connection, f"{product}/", 0, 1))


def _node(request: Request) -> Node:
    node: Node = request.app.state.filiera.node
    return node


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


def _listed(asked: Asked, levels: Sequence[Level], form: str | None) -> Response:
    """All there is."""
    media = form if form in (JSON, JSON_LD) else LINKSET
    tree = linkset.json_ld(levels) if media == JSON_LD else linkset.document(levels)
    body = json.dumps(tree, ensure_ascii=False, indent=1).encode("utf-8")
    return Response(body, media_type=media, headers={**CORS, **_KEPT, "Link": linkset.headers(asked, levels)})


def _redirect(asked: Asked, levels: Sequence[Level], link: Link) -> Response:
    """There, with what else was asked."""
    target = link.href
    if asked.query and link.passes:
        parts = urlsplit(link.href)
        query = "&".join(filter(None, (parts.query, urlencode(asked.query))))
        target = parts._replace(query=query).geturl()
    return RedirectResponse(target, status_code=307, headers={**CORS, **_KEPT, "Link": linkset.headers(asked, levels)})


def describe(request: Request) -> Response:
    """What this resolver can do."""
    served = request.app.state.filiera
    served.access.allow(served.access.caller(None, None), "resolver")
    found = description(identifier.base_of(request, served.settings), served.node.origin)
    return JSONResponse(found, headers={**CORS, **_LONG})


def context(request: Request) -> Response:
    """What makes a linkset JSON-LD."""
    served = request.app.state.filiera
    served.access.allow(served.access.caller(None, None), "resolver")
    found = {"@context": dict(linkset.CONTEXT)}
    return JSONResponse(found, media_type=JSON_LD, headers={**CORS, **_LONG})


def compressed(request: Request) -> Response:
    """A compressed identifier is resolved as the one it stands for; of anything else it is said that it is not here."""
    if not looks_compressed(str(request.url)):
        raise InputError("resource-missing", path=request.url.path[:80])
    return resolve(request)
