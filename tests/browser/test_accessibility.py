"""Every page held against WCAG 2.1 AA by axe, light and dark, on a phone and at a desk.

axe comes from npm when it is asked for, is kept in a folder of the run, and is no part of the repository.
"""

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from api.access import Access
from api.settings import Settings
from api.verbs.events import find_events
from api.verbs.publish import publish
from api.verbs.recall import open_recall
from ledger.audience import full
from schemas.epcis.query import parse_query
from tests.browser.conftest import DESK, PHONE, visiting
from tests.official import not_run
from tests.simulator.paperwork import CASE, COOP, HARVESTED, LOT, paperwork
from tests.simulator.server import running
from tests.simulator.sheets import GTIN, HARVEST, PLACE, sheet

PASSWORD = "una frase lunga e mia"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
OPEN = (
    "/",
    f"/lotto/01/{CASE}/10/T-196",
    "/lotto",
    f"/codice/417/{COOP}",
    f"/codice/414/{COOP}",
    "/verifica",
    "/stampa",
    "/campo",
    "/campo/fiducia",
    "/entra",
    "/nowhere/at/all",
)
SIGNED_IN = (
    f"/lotti?lot={LOT}", "/lotti", "/lotti?lot=(01)1", f"/richiamo?lot={LOT}", f"/dossier?lot={LOT}",
    f"/dossier?lot={LOT}&format=eu-fish", "/ufficio", "/ufficio/persone", "/ufficio/accessi", "/ufficio/importa",
    "/ufficio/registrazioni", "/ufficio/registrazioni/{shipment}",
    "/ufficio/registrazioni/{shipment}/correggi?campo=packages", "/ufficio/registrazioni/{shipment}/ritira",
    "/ufficio/spedizioni", "/ufficio/spedizioni/{shipment}", "/ufficio/anagrafica",
    "/ufficio/anagrafica?cosa=https://id.gs1.org/417/9521001000017", "/ufficio/programmi",
    "/stagione?dal=2026-06-01&al=2026-09-30", "/stagione?dal=mai&al=2026-09-30", "/stagione/rilievi",
    "/stagione/eventi?cifra=made&dal=2026-06-01&al=2026-09-30",
    "/profilo", "/esci",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server is, the cookie of its owner, and the entry of a shipment."""

    origin: str
    cookie: Any
    shipment: int


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(anonymous="published")
    with paperwork(tmp_path_factory.mktemp("accessible")) as season:
        for lot in (LOT, *HARVESTED):
            publish(season.node, lot, member=season.members[0])
        open_recall(season.node, LOT, "Prova", audience=full(), member=season.members[0])
        accounts = Access(season.node, settings).accounts
        accounts.add_account("capo", PASSWORD, member=season.members[0], role="owner")
        with running(season.node, settings, token=None) as client:
            origin = str(client.base_url).rstrip("/")
            secret = accounts.login("capo", PASSWORD, seconds=3600)
            shipped = find_events(
                season.node, parse_query({"EQ_bizStep": ["shipping"]}), audience=full(), limit=1
            ).indexes[0]
            yield Served(origin, {"name": settings.cookie, "value": secret, "url": origin}, shipped)


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe."""
    folder, npm = tmp_path_factory.mktemp("axe"), shutil.which("npm")
    if npm is None:
        not_run("no npm, which brings axe")
        raise AssertionError
    done = subprocess.run(
        [npm, "pack", "--silent", "axe-core"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        not_run(f"no axe from npm: {done.stderr[-200:]}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        found = archive.extractfile("package/axe.min.js")
        assert found
        return found.read().decode()


def invited(page: Page, origin: str) -> None:
    """The page that an invitation opens, and on the way the one that shows its link."""
    page.goto(f"{origin}/ufficio/persone")
    page.locator("#name").fill("maria")
    page.locator("form.narrow button").click()
    page.goto(page.locator("#made").input_value())


def looked_at(page: Page, origin: str) -> None:
    """The preview of a sheet in which something is wrong."""
    rows = sheet(HARVEST, ["12/08", GTIN, "R-1", "1.250", PLACE, "Rossi"])
    page.goto(f"{origin}/ufficio/importa")
    page.set_input_files("#file", {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": rows})
    page.locator("main form button").click()
    page.wait_for_url("**/ufficio/importa/*")


def kept(page: Page, origin: str) -> None:
    """A form that is shown again after the session had ended."""
    page.goto(f"{origin}/ufficio/persone")
    page.locator("#name").fill("anna")
    page.context.clear_cookies()
    page.locator("form.narrow button").click()
    page.locator("#name").fill("capo")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_selector("[id^=kept-]")


def verified(page: Page, origin: str) -> None:
    """What a check says, of a lot."""
    page.goto(f"{origin}/verifica?lot={LOT}")
    page.wait_for_selector(".result")


ACTS = (verified, invited, looked_at, kept)


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anybody_out(browser: Browser, served: Served, axe: str, scheme: str) -> None:
    wrong: list[tuple[str, ...]] = []

    def judge(page: Page, name: str) -> None:
        page.evaluate(axe)
        found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        wrong.extend((name, scheme, each["id"], each["nodes"][0]["html"][:160]) for each in found["violations"])
        page.close()

    for viewport, language in ((PHONE, "it"), (DESK, "en")):
        locale = {"it": "it-IT", "en": "en-GB"}[language]
        with visiting(browser, served.origin, viewport=viewport, color_scheme=scheme, locale=locale) as context:
            for path in (*OPEN, *SIGNED_IN):
                if path in SIGNED_IN:
                    context.add_cookies([served.cookie])
                path = path.replace("{shipment}", str(served.shipment))
                page = context.new_page()
                page.goto(f"{served.origin}{path}", wait_until="networkidle")
                judge(page, path)
            for act in ACTS:
                context.add_cookies([served.cookie])
                page = context.new_page()
                act(page, served.origin)
                judge(page, act.__name__)
    assert not wrong, wrong
