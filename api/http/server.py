"""The server's process: one port, opened before anything is said, and everything ended in order when it is to stop.

- The port is bound first, so that `--port 0` has a number to print, and a port in use is said at once.
- A first SIGTERM or SIGINT lets requests end for `GRACE` seconds, then the job being worked; what is left of the jobs
  waits in the store. The ledger is the caller's to close after it.

    serve(node, settings, Access(node, settings), ready=print)
"""

import asyncio
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import uvicorn

from api.access import Access
from api.http.app import build
from api.settings import Settings
from ledger.node import Node
from schemas.errors import InputError, UnavailableError

GRACE = 20
"""Seconds that requests have to end when the server stops."""
SWITCH = 0.001
"""Seconds after which a thread that computes lets another one compute. By Python's own rule, five milliseconds, each of
the few moments in which an answer waits for the database could cost as much while something is captured."""
MOST_CONNECTIONS = 1_000
MOST_MESSAGE = 16 * 1024
"""Bytes that a client may send over a WebSocket at once: it has little to say there."""


Tls = tuple[Path, Path]
"""The files of a certificate, with those above it, and of its key."""


def serve(
    node: Node, settings: Settings, access: Access, *, ready: Callable[[str], None], tls: Tls | None = None
) -> None:
    """Serve until a signal says to stop; `ready` gets the address once requests are answered.

    `UnavailableError("port-taken")` where the port cannot be had; `InputError("tls-files")` where the files are not a
    certificate and its key.
    """
    if tls is not None:
        _check(tls)
    sys.setswitchinterval(SWITCH)
    listening = bind(settings.host, settings.port)
    try:
        config = _config(node, settings, access, tls)
        server = _Server(config, lambda: ready(address(listening, secure=tls is not None)))
        with _outliving_signals():
            asyncio.run(server.serve(sockets=[listening]))
    finally:
        listening.close()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without it every answer waits 40 ms for the client's
    # delayed acknowledgement.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(512)
    except OSError as error:
        made.close()
        raise UnavailableError("port-taken", host=host, port=port, problem=error.strerror or "unreadable") from None
    return made


def address(listening: socket.socket, *, secure: bool = False) -> str:
    """The URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    scheme = "https" if secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _check(tls: Tls) -> None:
    certificate, key = tls
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        problem = error.strerror or type(error).__name__
        raise InputError("tls-files", certificate=str(certificate), key=str(key), problem=problem) from None


def _config(node: Node, settings: Settings, access: Access, tls: Tls | None) -> uvicorn.Config:
    return uvicorn.Config(
        build(node, settings, access),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=15,
        ws_max_size=MOST_MESSAGE,
        ssl_certfile=None if tls is None else str(tls[0]),
        ssl_keyfile=None if tls is None else str(tls[1]),
    )


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


@contextmanager
def _outliving_signals() -> Iterator[None]:
    """The server raises again, when it is done, the signals that stopped it: they must not end us before the ledger
    is closed."""

    def ignored(number: int, frame: FrameType | None) -> None:
        """The server has stopped already."""

    before = {number: signal.signal(number, ignored) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)
