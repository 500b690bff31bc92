"""Capture over HTTP: a job for each document, all or none or what is right, and nothing twice."""

import os
from hashlib import sha256
from typing import Any

import httpx
import pytest

from api.epcis.capture import CAPTURES
from api.jobs import Jobs
from api.settings import Settings
from ledger.entry.parse import read_record
from ledger.node import Node
from ledger.store import events
from schemas.errors import UnavailableError
from tests.api.epcis.documents import BAD, document, query_document, seen, text
from tests.official import official
from tests.simulator.server import JSON, ended, running

JSON_LD = {"Content-Type": "application/ld+json"}


def post(client: httpx.Client, tree: Any, **headers: str) -> httpx.Response:
    body = tree if isinstance(tree, bytes) else text(tree)
    return client.post("/epcis/capture", content=body, headers={**JSON, **headers})


def captured(client: httpx.Client, tree: Any, **headers: str) -> dict[str, Any]:
    answer = post(client, tree, **headers)
    assert (answer.status_code, answer.content) == (202, b"")
    return ended(client, answer.headers["location"])


def logged(node: Node) -> int:
    node.settled()
    with node.store.read() as connection:
        return len(list(events.listing(connection, limit=100)))


def test_a_document_becomes_a_job_that_says_what_was_captured(client: httpx.Client, node: Node) -> None:
    job = captured(client, document(seen("1"), seen("2")))
    assert (job["running"], job["success"], job["errors"]) == (False, True, [])
    assert job["captureErrorBehaviour"] == "rollback"
    assert job["createdAt"] <= job["finishedAt"]
    assert [(item["event"], item["duplicate"]) for item in job["captured"]] == [(0, False), (1, False)]
    assert logged(node) == 2


@pytest.mark.parametrize("tree", [document(seen("1")), query_document(seen("1"))], ids=["document", "query"])
@pytest.mark.parametrize("kind", [JSON, JSON_LD], ids=["json", "ld+json"])
def test_documents_and_query_documents_are_captured(client: httpx.Client, tree: Any, kind: dict[str, str]) -> None:
    assert len(captured(client, tree, **kind)["captured"]) == 1


@pytest.mark.parametrize("kind", ["application/xml", "text/xml; charset=utf-8"])
@pytest.mark.parametrize("name", ["2.0/EPCIS/XML/Capture/Documents", "1.2/EPCIS/XML/Capture/Documents"])
def test_documents_in_xml_are_captured(client: httpx.Client, node: Node, kind: str, name: str) -> None:
    file = official(f"gs1/openepcis-test-resources/{name}/ObjectEvent.xml")
    version = {"GS1-EPCIS-Version": name[:3]}
    job = captured(client, file.read_bytes(), **{"Content-Type": kind}, **version)
    assert (job["success"], job["errors"]) == (True, [])
    record = read_record(node.entry(job["captured"][0]["index"]))
    assert record.source == (kind.partition(";")[0], sha256(file.read_bytes()).digest())


def test_what_is_only_odd_is_captured_with_a_warning(client: httpx.Client) -> None:
    job = captured(client, document(seen("1", eventID=f"ni:///sha-256;{'0' * 64}?ver=CBV2.0")))
    assert (job["success"], len(job["captured"]), job["errors"]) == (True, 1, [])
    (warning,) = job["warnings"]
    assert (warning["event"], warning["member"]) == (0, "/eventID")
    assert set(warning) == {"code", "detail", "event", "member"}


def test_one_bad_event_rolls_all_back(client: httpx.Client, node: Node) -> None:
    job = captured(client, document(seen("1"), BAD))
    assert (job["success"], job["captured"]) == (False, [])
    assert logged(node) == 0
    errors = {(error["event"], error["member"], error["code"]) for error in job["errors"]}
    assert (1, "/eventTime", "time-without-zone") in errors
    assert {error["type"] for error in job["errors"]} == {"epcisException:ValidationException"}
    assert {error["status"] for error in job["errors"]} == {400}


def test_proceeding_keeps_the_good_events_and_names_the_bad(client: httpx.Client, node: Node) -> None:
    job = captured(client, document(BAD, seen("1"), BAD), **{"GS1-Capture-Error-Behaviour": "proceed"})
    assert (job["success"], job["captureErrorBehaviour"]) == (False, "proceed")
    assert [item["event"] for item in job["captured"]] == [1]
    assert {error["event"] for error in job["errors"]} == {0, 2}
    assert logged(node) == 1


def test_errors_are_told_in_the_language_of_who_asks(client: httpx.Client) -> None:
    location = post(client, document(BAD)).headers["location"]
    english, italian = (ended(client, location, headers={"Accept-Language": name}) for name in ("en", "it"))
    assert [error["code"] for error in english["errors"]] == [error["code"] for error in italian["errors"]]
    assert "evento 0" in italian["errors"][0]["detail"]
    assert "event 0" in english["errors"][0]["detail"]


def test_a_document_without_events_captures_nothing_and_succeeds(client: httpx.Client) -> None:
    job = captured(client, document())
    assert (job["success"], job["captured"], job["errors"]) == (True, [], [])


def test_a_document_sent_again_is_answered_with_the_same_entries(client: httpx.Client, node: Node) -> None:
    first, again = (captured(client, document(seen("1"))) for _ in range(2))
    assert first["captureID"] != again["captureID"]
    assert [item["index"] for item in first["captured"]] == [item["index"] for item in again["captured"]]
    assert again["captured"][0]["duplicate"] is True
    assert logged(node) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "json-syntax"),
        (b"{", "json-syntax"),
        (b"\xff", "json-not-utf8"),
        (b"[" * 5000, "json-too-deep"),
        (b'{"a":1,"a":2}', "json-duplicate-name"),
        (b"null", "capture-no-document"),
        (b"{}", "capture-no-document"),
        (text([seen("1")]), "capture-no-document"),
        (text(seen("1")), "capture-no-document"),
        (b'{"type":["EPCISDocument"]}', "capture-no-document"),
        (text(document(schemaVersion=2)), "member-not-text"),
        (text(document(epcisBody={})), "missing-member"),
    ],
)
def test_what_is_no_document_is_refused_at_once(client: httpx.Client, body: bytes, code: str) -> None:
    answer = post(client, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, code)
    assert problem["type"] == "epcisException:ValidationException"
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/epcis/capture").json() == []


def test_more_events_than_announced_are_refused(client: httpx.Client, settings: Settings) -> None:
    limit = int(client.options("/epcis/capture").headers["GS1-EPCIS-Capture-Limit"])
    assert limit == settings.capture_limit
    assert post(client, document(*[seen(str(n)) for n in range(limit)])).status_code == 202
    answer = post(client, document(*[seen(str(n)) for n in range(limit + 1)]))
    assert (answer.status_code, answer.json()["type"]) == (413, "epcisException:CaptureLimitExceededException")
    assert answer.headers["GS1-EPCIS-Capture-Limit"] == str(limit)


def test_more_bytes_than_announced_are_refused(client: httpx.Client, settings: Settings) -> None:
    limit = int(client.options("/epcis/capture").headers["GS1-EPCIS-Capture-File-Size-Limit"])
    assert limit == settings.capture_bytes
    body = text(document(seen("1")))
    assert post(client, body + b" " * (limit - len(body))).status_code == 202
    answer = post(client, body + b" " * (limit - len(body) + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert answer.headers["GS1-EPCIS-Capture-File-Size-Limit"] == str(limit)


@pytest.mark.parametrize(
    ("content_type", "code"),
    [
        (None, "media-type-missing"),
        ("text/plain", "media-type-unknown"),
        ("application/json; charset=utf-16", "media-type-unknown"),
        ("multipart/form-data; boundary=x", "media-type-unknown"),
    ],
)
def test_another_form_is_refused(client: httpx.Client, content_type: str | None, code: str) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = client.post("/epcis/capture", content=text(document()), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, code)
    assert answer.json()["type"] == "epcisException:UnsupportedMediaTypeException"


@pytest.mark.parametrize(
    ("name", "value", "status", "code"),
    [
        ("GS1-Capture-Error-Behaviour", "all", 400, "header-value"),
        ("GS1-Capture-Error-Behaviour", "maybe", 400, "header-value"),
        ("GS1-EPCIS-Version", "1.2", 406, "version-not-supported"),
        ("GS1-EPCIS-Version", "two", 400, "header-value"),
        ("GS1-EPCIS-Min", "2.1.0", 406, "version-not-supported"),
        ("GS1-EPCIS-Max", "1.2.0", 406, "version-not-supported"),
        ("GS1-CBV-Max", "1.2", 406, "version-not-supported"),
        ("GS1-Extensions", "no mapping", 400, "header-value"),
        ("Content-Encoding", "gzip", 415, "body-encoded"),
    ],
)
def test_headers_that_cannot_be_met_are_refused(
    client: httpx.Client, name: str, value: str, status: int, code: str
) -> None:
    answer = post(client, document(), **{name: value})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_jobs_are_listed_newest_first_page_by_page(client: httpx.Client) -> None:
    made = [captured(client, document(seen(str(n))))["captureID"] for n in range(5)]
    first = client.get("/epcis/capture", params={"perPage": 2})
    listed = first.json()
    while first.links:
        assert first.links["next"]["rel"] == "next"
        assert first.headers["GS1-Next-Page-Token-Expires"].endswith("Z")
        first = client.get(first.links["next"]["url"])
        listed += first.json()
    assert [job["captureID"] for job in listed] == made[::-1]
    assert "GS1-Next-Page-Token-Expires" not in first.headers


def test_a_job_nobody_made_is_not_found(client: httpx.Client) -> None:
    for method in ("GET", "OPTIONS"):
        answer = client.request(method, "/epcis/capture/nobody")
        assert (answer.status_code, answer.json()["type"]) == (404, "epcisException:NoSuchResourceException")


def test_what_waits_is_sealed_and_forgotten_when_it_is_done(node: Node, settings: Settings) -> None:
    jobs = Jobs(node, [CAPTURES])
    body = text(document(seen("SECRET-77")))
    options = {"behaviour": "rollback", "mediaType": "application/json", "key": None}
    id = jobs.add("capture", owner="erp", member=node.own_member(), options=options, request=body)
    with node.store.read() as connection:
        waiting = connection.exec_driver_sql("SELECT request, outcome FROM job").one()
    assert waiting[1] is None
    assert b"SECRET-77" not in bytes(waiting[0])
    assert jobs.work_one("capture")
    with node.store.read() as connection:
        done = connection.exec_driver_sql("SELECT request, outcome FROM job").one()
    assert done[0] is None
    assert b"SECRET-77" not in bytes(done[1])
    view = jobs.view("capture", id)
    assert view
    assert view.outcome


def test_a_job_cut_short_after_it_logged_captures_nothing_twice(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """Error declarations are never taken for repeats, so only the job itself can know that they are in the log."""
    original = seen("1", eventID="urn:uuid:5b1f6b1c-2f5f-4b2a-9d0e-0a0f3c1d2e3f")
    declared = {**original, "errorDeclaration": {"declarationTime": "2026-07-02T08:00:00Z"}}
    options = {"behaviour": "rollback", "mediaType": "application/json", "key": None}
    jobs = Jobs(node, [CAPTURES])
    sent = text(document(original, declared))
    id = jobs.add("capture", owner="erp", member=node.own_member(), options=options, request=sent)

    def cut(*_: object, **__: object) -> None:
        raise UnavailableError("disk-full", problem="No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr("api.jobs.kept.finish", cut)
        with pytest.raises(UnavailableError):
            jobs.work_one("capture")
    assert logged(node) == 2
    with running(node) as client:
        job = ended(client, f"/epcis/capture/{id}")
    assert logged(node) == 2
    assert [item["event"] for item in job["captured"]] == [0, 1]


def test_random_bytes_are_never_our_fault(client: httpx.Client) -> None:
    for size in (1, 10, 1000, 100_000):
        assert post(client, os.urandom(size)).status_code == 400
