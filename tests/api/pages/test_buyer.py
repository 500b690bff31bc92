"""The buyer's pages over HTTP: what a lot's page says, its JSON and CSV, the recall with its drill, the papers."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.access import Access
from api.pages.buyer.tables import csv_answer
from api.settings import Settings
from tests.simulator.paperwork import LOT, Season, paperwork
from tests.simulator.server import running

PASSWORD = "una frase lunga e mia"
HTML = {"Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A server over a season, and credentials."""

    season: Season
    client: httpx.Client
    buyer: dict[str, str]
    owner: dict[str, str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with paperwork(tmp_path_factory.mktemp("desk")) as season:
        accounts = Access(season.node, Settings()).accounts

        def token(member: str | None, *scopes: str) -> dict[str, str]:
            text = accounts.add_token("t", member=member, scopes=scopes, days=1).text
            return {"Authorization": f"Bearer {text}"}

        with running(season.node, Settings(), token=None) as client:
            accounts.add_account("capo", PASSWORD, member=season.members[0], role="office")
            cookie = f"{Settings().cookie}={accounts.login('capo', PASSWORD, seconds=3600)}"
            owner = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
            yield Desk(season, client, token(None, "query", "export"), owner)


def test_a_lot_shows_its_verdict_its_ways_and_its_entries(desk: Desk) -> None:
    page = desk.client.get("/lotti", params={"lot": LOT}, headers=desk.buyer | HTML)
    assert page.status_code == 200
    assert "La storia di questo lotto si prova" in page.text
    assert page.text.count("<svg") == 1
    told = desk.client.get("/lotti.json", params={"lot": LOT}, headers=desk.buyer).json()
    for way in told["ways"]:
        assert way["source_code"] in page.text
        assert way["amount"] in page.text
    assert len(told["ways"]) > 3
    assert told["account"]["verdicts"]["complete"] == "yes"
    rows = list(csv.DictReader(io.StringIO(desk.client.get(
        "/lotti.csv", params={"lot": LOT}, headers=desk.buyer
    ).content.decode("utf-8-sig"))))  # fmt: skip
    assert [row["kilograms"] for row in rows] == [way["kilograms"] for way in told["ways"]]


def test_a_lots_address_is_its_digital_link(desk: Desk) -> None:
    path = LOT.removeprefix("https://id.gs1.org")
    assert desk.client.get(f"/lotti{path}", headers=desk.buyer | HTML).status_code == 200


@pytest.mark.parametrize("path", ["/lotti", "/richiamo", "/dossier"])
def test_a_lot_that_is_not_there_is_said_beside_the_field_with_what_was_typed(desk: Desk, path: str) -> None:
    wrong = '(01)09521001002018(10)X"><script>'
    page = desk.client.get(path, params={"lot": wrong}, headers=desk.buyer | HTML)
    assert page.status_code == 404 or path == "/dossier"
    assert 'aria-invalid="true"' in page.text
    assert "&lt;script&gt;" in page.text
    assert "<script>" not in page.text
    # Whoever came for a recall is asked there, and answered there.
    assert f'<form class="field" method="get" action="{path}"' in page.text
    assert f'action="{path}"' in desk.client.get(path, headers=desk.buyer | HTML).text


def test_who_has_no_credentials_is_sent_to_sign_in_and_back(desk: Desk) -> None:
    answer = desk.client.get("/lotti", params={"lot": "(01)1"}, headers=HTML)
    assert answer.status_code == 303
    there = urlsplit(answer.headers["location"])
    assert there.path == "/entra"
    assert parse_qs(urlsplit(parse_qs(there.query)["next"][0]).query) == {"lot": ["(01)1"]}


def test_a_recall_has_its_clock_and_a_buyer_cannot_record_the_drill(desk: Desk) -> None:
    page = desk.client.get("/richiamo", params={"lot": LOT}, headers=desk.buyer | HTML)
    assert page.status_code == 200
    assert "millisecondi" in page.text
    assert '<form method="post"' not in page.text
    assert desk.client.post("/richiamo", data={"lot": LOT}, headers=desk.buyer).status_code == 403
    rows = list(csv.DictReader(io.StringIO(desk.client.get(
        "/richiamo.csv", params={"lot": LOT}, headers=desk.buyer
    ).content.decode("utf-8-sig"))))  # fmt: skip
    assert rows
    assert all(row["shipped"] and row["contacts"] for row in rows)


def test_the_members_own_people_record_a_drill_from_the_page_and_no_other_site_can(desk: Desk) -> None:
    page = desk.client.get("/richiamo", params={"lot": LOT}, headers=desk.owner | HTML)
    assert 'method="post"' in page.text
    before = desk.season.node.checkpoint()
    foreign = desk.client.post("/richiamo", data={"lot": LOT}, headers=desk.owner | {"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert desk.season.node.checkpoint() == before
    drilled = desk.client.post("/richiamo", data={"lot": LOT}, headers=desk.owner | HTML)
    assert drilled.status_code == 200
    found = re.search(r"Prova registrata con il n\. (\d+)", drilled.text)
    assert found
    assert desk.season.node.entry(int(found[1])).claims.kind == "drill"


def test_a_paper_is_made_or_what_it_lacks_is_listed_and_no_file_comes(desk: Desk) -> None:
    listed = desk.client.get("/dossier", params={"lot": LOT}, headers=desk.buyer | HTML)
    assert 'value="fsma204"' in listed.text
    made = desk.client.get("/dossier", params={"lot": LOT, "format": "epcis-json"}, headers=desk.buyer | HTML)
    assert "attachment" in made.headers["content-disposition"]
    assert json.loads(made.content)["type"] == "EPCISDocument"
    filled = desk.client.get("/dossier", params={"lot": LOT, "format": "template"}, headers=desk.buyer | HTML)
    assert filled.headers["content-disposition"].endswith('.xlsx"')
    lacking = desk.client.get("/dossier", params={"lot": LOT, "format": "eu-fish"}, headers=desk.buyer | HTML)
    assert lacking.status_code == 422
    assert "content-disposition" not in lacking.headers
    assert 'role="alert"' in lacking.text


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    answer = csv_answer(("a", "b"), [["=1+1", "-12.5"], ["@x", "+39 06"]], "x.csv")
    assert bytes(answer.body).decode("utf-8-sig").splitlines() == ["a,b", "'=1+1,-12.5", "'@x,'+39 06"]
