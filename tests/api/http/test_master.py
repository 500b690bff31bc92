"""Master data and what can be erased, over HTTP: each caller its own."""

import json

import httpx
import pytest

from api.settings import Settings
from ledger.custody.erase import choose
from schemas.syntax import base64url
from tests.api.conftest import Consortium
from tests.api.http.roles import Roles
from tests.simulator.master import PRODUCT, SITE, party, product, site, written
from tests.simulator.server import running

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def roles(consortium: Consortium) -> Roles:
    return Roles.made(consortium, Settings())


def test_versions_are_added_and_asked_for_as_of_a_day(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        writes, reads = roles["sole:capture"], roles["sole:query"]
        later = site(validFrom="2026-06-01", name="Magazzino nuovo")
        answer = client.post("/api/v1/master", content=written(site(), later, product()), headers={**writes, **JSON})
        assert answer.status_code == 200, answer.text
        assert [item["id"] for item in answer.json()["added"]] == [SITE, SITE, PRODUCT]
        page = client.get("/api/v1/master", params={"as_of": "2026-01-01", "limit": 1}, headers=reads).json()
        assert [item["content"]["id"] for item in page["things"]] == [PRODUCT]
        page = client.get("/api/v1/master", params={"as_of": "2026-01-01", "after": page["next"]}, headers=reads)
        assert [item["content"]["name"] for item in page.json()["things"]] == ["Magazzino di Termeno"]
        assert '"latitude":46.341200' in page.text
        asked = {"id": "(414)9521001000017", "as_of": "2026-07-01"}
        shown = client.get("/api/v1/master/versions", params=asked, headers=reads).json()
        assert [item["content"]["name"] for item in shown["versions"]] == ["Magazzino nuovo"]
        every = client.get("/api/v1/master/versions", params={"id": SITE, "history": "true"}, headers=reads).json()
        assert [item["content"]["validFrom"] for item in every["versions"]] == ["2025-01-01", "2026-06-01"]


def test_another_members_is_answered_like_what_is_not_there(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        client.post("/api/v1/master", content=written(site()), headers={**roles["sole:capture"], **JSON})
        luna = client.get("/api/v1/master/versions", params={"id": SITE}, headers=roles["luna:all"])
        assert (luna.status_code, luna.json()["code"]) == (404, "master-unknown")
        assert client.get("/api/v1/master", headers=roles["luna:all"]).json()["things"] == []


def test_a_bad_version_is_a_problem_with_its_place(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        body = written(site(), party(gln="9521001000018", name=None))
        answer = client.post("/api/v1/master", content=body, headers={**roles["sole:capture"], **JSON})
        said = answer.json()
        assert (answer.status_code, said["code"], said["event"], said["member"]) == (
            400,
            "wrong-check-digit",
            1,
            "/gln",
        )
        assert [other["member"] for other in said["others"]] == ["/name"]
        part = client.post(
            "/api/v1/master", params={"proceed": "true"}, content=body, headers={**roles["sole:capture"], **JSON}
        ).json()
        assert ([item["version"] for item in part["added"]], len(part["refused"])) == ([0], 2)


def test_what_a_buyer_asks_for_is_answered_beside(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        writes = {**roles["sole:capture"], **JSON}
        answer = client.post("/api/v1/master?scheme=fsma204", content=written(site()), headers=writes).json()
        assert [(item["code"], item["event"]) for item in answer["asked"]] == [("scheme-asks", 0)] * 3
        refused = client.post("/api/v1/master?scheme=nobody", content=written(site()), headers=writes)
        assert (refused.status_code, refused.json()["code"]) == (400, "scheme-unknown")


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("/api/v1/master", {"type": "person"}, "master-kind"),
        ("/api/v1/master", {"as_of": "ieri"}, "moment-form"),
        ("/api/v1/master", {"after": "x"}, "parameter-value"),
        ("/api/v1/master/versions", {"id": SITE, "history": "true", "as_of": "2026-01-01"}, "master-history"),
        ("/api/v1/master/versions", {}, "parameter-missing"),
    ],
)
def test_what_is_asked_wrongly_is_a_problem(
    consortium: Consortium, roles: Roles, path: str, params: dict[str, str], code: str
) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        answer = client.get(path, params=params, headers=roles["sole:query"])
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_what_is_held_of_an_entry_is_listed_to_its_member(consortium: Consortium, roles: Roles) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        added = client.post("/api/v1/master", content=written(site()), headers={**roles["sole:capture"], **JSON}).json()
        index = added["added"][0]["index"]
        path = f"/api/v1/entries/{index}/disclosures"

        def asked(role: str) -> httpx.Response:
            return client.get(path, headers=roles[role])

        said = asked("sole:admin").json()
        whole = choose(index, consortium.node.entry(index))
        assert said["entry"] == base64url.encode(whole.leaf)
        roots = [item["digest"] for item in said["held"] if item["part"] in ("/content", "/record")]
        assert sorted(roots) == sorted(base64url.encode(digest) for digest in whole.digests)
        assert "/content/coordinates/latitude" in {item["part"] for item in said["held"]}
        assert (asked("luna:all").status_code, asked("luna:all").json()["code"]) == (404, "entry-missing")
        assert asked("operator:admin").status_code == 200


def test_the_schema_is_everybodys(consortium: Consortium) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        answer = client.get("/api/v1/master/schema")
        assert answer.headers["content-type"].startswith("application/schema+json")
        assert json.loads(answer.text)["$id"] == "urn:filiera:schema:master:1"
