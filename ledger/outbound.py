"""The one door to the network: bounded answers, bounded time, no redirects, and no private addresses unless allowed.

- Only `http` and `https`; a redirect is refused, since it would be followed past the address that was checked.
- The name is resolved once, every address it has is checked, and the connection goes to a checked address: a name
  that resolves differently a moment later (DNS rebinding) changes nothing.
- `private=True` is for an address that a person typed, or that the operator allowed; nothing that came in a file or a
  request may set it.
- An answer larger than `limit` bytes is refused while it is read, and none may take longer than `timeout` seconds in
  all, however it is dripped.

    get("https://log.example.org/log/checkpoint", private=False)
    post("https://erp.example.org/events", b"{}", {"Content-Type": "application/json"}, private=False).status

KNOWN LIMIT: the resolver of the system is waited for as long as it takes.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ledger.internet_address import is_public
from schemas.errors import InputError, UnavailableError

TIMEOUT_SECONDS = 20.0
LIMIT_BYTES = 64 * 2**20
ANSWER_BYTES = 2**16
_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 2048


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: its status and the body, whole."""

    status: int
    body: bytes


def get(url: str, *, private: bool, limit: int = LIMIT_BYTES, timeout: float = TIMEOUT_SECONDS) -> bytes:
    """The body of a 200 answer to GET. `InputError` for an address that may not be asked, `UnavailableError` else."""
    answer = _ask("GET", url, None, {}, private=private, limit=limit, timeout=timeout)
    shown = shown_url(url)
    if answer.status == 404:
        raise UnavailableError("url-not-found", url=shown)
    if answer.status != 200:
        raise UnavailableError("url-answered", url=shown, status=answer.status)
    if len(answer.body) > limit:
        raise InputError("url-too-large", url=shown, limit=limit)
    return answer.body


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool,
    limit: int = ANSWER_BYTES,
    timeout: float = TIMEOUT_SECONDS,
) -> Answer:
    """What a server answers to POST, whatever its status; of the answer's body `limit` bytes are kept.

    `InputError`: `url-refused`, `address-private`; `UnavailableError`: `host-unknown`, `url-unreachable`.
    """
    answer = _ask("POST", url, body, headers, private=private, limit=limit, timeout=timeout)
    return Answer(answer.status, answer.body[:limit])


def reader(base: str, *, private: bool) -> Callable[[str], bytes]:
    """A reader of paths below `base`, as `audit URL` needs it for tiles."""
    root = base.rstrip("/")
    return lambda path: get(f"{root}/{path}", private=private)


def allowed(url: str, *, private: bool) -> None:
    """Raise what `get` and `post` would raise before they connect: `url-refused`, `address-private`, `host-unknown`."""
    host, port, _ = _target(url)
    _addresses(host, port, private=private)


def shown_url(url: str) -> str:
    """A URL without what may be a secret: user, password, query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition(":")[0][:16]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:_LONGEST_URL]


def _ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    private: bool,
    limit: int,
    timeout: float,
) -> Answer:
    """One exchange; the body holds one byte more than `limit` where the server had more to say."""
    host, port, parts = _target(url)
    addresses = _addresses(host, port, private=private)
    connection = _connection(parts.scheme, host, addresses, port, timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        asked = {"User-Agent": "filiera", "Accept-Encoding": "identity", "Connection": "close", **headers}
        connection.request(method, path, body=body, headers=asked)
        # The answer holds the socket of its own, so that closing the connection alone would leave it open.
        with connection.getresponse() as answer:
            found = answer.read(limit + 1)
            # To POST the status is the answer; a body that was asked for must be whole.
            if method == "GET" and answer.length and len(found) <= limit:
                raise http.client.IncompleteRead(found)
            return Answer(answer.status, found)
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError("url-unreachable", url=shown_url(url), problem=type(error).__name__) from None
    finally:
        connection.close()


def _target(url: str) -> tuple[str, int, SplitResult]:
    """Host, port and parts of an address that may be asked at all; `InputError("url-refused")`."""
    refused = InputError("url-refused", url=shown_url(url))
    # Spaces, control characters and what is not ASCII could be read in two ways on the way to the server.
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\^`{|}'):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or "@" in parts.netloc:
        raise refused
    return parts.hostname, port or _PORTS[parts.scheme], parts


def _addresses(host: str, port: int, *, private: bool) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnavailableError("host-unknown", host=host) from None
    addresses = [str(item[4][0]) for item in found]
    if not private and not all(is_public(address) for address in addresses):
        raise InputError("address-private", host=host)
    return addresses


def _connection(
    scheme: str, host: str, addresses: list[str], port: int, timeout: float
) -> "http.client.HTTPConnection":
    if scheme == "https":
        return _CheckedTls(host, addresses, port, timeout)
    return _Checked(host, addresses, port, timeout)


def _connected(addresses: list[str], port: int, until: float) -> socket.socket:
    """A socket to the first address that answers."""
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), _left(until) / 2)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), _left(until))


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timed(io.RawIOBase):
    """What arrives on a socket, until a moment: the time-out of a socket begins anew with every byte, this one not."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._raw: Any = sock.makefile("rb", buffering=0)
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self._until))
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answering(http.client.HTTPResponse):
    """A response that is read until the moment its connection set."""

    def __init__(self, sock: socket.socket, until: float, method: str | None) -> None:
        super().__init__(sock, method=method)
        self.fp.close()
        self.fp = io.BufferedReader(_Timed(sock, until))


class _Checked(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, host: str, addresses: list[str], port: int, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._addresses = addresses
        self._until = monotonic() + timeout
        self.response_class = _answering(self._until)

    def connect(self) -> None:
        self.sock = _connected(self._addresses, self.port, self._until)
        self.sock.settimeout(_left(self._until))


class _CheckedTls(http.client.HTTPSConnection):
    def __init__(self, host: str, addresses: list[str], port: int, timeout: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout, context=self._tls)
        self._addresses = addresses
        self._until = monotonic() + timeout
        self.response_class = _answering(self._until)

    def connect(self) -> None:
        plain = _connected(self._addresses, self.port, self._until)
        try:
            plain.settimeout(_left(self._until))
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
            self.sock.settimeout(_left(self._until))
        except BaseException:
            plain.close()
            raise


def _answering(until: float) -> Any:
    """The class of responses that end at a moment, as `http.client` asks for one."""

    def made(sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> Any:
        return _Answering(sock, until, method)

    return made
