"""The one door to the network: what it refuses, and what it brings from a server on loopback."""

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ledger.outbound import Answer, allowed, get, post, reader, shown_url
from schemas.errors import InputError, LedgerError, UnavailableError


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/log/checkpoint":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 1000)
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/log/checkpoint")
            self.end_headers()
        else:
            self.send_response(404)
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path[1:].partition("?")[0]))
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(self.headers["GS1-Signature"].encode() + b"|" + self.headers["Host"].encode() + b"|" + body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


@contextmanager
def answering(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that speaks bytes of its own to whoever connects."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            try:
                speak(connection)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join()


def refused(ask: Callable[[], object]) -> LedgerError:
    with pytest.raises(LedgerError) as error:
        ask()
    return error.value


def test_it_brings_what_a_person_asked_for(server: str) -> None:
    assert reader(f"{server}/log/", private=True)("checkpoint") == b"x" * 1000


REFUSED = [
    *("file:///etc/hostname", "ftp://example.org/", "http://user:secret@example.org/", "http://", "http://h:99999/"),
    *("http://h:0/", "http://h:x/", "//example.org/", "example.org", "", "http://@example.org/", "http://[::1/"),
    *("http://example.org/a b", "http://example.org/\r\nX: y", "http://example.org/\x00", "http://bücher.example/"),
    *("http://example.org\\@127.0.0.1/", "http://example.org/\t", f"http://example.org/{'x' * 2048}"),
]


@pytest.mark.parametrize("url", REFUSED)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    for ask in (lambda: get(url, private=True), lambda: post(url, b"", {}, private=True)):
        error = refused(ask)
        assert (type(error), error.code) == (InputError, "url-refused")
        assert "secret" not in str(error)


def test_a_query_and_a_password_are_not_shown() -> None:
    assert shown_url("https://u:p@example.org:8443/hook?key=k") == "https://example.org:8443/hook"
    assert shown_url("http://[::1/?key=k") == "http"


# Every way to write this machine that a resolver understands, and a name that leads to it.
HERE = [
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "0", "0.0.0.0", "localhost"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "127.0.0.1.", "LOCALHOST"),
]


@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_not_asked_on_behalf_of_others_however_it_is_written(server: str, host: str) -> None:
    url = f"http://{host}:{server.rpartition(':')[2]}/log/checkpoint"
    for ask in (
        lambda: get(url, private=False),
        lambda: post(url, b"", {}, private=False),
        lambda: allowed(url, private=False),
    ):
        assert refused(ask).code in ("address-private", "host-unknown")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "[::1]", "localhost"])
def test_no_form_of_loopback_is_taken_for_an_unknown_host(host: str) -> None:
    assert refused(lambda: allowed(f"http://{host}/", private=False)).code == "address-private"


def test_a_name_is_refused_when_any_of_its_addresses_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("9.9.9.9", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    error = refused(lambda: post("http://two.example/", b"", {}, private=False))
    assert (error.code, error.context) == ("address-private", {"host": "two.example"})


def test_the_address_that_was_checked_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes its address between the check and the connection gains nothing."""
    answers = ["9.9.9.9", "127.0.0.1"]
    asked: list[object] = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), 80))]
    )

    def connect(address: object, *_: object, **__: object) -> socket.socket:
        asked.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert refused(lambda: post("http://rebinding.example/", b"", {}, private=False)).code == "url-unreachable"
    assert asked == [("9.9.9.9", 80)]


def test_a_name_too_long_for_a_resolver_is_an_unknown_host() -> None:
    assert refused(lambda: get(f"http://{'x' * 70}.example/", private=True)).code == "host-unknown"


def test_a_redirect_is_not_followed(server: str) -> None:
    error = refused(lambda: get(f"{server}/moved", private=True))
    assert (error.code, error.context["status"]) == ("url-answered", 302)
    assert post(f"{server}/307", b"{}", {"GS1-Signature": "s"}, private=True).status == 307


@pytest.mark.parametrize("status", [200, 202, 400, 410, 500])
def test_post_sends_body_and_headers_and_gives_every_answer(server: str, status: int) -> None:
    answer = post(f"{server}/{status}?key=k", b'{"a":1}', {"GS1-Signature": "t=1,v1=00"}, private=True)
    assert answer == Answer(status, f't=1,v1=00|{server.removeprefix("http://")}|{{"a":1}}'.encode())


def test_of_an_answer_to_post_only_so_much_is_kept(server: str) -> None:
    answer = post(f"{server}/200", b"x" * 5000, {"GS1-Signature": "s"}, private=True, limit=10)
    assert len(answer.body) == 10


def test_what_is_missing_and_what_is_too_large_is_said(server: str) -> None:
    assert refused(lambda: get(f"{server}/nothing", private=True)).code == "url-not-found"
    assert refused(lambda: get(f"{server}/log/checkpoint", private=True, limit=999)).code == "url-too-large"
    assert len(get(f"{server}/log/checkpoint", private=True, limit=1000)) == 1000


def test_nobody_listening_is_unavailable() -> None:
    error = refused(lambda: get("http://127.0.0.1:9/", private=True, timeout=2))
    assert (type(error), error.code) == (UnavailableError, "url-unreachable")


def dripping(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        stopped = threading.Event()
        while not stopped.wait(0.02):
            connection.sendall(drop)

    return speak


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Endless: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_an_answer_that_drips_is_left_when_its_time_is_over(head: bytes, drop: bytes) -> None:
    with answering(dripping(head, drop)) as url:
        assert refused(lambda: post(url, b"{}", {}, private=True, timeout=0.3)).code == "url-unreachable"


def speaking(spoken: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        whole_request(connection)
        connection.sendall(spoken)

    return speak


def whole_request(connection: socket.socket) -> None:
    """Read what was asked to its end: closing with bytes unread resets the connection, and the answer is lost."""
    with connection.makefile("rb") as asked:
        size = 0
        while (line := asked.readline().strip().lower()) != b"":
            if line.startswith(b"content-length:"):
                size = int(line.partition(b":")[2])
        asked.read(size)


@pytest.mark.parametrize("spoken", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 ?\r\n\r\n"])
def test_what_is_no_http_is_unavailable(spoken: bytes) -> None:
    with answering(speaking(spoken)) as url:
        assert refused(lambda: post(url, b"{}", {}, private=True, timeout=5)).code == "url-unreachable"


def test_a_body_cut_short_is_no_body_but_its_status_is_an_answer() -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"
    with answering(speaking(short)) as url:
        assert refused(lambda: get(url, private=True, timeout=5)).code == "url-unreachable"
    with answering(speaking(short)) as url:
        assert post(url, b"{}", {}, private=True, timeout=5) == Answer(200, b"x")
