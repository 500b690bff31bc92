"""`/lotto/01/{gtin}/10/{lot}`: the page of a pack, its proof and its pictures.

- Everybody gets the same page; it needs no script, sets no cookie and asks nothing of anybody else.
- It may be kept, and is asked for again each time it is shown (`no-cache` with an ETag): a recall is never hidden by a
  copy. The page is rendered once for each language and minute.
- Where nothing was committed since, it is answered from memory in the server's own loop (`ready`).
- What strangers may not know of and what nobody recorded are answered alike: 404, what that may mean, and what is near.

    door("/lotto/{path:path}", "pack", lot)
"""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute

from api.pages.consumer import addresses
from api.pages.consumer import figures as said
from api.pages.consumer.described import described
from api.pages.consumer.finding import find, unknown
from api.pages.consumer.kept import Key, Packs, Shown
from api.pages.consumer.pictures import MOST_SHOWN
from api.pages.shell.languages import PARAMETER, fixed_language, page_language
from api.pages.shell.places import sent_path
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit, door, stranger
from schemas.epcis.instant import instant
from schemas.errors import InputError

ROOM = "consumer"
KEPT = "public, no-cache"


def routes() -> list[BaseRoute]:
    """The room's routes."""
    return [
        door("/lotto", "pack", find),
        door(addresses.PROOF + "{path:path}", "pack", proof),
        door(addresses.RECALL + "{path:path}", "pack", recall),
        door(addresses.PICTURE + "{path:path}", "pack", picture),
        door(addresses.ROOM + "{path:path}", "pack", lot, ready=ready),
    ]


def packs_of(request: Request) -> Packs:
    """What this server keeps of the lots that were asked for."""
    packs: Packs = request.app.state.packs
    return packs


def lot(visit: Visit) -> Response:
    """The page of a lot, unit or item."""
    uri = addresses.subject_of(sent_path(visit.request).removeprefix(addresses.ROOM))
    shown = packs_of(visit.request).of(uri)
    if shown is None:
        return unknown(visit, uri)
    return _tagged(visit.request, _rendered(visit, uri, shown))


def ready(request: Request) -> Response | None:
    """The page for a stranger, where it is rendered and nothing was committed since it was found good."""
    if not stranger(request, "pack"):
        return None
    try:
        uri = addresses.subject_of(sent_path(request).removeprefix(addresses.ROOM))
    except InputError:
        return None
    shown = packs_of(request).at_once(uri)
    key = None if shown is None else _key(request, shown)
    made = None if shown is None or key is None else shown.rendered.get(key)
    return None if made is None else _tagged(request, made)


def proof(visit: Visit) -> Response:
    """The bundle that the page is made of."""
    shown = _shown(visit, addresses.PROOF)
    name = "".join(each if each.isalnum() and each.isascii() else "-" for each in shown.pack.code)
    headers = {
        "Cache-Control": KEPT,
        "ETag": f'"{shown.digest[:32]}"',
        "Content-Disposition": f'attachment; filename="{name}.filiera.json"',
    }
    if headers["ETag"] in visit.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(shown.bundle, media_type="application/json", headers=headers)


def recall(visit: Visit) -> Response:
    """Whether it is recalled, for programs: what the banner says."""
    shown = _shown(visit, addresses.RECALL)
    tree = {
        "subject": shown.pack.subject,
        "recalled": bool(shown.recalls),
        "checked": said.moment(shown.checked)[0],
        "recalls": [
            {
                "by": each.by or None,
                "member": each.standing.member,
                "since": None if each.standing.at is None else instant(each.standing.at).isoformat(),
                "number": each.standing.number,
                "reason": each.standing.reason,
            }
            for each in shown.recalls
        ],
    }
    return JSONResponse(tree, headers={"Cache-Control": KEPT, "Access-Control-Allow-Origin": "*"})


def picture(visit: Visit) -> Response:
    """A picture of the page, by its digest."""
    digest, _, path = sent_path(visit.request).removeprefix(addresses.PICTURE).partition("/")
    shown = packs_of(visit.request).of(addresses.subject_of(path))
    data = None if shown is None else shown.pictures.get(digest)
    if shown is None or data is None:
        raise InputError("resource-missing", path=visit.request.url.path[:80])
    kind = next(voice.media_type for voice in shown.pack.voices if voice.picture == digest)
    return Response(data, media_type=kind, headers={"Cache-Control": KEPT, "ETag": f'"{digest[:32]}"'})


def _shown(visit: Visit, room: str) -> Shown:
    uri = addresses.subject_of(sent_path(visit.request).removeprefix(room))
    shown = packs_of(visit.request).of(uri)
    if shown is None:
        raise InputError("lot-not-here", lot=uri)
    return shown


def _key(request: Request, shown: Shown) -> Key | None:
    """By what a rendered page is kept; None where other parameters are in its address, of which there is no end."""
    if not set(request.query_params) <= {PARAMETER}:
        return None
    return page_language(request), fixed_language(request), shown.checked


def _rendered(visit: Visit, uri: str, shown: Shown) -> HTMLResponse:
    """The page, rendered once for each language and minute; with other parameters in its address each time."""
    key = _key(visit.request, shown)
    if key is None:
        return _page(visit, uri, shown)
    made = shown.rendered.get(key)
    if made is None:
        for old in [other for other in shown.rendered if other[2] != shown.checked]:
            shown.rendered.pop(old, None)
        made = shown.rendered[key] = _page(visit, uri, shown)
    return made


def _page(visit: Visit, uri: str, shown: Shown) -> HTMLResponse:
    told, language = shown.pack, visit.language
    stamp, clock = said.moment(shown.checked)
    pictures = {digest: addresses.picture_of(uri, digest) for digest in shown.pictures}
    made = page(
        visit.request,
        ROOM,
        "lot.html",
        cache_control=KEPT,
        shown=shown,
        told=told,
        said=said,
        map=said.drawn(told, language) if told.begun_in or told.made_in else "",
        since=said.age(told, shown.checked),
        stamp=stamp,
        clock=clock,
        begun=[None if each.standing.at is None else instant(each.standing.at).date() for each in shown.recalls],
        proof=addresses.proof_of(uri),
        pictures=pictures,
        described=described(told, addresses.page_of(uri), list(pictures.values())),
        light={digest for digest, data in shown.pictures.items() if len(data) <= MOST_SHOWN},
    )
    made.headers["Vary"] = "Accept-Language"
    made.headers["ETag"] = f'"{sha256(made.body).hexdigest()[:32]}"'
    return made


def _tagged(request: Request, made: Response) -> Response:
    """The page, or that the one at hand is still good."""
    tag = made.headers["etag"]
    if tag not in request.headers.get("if-none-match", ""):
        return made
    kept = ("etag", "cache-control", "vary", "content-language", "content-security-policy")
    return Response(status_code=304, headers={name: made.headers[name] for name in kept})
