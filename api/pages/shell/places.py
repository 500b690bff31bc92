"""Addresses of this server that a request names: where somebody was, and comes back to.

- Only a path of this server: what a browser could take for another origin, in any spelling, is none.

    own_path("/ufficio?x=1") -> "/ufficio?x=1";  own_path("//evil.example") -> "/"

OWASP, Unvalidated Redirects and Forwards; WHATWG URL 4.4 (a backslash is a slash, tabs and line ends are left out).
"""

from urllib.parse import urlsplit

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
