"""Addresses of this server that a request names: where somebody was, and comes back to.

- Only a path of this server: what a browser could take for another origin, in any spelling, is none.
- A request is somewhere by its path as it was sent: what is escaped in it is a part of a code (`A%2FB`).

    own_path("/ufficio?x=1") -> "/ufficio?x=1";  own_path("//evil.example") -> "/";  here(request) -> "/lotti/01/…"

OWASP, Unvalidated Redirects and Forwards; WHATWG URL 4.4 (a backslash is a slash, tabs and line ends are left out).
"""

from urllib.parse import quote, urlsplit

from starlette.requests import Request

_MOST = 2000


def own_path(text: str, otherwise: str = "/") -> str:
    """The path, or `otherwise` where the text is no path of this server."""
    if not text.startswith("/") or text.startswith(("//", "/\\")) or len(text) > _MOST:
        return otherwise
    if "\\" in text or not text.isprintable() or " " in text:
        return otherwise
    try:
        found = urlsplit(text)
    except ValueError:
        return otherwise
    return otherwise if found.scheme or found.netloc else text


def sent_path(request: Request) -> str:
    """The path of a request as it was sent."""
    raw = request.scope.get("raw_path")
    return raw.decode("ascii", "replace").partition("?")[0] if raw else quote(request.url.path, safe="/%")


def here(request: Request) -> str:
    """Where a request is, without its query: a path that a page may link to."""
    return own_path(sent_path(request))
