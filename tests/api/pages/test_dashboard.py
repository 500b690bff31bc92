"""The season over HTTP: each figure is the sum of what its link lists; periods, filters, roles, what is wrong."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from unittest.mock import patch

import httpx
import pytest

from api import passwords
from api.access import Access
from api.pages.shell.words import table
from api.settings import Settings
from ledger.lots.findings.rules import RULES
from tests.simulator.cooperatives import LUNA, party, shipped
from tests.simulator.paperwork import Season, paperwork
from tests.simulator.server import running

PASSWORD = "una frase lunga e mia"
SEASON = {"dal": "2026-06-01", "al": "2026-09-30"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A server over a season, and the cookies of people in their roles."""

    season: Season
    client: httpx.Client
    cookies: dict[str, str]

    def get(self, path: str, role: str = "office", *, language: str = "it", **query: str) -> httpx.Response:
        headers = {"Cookie": self.cookies[role], "Accept": "text/html", "Accept-Language": language}
        return self.client.get(path, params=query or None, headers=headers)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    # Of this lot nobody recorded where it began: a finding.
    lost = shipped("X-1", to=party(LUNA))
    with paperwork(tmp_path_factory.mktemp("season"), more=[lost]) as season:
        accounts = Access(season.node, Settings()).accounts
        cookies = {}
        with patch.object(passwords, "_LN", 4):
            for role in ("owner", "office", "auditor", "field", "buyer"):
                host = season.members[0]
                accounts.add_account(role, PASSWORD, member=host, role=role)
                cookies[role] = f"{Settings().cookie}={accounts.login(role, PASSWORD, seconds=3600)}"
        with running(season.node, Settings(), token=None) as client:
            yield Desk(season, client, cookies)


class Links(HTMLParser):
    """Every link of a page with what is written in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._at: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._at = dict(attrs).get("href")
            self.found.append((self._at or "", ""))

    def handle_data(self, data: str) -> None:
        if self._at is not None:
            self.found[-1] = (self.found[-1][0], self.found[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        self._at = None if tag == "a" else self._at


def kilograms(said: str) -> Decimal | None:
    """A figure of an English page."""
    found = re.fullmatch(r"([\d,.]+) kg", said.strip())
    return Decimal(found[1].replace(",", "")) if found else None


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_every_figure_opens_what_adds_up_to_it(desk: Desk) -> None:
    page = desk.get("/stagione", language="en", **SEASON)
    assert page.status_code == 200
    opened = [(href, said) for href, said in Links(page.text).found if href.startswith("/stagione/eventi?")]
    assert len(opened) > 12
    for href, said in opened:
        listed = rows(desk.get(href.replace("/eventi?", "/eventi.csv?")))
        weights = [Decimal(row["kilograms"]) for row in listed if row["kilograms"]]
        if len(weights) == len(listed):
            assert kilograms(said) == sum(weights), href
        else:
            assert said.startswith("not shown"), href
    assert sum(kilograms(said) is not None for _, said in opened) > 6


def test_the_list_says_entries_times_and_kilograms_and_what_they_come_to(desk: Desk) -> None:
    query = {**SEASON, "cifra": "made"}
    page, told = desk.get("/stagione/eventi", **query), desk.get("/stagione/eventi.json", **query).json()
    assert page.status_code == 200
    assert "Gli eventi: Fatto" in page.text
    for row in told["rows"]:
        assert f'<td class="number">{row["index"]}</td>' in page.text
        assert row["lot"].rpartition("/")[2] in page.text
    assert int(told["total"]["lines"]) == len(told["rows"]) > 1
    assert re.search(rf"{len(told['rows'])} righe, in tutto: [\d.,]+ kg", page.text)


def test_drawings_are_pictures_with_a_name_and_styled_by_no_attribute(desk: Desk) -> None:
    text = desk.get("/stagione", **SEASON).text
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        assert 'role="img"' in drawing
        assert re.search(r"<title>Fatto: Per \w+</title><desc>.+ La tabella qui sotto", unescape(drawing))
        assert "<a" not in drawing
    assert "style=" not in text
    assert "<script" not in text


def test_it_speaks_both_languages(desk: Desk) -> None:
    italian, english = (desk.get("/stagione", language=language, **SEASON).text for language in ("it", "en"))
    assert "Dal 1 giugno 2026 al 30 settembre 2026" in italian
    assert "From 1 June 2026 to 30 September 2026" in english
    assert re.search(r"\d\.\d{3}(,\d+)? kg", italian)
    assert re.search(r"\d,\d{3}(\.\d+)? kg", english)


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ({"dal": "mai"}, "dal", "non è un giorno"), ({"dal": "2026-01-01", "al": "31/1/2026"}, "al", "non è un giorno"),
        ({"dal": "2026-02-01", "al": "2026-01-01"}, "al", "prima di cominciare"),
        ({"dal": "2020-01-01", "al": "2026-01-01"}, "dal", "più lungo"),
        ({"prodotto": "124"}, "prodotto", "cifra di controllo"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    desk: Desk, query: dict[str, str], field: str, said: str
) -> None:
    page = desk.get("/stagione", **query)
    assert page.status_code == 400
    wrong = re.search(rf'<span class="wrong" id="{field}-wrong">(.*?)</span>', page.text, re.DOTALL)
    assert wrong
    assert said in unescape(wrong[1])
    assert f'aria-describedby="{field}-wrong"' in page.text
    assert f'value="{query[field]}"' in page.text
    # Nothing was asked that could be answered: a program is told the same.
    told = desk.client.get("/stagione.json", params=query, headers={"Cookie": desk.cookies["office"]})
    assert told.status_code == 400


def test_an_empty_period_says_so_and_leads_to_the_last_movement(desk: Desk) -> None:
    page = desk.get("/stagione", dal="2019-01-01", al="2019-12-31")
    assert page.status_code == 200
    assert "non si è mosso nulla" in page.text
    (again,) = [href for href, said in Links(page.text).found if "ultimo movimento" in said]
    assert "In tutto" in desk.get(again).text


def test_periods_are_the_season_four_weeks_or_days(desk: Desk) -> None:
    told = {
        choice: desk.get("/stagione.json", periodo=choice, **SEASON).json()
        for choice in ("stagione", "settimane", "date")
    }
    assert (told["date"]["from"], told["date"]["to"]) == ("2026-06-01", "2026-09-30")
    assert len(told["stagione"]["weeks"]) in (52, 53)
    assert len(told["settimane"]["weeks"]) in (4, 5)


def test_one_product_at_one_site_is_asked_for_by_the_address(desk: Desk) -> None:
    whole = desk.get("/stagione.json", **SEASON).json()
    product = next(each for each in whole["products"] if each["made"]["lines"])
    one = desk.get("/stagione.json", prodotto=product["product"], **SEASON).json()
    assert [each["product"] for each in one["products"]] == [product["product"]]
    assert one["total"]["made"] == product["made"]
    line = next(row for row in rows(desk.get("/stagione.csv", **SEASON)) if row["key"] == product["product"])
    assert line["name"] == product["name"]
    assert line["kilograms"] == (product["made"]["kilograms"] or "")


def test_yields_times_and_findings_have_their_lists(desk: Desk) -> None:
    page = desk.get("/stagione", **SEASON)
    for path, columns in (
        ("lavorazioni", {"entries", "used", "made", "lost", "verdict"}),
        ("tempi", {"lot", "harvestIndex", "shippingIndex", "hours"}), ("rilievi", {"index", "code", "text"}),
    ):  # fmt: skip
        links = [href for href, _ in Links(page.text).found if href.startswith(f"/stagione/{path}")]
        assert links, path
        assert desk.get(links[0]).status_code == 200
        listed = rows(desk.get(links[0].replace(path, f"{path}.csv", 1)))
        assert columns <= set(listed[0]), path
        assert len(listed) == len(desk.get(links[0].replace(path, f"{path}.json", 1)).json()["rows"])


def test_a_long_list_has_pages(desk: Desk) -> None:
    with patch("api.pages.dashboard.lists.A_PAGE", 2):
        first = desk.get("/stagione/eventi", **SEASON)
        (onward,) = [href for href, said in Links(first.text).found if said == "Dopo"]
        assert "righe da 1 a 2 di" in first.text
        assert "righe da 3 a 4 di" in desk.get(onward).text
        assert "righe da 1 a 2 di" in desk.get("/stagione/eventi", pagina="x", **SEASON).text
        assert "Prima" in desk.get("/stagione/eventi", pagina="9999", **SEASON).text


def test_a_figure_or_week_that_is_none_is_explained(desk: Desk) -> None:
    for query, said in (({"cifra": "mangiato"}, "non esiste"), ({"settimana": "2020-W01"}, "non è una settimana")):
        page = desk.get("/stagione/eventi", **SEASON, **query)
        assert page.status_code == 400
        assert said in page.text


def test_the_auditor_reads_it_and_who_only_records_or_buys_does_not(desk: Desk) -> None:
    answers = {role: desk.get("/stagione", role, **SEASON).status_code for role in desk.cookies}
    assert answers == {"owner": 200, "office": 200, "auditor": 200, "field": 403, "buyer": 403}
    assert 'href="/stagione"' in desk.get("/ufficio").text


def test_every_kind_of_finding_about_lots_has_its_words() -> None:
    for language, words in table("dashboard").items():
        assert [code for code in RULES if f"finding-{code}" not in words] == [], language
