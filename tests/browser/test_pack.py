"""Somebody holds a pack: reads its page on a phone, checks it there, finds a lot by its code; by keys, or no script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from api.settings import Settings
from api.verbs.publish import publish
from api.verbs.recall import close_recall, open_recall
from ledger.audience import full
from tests.browser.conftest import DESK, PHONE, press, reach, scanned, visiting
from tests.simulator.paperwork import CASE, HARVESTED, LOT, Season, paperwork
from tests.simulator.server import running

PACK = f"/01/{CASE}/10/T-196"
PAGE = f"/lotto{PACK}"


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    with paperwork(tmp_path_factory.mktemp("pack")) as season:
        for lot in (LOT, *HARVESTED):
            publish(season.node, lot, member=season.members[0])
        yield season


@pytest.fixture(scope="module")
def origin(season: Season) -> Iterator[str]:
    with running(season.node, Settings(anonymous="published"), token=None) as client:
        yield str(client.base_url).rstrip("/")


@pytest.mark.parametrize(("locale", "harvested"), [("it-IT", "Raccolto"), ("en-GB", "Harvested")])
def test_the_qr_opens_the_page_in_the_reader_s_language(
    browser: Browser, origin: str, locale: str, harvested: str
) -> None:
    with visiting(browser, origin, locale=locale) as context:
        page = context.new_page()
        page.goto(origin + PACK)
        assert page.get_by_role("heading", level=1).inner_text() == "Pomodori"
        assert page.get_by_text(harvested, exact=True).is_visible()
        assert page.get_by_text("T-196", exact=True).is_visible()
        assert context.cookies() == []


def test_everything_is_readable_without_script(browser: Browser, origin: str) -> None:
    with visiting(browser, origin, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(origin + PAGE)
        assert page.locator("ol.steps > li").count() >= 3
        assert page.locator("svg").is_visible()
        assert page.get_by_role("link", name="Scarica la prova").is_visible()
        assert page.get_by_role("button").count() == 0


def test_what_is_loaded_first_is_light_and_ours(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as context:
        page = context.new_page()
        sizes: list[int] = []
        page.on("response", lambda answer: sizes.append(len(answer.body()) if answer.ok else 0))
        page.goto(origin + PAGE)
        page.wait_for_load_state("networkidle")
        assert len(sizes) >= 4
        assert sum(sizes) <= 60_000


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_screen(browser: Browser, origin: str, viewport: dict[str, int]) -> None:
    with visiting(browser, origin, viewport=viewport) as context:
        page = context.new_page()
        for address in (PAGE, "/lotto", "/lotto?code=T-169"):
            page.goto(origin + address)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_check_runs_on_the_phone_and_never_says_more_than_it_knows(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as context:
        page = context.new_page()
        page.goto(origin + PAGE)
        page.get_by_role("button", name="Controlla qui, sul tuo dispositivo").click()
        expect(page.locator("[data-sentence].good")).to_contain_text("La prova regge")
        assert page.locator("[data-lines] li").count() == 6
        assert page.locator("[data-lines] li.no").count() == 0


def test_an_altered_proof_is_said_to_be_one(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as context:
        page = context.new_page()

        def altered(route: object) -> None:
            answer = route.fetch()  # type: ignore[attr-defined]
            body = answer.body().replace(b'"self":"', b'"self":"A', 1)
            route.fulfill(response=answer, body=body)  # type: ignore[attr-defined]

        page.route("**/lotto/prova/**", altered)
        page.goto(origin + PAGE)
        page.get_by_role("button", name="Controlla qui, sul tuo dispositivo").click()
        expect(page.locator("[data-sentence].bad")).to_contain_text("La prova non regge")


def test_a_recall_comes_before_everything(browser: Browser, origin: str, season: Season) -> None:
    open_recall(season.node, LOT, "Vetro", audience=full(), member=season.members[0])
    try:
        with visiting(browser, origin) as context:
            page = context.new_page()
            page.goto(origin + PAGE)
            banner = page.get_by_role("alert")
            assert "Questo lotto è richiamato" in banner.inner_text()
            assert _top(banner) < _top(page.get_by_role("heading", level=1))
    finally:
        close_recall(season.node, LOT, audience=full(), member=season.members[0])


@pytest.mark.parametrize(
    ("locale", "holds", "recalled"),
    [
        ("it-IT", "La prova regge", "Questo lotto è richiamato"),
        pytest.param("en-GB", "The proof holds", "This lot is recalled", marks=pytest.mark.long),
    ],
)
def test_from_a_printed_sheet_to_the_check_and_to_the_recall_by_keys_alone(
    browser: Browser, origin: str, season: Season, locale: str, holds: str, recalled: str
) -> None:
    with visiting(browser, origin, locale=locale) as context:
        page = context.new_page()
        page.goto(f"{origin}/stampa?lot={LOT}")
        link = scanned(page.locator(".sheet .qr"))
        assert link == origin + PACK
        page.goto(link)
        press(page, "[data-press] button")
        expect(page.locator("[data-sentence].good")).to_contain_text(holds)
        open_recall(season.node, LOT, "Vetro", audience=full(), member=season.members[0])
        try:
            page.reload()
            expect(page.get_by_role("alert")).to_contain_text(recalled)
            assert _top(page.get_by_role("alert")) < _top(page.get_by_role("heading", level=1))
        finally:
            close_recall(season.node, LOT, audience=full(), member=season.members[0])


@pytest.mark.long
def test_the_sheets_hold_a_code_each_and_fill_pages_of_a4(browser: Browser, origin: str) -> None:
    with visiting(browser, origin, viewport=DESK) as context:
        page = context.new_page()
        page.goto(origin + "/stampa")
        sheets = page.locator(".sheet")
        assert sheets.count() == 5
        assert scanned(sheets.nth(2)) == f"{origin}/campo"
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") == sheets.count()
        assert b"/MediaBox [0 0 594.95996 841.91998]" in printed


def test_a_lot_is_found_by_its_code_with_keys_alone(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as context:
        page = context.new_page()
        page.goto(origin + "/")
        page.get_by_role("link", name="Ho in mano una confezione").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/lotto")
        reach(page, "#code")
        page.keyboard.type("T-196")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{PAGE}")


def test_a_mistyped_code_is_explained_and_leads_on(browser: Browser, origin: str) -> None:
    with visiting(browser, origin, locale="en-GB") as context:
        page = context.new_page()
        page.goto(origin + "/lotto?code=T-169")
        assert page.get_by_text("It does not mean that the product is fake").is_visible()
        page.get_by_role("link", name="T-196").click()
        page.wait_for_url(f"**{PAGE}")


def _top(locator: object) -> float:
    box = locator.bounding_box()  # type: ignore[attr-defined]
    assert box is not None
    return float(box["y"])
