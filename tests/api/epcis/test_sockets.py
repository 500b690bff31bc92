"""Subscriptions over a WebSocket, with a real client and server: what comes, what is acknowledged, what ends it."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.accounts import Accounts
from api.settings import Settings
from ledger.node import Node
from ledger.store import named_queries, subscriptions
from ledger.store.named_queries import NamedQuery
from tests.simulator.cooperatives import document, harvested
from tests.simulator.phones import PASSPHRASE, made
from tests.simulator.receiver import events_of
from tests.simulator.server import running, token_of

WAIT = 20
SILENCE = 0.8
"""Long enough for the server to have looked again, twice."""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A new log whose founder named the query `harvest`. What is kept in the store is tested on both databases."""
    with made(str(tmp_path / "store"), tmp_path) as node:
        name(node, "harvest")
        yield node


def name(node: Node, query: str, said: dict[str, Any] | None = None) -> None:
    made = NamedQuery(node.own_member(), query, "erp", 0, json.dumps(said or {"EQ_bizStep": ["commissioning"]}))
    with node.store.begin() as connection:
        assert named_queries.add(connection, made)


@pytest.fixture
def client(node: Node) -> Iterator[httpx.Client]:
    with running(node, Settings()) as client:
        yield client


def address(client: httpx.Client, parameters: str, query: str = "harvest") -> str:
    base = str(client.base_url).replace("http", "ws", 1).rstrip("/")
    return f"{base}/epcis/queries/{quote(query, safe='')}/events?{parameters}"


@contextmanager
def opened(client: httpx.Client, parameters: str = "stream=true", **headers: str) -> Iterator[ClientConnection]:
    asked = {"Authorization": client.headers["authorization"], **headers}
    with connect(address(client, parameters), additional_headers=asked, proxy=None) as socket:
        yield socket


def refused(client: httpx.Client, parameters: str, query: str = "harvest", **headers: str) -> tuple[int, str]:
    asked = {"Authorization": client.headers["authorization"], **headers}
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(address(client, parameters, query), additional_headers=asked, proxy=None),
    ):
        pass
    said = json.loads(refusal.value.response.body or b"{}")
    return refusal.value.response.status_code, said["code"]


def harvest(node: Node, *codes: str) -> None:
    for code in codes:
        node.capture(document(harvested(code)))


def next_document(socket: ClientConnection) -> dict[str, Any]:
    received: dict[str, Any] = json.loads(socket.recv(timeout=WAIT))
    return received


def lots(received: dict[str, Any]) -> list[str]:
    return [event["quantityList"][0]["epcClass"].rpartition("/")[2] for event in events_of(received)]


def lots_until(socket: ClientConnection, last: str) -> list[str]:
    """The lots of all documents until one brings `last`: groups form as they like, order and number do not."""
    found: list[str] = []
    while last not in found:
        found += lots(next_document(socket))
    return found


def acknowledge(socket: ClientConnection, received: dict[str, Any]) -> None:
    socket.send(json.dumps({"acknowledge": received["id"]}))


def is_silent(socket: ClientConnection) -> bool:
    try:
        socket.recv(timeout=SILENCE)
    except TimeoutError:
        return True
    return False


def place(node: Node, id: str) -> int:
    with node.store.read() as connection:
        found = subscriptions.get(connection, node.own_member(), "harvest", id)
    assert found
    return found.place


def wait_for_place(node: Node, id: str, least: int) -> None:
    while place(node, id) < least:
        pass


def size(node: Node) -> int:
    return node.registry.size


def test_a_stream_brings_what_is_captured_while_it_is_open(node: Node, client: httpx.Client) -> None:
    harvest(node, "before")
    with opened(client) as socket:
        harvest(node, "A", "B")
        assert lots_until(socket, "B") == ["A", "B"]
        harvest(node, "C")
        assert lots(next_document(socket)) == ["C"]
        assert is_silent(socket)


def test_the_handshake_says_from_when_on_and_in_which_version(node: Node, client: httpx.Client) -> None:
    with opened(client, "stream=true&initialRecordTime=2020-04-04T20:33:31.116-06:00") as socket:
        assert socket.response
        assert socket.response.headers["GS1-Query-Min-Record-Time"] == "2020-04-05T02:33:31.116Z"
        assert socket.response.headers["GS1-EPCIS-Version"] == "2.0.0"


def test_an_initial_record_time_brings_what_was_recorded_since(node: Node, client: httpx.Client) -> None:
    harvest(node, "A")
    with opened(client, "stream=true&initialRecordTime=2020-04-04T20:33:31Z") as socket:
        assert lots(next_document(socket)) == ["A"]


def test_a_schedule_sends_at_its_times_also_that_there_is_nothing(node: Node, client: httpx.Client) -> None:
    with opened(client, "second=[0-59]&reportIfEmpty=true") as socket:
        assert lots(next_document(socket)) == []
        harvest(node, "A")
        assert "A" in lots_until(socket, "A")


def test_every_client_of_one_query_gets_everything(node: Node, client: httpx.Client) -> None:
    with opened(client) as one, opened(client) as other:
        harvest(node, "A")
        assert lots(next_document(one)) == lots(next_document(other)) == ["A"]


def test_a_named_client_goes_on_behind_what_it_acknowledged(node: Node, client: httpx.Client) -> None:
    with opened(client, "stream=true&subscriptionID=cold-store") as socket:
        harvest(node, "A")
        first = next_document(socket)
        acknowledge(socket, first)
        wait_for_place(node, "cold-store", size(node))
        harvest(node, "B")
        unacknowledged = next_document(socket)
    harvest(node, "C")
    with opened(client, "stream=true&subscriptionID=cold-store") as socket:
        assert lots_until(socket, "C") == ["B", "C"]
        assert is_silent(socket)
    assert lots(first) == ["A"]
    assert lots(unacknowledged) == ["B"]


def test_one_acknowledgement_covers_what_came_before(node: Node, client: httpx.Client) -> None:
    with opened(client, "stream=true&subscriptionID=cold-store") as socket:
        harvest(node, "A")
        next_document(socket)
        harvest(node, "B")
        acknowledge(socket, next_document(socket))
        wait_for_place(node, "cold-store", size(node))
    with opened(client, "stream=true&subscriptionID=cold-store") as socket:
        assert is_silent(socket)


def test_a_named_client_goes_on_after_the_server_was_started_anew(tmp_path: Path) -> None:
    location = str(tmp_path / "store")
    with made(location, tmp_path) as node:
        name(node, "harvest")
        token = token_of(node, node.own_member("admin"))
        with running(node, token=token) as client, opened(client, "stream=true&subscriptionID=cold-store") as socket:
            harvest(node, "A")
            acknowledge(socket, next_document(socket))
            wait_for_place(node, "cold-store", size(node))
    with Node.open(location, passphrase=PASSPHRASE, keys=tmp_path / "keys", guard=str(tmp_path / "guard")) as node:
        harvest(node, "B")
        with running(node, token=token) as client, opened(client, "stream=true&subscriptionID=cold-store") as socket:
            assert lots(next_document(socket)) == ["B"]


def test_the_newest_connection_has_the_name_and_the_one_before_is_ended(
    node: Node, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.epcis.sockets.BEAT_SECONDS", 0.1)
    name = "stream=true&subscriptionID=cold-store"
    with opened(client, name) as broken, opened(client, name) as socket:
        assert ends_with(broken) == ("subscription-ended", 1000)
        harvest(node, "A")
        acknowledge(socket, received := next_document(socket))
        assert lots(received) == ["A"]
        wait_for_place(node, "cold-store", size(node))


def test_a_name_keeps_what_was_agreed_under_it(client: httpx.Client) -> None:
    with opened(client, "hour=1&subscriptionID=cold-store"):
        pass
    assert refused(client, "hour=2&subscriptionID=cold-store") == (409, "subscription-differs")
    assert refused(client, "stream=true&subscriptionID=cold-store") == (409, "subscription-differs")
    with opened(client, "hour=1&subscriptionID=cold-store"):
        pass


def test_the_name_of_a_webhook_is_taken(node: Node, client: httpx.Client) -> None:
    said = {"dest": "https://client.example.com/hook", "stream": True}
    made = client.post("/epcis/queries/harvest/subscriptions", json=said).json()
    assert refused(client, f"stream=true&subscriptionID={made['subscriptionID']}") == (409, "subscription-exists")


@pytest.mark.parametrize(
    ("parameters", "query", "status", "code"),
    [
        ("", "harvest", 400, "subscription-when"),
        ("stream=true&hour=1", "harvest", 400, "subscription-when"),
        ("hour=25", "harvest", 400, "schedule-value"),
        ("stream=true&dest=x", "harvest", 400, "subscription-member"),
        ("stream=true", "nothing", 404, "query-missing"),
        ("stream=true&initialRecordTime=yesterday", "harvest", 400, "subscription-value"),
    ],
)
def test_what_is_asked_wrongly_is_answered_before_the_connection(
    client: httpx.Client, parameters: str, query: str, status: int, code: str
) -> None:
    assert refused(client, parameters, query) == (status, code)


def test_whoever_may_not_subscribe_is_refused(node: Node, client: httpx.Client) -> None:
    reader = f"Bearer {token_of(node, node.own_member(), 'query')}"
    assert refused(client, "stream=true", Authorization=reader) == (403, "access-scope")
    assert refused(client, "stream=true", Authorization="Bearer fil_x") == (401, "access-malformed")


def ends_with(socket: ClientConnection) -> tuple[str, int]:
    """The code of the last message, and of the close."""
    last = next_document(socket)
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=WAIT)
    assert closed.value.rcvd
    return last["code"], closed.value.rcvd.code


@pytest.mark.parametrize("message", ["x", "{}", '{"acknowledge": "urn:uuid:0"}', '{"acknowledge": 5}', "[]", b"\x00"])
def test_a_named_client_that_acknowledges_what_it_never_got_is_cut_off(
    node: Node, client: httpx.Client, message: str | bytes
) -> None:
    with opened(client, "stream=true&subscriptionID=cold-store") as socket:
        socket.send(message)
        assert ends_with(socket) == ("subscription-message", 1008)


def test_an_unnamed_client_may_say_what_it_likes(node: Node, client: httpx.Client) -> None:
    with opened(client) as socket:
        socket.send("hello")
        harvest(node, "A")
        assert lots(next_document(socket)) == ["A"]


def test_it_ends_when_its_query_goes_its_name_is_unsubscribed_or_its_token_revoked(
    node: Node, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.epcis.sockets.BEAT_SECONDS", 0.1)
    with opened(client, "stream=true&subscriptionID=cold-store") as socket:
        assert client.delete("/epcis/queries/harvest/subscriptions/cold-store").status_code == 204
        assert ends_with(socket) == ("subscription-ended", 1000)
    token = token_of(node, node.own_member())
    with opened(client, Authorization=f"Bearer {token}") as socket:
        Accounts(node).revoke_token(token)
        assert ends_with(socket) == ("access-unknown-token", 1008)
    with opened(client) as socket:
        with node.store.begin() as connection:
            named_queries.remove(connection, node.own_member(), "harvest")
        assert ends_with(socket) == ("query-missing", 1008)


def test_no_more_than_so_many_wait_to_be_acknowledged(
    node: Node, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.epcis.sockets.MOST_UNACKNOWLEDGED", 1)
    with opened(client, "stream=true&subscriptionID=cold-store") as socket:
        harvest(node, "A")
        first = next_document(socket)
        harvest(node, "B")
        assert is_silent(socket)
        acknowledge(socket, first)
        assert lots(next_document(socket)) == ["B"]


def test_a_named_socket_is_listed_with_the_webhooks(node: Node, client: httpx.Client) -> None:
    with opened(client, "hour=1&minute=5&subscriptionID=cold-store"):
        (listed,) = client.get("/epcis/queries/harvest/subscriptions").json()
    assert listed["subscriptionID"] == "cold-store"
    assert listed["dest"] == address(client, "").rstrip("?")
    assert listed["schedule"] == {"minute": "5", "hour": "1"}


def test_a_browser_session_is_taken_from_our_own_pages_only(node: Node, client: httpx.Client) -> None:
    accounts = Accounts(node)
    accounts.add_account("anna", "correct horse battery", member=node.own_member(), role="office")
    secret = accounts.login("anna", "correct horse battery", seconds=600)
    cookie = {"Cookie": f"{Settings().cookie}={secret}"}
    host = client.base_url.netloc.decode()
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        with (
            pytest.raises(InvalidStatus) as refusal,
            connect(address(client, "stream=true"), additional_headers={**cookie, **origin}, proxy=None),
        ):
            pass
        assert refusal.value.response.status_code == 403
    # A token as the password of Basic is sent by a browser itself; a program that shows one names no page.
    token = client.headers["authorization"].partition(" ")[2]
    basic = {"Authorization": f"Basic {base64.b64encode(f'x:{token}'.encode()).decode()}"}
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(
            address(client, "stream=true"), additional_headers={**basic, "Origin": "https://evil.example"}, proxy=None
        ),
    ):
        pass
    assert refusal.value.response.status_code == 403
    with connect(address(client, "stream=true"), additional_headers=basic, proxy=None):
        pass
    own = {**cookie, "Origin": f"http://{host}"}
    with connect(address(client, "stream=true"), additional_headers=own, proxy=None) as socket:
        harvest(node, "A")
        assert lots(next_document(socket)) == ["A"]


def test_there_are_so_many_connections_and_no_more(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.epcis.deliver.MOST_CONNECTIONS", 1)
    with running(node) as client:
        with opened(client):
            assert refused(client, "stream=true") == (503, "server-busy")
        with opened(client) as socket:
            harvest(node, "A")
            assert lots(next_document(socket)) == ["A"]
