"""The buyer at her desk, in a real browser: ask, look, zoom, drill, take away; by keyboard, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.access import Access
from api.demo.play import alter
from api.settings import Settings
from api.verbs.trust import own_policy
from api.verbs.verifier import verifier
from api.verbs.verify import verify
from tests.browser.conftest import DESK, PHONE, press, reach, until, visiting
from tests.simulator.paperwork import LOT, paperwork
from tests.simulator.server import running

PASSWORD = "una frase lunga e mia"


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server is, the cookie of somebody who may record, and the folder of what was mailed to her."""

    origin: str
    cookie: dict[str, str]
    policy: bytes
    mailed: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("buyer")
    with paperwork(folder / "made") as season:
        policy = own_policy(season.node)
        (folder / "verify.html").write_bytes(verifier([policy])[0])
        accounts = Access(season.node, Settings()).accounts
        accounts.add_account("capo", PASSWORD, member=season.members[0], role="office")
        with running(season.node, Settings(), token=None) as client:
            origin = str(client.base_url).rstrip("/")
            secret = accounts.login("capo", PASSWORD, seconds=3600)
            yield Served(origin, {"name": Settings().cookie, "value": secret, "url": origin}, policy, folder)


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


WORDS = {
    "it": ("La storia di questo lotto si prova", "millisecondi", "Prova registrata", "NON VALIDO", "VALIDO: tutto"),
    "en": ("The history of this lot is proven", "milliseconds", "Drill recorded", "NOT VALID", "VALID: everything"),
}


@pytest.mark.long
@pytest.mark.parametrize("language", ["it", "en"])
def test_the_whole_way_of_a_buyer_by_keys_alone(
    browser: Browser, served: Served, tmp_path: Path, language: str
) -> None:
    proven, clock, drilled, wrong, valid = WORDS[language]
    locale = {"it": "it-IT", "en": "en-GB"}[language]
    with visiting(browser, served.origin, viewport=DESK, locale=locale) as context:
        context.add_cookies([served.cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{served.origin}/lotti")
        reach(page, "#lot")
        page.keyboard.type(LOT)
        page.keyboard.press("Enter")
        expect(page.locator("#verdict")).to_contain_text(proven)
        # She asks her own program, not the server's word.
        reach(page, "a[href*='format=bundle']")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        bundle = download.value.path().read_bytes()
        assert verify(bundle, known={}, policies=[served.policy]).exit_code == 0
        # Back along the chain and to this lot again.
        reach(page, "[data-zoom]")
        page.keyboard.press("+")
        page.keyboard.press("ArrowRight")
        until(page, "document.querySelector('[data-zoom]').scrollLeft > 0")
        press(page, "td a[href*='H-11']")
        expect(page.locator("h1")).to_contain_text("H-11")
        press(page, "td a[href*='T-196']")
        expect(page.locator("h1")).to_contain_text("T-196")
        press(page, "a[href*='/richiamo?']")
        expect(page.locator(".clock")).to_contain_text(clock)
        press(page, "form.noprint button")
        expect(page.get_by_role("status")).to_contain_text(drilled)
        page.goto(f"{served.origin}/dossier?lot={LOT}")
        reach(page, "button[value=dossier]")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        dossier = download.value.path().read_bytes()
        assert dossier.startswith(b"%PDF")
        assert verify(dossier, known={}, policies=[served.policy], require=["faithful"]).exit_code == 0
        altered = tmp_path / "altered.filiera.json"
        altered.write_bytes(alter(bundle))
        page.goto(f"{served.origin}/verifica")
        page.wait_for_selector("#trusted .fingerprint")
        page.set_input_files("#file", altered)
        expect(page.locator(".result.bad")).to_contain_text(wrong)
    (tmp_path / "lot.filiera.json").write_bytes(bundle)
    with visiting(browser, "file://", offline=True, locale=locale) as context:
        page = context.new_page()
        page.goto((served.mailed / "verify.html").as_uri())
        page.set_input_files("#file", altered)
        expect(page.locator(".result.bad")).to_contain_text(wrong)
        page.set_input_files("#file", tmp_path / "lot.filiera.json")
        expect(page.locator(".result.good")).to_contain_text(valid)
