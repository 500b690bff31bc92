"""What pages load: the rooms' own styles, pictures and ES modules, and the verifier's (`ledger/js`, `exporters/js`).

- One address for a whole edition, `/static/{edition}/{room}/{name}`: modules import each other by relative paths, and
  what was loaded once may be kept for ever. The edition is the digest of everything in it.
- Another edition's address (a page that was open while the server was brought up to date) is answered with today's
  file, which may then not be kept.
- Nothing but what lies in the rooms' `static` folders is served; everything is read once, when it is first asked for.

    assets().url("shell", "page.css")  ->  "/static/3f2a…/shell/page.css"

RFC 8246 (`immutable`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

from schemas.errors import InputError

PATH = "/static/{edition}/{room}/{name:path}"
TYPES: Mapping[str, str] = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webmanifest": "application/manifest+json",
}
VERIFIER = ("ledger", "exporters")
"""The rooms whose `js` folder is served under their name: the verifier, and its face."""
_FOREVER, _ANEW = "public, max-age=31536000, immutable", "no-cache"


@dataclass(frozen=True, slots=True)
class Assets:
    """One edition: (room, name) -> bytes."""

    edition: str
    held: Mapping[tuple[str, str], bytes]

    def url(self, room: str, name: str) -> str:
        """Where a file of this edition is served; `KeyError` where there is none of this name."""
        self.held[room, name]
        return f"/static/{self.edition}/{room}/{name}"

    def under(self, room: str) -> list[str]:
        """The names of a room's files, in order."""
        return sorted(name for held, name in self.held if held == room)


@cache
def assets() -> Assets:
    """Everything that pages load."""
    held = dict(sorted(_found()))
    digest = sha256()
    for (room, name), content in held.items():
        digest.update(f"{room}/{name} {len(content)}\n".encode() + content)
    return Assets(digest.hexdigest()[:16], held)


def serve(request: Request) -> Response:
    """One file of the pages."""
    edition, room, name = (request.path_params[part] for part in ("edition", "room", "name"))
    content = assets().held.get((room, name))
    if content is None:
        raise InputError("resource-missing", path=request.url.path[:80])
    kept = _FOREVER if edition == assets().edition else _ANEW
    return Response(content, media_type=TYPES[_suffix(name)], headers={"Cache-Control": kept})


def _found() -> Iterator[tuple[tuple[str, str], bytes]]:
    for room in files("api.pages").iterdir():
        yield from _within(room.joinpath("static"), room.name, "")
    for name in VERIFIER:
        yield from _within(files(name).joinpath("js"), name, "")


def _within(folder: Traversable, room: str, before: str) -> Iterator[tuple[tuple[str, str], bytes]]:
    if not folder.is_dir():
        return
    for item in folder.iterdir():
        if item.is_dir():
            yield from _within(item, room, f"{before}{item.name}/")
        elif _suffix(item.name) in TYPES:
            yield (room, before + item.name), item.read_bytes()


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]
