"""Requests that mean harm, to a server in a process of its own: it refuses them, stays small, and goes on."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.api.epcis.documents import document, seen, text
from tests.api.http.test_server import bearer
from tests.simulator.command_line import Shop
from tests.simulator.server import JSON, Server, ended

GIGABYTE = 10**9
MEGABYTES = 250
"""By how much the server may have grown, at most, at any time."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server, and what a client shows it."""
    shop = Shop(tmp_path_factory.mktemp("hostile"))
    shop.works("init", "--name", "Cooperativa Sole")
    headers = bearer(shop)
    with Server.started(shop) as server:
        yield server, headers


@pytest.fixture
def client(server: tuple[Server, dict[str, str]]) -> Iterator[httpx.Client]:
    """A client, and afterwards the proof that the server goes on as before and did not grow."""
    with httpx.Client(base_url=server[0].url, headers=server[1], timeout=120) as client:
        before = peak(server[0])
        yield client
        assert client.get("/health").json() == {"status": "pass"}
        assert peak(server[0]) - before < MEGABYTES * 1024


def peak(server: Server) -> int:
    """The most memory the server ever had, in KiB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def endless(size: int) -> Iterator[bytes]:
    piece = b"x" * 1_000_000
    for _ in range(size // len(piece)):
        yield piece


@pytest.mark.parametrize("path", ["/epcis/capture", "/epcis/events", "/epcis/queries", "/nowhere/at/all"])
def test_a_gigabyte_that_is_announced_is_refused_unread(client: httpx.Client, path: str) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port)) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {GIGABYTE}\r\n"
        connection.sendall(head.encode() + f"Authorization: {client.headers['Authorization']}\r\n\r\n".encode())
        connection.sendall(b"x" * 100_000)
        answer = connection.recv(10_000)
    assert answer.split()[1] in (b"413", b"404"), answer


@pytest.mark.parametrize("path", ["/epcis/capture", "/epcis/events"])
def test_a_gigabyte_that_is_streamed_is_refused_where_it_passes_the_limit(client: httpx.Client, path: str) -> None:
    begun = time.monotonic()
    answer = None
    # Where the server has said its word and listened for a while, it closes; whether the answer is still read then is
    # up to the client.
    with suppress(httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        answer = client.post(path, content=endless(GIGABYTE), headers=JSON)
    assert answer is None or answer.status_code == 413
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10_000_000,
        b'{"a":' * 2_000_000,
        b"[" + b"1," * 5_000_000 + b"1]",
        b'{"a":"' + b"\\u0041" * 2_000_000 + b'"}',
        b"[" + b"9" * 10_000_000 + b"]",
        text(document(*[seen("1")] * 1001)),
    ],
    ids=["brackets", "objects", "values", "escapes", "digits", "events"],
)
def test_deep_wide_and_long_documents_are_refused_at_once(client: httpx.Client, body: bytes) -> None:
    for path in ("/epcis/capture", "/epcis/events"):
        answer = client.post(path, content=body, headers=JSON)
        assert answer.status_code in (400, 413), answer.text


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>',
        b"<a>" * 1_000_000,
        b"<a " + b"".join(b'b%d="" ' % n for n in range(300_000)) + b"/>",
    ],
    ids=["entities", "external", "file", "depth", "attributes"],
)
def test_bombs_in_xml_are_refused_at_once(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/epcis/capture", content=body, headers={"Content-Type": "application/xml"})
    assert answer.status_code == 400, answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "head",
    [
        b"GET /epcis/events HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET /epcis/events?" + b"EQ_bizStep=shipping&" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /epcis/events%00%ff%2e%2e/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /epcis/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"BREW /epcis/capture HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /epcis/capture HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /epcis/capture HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    ],
    ids=["header", "query", "bytes", "dots", "method", "negative", "smuggled", "tls"],
)
def test_requests_that_are_none_are_refused(client: httpx.Client, head: bytes) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=30) as connection:
        with suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(head)
        with suppress(ConnectionResetError):
            answer = connection.recv(10_000)
            assert not answer or answer.split()[1][:1] == b"4", answer


def test_many_slow_clients_keep_nobody_else_waiting(client: httpx.Client) -> None:
    head = b"POST /epcis/capture HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
    head += f"Authorization: {client.headers['Authorization']}\r\n\r\n".encode()
    slow = [socket.create_connection((client.base_url.host, client.base_url.port)) for _ in range(100)]
    try:
        for connection in slow:
            connection.sendall(head + b"{")
        sent = client.post("/epcis/capture", content=text(document(seen("7"))), headers=JSON)
        assert ended(client, sent.headers["location"])["success"]
    finally:
        for connection in slow:
            connection.close()
