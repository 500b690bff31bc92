"""`/campo`: the operator's page, the manifest that installs it, and the worker that keeps it without a network.

- The page is the same for everybody and holds nothing of anybody: what is recorded proves itself, and what a phone has
  to know it is told as the device it is (`api.device_proof`). So nobody signs in here.
- The worker's text begins with the edition and with what belongs to it, so that another edition is another worker.

W3C Web Application Manifest; W3C Service Workers; ARCHITECTURE.md 6.
"""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.pages.shell.assets import VERIFIER, assets
from api.pages.shell.languages import page_language
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit
from api.pages.shell.words import table, words_of

PATH = "/campo"
WORKER = f"{PATH}/worker.js"
MANIFEST = f"{PATH}/manifest.webmanifest"
ROOM = "operator"
_SIZES = (192, 512)


def field(visit: Visit) -> Response:
    """The page."""
    words = table(ROOM)[visit.language]
    return page(visit.request, ROOM, "field.html", camera=True, words=words, cache_control="no-cache")


def worker(request: Request) -> Response:
    """The service worker of this edition."""
    served = assets()
    text = served.held[ROOM, "worker.js"].decode("utf-8")
    start = f"const EDITION = {json.dumps(served.edition)};\nconst KEPT = {json.dumps(_kept())};\n"
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


def _kept() -> list[str]:
    """Everything that the page needs: itself in both languages, and the files of its edition."""
    served = assets()
    rooms = {ROOM: served.under(ROOM), "shell": served.under("shell"), VERIFIER: served.under(VERIFIER)}
    files = [served.url(room, name) for room, names in rooms.items() for name in names if name != "worker.js"]
    pages = [PATH, *(f"{PATH}?lang={language}" for language in ("it", "en"))]
    return [*pages, *(f"{MANIFEST}?lang={language}" for language in ("it", "en")), *files]
