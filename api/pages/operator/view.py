"""`/campo`: the operator's page, the manifest that installs it, and the worker that keeps it without a network.

- The page is the same for everybody and holds nothing of anybody: what is recorded proves itself, and what a phone has
  to know it is told as the device it is (`api.device_proof`). So nobody signs in here.
- The worker's text begins with the edition and with what belongs to it, so that another edition is another worker; what
  the page itself says belongs to the edition too.

W3C Web Application Manifest; W3C Service Workers; ARCHITECTURE.md 6.
"""

import json
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.pages.shell.assets import assets
from api.pages.shell.languages import page_language
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit, door
from api.pages.shell.words import table, words_of
from schemas.errors import InputError

PATH = "/campo"
WORKER = f"{PATH}/worker.js"
MANIFEST = f"{PATH}/manifest.webmanifest"
TRUST, AUTHORITY = f"{PATH}/fiducia", f"{PATH}/filiera.crt"
ROOM = "operator"
LEDGER = "ledger"
_SIZES = (192, 512)


def routes() -> list[BaseRoute]:
    """The routes of this room."""
    return [
        door(PATH, "field", field),
        Route(WORKER, worker),
        Route(MANIFEST, manifest),
        Route(TRUST, trust),
        Route(AUTHORITY, authority),
    ]


def field(visit: Visit) -> Response:
    """The page."""
    words = table(ROOM)[visit.language]
    return page(visit.request, ROOM, "field.html", camera=True, words=words, cache_control="no-cache")


def trust(request: Request) -> Response:
    """How a phone comes to trust the authority that this server made for its network."""
    return page(request, ROOM, "trust.html", fingerprint=_fingerprint(_authority(request)))


def authority(request: Request) -> Response:
    """The authority's certificate, as phones install it."""
    headers = {"Content-Disposition": 'attachment; filename="filiera.crt"'}
    return Response(_authority(request), media_type="application/x-x509-ca-cert", headers=headers)


def _authority(request: Request) -> bytes:
    made: bytes | None = request.app.state.filiera.settings.authority
    if made is None:
        raise InputError("resource-missing", path=request.url.path)
    return made


def _fingerprint(certificate: bytes) -> str:
    return ":".join(f"{byte:02X}" for byte in sha256(certificate).digest())


def worker(request: Request) -> Response:
    """The service worker of this edition."""
    served = assets()
    text = served.held[ROOM, "worker.js"].decode("utf-8")
    start = f"const EDITION = {json.dumps(_edition())};\nconst KEPT = {json.dumps(_kept())};\n"
    headers = {
        "Service-Worker-Allowed": PATH,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
    }
    return Response(start + text, media_type="text/javascript; charset=utf-8", headers=headers)


def manifest(request: Request) -> Response:
    """What a phone shows among its programs."""
    language = page_language(request)
    title = words_of(ROOM, language)("title")
    icons = [
        {"src": assets().url(ROOM, f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in _SIZES
    ]
    said = {
        "name": f"Filiera · {title}",
        "short_name": title,
        "lang": language,
        "start_url": PATH,
        "scope": PATH,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1d5c3a",
        "icons": icons,
    }
    return JSONResponse(said, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def _edition() -> str:
    """The digest of everything that a phone keeps: the files, and the page with its words."""
    digest = sha256(assets().edition.encode("ascii"))
    for room, name in ((ROOM, "field.html"), ("shell", "frame.html")):
        digest.update(files(f"api.pages.{room}").joinpath("templates", name).read_bytes())
        digest.update(json.dumps(table(room)).encode("utf-8"))
    return digest.hexdigest()[:16]


def _kept() -> list[str]:
    """Everything that the page needs: itself in both languages, and the files of its edition."""
    served = assets()
    rooms = {room: served.under(room) for room in (ROOM, "shell", LEDGER)}
    files = [served.url(room, name) for room, names in rooms.items() for name in names if name != "worker.js"]
    pages = [PATH, *(f"{PATH}?lang={language}" for language in ("it", "en"))]
    return [*pages, *(f"{MANIFEST}?lang={language}" for language in ("it", "en")), *files]
