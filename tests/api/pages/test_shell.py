"""The frame of the pages: languages, policy, files, words, and how it says no."""

import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.pages.shell.assets import assets
from api.settings import Settings
from tests.simulator.cooperatives import SOLE
from tests.simulator.phones import made
from tests.simulator.server import running

PAGES = Path(__file__).parents[3] / "api" / "pages"
WRITES_MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(")
HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("pages")
    with made(str(folder / "store"), folder, gln=SOLE) as node, running(node, Settings(), token=None) as client:
        yield client


def test_a_page_is_italian_unless_the_browser_or_the_address_says_otherwise(client: httpx.Client) -> None:
    def language(headers: dict[str, str], query: str = "") -> str:
        return re.search('<html lang="(..)"', client.get(f"/{query}", headers=HTML | headers).text)[1]  # type: ignore[index]

    assert language({}) == "it"
    assert language({"Accept-Language": "en-GB"}) == "en"
    assert language({"Accept-Language": "de"}) == "en"
    assert language({"Accept-Language": "it"}, "?lang=en") == "en"


def test_a_page_may_load_what_is_ours_and_nothing_else(client: httpx.Client) -> None:
    answer = client.get("/", headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    for address in re.findall('(?:src|href)="([^"]*)"', answer.text):
        assert address.startswith(("/", "#"))


@pytest.mark.parametrize(
    ("path", "linked"),
    [
        ("//evil.example/x", "/"), ("/%2Fevil.example", "/%2Fevil.example"), ("/%5Cevil.example", "/%5Cevil.example"),
        ("/nowhere/10/A%2FB%25", "/nowhere/10/A%2FB%25"),
    ],
)  # fmt: skip
def test_the_other_language_of_a_page_is_at_its_own_address(client: httpx.Client, path: str, linked: str) -> None:
    url = httpx.URL(scheme="http", host=client.base_url.host, port=client.base_url.port, raw_path=path.encode())
    page = client.get(url, headers=HTML)
    assert re.findall('<a href="([^"]*)" hreflang', page.text) == [f"{linked}?lang=en"]


def test_what_a_page_loads_is_kept_for_ever_and_what_an_old_page_loads_is_not(client: httpx.Client) -> None:
    now = client.get(assets().url("shell", "page.css"))
    old = client.get("/static/0000000000000000/shell/page.css")
    assert now.status_code == old.status_code == 200
    assert "immutable" in now.headers["cache-control"]
    assert old.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["shell/%2e%2e/view.py", "home/view.py", "home/words.toml", "shell/nothing.css", "nobody/page.css"]
)
def test_nothing_but_the_files_of_pages_is_served(client: httpx.Client, name: str) -> None:
    assert client.get(f"/static/{assets().edition}/{name}").status_code == 404


def test_a_person_reads_a_refusal_as_a_page_and_a_program_as_a_problem(client: httpx.Client) -> None:
    page = client.get("/nowhere", headers=HTML)
    problem = client.get("/nowhere")
    assert page.status_code == problem.status_code == 404
    assert "<h1>" in page.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert client.get("/api/v1/nowhere", headers=HTML).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("file", sorted(PAGES.glob("*/words.toml")), ids=lambda file: file.parent.name)
def test_a_room_says_the_same_in_both_languages(file: Path) -> None:
    said = tomllib.loads(file.read_text("utf-8"))

    def filled(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert set(said) == {"it", "en"}
    assert set(said["it"]) == set(said["en"])
    assert [key for key in said["it"] if filled(said["it"][key]) != filled(said["en"][key])] == []


# What a pack's page says to programs is data: no browser runs it, and its only content is JSON that cannot end it.
DATA_BLOCK = '<script type="application/ld+json">{{ described|tojson }}</script>'


def test_no_page_writes_markup_from_script_or_carries_script_and_style_of_its_own() -> None:
    for script in PAGES.rglob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", script.read_text("utf-8")
        )
    for template in PAGES.rglob("*.html"):
        text = template.read_text("utf-8").replace(DATA_BLOCK, "")
        assert not re.search(r"<style|style=|<script(?![^>]*\ssrc=)|\son\w+=", text), template
