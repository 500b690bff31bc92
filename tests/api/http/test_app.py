"""The application: what it says of itself, and what it says when something is wrong."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.http.security import HEADERS, HTTPS
from api.settings import Settings
from ledger.node import Node
from schemas.errors import UnavailableError
from tests.simulator.phones import made
from tests.simulator.server import running


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A new log, opened for writing."""
    with made(str(tmp_path / "store"), tmp_path) as node:
        yield node


@pytest.fixture
def client(node: Node) -> Iterator[httpx.Client]:
    """A client without credentials."""
    with running(node, token=None) as client:
        yield client


def test_health_says_that_the_ledger_answers_and_nothing_else(client: httpx.Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "pass"})
    assert answer.headers["content-type"] == "application/health+json"


def test_a_ledger_that_does_not_answer_is_not_healthy(
    client: httpx.Client, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> bytes:
        raise UnavailableError("database-failed", problem="OperationalError")

    monkeypatch.setattr(node, "checkpoint", fails)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-failed")
    assert answer.headers["retry-after"] == "1"


def test_a_fault_of_ours_shows_nothing_of_itself_and_is_logged(
    client: httpx.Client, node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> bytes:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(node, "checkpoint", fails)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["code"]) == (500, "server-failed")
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)


def test_what_is_nowhere_and_what_is_not_possible_are_problems(client: httpx.Client) -> None:
    nowhere = client.get("/nowhere", headers={"Accept-Language": "it"})
    assert (nowhere.status_code, nowhere.json()["type"], nowhere.json()["code"]) == (
        404, "about:blank", "resource-missing",
    )  # fmt: skip
    assert nowhere.json()["title"] == "Risorsa non trovata"
    refused = client.post("/health")
    assert (refused.status_code, refused.json()["code"]) == (405, "method-not-allowed")
    assert "GET" in refused.headers["allow"]


@pytest.mark.parametrize(
    "path", ["/nowhere/a%00b", "/epcis/queries/%00", "/epcis/events?EQ_eventID=urn:%00", "/lotto/%00"]
)
def test_an_address_that_no_database_can_be_asked_for_is_refused_before_any_is(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Authorization": "Bearer nothing"})
    assert (answer.status_code, answer.json()["code"]) == (400, "address-nul")
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    if not path.startswith("/epcis"):
        assert "NUL" in client.get(path, headers={"Accept": "text/html"}).text


def test_every_answer_carries_the_headers_of_a_careful_server(client: httpx.Client) -> None:
    for path in ("/health", "/nowhere/at/all", "/epcis/", "/epcis/nowhere", "/epcis/capture"):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS), path
        assert "server" not in answer.headers
        assert not set(HTTPS) & set(answer.headers)


def test_https_is_insisted_on_where_the_operator_has_it(node: Node) -> None:
    with running(node, Settings(base_url="https://registro.example.com"), token=None) as client:
        assert client.get("/health").headers["strict-transport-security"]


def test_without_credentials_there_is_discovery_and_nothing_else(client: httpx.Client) -> None:
    assert client.get("/epcis").status_code == 200
    assert client.options("/epcis/capture").status_code == 204
    refused = [("POST", "/epcis/capture"), ("GET", "/epcis/capture"), ("GET", "/epcis/capture/x")]
    # Of something that may be there or not, not even that is told.
    refused += [("OPTIONS", f"/epcis/{path}/x") for path in ("capture", "events", "epcs", "queries", "readPoints")]
    for method, path in refused:
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["type"]) == (401, "epcisException:SecurityException")
        assert answer.headers["www-authenticate"]


def test_wrong_credentials_are_refused_even_where_none_are_needed(client: httpx.Client) -> None:
    answer = client.options("/epcis/capture", headers={"Authorization": "Bearer nothing"})
    assert (answer.status_code, answer.json()["code"]) == (401, "access-malformed")
