"""Recalls over HTTP: the same report, drill, opening, ending and notice as the command's."""

from hashlib import sha256

import pytest

from api.settings import Settings
from schemas.syntax import base64url, json_text
from tests.api.conftest import Consortium
from tests.api.http.roles import Roles
from tests.simulator.cooperatives import document
from tests.simulator.recalled import Story
from tests.simulator.server import running

URL = "/api/v1/recall"


@pytest.fixture
def story(consortium: Consortium) -> Story:
    return Story.told(consortium.node, consortium.sole)


@pytest.fixture
def roles(consortium: Consortium) -> Roles:
    return Roles.made(consortium, Settings())


def test_a_recall_is_reported_drilled_opened_and_ended(consortium: Consortium, roles: Roles, story: Story) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        reads, writes = roles["sole:query"], roles["sole:capture"]
        said = client.get(URL, params={"lot": story.field}, headers=reads).json()
        assert (said["totals"]["KGM"]["shipped"], said["percent"]) == ("700", "99.44")
        drilled = client.post(URL, json={"lot": story.field, "act": "drill"}, headers=writes).json()
        signed = drilled.pop("drill")
        drilled.pop("steps")
        assert base64url.decode(signed["report"]) == sha256(json_text.canonical(drilled)).digest()
        asked = {"lot": story.field, "act": "open", "reason": "Listeria", "warnings": "Non consumare."}
        opened = client.post(URL, json=asked, headers=writes).json()
        assert (len(opened["lots"]), len(opened["units"])) == (2, 3)
        event = consortium.node.entry(opened["entries"][0]).content or {}
        assert event["filiera:recallWarnings"] == "Non consumare."
        assert client.post(URL, json=asked, headers=writes).json()["already"] == 5
        ended = client.post(URL, json={"lot": story.field, "act": "close"}, headers=writes)
        assert (ended.status_code, ended.json()["number"]) == (200, opened["number"])
        again = client.post(URL, json={"lot": story.field, "act": "close"}, headers=writes)
        assert (again.status_code, again.json()["code"]) == (409, "recall-not-open")


def test_the_notice_is_a_page_or_json(consortium: Consortium, roles: Roles, story: Story) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        asked = {"lot": story.packing, "reason": "Listeria"}
        headers = {**roles["sole:query"], "Accept-Language": "it"}
        (sheet,) = client.get(f"{URL}/notice", params=asked, headers=headers).json()
        assert sheet["fields"][0]["label"] == "Denominazione di vendita"
        page = client.get(f"{URL}/notice", params={**asked, "form": "html"}, headers=headers)
        assert page.headers["content-type"].startswith("text/html")
        assert "Denominazione di vendita" in page.text


def test_another_member_learns_nothing(consortium: Consortium, roles: Roles, story: Story) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        answer = client.get(URL, params={"lot": story.field}, headers=roles["luna:all"])
        assert (answer.status_code, answer.json()["code"]) == (404, "lot-not-here")
        asked = {"lot": story.field, "act": "open", "reason": "Listeria"}
        opened = client.post(URL, json=asked, headers=roles["luna:all"])
        assert (opened.status_code, opened.json()["code"]) == (404, "lot-not-here")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"lot": "x", "act": "shout"}, "parameter-value"),
        ({"lot": "x", "act": "open"}, "recall-what"),
        ({"lot": "x", "act": "close", "reason": "y"}, "recall-what"),
        ({"lot": "x", "act": "drill", "warnings": "y"}, "recall-what"),
        ({"act": "drill"}, "request-member-missing"),
    ],
)
def test_what_is_wrong_is_a_problem(consortium: Consortium, roles: Roles, body: dict[str, str], code: str) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        answer = client.post(URL, json=body, headers=roles["sole:capture"])
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_whether_a_lot_is_recalled_and_all_that_are(consortium: Consortium, roles: Roles, story: Story) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        reads, writes = roles["sole:query"], roles["sole:capture"]
        opened = client.post(URL, json={"lot": story.packing, "act": "open", "reason": "Vetro"}, headers=writes).json()
        said = client.get("/api/v1/recalls", params={"lot": story.packing}, headers=reads).json()
        assert (said["recalled"], said["subject"]) == (True, story.packing)
        assert (said["recalls"][0]["number"], said["recalls"][0]["reason"]) == (opened["number"], "Vetro")
        page = client.get("/api/v1/recalls", params={"limit": 1}, headers=reads).json()
        rest = client.get("/api/v1/recalls", params={"limit": 1, "after": page["next"]}, headers=reads).json()
        assert [item["on"] for item in (*page["recalls"], *rest["recalls"])] == [opened["lots"], opened["units"]]
        nobody = client.get("/api/v1/recalls", params={"lot": story.packing}, headers=roles["luna:all"])
        assert (nobody.status_code, nobody.json()["code"]) == (404, "lot-not-here")
        assert client.get("/api/v1/recalls", headers=roles["luna:all"]).json()["recalls"] == []
        closed = client.post(URL, json={"lot": story.packing, "act": "close"}, headers=writes)
        assert closed.status_code == 200
        assert client.get("/api/v1/recalls", headers=reads).json()["recalls"] == []


def test_a_notice_that_lacks_something_lists_it(consortium: Consortium, roles: Roles) -> None:
    consortium.node.capture(document(*Story().events()), member=consortium.sole)
    with running(consortium.node, Settings(), token=None) as client:
        asked = {"lot": Story().packing, "reason": "Vetro"}
        answer = client.get(f"{URL}/notice", params=asked, headers=roles["sole:query"])
        assert (answer.status_code, answer.json()["code"]) == (400, "export-missing")
        assert {item["who"] for item in answer.json()["missing"]} == {"master"}
