"""What members and strangers see of the events, over HTTP: by query, by resource, by id, by name."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.settings import Settings
from api.verbs.publish import publish
from tests.api.conftest import Consortium
from tests.api.epcis.documents import text
from tests.simulator.cooperatives import LUNA, harvested, lot, party, shipped, written
from tests.simulator.server import JSON, ended, running, token_of

PLACE = "https://id.gs1.org/414/9521001000017"


@pytest.fixture
def client(consortium: Consortium) -> Iterator[httpx.Client]:
    """A client without credentials of its own, of a server that shows what is published."""
    with running(consortium.node, Settings(anonymous="published"), token=None) as client:
        yield client


@pytest.fixture
def sole(consortium: Consortium) -> dict[str, str]:
    """What a client of the founder shows."""
    return {"Authorization": f"Bearer {token_of(consortium.node, consortium.sole)}"}


@pytest.fixture
def luna(consortium: Consortium) -> dict[str, str]:
    """What a client of the other member shows."""
    return {"Authorization": f"Bearer {token_of(consortium.node, consortium.luna)}"}


@pytest.fixture
def filled(client: httpx.Client, sole: dict[str, str]) -> None:
    """A harvest, and what was shipped of it to the other member."""
    body = written(harvested("P-1"), shipped("P-1", to=party(LUNA)))
    sent = client.post("/epcis/capture", content=body, headers={**JSON, **sole})
    assert sent.status_code == 202, sent.text
    assert ended(client, sent.headers["location"], headers=sole)["success"]


def seen(client: httpx.Client, headers: dict[str, str], path: str = "/epcis/events", **query: str) -> list[Any]:
    answer = client.get(path, headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def steps(client: httpx.Client, headers: dict[str, str], **query: str) -> list[str]:
    return [event["bizStep"] for event in seen(client, headers, **query)]


@pytest.mark.usefixtures("filled")
def test_a_member_sees_its_own_events_and_those_addressed_to_it(
    client: httpx.Client, sole: dict[str, str], luna: dict[str, str]
) -> None:
    assert steps(client, sole) == ["commissioning", "shipping"]
    assert steps(client, luna) == ["shipping"]
    assert steps(client, {}) == []
    assert client.get("/epcis/readPoints", headers=sole).json()["member"] == [PLACE]
    assert client.get("/epcis/readPoints", headers=luna).json()["member"] == []
    assert client.get("/epcis/epcs", headers=luna).json()["member"] == [lot("P-1")]
    assert client.get("/epcis/epcs").json()["member"] == []


@pytest.mark.usefixtures("filled")
def test_what_a_member_may_not_see_is_not_there(
    client: httpx.Client, sole: dict[str, str], luna: dict[str, str]
) -> None:
    harvest = seen(client, sole, EQ_bizStep="commissioning")[0]["eventID"]
    path = f"/epcis/events/{quote(harvest, safe='')}"
    assert client.get(path, headers=sole).status_code == 200
    for headers in (luna, {}):
        assert client.get(path, headers=headers).status_code == 404
        assert client.get(f"/epcis/readPoints/{quote(PLACE, safe='')}", headers=headers).status_code == 404
    assert steps(client, luna, EQ_readPoint=PLACE) == []


@pytest.mark.usefixtures("filled")
def test_strangers_see_of_a_published_lot_what_a_consumer_may_and_cannot_ask_about_the_rest(
    client: httpx.Client, consortium: Consortium, sole: dict[str, str]
) -> None:
    publish(consortium.node, lot("P-1"), member=consortium.sole)
    harvest, shipping = seen(client, {})
    whole = seen(client, sole)
    assert harvest["quantityList"] == whole[0]["quantityList"]
    for event in (harvest, shipping):
        # No place, no party, and no hash that would confirm a guess about them.
        assert not {"readPoint", "destinationList", "eventID"} & set(event)
    assert steps(client, {}, EQ_readPoint=PLACE) == []
    assert steps(client, {}, EQ_eventID=whole[0]["eventID"]) == []
    assert steps(client, {}, EQ_bizStep="shipping") == ["shipping"]
    assert client.get("/epcis/readPoints").json()["member"] == []
    assert client.get(f"/epcis/events/{quote(whole[0]['eventID'], safe='')}").status_code == 404


def test_queries_and_jobs_belong_to_their_member(
    client: httpx.Client, filled: None, sole: dict[str, str], luna: dict[str, str]
) -> None:
    definition = {"name": "mine", "query": {}}
    for headers in (sole, luna):
        made = client.post("/epcis/queries", content=text(definition), headers={**JSON, **headers})
        assert made.status_code == 201
    found = [len(seen(client, headers, "/epcis/queries/mine/events")) for headers in (sole, luna)]
    assert found == [2, 1]
    assert client.get("/epcis/queries/mine").status_code == 404
    (job,) = client.get("/epcis/capture", headers=sole).json()
    assert client.get("/epcis/capture", headers=luna).json() == []
    assert client.get(f"/epcis/capture/{job['captureID']}", headers=luna).status_code == 404


def test_a_page_token_is_of_no_use_to_another_member(
    client: httpx.Client, filled: None, sole: dict[str, str], luna: dict[str, str]
) -> None:
    first = client.get("/epcis/events", params={"perPage": "1"}, headers=sole)
    url = first.links["next"]["url"]
    assert client.get(url, headers=sole).status_code == 200
    for headers in (luna, {}):
        answer = client.get(url, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "page-token")


def test_a_revoked_gateway_key_ends_captures_that_wait_too(
    client: httpx.Client, consortium: Consortium, luna: dict[str, str]
) -> None:
    node = consortium.node
    node.membership.revoke(node.gateway_key(consortium.luna))
    sent = client.post("/epcis/capture", content=written(harvested("L-1")), headers={**JSON, **luna})
    assert sent.status_code == 202
    job = ended(client, sent.headers["location"], headers=luna)
    assert (job["success"], job["captured"]) == (False, [])
    assert job["errors"][0]["code"] == "gateway-key-ended"
    answer = client.post("/epcis/events", content=text({**harvested("L-1"), "@context": []}), headers={**JSON, **luna})
    assert answer.status_code in (400, 403)
