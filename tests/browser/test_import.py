"""Handing in a sheet, as the office does it: a preview that says what is wrong, and all of it recorded at the end."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts import Accounts
from api.settings import Settings
from schemas.syntax.workbook import read_table
from tests.browser.conftest import DESK, press, reach, visiting
from tests.simulator.cooperatives import SOLE
from tests.simulator.phones import made
from tests.simulator.server import running
from tests.simulator.sheets import GTIN, HARVEST, PLACE, sheet

WORDS = "una frase lunga e mia"
DAY = date(2026, 8, 3)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("importa")
    with made(str(folder / "store"), folder, gln=SOLE) as node, running(node, Settings(), token=None) as client:
        Accounts(node).add_account("carla", WORDS, member=node.own_member(), role="office")
        yield str(client.base_url).rstrip("/")


def handed_in(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="Guarda l'anteprima").click()


def test_a_sheet_is_mended_and_recorded_and_the_same_one_adds_nothing(
    browser: Browser, origin: str, tmp_path: Path
) -> None:
    bad = sheet(HARVEST, [DAY, GTIN, "R-1", "1.250", PLACE, "Rossi"], ["12/08", GTIN, "R-2", 3, PLACE, "Verdi"])
    good = sheet(HARVEST, [DAY, GTIN, "R-1", "1.250", PLACE, "Rossi"], [DAY, GTIN, "R-2", 3, PLACE, "Verdi"])
    with visiting(browser, origin, viewport=DESK) as context:
        page = context.new_page()
        page.goto(origin + "/ufficio/importa")
        page.get_by_label("Nome").fill("carla")
        page.get_by_label("Password").fill(WORDS)
        page.keyboard.press("Enter")
        page.wait_for_url("**/ufficio/importa")
        handed_in(page, "rotto.xlsx", b"PK\x03\x04 rotto")
        expect(page.get_by_role("alert")).to_contain_text("non si può leggere")
        handed_in(page, "raccolte.xlsx", bad)
        expect(page.get_by_role("alert")).to_contain_text("Ci sono 2 cose da correggere")
        expect(page.get_by_text("A3", exact=True)).to_be_visible()
        page.get_by_label("Numeri scritti come testo").select_option("1.250,5 (virgola)")
        page.get_by_label("Uguale per tutte: Varietà").fill("Golden")
        page.get_by_role("button", name="Aggiorna l'anteprima").click()
        expect(page.get_by_role("alert")).to_contain_text("C'è una cosa da correggere")
        expect(page.get_by_label("Uguale per tutte: Varietà")).to_have_value("Golden")
        with page.expect_download() as download:
            page.get_by_role("button", name="Scarica il foglio").click()
        red = read_table(download.value.path().read_bytes())
        assert "non ha l'anno" in str(red.rows[2][6].value)
        page.get_by_role("link", name="Un altro file").click()
        handed_in(page, "raccolte.xlsx", good)
        page.get_by_label("Numeri scritti come testo").select_option("1.250,5 (virgola)")
        page.get_by_role("button", name="Aggiorna l'anteprima").click()
        page.get_by_role("button", name="Registra 2 eventi").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Registrati 2 eventi.")).to_be_visible()
        page.get_by_role("link", name="Un altro file").click()
        handed_in(page, "copia.xlsx", good)
        expect(page.get_by_text("(come l'ultima volta)")).to_be_visible()
        page.get_by_role("button", name="Registra 2 eventi").click()
        expect(page.get_by_text("2 erano già registrati")).to_be_visible()
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.long
def test_a_sheet_is_handed_in_by_keys_alone(browser: Browser, origin: str) -> None:
    rows = sheet(HARVEST, [DAY, GTIN, "K-1", "1.250", PLACE, "Rossi"])
    with visiting(browser, origin, viewport=DESK, locale="en-GB") as context:
        page = context.new_page()
        page.goto(origin + "/ufficio/importa")
        reach(page, "#name")
        page.keyboard.type("carla")
        page.keyboard.press("Tab")
        page.keyboard.type(WORDS)
        page.keyboard.press("Enter")
        expect(page.locator("#file")).to_be_visible()
        page.wait_for_load_state("networkidle")
        reach(page, "#file")
        expect(page.locator("#file")).to_be_focused()
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files({"name": "tasti.xlsx", "mimeType": "application/octet-stream", "buffer": rows})
        press(page, "main form button")
        expect(page.locator("h1")).to_have_text("tasti.xlsx")
        if not page.locator("details").evaluate("each => each.open"):
            press(page, "summary")
        reach(page, "#decimal")
        page.keyboard.type("1.250,5")
        press(page, "button[value=look]")
        expect(page.get_by_role("status")).to_be_visible()
        press(page, "button[value=record]")
        expect(page.get_by_role("status")).to_contain_text("One event recorded")
