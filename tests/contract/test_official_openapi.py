"""The official contract, walked: every path and every operation of it answers one of the statuses it declares.

Asked with what is there and with what is not, as clients ask and as they should not; each answer has the headers and,
where the contract has a schema for it, the body that the contract declares. Where the contract contradicts itself,
docs/adr/0026-blemishes-of-the-contract.md says what we do, and `BEYOND` below holds it.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema_rs
import pytest

from api.epcis.routes import RESOURCES
from api.settings import Settings
from tests.api.epcis.documents import document, text
from tests.official import DATA, official
from tests.simulator.phones import made
from tests.simulator.server import JSON, ended, running

CONTRACT = "gs1/gs1-epcis/REST_Bindings/openapi.json"
METHODS = ("get", "post", "delete", "options")
PATHS = 29
# Statuses beyond those an operation declares: a wrong parameter is an error wherever there are parameters.
BEYOND: dict[tuple[str, str], set[int]] = {
    ("/events", "get"): {400, 413},
    ("/capture", "get"): {400},
    ("/queries", "get"): {400},
    ("/queries", "post"): {400, 413},
    ("/eventTypes", "get"): {400},
    ("/epcs", "get"): {400},
    ("/bizSteps", "get"): {400},
    ("/bizLocations", "get"): {400},
    ("/readPoints", "get"): {400},
    ("/dispositions", "get"): {400},
}
# What is on the last page has no next one.
WHERE_THERE_IS_MORE = {"Link", "GS1-Next-Page-Token-Expires"}


@cache
def contract() -> dict[str, Any]:
    """The contract as it is published, less two faults of its schemas that no document could keep."""
    found: dict[str, Any] = json.loads(official(CONTRACT).read_bytes())
    schemas = found["components"]["schemas"]
    for name, schema in schemas.items():
        if name.startswith("GS1-Query-"):
            # Regular expressions of another language than JSON Schema's.
            schema.pop("pattern", None)
    # `errors` and `errorFile` are both optional, so every job meets both and none meets exactly one.
    (choice,) = (part for part in schemas["CaptureJob"]["allOf"] if "oneOf" in part)
    choice["anyOf"] = choice.pop("oneOf")
    return found


def resolved(tree: dict[str, Any]) -> dict[str, Any]:
    """A part of the contract, or what it refers to."""
    while "$ref" in tree:
        found: Any = contract()
        for name in tree["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        tree = found
    return tree


def operations(wanted: Callable[[str, str, dict[str, Any]], bool] = lambda path, method, said: True) -> list[Any]:
    """(path, method) of every operation that is `wanted`; where the data is missing, one that says so."""
    if not (DATA / CONTRACT).exists():
        return [pytest.param("/", "get", id="missing")]
    return [
        (path, method)
        for path, item in contract()["paths"].items()
        for method in METHODS
        if method in item and wanted(path, method, item[method])
    ]


def is_list(path: str, method: str, said: dict[str, Any]) -> bool:
    """Does an operation answer page by page?"""
    item = contract()["paths"][path]
    given = [*item.get("parameters", []), *said.get("parameters", [])]
    return any(parameter.get("$ref", "").endswith("/NextPageToken") for parameter in given)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that holds the events and the query of the contract's examples, and its client."""
    folder = tmp_path_factory.mktemp("contract")
    settings = Settings(capture_limit=10, capture_bytes=100_000, page=2)
    with made(str(folder / "store"), folder) as node, running(node, settings) as client:
        job = client.post("/epcis/capture", content=text(example("/capture")), headers=JSON)
        assert job.status_code == 202, job.text
        assert ended(client, job.headers["location"])["success"]
        query = {"name": "myQuery", "query": {"eventType": ["ObjectEvent"]}}
        assert client.post("/epcis/queries", content=text(query), headers=JSON).status_code == 201
        yield client


def example(path: str) -> dict[str, Any]:
    """What the contract itself sends to a path; its `@context` is the address where the ratified one stands."""
    content = resolved(contract()["paths"][path]["post"]["requestBody"])["content"]["application/json"]
    found = content.get("example") or resolved(content["schema"])["example"]
    return dict(found)


def known(client: httpx.Client) -> dict[str, str]:
    """A value for each variable of a path that names something there is."""
    events = client.get("/epcis/events").json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    page = client.get("/epcis/bizSteps")
    (event,) = (event for event in events if "epcList" in event and event["bizStep"] == "shipping")
    return {
        "captureID": client.get("/epcis/capture").json()[0]["captureID"],
        "eventID": event["eventID"],
        "eventType": "ObjectEvent",
        "epc": event["epcList"][0],
        "bizStep": "shipping",
        "bizLocation": client.get("/epcis/bizLocations").json()["member"][0],
        "readPoint": client.get("/epcis/readPoints").json()["member"][0],
        "disposition": "in_transit",
        "queryName": "myQuery",
        "subscriptionID": "nobody",
        "token": httpx.URL(page.links["next"]["url"]).params["nextPageToken"],
    }


def address(path: str, values: dict[str, str]) -> str:
    """A path with its variables, percent-encoded."""
    return "/epcis" + path.format(**{name: quote(value, safe="") for name, value in values.items()})


def declared(path: str, method: str) -> dict[str, Any]:
    """status -> response, as the contract declares it."""
    return {status: resolved(answer) for status, answer in contract()["paths"][path][method]["responses"].items()}


def check(path: str, method: str, answer: httpx.Response) -> None:
    """Hold an answer against what is declared of it."""
    responses = declared(path, method)
    beyond = BEYOND.get((path, method), set())
    assert str(answer.status_code) in responses or answer.status_code in beyond, (answer.status_code, answer.text)
    said = responses.get(str(answer.status_code), {})
    missing = {name for name in said.get("headers", {}) if name not in answer.headers} - WHERE_THERE_IS_MORE
    assert not missing, (path, method, answer.status_code)
    if answer.status_code >= 400:
        check_problem(answer)
    elif answer.content and method != "options":
        check_body(said, answer)


def check_problem(answer: httpx.Response) -> None:
    """A problem has the members of RFC 9457 and the name of an exception of the standard."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == "about:blank" or f'"{problem["type"]}"' in json.dumps(contract()), problem
    assert problem["title"]
    assert problem["detail"]
    assert problem["code"]


def check_body(said: dict[str, Any], answer: httpx.Response) -> None:
    """A body keeps the schema that the contract has for it."""
    if "content" not in said:
        return
    schema = said["content"]["application/json"]["schema"]
    if schema.get("type") == "array" and isinstance(answer.json(), dict):
        # `GET /queries/{queryName}`: an array by its schema, an object by its example.
        schema = schema["items"]
    whole = {**contract(), **schema}
    assert [str(error) for error in validator(json.dumps(whole)).iter_errors(answer.json())] == []


@cache
def validator(schema: str) -> Any:
    """The schema engine for a part of the contract; draft 4 is what OpenAPI 3.0 builds on."""
    return jsonschema_rs.Draft4Validator(json.loads(schema))


def test_the_table_of_paths_is_the_contract_s() -> None:
    paths = contract()["paths"]
    assert len(paths) == PATHS
    ours = {resource.path: {method.lower() for method in resource.operations} for resource in RESOURCES}
    assert ours.keys() == paths.keys()
    for path, item in paths.items():
        assert ours[path] == {method for method in METHODS if method in item} - {"options"}, path


# What takes a body, or needs a subscription, is asked in tests of its own.
PLAIN = operations(lambda path, method, said: method != "post" and "subscriptionID" not in path)


@pytest.mark.parametrize(("path", "method"), PLAIN)
def test_what_is_there_is_answered_as_declared(client: httpx.Client, path: str, method: str) -> None:
    values = known(client)
    if (path, method) == ("/queries/{queryName}", "delete"):
        values["queryName"] = "gone"
        body = text({"name": "gone", "query": {}})
        assert client.post("/epcis/queries", content=body, headers=JSON).status_code == 201
    answer = client.request(method, address(path, values))
    assert answer.status_code == (204 if method in ("delete", "options") else 200), answer.text
    check(path, method, answer)


@pytest.mark.parametrize(("path", "method"), operations(lambda path, method, said: "{" in path))
def test_what_is_not_there_is_answered_as_declared(client: httpx.Client, path: str, method: str) -> None:
    names = ("captureID", "eventID", "epc", "bizLocation", "readPoint", "queryName", "subscriptionID", "token")
    values = dict.fromkeys(names, "https://example.org/nobody")
    values |= dict.fromkeys(("bizStep", "disposition", "eventType"), "https://example.org/nothing")
    body = {} if method != "post" else {"content": text({}), "headers": JSON}
    answer = client.request(method, address(path, values), **body)  # type: ignore[arg-type]
    assert answer.status_code == (204 if path.startswith("/nextPageToken") else 404), answer.text
    check(path, method, answer)


@pytest.mark.parametrize(("path", "method"), operations(lambda path, method, said: "401" in said["responses"]))
def test_wrong_credentials_and_none_are_answered_as_declared(client: httpx.Client, path: str, method: str) -> None:
    for shown in ({"Authorization": "Bearer nothing"}, {"Authorization": ""}):
        answer = client.request(method, address(path, known(client)), headers=shown)
        assert answer.status_code == 401
        check(path, method, answer)


@pytest.mark.parametrize(("path", "method"), operations(lambda path, method, said: "406" in said["responses"]))
def test_an_old_version_is_answered_as_declared(client: httpx.Client, path: str, method: str) -> None:
    answer = client.request(method, address(path, known(client)), headers={"GS1-EPCIS-Max": "1.2", **JSON})
    assert answer.status_code == 406
    check(path, method, answer)


@pytest.mark.parametrize(("path", "method"), operations(lambda path, method, said: "414" in said["responses"]))
def test_an_address_without_end_is_answered_as_declared(client: httpx.Client, path: str, method: str) -> None:
    answer = client.request(method, address(path, known(client)), params={"EQ_bizStep": "shipping|" * 4_000})
    assert answer.status_code == 414
    check(path, method, answer)


@pytest.mark.parametrize("path", ["/capture", "/events", "/queries"])
def test_the_examples_of_the_contract_are_taken(client: httpx.Client, path: str) -> None:
    sent = example(path)
    if path == "/events":
        # The example of `/capture` has an event of this id, in another `@context`.
        sent["eventID"] = "urn:uuid:22222222-2222-4222-8222-222222222222"
    answer = client.post("/epcis" + path, content=text(sent), headers=JSON)
    assert answer.status_code == (202 if path == "/capture" else 201), answer.text
    check(path, "post", answer)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", JSON, 400),
        (b"{}", JSON, 400),
        (text({"type": "ObjectEvent"}), JSON, 400),
        (b"<a/>", {"Content-Type": "text/html"}, 415),
        (b" " * 100_001, JSON, 413),
    ],
)
@pytest.mark.parametrize("path", ["/capture", "/events", "/queries"])
def test_what_cannot_be_taken_is_answered_as_declared(
    client: httpx.Client, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/epcis" + path, content=body, headers=headers)
    check(path, "post", answer)
    assert answer.status_code == status


def test_more_events_than_announced_are_answered_as_declared(client: httpx.Client) -> None:
    (event,) = example("/capture")["epcisBody"]["eventList"][:1]
    answer = client.post("/epcis/capture", content=text(document(*[event] * 11)), headers=JSON)
    check("/capture", "post", answer)
    assert answer.status_code == 413


def test_the_same_id_with_other_content_is_answered_as_declared(client: httpx.Client) -> None:
    event = {**example("/events"), "eventID": "urn:uuid:11111111-1111-4111-8111-111111111111"}
    answers = [
        client.post("/epcis/events", content=text({**event, "disposition": word}), headers=JSON)
        for word in ("in_transit", "in_transit", "in_progress")
    ]
    for answer in answers:
        check("/events", "post", answer)
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[0].headers["location"] == answers[1].headers["location"]


@pytest.mark.parametrize("path", ["/events", "/queries"])
def test_an_answer_that_cannot_be_had_changes_nothing(client: httpx.Client, path: str) -> None:
    tree = {**example(path), "name": "never", "eventID": "urn:uuid:33333333-3333-4333-8333-333333333333"}
    tree.pop("eventID" if path == "/queries" else "name")
    answer = client.post("/epcis" + path, content=text(tree), headers={**JSON, "Accept": "image/png"})
    assert answer.status_code == 406
    check(path, "post", answer)
    assert client.get(f"/epcis{path}/{tree.get('eventID', 'never')}").status_code == 404


@pytest.mark.parametrize(("path", "method"), operations(is_list))
def test_every_list_has_a_next_page_and_refuses_a_token_it_did_not_give(
    client: httpx.Client, path: str, method: str
) -> None:
    there = address(path, known(client))
    first = client.get(there, params={"perPage": 1})
    assert first.status_code == 200
    check(path, method, first)
    if "next" in first.links:
        assert first.headers["GS1-Next-Page-Token-Expires"]
        check(path, method, client.get(first.links["next"]["url"]))
    refused = client.get(there, params={"nextPageToken": "AAAA"})
    assert refused.status_code == 400
    check(path, method, refused)
