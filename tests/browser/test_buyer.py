"""The buyer at her desk, in a real browser: ask, look, zoom, drill, take away; by keyboard, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.access import Access
from api.settings import Settings
from tests.browser.conftest import DESK, PHONE, visiting
from tests.simulator.paperwork import LOT, paperwork
from tests.simulator.server import running

PASSWORD = "una frase lunga e mia"


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server is, and the cookie of somebody who may record."""

    origin: str
    cookie: dict[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with paperwork(tmp_path_factory.mktemp("buyer")) as season:
        accounts = Access(season.node, Settings()).accounts
        accounts.add_account("capo", PASSWORD, member=season.members[0], role="office")
        with running(season.node, Settings(), token=None) as client:
            origin = str(client.base_url).rstrip("/")
            secret = accounts.login("capo", PASSWORD, seconds=3600)
            yield Served(origin, {"name": Settings().cookie, "value": secret, "url": origin})


def test_from_the_lot_on_the_pack_to_the_drill(browser: Browser, served: Served, tmp_path: Path) -> None:
    with visiting(browser, served.origin, viewport=DESK) as context:
        context.add_cookies([served.cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{served.origin}/lotti")
        page.get_by_label("Quale lotto?").fill(LOT)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="La storia di questo lotto si prova")).to_be_visible()
        drawing = page.locator("[data-zoom] svg")
        before = drawing.bounding_box()
        page.locator("[data-zoom]").focus()
        page.keyboard.press("+")
        after = drawing.bounding_box()
        assert before
        assert after
        assert after["width"] > before["width"] * 1.2
        page.screenshot(path=str(tmp_path / "lot.png"), full_page=True)
        page.get_by_role("link", name="Prova di richiamo").click()
        page.get_by_role("button", name="Registra questa prova").click()
        expect(page.get_by_role("status")).to_contain_text("Prova registrata con il n.")
        page.screenshot(path=str(tmp_path / "recall.png"), full_page=True)


def test_on_a_phone_in_english_nothing_is_wider_than_the_screen(browser: Browser, served: Served) -> None:
    with visiting(browser, served.origin, viewport=PHONE, locale="en-GB") as context:
        context.add_cookies([served.cookie])  # type: ignore[list-item]
        page = context.new_page()
        for path in ("lotti", "richiamo", "dossier"):
            page.goto(f"{served.origin}/{path}?lot={LOT}")
            assert page.locator("html").get_attribute("lang") == "en"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
