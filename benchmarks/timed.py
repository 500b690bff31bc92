"""`filiera serve` whose answers say how long they took: `Server-Timing: app;dur=0.41`, in milliseconds.

- From the moment that the server's loop has read the request's head and calls the application, until the application
  has its answer and begins to send it. What a request waits in the socket while the loop is at other work is not in it;
  it is in what the client measures.
- For measuring alone: `filiera serve` itself tells nobody how long anything took, for that may say what was looked up.

    python -m benchmarks.timed serve --store …

W3C Server Timing.
"""

import time
from typing import Any

from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from api.cli.main import main
from api.http import server
from api.http.app import build


class Timed:
    """An application whose answers say how long they took."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and say when its answer began."""
        begun = time.perf_counter()

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = f"app;dur={(time.perf_counter() - begun) * 1000:.3f}"
                message = {**message, "headers": [*message["headers"], (b"server-timing", took.encode())]}
            await send(message)

        await self._app(scope, receive, say if scope["type"] == "http" else send)


def timed(*given: Any) -> Timed:
    """The application of a server, timed."""
    return Timed(build(*given))


if __name__ == "__main__":
    server.build = timed  # type: ignore[assignment]
    main()
