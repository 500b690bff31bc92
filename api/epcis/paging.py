"""Pages of a list: `perPage`, `nextPageToken`, `Link: …; rel="next"`, `GS1-Next-Page-Token-Expires`.

- A token says which list, asked how, by whom, goes on where, and until when; it is sealed, so nobody reads or makes
  one. It carries the query, so the next page is asked for by the token alone; a query beside it must be the same.
- It is good for its own caller and path only, until it expires or is given back (`DELETE /nextPageToken/{token}`).
- Where a list goes on is the list's own to say (`place`); nothing is kept here for tokens that are out.

    page = asked(exchange)
    headers = following(exchange, page, place={"after": 7})

GS1 EPCIS 2.0 section 12.4 (pagination); RFC 8288 (Link).
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from api.epcis.contract import Exchange
from api.epcis.times import text_of
from ledger.keys.sealing import Seal
from ledger.store import released_pages
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base64url

SIZE, TOKEN = "perPage", "nextPageToken"
_MOST = 64 * 1024  # bytes of an opened token


@dataclass(frozen=True, slots=True)
class Page:
    """The page asked for: how many, the place to go on from (None: the beginning), the list's own parameters, and what
    the prefixes in them mean."""

    limit: int
    place: Any
    parameters: Mapping[str, list[str]]
    prefixes: Mapping[str, str]


def asked(exchange: Exchange) -> Page:
    """The page of a request; `InputError`: `page-size`, `page-token`."""
    parameters = exchange.parameters
    sizes, tokens = parameters.pop(SIZE, []), parameters.pop(TOKEN, [])
    if not tokens:
        return Page(_size(exchange, sizes), None, parameters, exchange.terms.extensions)
    if len(tokens) > 1:
        raise InputError("page-token")
    said = _opened(exchange, tokens[0])
    if parameters and parameters != said["query"]:
        raise InputError("page-token-other")
    return Page(_size(exchange, sizes or [said["size"]]), said["place"], said["query"], said["prefixes"])


def following(exchange: Exchange, page: Page, place: Any) -> dict[str, str]:
    """The headers that lead to the next page; `place` None: this was the last one."""
    if place is None:
        return {}
    expires = exchange.now() // 1_000_000 + exchange.served.settings.page_seconds
    asked_for = {"query": dict(page.parameters), "prefixes": dict(page.prefixes), "size": str(page.limit)}
    said = {**_whose(exchange), **asked_for, "place": place, "until": expires}
    text = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    sealed = _seal(exchange).closed(zlib.compress(text))
    parameters = urlencode({SIZE: page.limit, TOKEN: base64url.encode(sealed)})
    url = exchange.url(_written(exchange)) + "?" + parameters
    return {"Link": f'<{url}>; rel="next"', "GS1-Next-Page-Token-Expires": text_of(expires * 1_000_000)}


def give_back(exchange: Exchange, token: str) -> None:
    """Make a token worth nothing; one that is worth nothing already, or somebody else's, stays as it is."""
    try:
        said = _read(exchange, token)
    except InputError:
        return
    if said["who"] == _whose(exchange)["who"]:
        with exchange.node.store.begin() as connection:
            expires, now = said["until"] * 1_000_000, exchange.now()
            released_pages.release(connection, _digest(token), expires=expires, now=now)


def _opened(exchange: Exchange, token: str) -> dict[str, Any]:
    said = _read(exchange, token)
    if {name: said[name] for name in ("who", "path")} != _whose(exchange):
        raise InputError("page-token")
    if said["until"] * 1_000_000 <= exchange.now():
        raise InputError("page-token-expired")
    with exchange.node.store.read() as connection:
        if released_pages.is_released(connection, _digest(token)):
            raise InputError("page-token-expired")
    return said


def _read(exchange: Exchange, token: str) -> dict[str, Any]:
    """What a token of ours says; nobody else can make one, so it needs no further checks."""
    try:
        text = zlib.decompressobj().decompress(_seal(exchange).opened(base64url.decode(token)), _MOST)
    except (InputError, EvidenceError):
        raise InputError("page-token") from None
    said: dict[str, Any] = json.loads(text)
    return said


def _whose(exchange: Exchange) -> dict[str, Any]:
    """The list that a token belongs to: who asks, and for which path with which values."""
    caller = exchange.caller
    return {"who": [caller.kind, caller.member or caller.name], "path": [exchange.path, *exchange.values.values()]}


def _written(exchange: Exchange) -> str:
    """The path of this exchange, its values percent-encoded."""
    return exchange.path.format(**{name: quote(value, safe="") for name, value in exchange.values.items()})


def _size(exchange: Exchange, sent: list[str]) -> int:
    settings = exchange.served.settings
    if not sent:
        return settings.page
    text = sent[-1]
    if len(sent) > 1 or not (text.isascii() and text.isdigit()) or int(text[:9]) < 1:
        raise InputError("page-size", value=text[:40], limit=settings.page_most)
    return min(int(text[:9]), settings.page_most)


def _seal(exchange: Exchange) -> Seal:
    return exchange.node.seal("filiera/page")


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
