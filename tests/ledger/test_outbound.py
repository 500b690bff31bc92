"""The one door to the network: what it refuses, and what it brings from a server on loopback."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from ledger.outbound import get, reader
from schemas.errors import InputError, UnavailableError


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

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def test_it_brings_what_a_person_asked_for(server: str) -> None:
    assert reader(f"{server}/log/", private=True)("checkpoint") == b"x" * 1000


@pytest.mark.parametrize(
    "url",
    ["file:///etc/hostname", "ftp://example.org/", "http://user:secret@example.org/", "http://", "http://h:99999/"],
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(InputError) as refused:
        get(url, private=True)
    assert refused.value.code == "url-refused"
    assert "secret" not in str(refused.value)


def test_a_private_address_is_not_asked_on_behalf_of_others(server: str) -> None:
    with pytest.raises(InputError) as refused:
        get(f"{server}/log/checkpoint", private=False)
    assert refused.value.code == "address-private"


def test_a_redirect_is_not_followed(server: str) -> None:
    with pytest.raises(UnavailableError) as refused:
        get(f"{server}/moved", private=True)
    assert (refused.value.code, refused.value.context["status"]) == ("url-answered", 302)


def test_what_is_missing_and_what_is_too_large_is_said(server: str) -> None:
    with pytest.raises(UnavailableError) as missing:
        get(f"{server}/nothing", private=True)
    assert missing.value.code == "url-not-found"
    with pytest.raises(InputError) as large:
        get(f"{server}/log/checkpoint", private=True, limit=999)
    assert large.value.code == "url-too-large"


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(UnavailableError) as silent:
        get("http://127.0.0.1:9/", private=True, timeout=2)
    assert silent.value.code == "url-unreachable"
