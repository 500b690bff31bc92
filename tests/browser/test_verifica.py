"""`/verifica`: the browser checks, the server compares what a browser cannot, and the page says who did what."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.demo.play import alter
from api.settings import Settings
from api.verbs.export import export
from api.verbs.publish import publish
from exporters.labels.pictures import png
from exporters.labels.sizes import Grid
from exporters.labels.symbols import qr
from exporters.verify_file import bundles_of
from ledger.audience import full
from tests.browser.conftest import DESK, PHONE, visiting
from tests.simulator.paperwork import LOT, paperwork
from tests.simulator.server import running

SHORT = LOT.removeprefix("https://id.gs1.org/01/").split("/10/")


@dataclass(frozen=True, slots=True)
class Served:
    """A server, and files that came from it."""

    origin: str
    folder: Path

    @property
    def page(self) -> str:
        return f"{self.origin}/verifica"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("verifica")
    with (
        paperwork(folder / "made") as season,
        running(season.node, Settings(anonymous="published"), token=None) as client,
    ):
        publish(season.node, LOT, member=season.members[0])
        paper = export(season.node, "epcis-json", [LOT], audience=full(), to=full(), language="it").data
        (bundle,) = bundles_of(paper)
        (folder / "paper.jsonld").write_bytes(paper)
        (folder / "false.jsonld").write_bytes(paper.replace(b'"uom":"KGM"', b'"uom":"GRM"', 1))
        (folder / "altered.filiera.json").write_bytes(alter(bundle))
        origin = str(client.base_url).rstrip("/")
        code = Image.open(io.BytesIO(png(qr(f"{origin}/01/{SHORT[0]}/10/{SHORT[1]}"), Grid(300), dots=6)))
        code.convert("RGB").save(folder / "code.jpg", "JPEG")
        Image.new("RGB", (400, 300), (180, 170, 160)).save(folder / "table.jpg", "JPEG")
        yield Served(origin, folder)


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    with visiting(browser, served.origin) as context:
        yield context


@pytest.fixture
def opened(context: BrowserContext, served: Served) -> Page:
    page = context.new_page()
    page.goto(served.page)
    page.wait_for_selector("#trusted .fingerprint")
    return page


def answer(page: Page, verdict: str) -> str:
    return str(page.locator(f"[data-verdict={verdict}]").get_attribute("data-answer"))


def test_a_lot_is_verified_in_one_action(opened: Page) -> None:
    opened.fill("#code", f"(01){SHORT[0]}(10){SHORT[1]}")
    opened.keyboard.press("Enter")
    expect(opened.locator(".result.good")).to_contain_text("VALIDO")
    assert answer(opened, "included") == "yes"
    expect(opened.locator("#result .card.good")).to_contain_text("quella che ha dato questo server")


@pytest.mark.long
def test_a_scanned_address_of_this_server_leads_to_the_lot_at_once(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.page}?lang=en&lot={served.origin}/01/{SHORT[0]}/10/{SHORT[1]}")
    expect(page.locator(".result.good")).to_contain_text("VALID")


@pytest.mark.long
def test_an_unknown_lot_is_explained_and_not_accused(opened: Page) -> None:
    opened.fill("#code", f"(01){SHORT[0]}(10)NESSUNO")
    opened.keyboard.press("Enter")
    expect(opened.locator("#result .strip.unsure")).to_contain_text("non è arrivato nessun fascicolo")


def test_a_photo_of_the_code_leads_to_the_check_of_its_lot(opened: Page, served: Served) -> None:
    opened.set_input_files("#shot", str(served.folder / "table.jpg"))
    expect(opened.locator("#shot-wrong")).to_contain_text("non si legge alcun codice")
    opened.wait_for_selector("#trusted .fingerprint")
    opened.set_input_files("#shot", str(served.folder / "code.jpg"))
    expect(opened.locator(".result.good")).to_contain_text("VALIDO")


@pytest.mark.long
def test_without_script_the_photo_leads_to_the_page_of_the_lot(browser: Browser, served: Served) -> None:
    with visiting(browser, served.origin, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(served.page)
        page.set_input_files("#shot", str(served.folder / "code.jpg"))
        page.click("#photo button")
        page.click("noscript a")
        expect(page.locator("h1")).to_contain_text("Pomodori")


def test_an_altered_copy_is_found_by_the_browser_alone(opened: Page, served: Served) -> None:
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.set_input_files("#file", str(served.folder / "altered.filiera.json"))
    expect(opened.locator(".result.bad")).to_contain_text("NON VALIDO")
    assert asked == []


@pytest.mark.parametrize(
    ("name", "faithful"), [pytest.param("paper.jsonld", "yes", marks=pytest.mark.long), ("false.jsonld", "no")]
)
def test_the_server_compares_the_figures_when_it_is_asked_to(
    opened: Page, served: Served, name: str, faithful: str
) -> None:
    opened.set_input_files("#file", str(served.folder / name))
    expect(opened.locator(".result.unsure")).to_contain_text("non sono state confrontate")
    opened.locator("#compare").press("Enter")
    said = opened.locator("#server .strip")
    expect(said).to_have_attribute("data-faithful", faithful)
    expect(said).to_contain_text(f"Il server {served.origin.partition('//')[2]}")
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.long
def test_of_a_file_of_another_kind_no_proof_is_said_to_have_been_found(opened: Page, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Data", "Lotto"])  # type: ignore[union-attr]
    book.save(tmp_path / "office.xlsx")
    opened.set_input_files("#file", str(tmp_path / "office.xlsx"))
    expect(opened.locator(".result")).to_contain_text("NON SI PUÒ DIRE")
    expect(opened.locator("main")).not_to_contain_text("porta con sé la sua prova")


def test_the_page_that_needs_no_server_can_be_taken_along(opened: Page, served: Served) -> None:
    with opened.expect_download() as download:
        opened.get_by_role("link", name="Scarica la pagina").click()
    assert download.value.suggested_filename == "verify.html"
    assert Path(download.value.path()).read_bytes().startswith(b"<!doctype html>")


@pytest.mark.long
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_cut_off(browser: Browser, served: Served, size: dict[str, int]) -> None:
    with visiting(browser, served.origin, viewport=size) as context:
        page = context.new_page()
        page.goto(f"{served.page}?lot=(01){SHORT[0]}(10){SHORT[1]}")
        page.wait_for_selector(".result.good")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
