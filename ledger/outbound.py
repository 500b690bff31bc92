"""The one door to the network: bounded answers, bounded time, no redirects, and no private addresses unless allowed.

- Only `http` and `https`; a redirect is refused, since it would be followed past the address that was checked.
- The name is resolved once, every address it has is checked, and the connection goes to a checked address: a name
  that resolves differently a moment later (DNS rebinding) changes nothing.
- `private=True` is for an address that a person typed; nothing that came in a file or a request may set it.
- An answer larger than `limit` bytes is refused while it is read.

    get("https://log.example.org/log/checkpoint", private=False)
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from schemas.errors import InputError, UnavailableError

TIMEOUT_SECONDS = 20.0
LIMIT_BYTES = 64 * 2**20
_PORTS = {"http": 80, "https": 443}


def get(url: str, *, private: bool, limit: int = LIMIT_BYTES, timeout: float = TIMEOUT_SECONDS) -> bytes:
    """The body of a 200 answer to GET. `InputError` for an address that may not be asked, `UnavailableError` else."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
        raise InputError("url-refused", url=_shown(parts))
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise InputError("url-refused", url=_shown(parts)) from None
    address = _address(parts.hostname, port, private=private)
    connection = _connection(parts, address, port, timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "filiera", "Accept-Encoding": "identity"})
        # The answer holds the socket of its own, so that closing the connection alone would leave it open.
        with connection.getresponse() as answer:
            if answer.status == 404:
                raise UnavailableError("url-not-found", url=_shown(parts))
            if answer.status != 200:
                raise UnavailableError("url-answered", url=_shown(parts), status=answer.status)
            body = answer.read(limit + 1)
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError("url-unreachable", url=_shown(parts), problem=type(error).__name__) from None
    finally:
        connection.close()
    if len(body) > limit:
        raise InputError("url-too-large", url=_shown(parts), limit=limit)
    return body


def reader(base: str, *, private: bool) -> Callable[[str], bytes]:
    """A reader of paths below `base`, as `audit URL` needs it for tiles."""
    root = base.rstrip("/")
    return lambda path: get(f"{root}/{path}", private=private)


def _shown(parts: SplitResult) -> str:
    """The URL without what may be a secret: user, password, query."""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _address(host: str, port: int, *, private: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise UnavailableError("host-unknown", host=host) from None
    addresses = [str(item[4][0]) for item in found]
    if not private:
        for address in addresses:
            if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                raise InputError("address-private", host=host)
    return addresses[0]


def _connection(parts: SplitResult, address: str, port: int, timeout: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return _CheckedTls(host, address, port, timeout)
    return _Checked(host, address, port, timeout)


class _Checked(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that was asked for."""

    def __init__(self, host: str, address: str, port: int, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _CheckedTls(http.client.HTTPSConnection):
    def __init__(self, host: str, address: str, port: int, timeout: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
