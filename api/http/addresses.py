"""Addresses that hold a NUL: refused before any room reads them.

- No text that is kept may hold one, and a database that is asked for one answers with a fault; nothing has such a name,
  so that the answer is the same on every database.
- Only what stands for a NUL (`%00`) is looked for: everything else is the room's own to judge.

    app.add_middleware(ReadableAddresses, refused=answered)

RFC 3986 section 7.3.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from schemas.errors import InputError

_NUL = b"%00"


class ReadableAddresses:
    """ASGI middleware that lets no address through that cannot be looked for."""

    def __init__(self, app: ASGIApp, *, refused: Callable[[Request, Exception], Response]) -> None:
        """`refused`: how an error is answered."""
        self._app = app
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless its address cannot be read. A WebSocket is closed before it is opened."""
        if scope["type"] == "lifespan" or _NUL not in scope.get("raw_path", b"") + scope.get("query_string", b""):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._refused(Request(scope), InputError("address-nul"))(scope, receive, send)
        else:
            await send({"type": "websocket.close"})
