"""Events in and out over HTTP: one at a time, by query, by resource, by name; page by page; as the caller may see."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from lxml import etree

from ledger.node import Node
from schemas.epcis.document import read_any
from tests.api.epcis.documents import document, seen, text
from tests.official import official
from tests.simulator.phones import observed, unit
from tests.simulator.server import JSON, ended, running

ID = "urn:uuid:5b1f6b1c-2f5f-4b2a-9d0e-0a0f3c1d2e3f"
URN = "urn:epc:id:sgtin:9520001.000001.1"
XSD = "gs1/epcis-schemas-2.0.1/xsd/2_0_0"


def post(client: httpx.Client, event: Any, **headers: str) -> httpx.Response:
    body = event if isinstance(event, bytes) else text(event)
    return client.post("/epcis/events", content=body, headers={**JSON, **headers})


def capture(client: httpx.Client, *events: dict[str, Any]) -> None:
    sent = client.post("/epcis/capture", content=text(document(*events)), headers=JSON)
    assert ended(client, sent.headers["location"])["success"]


def listed(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def times(answer: httpx.Response) -> list[str]:
    return [event["eventTime"][14:16] for event in listed(answer)]


# One event in.


def test_an_event_is_in_the_log_when_it_is_answered(client: httpx.Client, node: Node) -> None:
    answer = post(client, observed(unit("1")))
    assert answer.status_code == 201
    event = answer.json()
    assert (event["epcList"], event["eventID"][:14]) == ([unit("1")], "ni:///sha-256;")
    assert event["recordTime"].endswith("Z")
    assert answer.headers["location"].endswith("/epcis/events/" + quote(event["eventID"], safe=""))
    assert listed(client.get(answer.headers["location"])) == [{k: v for k, v in event.items() if k != "@context"}]


def test_the_same_event_again_has_the_same_place(client: httpx.Client) -> None:
    first, again = (post(client, observed(unit("1"), eventID=ID)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["location"] == again.headers["location"]
    assert len(listed(client.get("/epcis/events"))) == 1


def test_an_id_that_stands_for_other_content_is_a_conflict_and_logs_nothing(client: httpx.Client, node: Node) -> None:
    assert post(client, observed(unit("1"), eventID=ID)).status_code == 201
    size = node.registry.size
    answer = post(client, observed(unit("2"), eventID=ID))
    assert (answer.status_code, answer.json()["type"]) == (409, "epcisException:ResourceAlreadyExistsException")
    assert "{" not in answer.json()["detail"]
    assert node.registry.size == size


def test_a_declaration_of_error_repeats_the_id_and_both_are_given_back(client: httpx.Client) -> None:
    original = observed(unit("1"), eventID=ID)
    post(client, original)
    wrong = {**original, "errorDeclaration": {"declarationTime": "2026-07-02T08:00:00Z"}}
    assert post(client, wrong).status_code == 201
    found = listed(client.get(f"/epcis/events/{quote(ID, safe='')}"))
    assert ["errorDeclaration" in event for event in found] == [False, True]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (text(document(seen("1"))), "event-expected"),
        (text([observed(unit("1"))]), "event-expected"),
        (b"7", "event-expected"),
        (b"{}", "missing-member"),
        (text(seen("1")), "missing-member"),
        (text(observed(unit("1"), action="SEE")), "not-in-list"),
    ],
)
def test_what_is_no_right_event_is_refused_with_event_and_member(client: httpx.Client, body: bytes, code: str) -> None:
    answer = post(client, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["type"]) == (400, code, "epcisException:ValidationException")
    if code != "event-expected":
        assert (problem["event"], problem["member"][0]) == (0, "/")
    assert listed(client.get("/epcis/events")) == []


# Queries.


def test_a_query_is_answered_page_by_page_as_the_log_was_at_the_first(client: httpx.Client) -> None:
    capture(client, *[seen(str(n), minute=n) for n in range(7)])
    first = client.get("/epcis/events", params={"GE_eventTime": "2026-07-01T08:01:00Z", "perPage": "2"})
    assert times(first) == ["01", "02"]
    capture(client, seen("x", minute=50))
    second = client.get(first.links["next"]["url"])
    third = client.get(second.links["next"]["url"])
    assert [times(page) for page in (second, third)] == [["03", "04"], ["05", "06"]]
    assert "next" not in third.links
    assert "GS1-Next-Page-Token-Expires" not in third.headers


def test_a_page_token_is_good_for_its_own_query_caller_and_time(client: httpx.Client, node: Node) -> None:
    capture(client, *[seen(str(n), minute=n) for n in range(4)])
    url = httpx.URL(client.get("/epcis/events", params={"EQ_action": "OBSERVE", "perPage": "1"}).links["next"]["url"])
    token = url.params["nextPageToken"]
    assert client.get(url).status_code == 200
    assert client.get("/epcis/v2_0/events", params={"nextPageToken": token}).status_code == 200
    refusals = {
        "page-token-other": ("/epcis/events", {"nextPageToken": token, "EQ_action": "ADD"}),
        "page-token": ("/epcis/queries", {"nextPageToken": token}),
        "page-size": (url.path, {"nextPageToken": token, "perPage": "0"}),
    }
    for code, (path, parameters) in refusals.items():
        answer = client.get(path, params=parameters)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert client.get("/epcis/events", params={"nextPageToken": altered}).json()["code"] == "page-token"
    with running(node) as other:
        # Another client of the same member goes on with it; a server that knows nothing of the first gave it.
        assert other.get("/epcis/events", params={"nextPageToken": token}).status_code == 200
    before, node.clock = node.clock, lambda: before() + 3601
    assert client.get(url).json()["code"] == "page-token-expired"
    node.clock = before


def test_a_token_that_was_given_back_is_worth_nothing(client: httpx.Client) -> None:
    capture(client, seen("1"), seen("2", minute=1))
    token = httpx.URL(client.get("/epcis/events?perPage=1").links["next"]["url"]).params["nextPageToken"]
    for _ in range(2):
        assert client.delete(f"/epcis/nextPageToken/{token}").status_code == 204
    assert client.get("/epcis/events", params={"nextPageToken": token}).json()["code"] == "page-token-expired"
    assert client.delete("/epcis/nextPageToken/nonsense").status_code == 204


def test_a_page_is_never_larger_than_the_server_allows(client: httpx.Client) -> None:
    capture(client, *[seen(str(n), minute=n) for n in range(9)])
    assert len(listed(client.get("/epcis/events", params={"perPage": "100"}))) == 5
    assert len(listed(client.get("/epcis/events"))) == 3
    for value in ("0", "-1", "1.5", "many", ""):
        answer = client.get("/epcis/events", params={"perPage": value})
        assert (answer.status_code, answer.json()["type"]) == (400, "epcisException:QueryParameterException")


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"EQ_nothing": "x"}, "QueryParameterException"),
        ({"GE_eventTime": "yesterday"}, "QueryParameterException"),
        ({"MATCH_epc": "urn:epc:idpat:sgtin:*.1.1"}, "QueryParameterException"),
        ({"eventCountLimit": "5", "maxEventCount": "5"}, "QueryParameterException"),
    ],
)
def test_a_wrong_query_is_refused_by_its_name(client: httpx.Client, parameters: dict[str, str], name: str) -> None:
    answer = client.get("/epcis/events", params=parameters)
    assert (answer.status_code, answer.json()["type"].partition(":")[2]) == (400, name)


def test_more_than_the_query_allows_itself_is_too_large(client: httpx.Client) -> None:
    capture(client, *[seen(str(n), minute=n) for n in range(3)])
    answer = client.get("/epcis/events", params={"maxEventCount": "2"})
    assert (answer.status_code, answer.json()["type"]) == (413, "epcisException:QueryTooLargeException")
    assert len(listed(client.get("/epcis/events", params={"maxEventCount": "3"}))) == 3


def test_an_event_limit_holds_over_all_pages(client: httpx.Client) -> None:
    capture(client, *[seen(str(n), minute=n) for n in range(9)])
    parameters = {"eventCountLimit": "4", "orderBy": "eventTime", "orderDirection": "DESC"}
    first = client.get("/epcis/events", params=parameters)
    rest = client.get(first.links["next"]["url"])
    assert [*times(first), *times(rest)] == ["08", "07", "06", "05"]
    assert "next" not in rest.links


def test_a_query_in_urn_finds_what_was_captured_as_digital_link(client: httpx.Client) -> None:
    capture(client, seen("1"), seen("2", minute=1))
    assert times(client.get("/epcis/events", params={"MATCH_epc": URN})) == ["00"]


# Spelling and forms.


@pytest.mark.parametrize(
    ("form", "epc"),
    [
        ("Never_Translates", URN),
        ("No_Preference", URN),
        ("Always_GS1_Digital_Link", unit("1")),
        ("Always_EPC_URN", URN),
    ],
)
def test_identifiers_are_spelled_as_asked(client: httpx.Client, form: str, epc: str) -> None:
    event = {**seen("1"), "epcList": [URN]}
    capture(client, event)
    answer = client.get("/epcis/events", headers={"GS1-EPC-Format": form})
    assert (listed(answer)[0]["epcList"], answer.headers["GS1-EPC-Format"]) == ([epc], form)
    (place,) = client.get("/epcis/epcs", headers={"GS1-EPC-Format": form}).json()["member"]
    # Resources are known by their canonical spelling; the founder here has no licence that tells its prefix.
    assert place == unit("1")


@pytest.mark.parametrize("accept", ["application/xml", "text/xml"])
def test_events_in_xml_are_valid_by_the_official_schema_and_the_same(client: httpx.Client, accept: str) -> None:
    file = official("gs1/gs1-epcis/JSON/WithFullCombinationOfFields/object_event_all_possible_fields.jsonld")
    sent = client.post("/epcis/capture", content=file.read_bytes(), headers=JSON)
    assert ended(client, sent.headers["location"])["success"]
    answer = client.get("/epcis/events", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == accept
    schema = etree.XMLSchema(etree.parse(str(official(f"{XSD}/EPCglobal-epcis-query-2_0.xsd"))))
    schema.assertValid(etree.fromstring(answer.content))
    tree: Any = read_any(answer.content, accept).tree
    back = tree["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert [event["eventID"] for event in back] == [event["eventID"] for event in listed(client.get("/epcis/events"))]


def test_words_in_xml_are_spelled_as_asked(client: httpx.Client) -> None:
    capture(client, seen("1", bizStep="shipping"))
    for form, word in (("Always_URN", "urn:epcglobal:cbv:bizstep:shipping"), ("Always_Web_URI", "BizStep-shipping")):
        headers = {"Accept": "application/xml", "GS1-CBV-XML-Format": form}
        answer = client.get("/epcis/events", headers=headers)
        assert (word in answer.text, answer.headers["GS1-CBV-XML-Format"]) == (True, form)
        assert listed(client.get("/epcis/events", headers={"GS1-CBV-XML-Format": form}))[0]["bizStep"] == "shipping"


def test_jobs_and_problems_in_xml_are_those_of_the_official_schema(client: httpx.Client) -> None:
    sent = client.post("/epcis/capture", content=text(document({"type": "ObjectEvent"})), headers=JSON)
    ended(client, sent.headers["location"])
    schema = etree.XMLSchema(etree.parse(str(official(f"{XSD}/EPCglobal-epcis-2_0.xsd"))))
    job = client.get(sent.headers["location"], headers={"Accept": "application/xml"})
    root = etree.fromstring(job.content)
    schema.assertValid(root)
    assert (root.get("running"), root.get("success"), len(root.findall("errors/error"))) == ("false", "false", 4)
    problem = client.get("/epcis/nowhere", headers={"Accept": "application/xml"})
    assert problem.headers["content-type"] == "application/problem+xml"
    root = etree.fromstring(problem.content)
    schema.assertValid(root)
    assert root.findtext("type") == "epcisException:NoSuchResourceException"


def test_an_event_sent_in_xml_is_answered_in_the_form_wanted(client: httpx.Client) -> None:
    file = official("gs1/openepcis-test-resources/2.0/EPCIS/XML/Capture/Events/ObjectEvent.xml")
    answer = post(client, file.read_bytes(), **{"Content-Type": "application/xml", "Accept": "application/xml"})
    assert answer.status_code == 201, answer.text
    assert etree.QName(etree.fromstring(answer.content)).localname == "EPCISQueryDocument"


# Resources.


def test_resources_are_the_words_of_the_standard_and_what_is_in_use(client: httpx.Client) -> None:
    own = "https://example.org/steps/blending"
    capture(client, seen("1", bizStep=own, readPoint={"id": "https://id.gs1.org/414/9521001000017"}))
    ours = {"GS1-Extensions": "ex=https://example.org/steps/"}
    for headers, name in (({}, own), (ours, "ex:blending")):
        members, answer = list[str](), client.get("/epcis/bizSteps", params={"perPage": "5"}, headers=headers)
        members += answer.json()["member"]
        while "next" in answer.links:
            answer = client.get(answer.links["next"]["url"], headers=headers)
            members += answer.json()["member"]
        assert name in members
        assert {"shipping", "commissioning"} < set(members)
        assert len(members) == len(set(members)) == 42
    assert client.get("/epcis/readPoints").json()["member"] == ["https://id.gs1.org/414/9521001000017"]
    assert client.get("/epcis/bizLocations").json()["member"] == []
    assert len(listed(client.get("/epcis/bizSteps/ex%3Ablending/events", headers=ours))) == 1
    assert client.get("/epcis/bizSteps/ex%3Ablending").status_code == 404


def test_the_events_of_a_resource_are_narrowed_by_further_conditions(client: httpx.Client) -> None:
    capture(client, seen("1", bizStep="shipping"), seen("1", minute=1), seen("2", minute=2, bizStep="shipping"))
    for value in ("shipping", "urn:epcglobal:cbv:bizstep:shipping"):
        path = f"/epcis/bizSteps/{quote(value, safe='')}/events"
        assert times(client.get(path)) == ["00", "02"]
        assert times(client.get(path, params={"MATCH_epc": unit("2")})) == ["02"]
    for value in (unit("1"), URN):
        path = f"/epcis/epcs/{quote(value, safe='')}"
        assert client.get(path).json()["member"] == ["events"]
        assert times(client.get(f"{path}/events", params={"EQ_bizStep": "shipping"})) == ["00"]
    assert times(client.get("/epcis/eventTypes/ObjectEvent/events")) == ["00", "01", "02"]
    assert listed(client.get("/epcis/eventTypes/AggregationEvent/events")) == []
    assert client.get("/epcis/bizSteps/receiving").status_code == 200
    assert client.get(f"/epcis/epcs/{quote(unit('9'), safe='')}/events").status_code == 404


# Named queries.


def test_a_named_query_is_kept_listed_asked_and_removed(client: httpx.Client) -> None:
    capture(client, seen("1", bizStep="shipping"), seen("2", minute=1))
    definition = {"name": "partiti / oggi", "query": {"EQ_bizStep": ["shipping"]}}
    made = client.post("/epcis/queries", content=text(definition), headers=JSON)
    assert (made.status_code, made.json()) == (201, definition)
    assert client.post("/epcis/queries", content=text(definition), headers=JSON).status_code == 409
    place = made.headers["location"]
    assert client.get(place).json() == definition
    assert client.get("/epcis/queries").json() == [definition]
    found = client.get(f"{place}/events")
    assert (times(found), found.json()["epcisBody"]["queryResults"]["queryName"]) == (["00"], "partiti / oggi")
    assert client.get(f"{place}/events", params={"EQ_bizStep": "receiving"}).status_code == 400
    assert client.delete(place).status_code == 204
    for method, path in (("GET", place), ("DELETE", place), ("GET", f"{place}/events"), ("OPTIONS", place)):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["type"]) == (404, "epcisException:NoSuchNameException")


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ([], "query-not-object"),
        ({"query": {}}, "query-name"),
        ({"name": "", "query": {}}, "query-name"),
        ({"name": "a\nb", "query": {}}, "query-name"),
        ({"name": "x" * 201, "query": {}}, "query-name"),
        ({"name": 7, "query": {}}, "query-name"),
        ({"name": "x"}, "query-not-object"),
        ({"name": "x", "query": {"EQ_nothing": []}}, "query-parameter-unknown"),
        ({"name": "x", "query": {}, "schedule": {}}, "query-member-unknown"),
    ],
)
def test_a_wrong_definition_is_refused_and_not_kept(client: httpx.Client, definition: Any, code: str) -> None:
    answer = client.post("/epcis/queries", content=text(definition), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert client.get("/epcis/queries").json() == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"MATCH_epc": "(" * 500 + "*" * 500},
        {"EQ_bizStep": "a" * 10_000},
        {"EQ_ILMD_" + "x:" * 200: "1"},
        {"GE_quantity": "9" * 5000},
        {"GE_quantity": "1e999999999"},
        {"GE_eventTime": "9999-99-99T99:99:99Z"},
        {"WD_readPoint": "https://id.gs1.org/414/" + "9" * 3000},
        {"nextPageToken": "A" * 10_000},
        {"perPage": "9" * 5000},
        {"EQ_eventID": "\x00"},
        {"orderBy": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    ],
    ids=lambda parameters: next(iter(parameters)),
)
def test_hostile_parameters_are_never_our_fault(client: httpx.Client, parameters: dict[str, str]) -> None:
    capture(client, seen("1"))
    assert client.get("/epcis/events", params=parameters).status_code in (200, 400, 414)
