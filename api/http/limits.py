"""Bodies within bounds, whatever room reads them: how large, how slow, and how many at once.

- A body that announces too much is refused unread; one that streams too much is refused where it passes the limit.
- A body must keep coming (`CHUNK_SECONDS` between two pieces) and end (`BODY_SECONDS`).
- All bodies in memory together stay within a `Budget`: a flood of them is told to come again, and waits nowhere.
- The refusal is raised where a room reads the body, so that it is answered in that room's own form.
- Who is answered before all was sent is told to close, and listened to for `LINGER_SECONDS` without keeping a byte: a
  connection that is cut at once loses the answer on its way.

    app.add_middleware(BoundedBodies, limit=lambda path: 8 << 20, budget=Budget())

RFC 9110 sections 15.5.9 (408), 15.5.14 (413) and 15.5.16 (415).
"""

import threading
from collections.abc import Callable

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.errors import InputError, UnavailableError

CHUNK_SECONDS = 20.0
LINGER_SECONDS = 5.0
BODY_SECONDS = 300.0
MOST_AT_ONCE = 256 * 1024 * 1024


class Budget:
    """The bytes that all bodies together may hold; shared by all requests of one server."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """The bytes held now."""
        return self._held

    def take(self, size: int) -> None:
        """Hold `size` bytes more; `UnavailableError("server-busy")` where that is too many."""
        with self._lock:
            if self._held + size > self._most:
                raise UnavailableError("server-busy")
            self._held += size

    def give(self, size: int) -> None:
        """Hold `size` bytes less."""
        with self._lock:
            self._held -= size


class BoundedBodies:
    """ASGI middleware that hands on a body piece by piece, for as long as it keeps its bounds."""

    def __init__(self, app: ASGIApp, *, limit: Callable[[str], int], budget: Budget) -> None:
        """`limit`: the most bytes of a body, by the path it is sent to."""
        self._app = app
        self._limit = limit
        self._budget = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body bounded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bounded = _Bounded(receive, Headers(scope=scope), self._limit(scope["path"]), self._budget)
        early = False

        async def answer(message: Message) -> None:
            nonlocal early
            if message["type"] == "http.response.start" and not bounded.ended:
                early = True
                MutableHeaders(scope=message)["Connection"] = "close"
            if not early or message.get("more_body", False) or message["type"] != "http.response.body":
                await send(message)
                return
            await send({**message, "more_body": True})
            await bounded.drain()
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        try:
            await self._app(scope, bounded, answer)
        finally:
            bounded.let_go()


class _Bounded:
    """`receive` of one request."""

    def __init__(self, receive: Receive, headers: Headers, limit: int, budget: Budget) -> None:
        self._receive = receive
        self._headers = headers
        self._begun = False
        self._limit = limit
        self._budget = budget
        self._size = 0
        self.ended = "transfer-encoding" not in headers and headers.get("content-length", "0") == "0"
        """Was all of it received, or is there none?"""
        self._deadline = 0.0

    async def __call__(self) -> Message:
        """The next piece.

        `InputError`: `body-encoded`, `body-length`, `body-too-large`, `body-too-slow`; `UnavailableError`:
        `server-busy`.
        """
        if self.ended:
            # There is no body, or somebody waits for the client to go away, which may take as long as it likes.
            return await self._receive()
        if not self._begun:
            _check_announced(self._headers, self._limit)
            self._begun, self._deadline = True, anyio.current_time() + BODY_SECONDS
        message = await self._piece()
        self.ended = not message.get("more_body", False)
        size = len(message.get("body", b""))
        if self._size + size > self._limit:
            raise InputError("body-too-large", limit=self._limit)
        self._budget.take(size)
        self._size += size
        return message

    async def _piece(self) -> Message:
        seconds = min(CHUNK_SECONDS, self._deadline - anyio.current_time())
        try:
            with anyio.fail_after(seconds):
                return await self._receive()
        except TimeoutError:
            raise InputError("body-too-slow", seconds=int(CHUNK_SECONDS)) from None

    async def drain(self) -> None:
        """Listen to what is still sent, for a while, and keep nothing of it."""
        with anyio.move_on_after(LINGER_SECONDS):
            while (await self._receive()).get("more_body", False):
                pass

    def let_go(self) -> None:
        """The request is over: its bytes are nobody's."""
        self._budget.give(self._size)
        self._size = 0


def _check_announced(headers: Headers, limit: int) -> None:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raise InputError("body-encoded", encoding=encoding[:40])
    length = headers.get("content-length")
    if length is None:
        return
    if not (length.isascii() and length.isdigit()):
        raise InputError("body-length", value=length[:40])
    if int(length[:20]) > limit:
        raise InputError("body-too-large", limit=limit)
