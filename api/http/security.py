"""Headers that every answer carries, whatever room it comes from.

- Nothing here is a page unless a room says so: no script, no frame, no sniffing, no referrer, no cache.
- A room that knows better sets its own header; what is set is kept.
- `Strict-Transport-Security` only where the operator's own address is https: a server on a desk has none to enforce,
  and one in a local network is reached by names that others have too.

    app.add_middleware(SecurityHeaders, https=True)

RFC 6797; W3C Content Security Policy 3.
"""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
HTTPS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}


def headers(*, https: bool) -> Mapping[str, str]:
    """What an answer carries where it does not say otherwise itself."""
    return {**HEADERS, **(HTTPS if https else {})}


class SecurityHeaders:
    """ASGI middleware that adds what an answer does not say itself."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        said = headers(https=https).items()
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the headers of its answer."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                named = {name.lower() for name, _ in own}
                message = {**message, "headers": [*own, *(each for each in self._headers if each[0] not in named)]}
            await send(message)

        await self._app(scope, receive, complete if scope["type"] == "http" else send)
