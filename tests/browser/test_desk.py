"""The office's desk, without any script: a record corrected, a delivery note numbered and printed, a token made."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts import Accounts
from api.settings import Settings
from tests.browser.conftest import PHONE, visiting
from tests.simulator.paperwork import BUYER, CARRIER, COOP, PACKHOUSE, cases, event, paperwork, party, place
from tests.simulator.server import running

WORDS = "una frase lunga e mia"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    gone = event(
        19, 9, action="OBSERVE", bizStep="shipping", disposition="in_transit", quantityList=[cases(40)],
        readPoint={"id": PACKHOUSE}, sourceList=[{"type": "owning_party", "source": party(COOP)}],
        destinationList=[
            {"type": "owning_party", "destination": party(BUYER)}, {"type": "location", "destination": place(BUYER)}
        ],
    )  # fmt: skip
    with paperwork(tmp_path_factory.mktemp("scrivania"), more=[gone]) as season:
        Accounts(season.node).add_account("carla", WORDS, member=season.members[0], role="owner")
        with running(season.node, Settings(), token=None) as client:
            yield str(client.base_url).rstrip("/")


def signed_in(page: Page, origin: str, path: str) -> None:
    page.goto(origin + path)
    page.get_by_label("Nome").fill("carla")
    page.get_by_label("Password").fill(WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}*")


@pytest.mark.long
def test_a_shipment_is_corrected_numbered_filled_and_printed_by_keyboard_without_script(
    browser: Browser, origin: str
) -> None:
    with visiting(browser, origin, viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        signed_in(page, origin, "/ufficio/spedizioni")
        page.get_by_role("link", name="19/07/2026 09:00").press("Enter")
        page.get_by_role("button", name="Assegna il numero del DDT").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("2026-1")
        expect(page.get_by_role("button", name="Scarica il DDT")).to_have_count(0)
        page.get_by_role("listitem").filter(has_text="numero dei colli").get_by_role("link").first.press("Enter")
        page.get_by_label("Numero dei colli").fill("tanti")
        page.get_by_label("Vettore (GLN)").fill(CARRIER)
        page.get_by_label("Causale del trasporto").fill("vendita")
        page.get_by_label("Peso lordo (kg)").fill("1.217,5")
        page.get_by_label("Perché si corregge").fill("mancavano i dati del trasporto")
        page.get_by_role("button", name="Registra la correzione").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("C'è una cosa da correggere")
        expect(page.get_by_label("Vettore (GLN)")).to_have_value(CARRIER)
        page.get_by_label("Numero dei colli").fill("40")
        page.get_by_role("button", name="Registra la correzione").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("La correzione è nel registro")
        expect(page.get_by_text("«mancavano i dati del trasporto»")).to_be_visible()
        expect(page.get_by_text("1217,5", exact=True)).to_be_visible()
        page.get_by_role("link", name="DDT ed etichette di questa spedizione").press("Enter")
        with page.expect_download() as paper:
            page.get_by_role("button", name="Scarica il DDT").press("Enter")
        assert paper.value.suggested_filename == "ddt-2026-1.pdf"
        with page.expect_download() as label:
            page.get_by_role("button", name="Etichetta della cassa T-196: ZPL").press("Enter")
        assert label.value.suggested_filename == "case-T-196.zpl"


@pytest.mark.long
def test_a_token_is_shown_once_and_ended_in_two_steps(browser: Browser, origin: str) -> None:
    with visiting(browser, origin, viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        signed_in(page, origin, "/ufficio/programmi")
        page.get_by_label("Per quale programma").fill("gestionale")
        page.get_by_label("Per quanti giorni").press("Enter")
        assert page.get_by_label("Si vede solo questa volta").input_value().startswith("fil_")
        page.goto(origin + "/ufficio/programmi")
        expect(page.get_by_label("Si vede solo questa volta")).to_have_count(0)
        page.get_by_role("button", name="Revoca gestionale").press("Enter")
        page.get_by_role("button", name="Revoca", exact=True).press("Enter")
        expect(page.get_by_role("status")).to_contain_text("revocato")
