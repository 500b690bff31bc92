"""Signing in and inviting, as people do it: by keyboard, on a phone and at a desk, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts import Accounts
from api.settings import Settings
from api.verbs.account import first_owner
from ledger.node import Node
from tests.browser.conftest import DESK, visiting
from tests.simulator.cooperatives import SOLE
from tests.simulator.phones import made
from tests.simulator.server import running

WORDS = "una frase lunga e mia"


@dataclass(frozen=True, slots=True)
class Place:
    node: Node
    origin: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("entra")
    with made(str(folder / "store"), folder, gln=SOLE) as node, running(node, Settings(), token=None) as client:
        yield Place(node, str(client.base_url).rstrip("/"))


def typed(page: Page, *keys: str) -> None:
    """Keys, one after the other: what is longer than one letter and no key's name is typed."""
    for key in keys:
        if key in ("Tab", "Enter", "Space", "ArrowDown", "Shift+Tab"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def test_the_first_owner_invites_somebody_who_comes_in_by_keyboard_alone(browser: Browser, place: Place) -> None:
    first = first_owner(place.node)
    assert first is not None
    with visiting(browser, place.origin, viewport=DESK) as context:
        page = context.new_page()
        page.goto(place.origin + first.path)
        page.get_by_label("Nome").focus()
        typed(page, "rosa", "Tab", WORDS, "Tab", WORDS, "Enter")
        page.wait_for_url("**/ufficio")
        page.get_by_role("link", name="Persone").first.focus()
        typed(page, "Enter")
        page.wait_for_url("**/ufficio/persone")
        page.get_by_label("Nome").focus()
        typed(page, "maria", "Tab", "ArrowDown", "Tab", "Enter")
        link = page.get_by_label("È mostrato solo adesso").input_value()
    assert link.startswith(place.origin + "/invito/")
    with visiting(browser, place.origin, locale="en-GB") as context:
        page = context.new_page()
        page.goto(link)
        expect(page.get_by_text("You were invited as field")).to_be_visible()
        page.get_by_label("New password").focus()
        typed(page, WORDS, "Tab", WORDS, "Enter")
        page.wait_for_function("location.pathname === '/' || location.pathname === '/campo'")
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("good no longer")).to_be_visible()


@pytest.mark.long
def test_what_was_typed_is_there_again_after_signing_in(browser: Browser, place: Place) -> None:
    accounts = Accounts(place.node)
    member = place.node.registry.members()[0].iss
    accounts.add_account("carla", WORDS, member=member, role="owner")
    with visiting(browser, place.origin) as context:
        page = context.new_page()
        page.goto(place.origin + "/ufficio/persone")
        expect(page).to_have_url(place.origin + "/entra?next=%2Fufficio%2Fpersone")
        typed(page, "carla", "Tab", WORDS, "Enter")
        page.wait_for_url("**/ufficio/persone")
        page.get_by_label("Nome").fill("Giò d'Ò")
        for session in accounts.sessions("carla"):
            accounts.end_session("carla", session.id)
        page.get_by_role("button", name="Fai il collegamento").click()
        expect(page.get_by_text("Ciò che hai scritto è conservato")).to_be_visible()
        page.get_by_label("Nome").fill("carla")
        page.get_by_label("Password").fill(WORDS)
        page.get_by_role("button", name="Entra").click()
        expect(page.get_by_label("Nome")).to_have_value("Giò d'Ò")
        expect(page.get_by_text("Ruolo: ufficio")).to_be_visible()
        page.get_by_role("button", name="Invia adesso").click()
        expect(page.get_by_text("Il collegamento per Giò d'Ò è pronto.")).to_be_visible()
