"""Subscriptions over HTTP: made, seen, ended, and what is refused; and that a server that was killed goes on."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.epcis.signature import check
from api.settings import Settings
from ledger.node import Node
from ledger.store import named_queries
from ledger.store.named_queries import NamedQuery
from tests.simulator.command_line import PASSPHRASE, Shop
from tests.simulator.cooperatives import document, harvested
from tests.simulator.receiver import Received, Receiver, events_of
from tests.simulator.server import Server, ended, running, token_of

DEST = "https://client.example.com/queryCallback"
TOKEN = "13df38d8275b13f05704629e5f1cf3d45d6132d5"
PATH = "/epcis/queries/harvest/subscriptions"


def name(node: Node, query: str, member: str | None = None) -> None:
    said = json.dumps({"EQ_bizStep": ["commissioning"]})
    made = NamedQuery(node.own_member() if member is None else member, query, "erp", 0, said)
    with node.store.begin() as connection:
        assert named_queries.add(connection, made)


@pytest.fixture
def server(node: Node) -> Iterator[httpx.Client]:
    """A client of a server that delivers to nobody on this machine."""
    name(node, "harvest")
    with running(node, Settings(page=2, page_most=5)) as client:
        yield client


@pytest.fixture
def allowing(node: Node) -> Iterator[httpx.Client]:
    """A client of a server whose operator allows private addresses."""
    name(node, "harvest")
    with running(node, Settings(allow_private_delivery=True)) as client:
        yield client


def subscribed(client: httpx.Client, **said: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={"dest": DEST, "stream": True} | said)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_subscription_is_made_seen_and_ended(server: httpx.Client) -> None:
    said = {
        "dest": DEST,
        "signatureToken": TOKEN,
        "reportIfEmpty": True,
        "schedule": {"hour": "1", "minute": "5"},
        "initialRecordTime": "2020-04-04T20:33:31.116-06:00",
    }
    answer = server.post(PATH, json=said, headers={"GS1-EPC-Format": "Always_EPC_URN"})
    assert answer.status_code == 201
    made = answer.json()
    assert {name: made[name] for name in made if name not in ("subscriptionID", "createdAt")} == {
        "queryName": "harvest",
        "dest": DEST,
        "schedule": {"hour": "1", "minute": "5"},
        "reportIfEmpty": True,
        "epcFormat": "Always_EPC_URN",
        "initialRecordTime": "2020-04-05T02:33:31.116Z",
        "minRecordTime": "2020-04-05T02:33:31.116Z",
        "owner": "erp",
        "state": "active",
    }
    where = answer.headers["Location"]
    assert where == f"{str(server.base_url).rstrip('/')}{PATH}/{made['subscriptionID']}"
    assert server.get(where).json() == made
    assert server.get(PATH).json() == [made]
    assert TOKEN not in server.get(where).text
    assert server.delete(where).status_code == 204
    assert server.get(where).status_code == 404
    assert server.delete(where).status_code == 404
    assert server.get(PATH).json() == []


def test_subscriptions_come_in_pages(server: httpx.Client) -> None:
    made = {subscribed(server)["subscriptionID"] for _ in range(5)}
    found: list[str] = []
    url: str | None = PATH
    pages = 0
    while url:
        answer = server.get(url)
        found += [item["subscriptionID"] for item in answer.json()]
        url = answer.links.get("next", {}).get("url")
        pages += 1
    assert (pages, found) == (3, sorted(made))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"dest": DEST}, "subscription-when"),
        ({"dest": DEST, "stream": True, "schedule": {"hour": "1"}}, "subscription-when"),
        ({"stream": True}, "subscription-member-missing"),
        ({"dest": DEST, "schedule": {"hour": "24"}}, "schedule-value"),
        ({"dest": DEST, "schedule": {"day": "1"}}, "schedule-field"),
        ({"dest": DEST, "stream": True, "secret": "a", "signatureToken": "b"}, "subscription-token"),
        ({"dest": "ftp://client.example.com/", "stream": True}, "url-refused"),
        ({"dest": "http://127.0.0.1:8080/", "stream": True}, "address-private"),
        ({"dest": "http://2130706433/", "stream": True}, "address-private"),
        ({"dest": "http://0x7f.1/", "stream": True}, "address-private"),
        ({"dest": "http://[::ffff:10.0.0.1]/", "stream": True}, "address-private"),
        ({"dest": "http://169.254.169.254/latest/meta-data/", "stream": True}, "address-private"),
        ({"dest": "http://localhost/", "stream": True}, "address-private"),
        ([], "subscription-value"),
    ],
)
def test_what_is_asked_wrongly_is_a_subscription_controls_exception(server: httpx.Client, said: Any, code: str) -> None:
    answer = server.post(PATH, json=said)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, code)
    assert problem["type"] == "epcisException:SubscriptionControlsException"
    assert server.get(PATH).json() == []


def test_a_host_that_is_not_known_yet_may_be_known_by_the_time_of_delivery(server: httpx.Client) -> None:
    assert subscribed(server, dest="https://not-yet.invalid/hook")["state"] == "active"


def test_bodies_and_names_that_are_not_there_are_refused_as_everywhere(server: httpx.Client) -> None:
    assert server.post(PATH, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert server.post(PATH, content=b"<a/>", headers={"Content-Type": "text/plain"}).status_code == 415
    for method in ("GET", "POST", "OPTIONS"):
        answer = server.request(method, "/epcis/queries/nothing/subscriptions", json={"dest": DEST, "stream": True})
        assert (answer.status_code, answer.json()["type"]) == (404, "epcisException:NoSuchNameException")
    answer = server.get(f"{PATH}/nothing")
    assert (answer.status_code, answer.json()["type"]) == (404, "epcisException:NoSuchResourceException")
    assert server.put(PATH, json={}).status_code == 405


def test_options_say_what_there_is(server: httpx.Client) -> None:
    made = subscribed(server)
    said = server.options(PATH)
    assert (said.status_code, said.headers["Allow"]) == (204, "OPTIONS, GET, POST")
    one = server.options(f"{PATH}/{made['subscriptionID']}")
    assert (one.status_code, one.headers["Allow"]) == (204, "OPTIONS, GET, DELETE")
    assert one.headers["GS1-EPCIS-Version"] == "2.0.0"


def test_a_member_neither_sees_nor_ends_the_subscriptions_of_another(node: Node, server: httpx.Client) -> None:
    made = subscribed(server)
    name(node, "harvest", member="")
    other = {"Authorization": f"Bearer {token_of(node, None, 'subscribe')}"}
    assert server.get(PATH, headers=other).json() == []
    assert server.delete(f"{PATH}/{made['subscriptionID']}", headers=other).status_code == 404
    reader = {"Authorization": f"Bearer {token_of(node, node.own_member(), 'query')}"}
    assert server.get(PATH, headers=reader).status_code == 403
    assert httpx.get(f"{server.base_url}{PATH}").status_code == 401
    assert server.get(PATH).json() == [made]


def test_a_query_that_goes_takes_its_subscriptions_along(server: httpx.Client) -> None:
    query = {"name": "shipped out", "query": {"EQ_bizStep": ["shipping"]}}
    path = "/epcis/queries/shipped%20out"
    assert server.post("/epcis/queries", json=query).status_code == 201
    made = server.post(f"{path}/subscriptions", json={"dest": DEST, "stream": True})
    assert made.status_code == 201
    assert server.get(made.headers["Location"]).headers["GS1-Query-Min-Record-Time"] == made.json()["minRecordTime"]
    assert server.delete(path).status_code == 204
    assert server.get(made.headers["Location"]).status_code == 404
    assert server.post("/epcis/queries", json=query).status_code == 201
    assert server.get(f"{path}/subscriptions").json() == []


def test_there_are_so_many_subscriptions_and_no_more(server: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.epcis.standing.MOST_PER_MEMBER", 1)
    subscribed(server)
    answer = server.post(PATH, json={"dest": DEST, "stream": True})
    assert (answer.status_code, answer.json()["code"]) == (400, "subscriptions-too-many")


def test_what_is_captured_arrives_signed_and_the_subscription_says_when(node: Node, allowing: httpx.Client) -> None:
    with Receiver.listening() as receiver:
        made = subscribed(allowing, dest=receiver.url, signatureToken=TOKEN)
        node.capture(document(harvested("A")))
        (request,) = receiver.wait_for(1)
        check(TOKEN, request.body, request.headers["GS1-Signature"], now=int(time.time()))
        assert len(events_of(request.document)) == 1
        where = f"{PATH}/{made['subscriptionID']}"
        while "lastNotifiedAt" not in (shown := allowing.get(where).json()):
            pass
    assert shown["lastNotifiedAt"] >= shown["createdAt"]
    assert shown["state"] == "active"


def test_a_receiver_that_fails_is_shown_with_why_and_when_it_is_tried_again(node: Node, allowing: httpx.Client) -> None:
    with Receiver.listening() as receiver:
        receiver.answers += [500] * 50
        made = subscribed(allowing, dest=receiver.url)
        where = f"{PATH}/{made['subscriptionID']}"
        node.capture(document(harvested("A")))
        while (shown := allowing.get(where, headers={"Accept-Language": "it"}).json())["state"] == "active":
            pass
    assert (shown["state"], shown["failures"]) == ("failing", 1)
    assert shown["nextTryAt"] > shown["createdAt"]
    assert shown["problem"]["code"] == "url-answered"
    assert shown["problem"]["detail"].endswith("più tardi.")
    assert "key=k" not in shown["problem"]["detail"]


def test_a_server_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed while a delivery waits for its answer: the next server sends it again, and what came since."""
    shop = Shop(tmp_path)
    assert shop("init", "--name", "Cooperativa Sole").code == 0
    with Node.open(str(shop.store), passphrase=PASSPHRASE.encode(), guard=str(tmp_path / "guard")) as node:
        name(node, "harvest")
        token = token_of(node, node.own_member())
    headers = {"Authorization": f"Bearer {token}"}
    with Receiver.listening() as receiver:
        receiver.answers.append("hang")
        with Server.started(shop, "--allow-private-delivery") as server:
            client = httpx.Client(base_url=server.url, headers=headers)
            subscribed(client, dest=receiver.url)
            capture(client, "A")
            receiver.wait_for(1)
            client.close()
            server.kill()
        with Server.started(shop, "--allow-private-delivery") as server:
            with httpx.Client(base_url=server.url, headers=headers) as client:
                capture(client, "B")
            receiver.wait_until(lambda: "B" in lots_of(receiver.received))
            assert server.stop() == 0
    first, *rest = receiver.received
    assert lots_of([first]) == ["A"]
    assert lots_of(rest) == ["A", "B"]


def lots_of(received: list[Received]) -> list[str]:
    return [event["quantityList"][0]["epcClass"][-1] for each in received for event in events_of(each.document)]


def capture(client: httpx.Client, code: str) -> None:
    tree = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-01T08:00:00Z",
        "epcisBody": {"eventList": [harvested(code)]},
    }
    answer = client.post("/epcis/capture", json=tree)
    assert answer.status_code == 202, answer.text
    assert ended(client, answer.headers["Location"])["success"]
