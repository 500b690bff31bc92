"""The first page, as a person sees it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from api.settings import Settings
from tests.browser.conftest import visiting
from tests.simulator.cooperatives import SOLE
from tests.simulator.phones import made
from tests.simulator.server import running


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("home")
    with made(str(folder / "store"), folder, gln=SOLE) as node, running(node, Settings(), token=None) as client:
        yield str(client.base_url).rstrip("/")


def test_it_opens_in_italian_and_turns_to_english(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as context:
        page = context.new_page()
        page.goto(origin)
        assert page.locator("html").get_attribute("lang") == "it"
        page.get_by_role("link", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.get_by_role("heading", level=1).inner_text() == "The ledger of the supply chain"
