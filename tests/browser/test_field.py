"""The operator's phone, over TLS under a name of its own: from the first tap to the number in the register."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.browser.field import NECTARINES, Field, Phone
from tests.official import not_run


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if shutil.which("chromium") is None:
        not_run("no browser (Debian's package chromium)")
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with Field.opened(tmp_path_factory.mktemp("field")) as found:
        yield found


@pytest.fixture(scope="module")
def phone(field: Field, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with field.phone(playwright, tmp_path_factory.mktemp("phone") / "profile") as found:
        found.admitted()
        found.record("harvest", "1.250,5", product=NECTARINES)
        found.sent()
        yield found


def test_without_a_network_it_takes_few_taps_and_one_number(phone: Phone, field: Field) -> None:
    phone.offline(True)
    page = phone.page
    page.reload()
    page.wait_for_selector("#start:not([hidden])")
    said = phone.record("harvest", "412,50")
    assert said == "Raccolta: salvato sul telefono"
    assert page.evaluate("window.clicks") <= 4
    assert phone.states() == ["sul telefono", "nel registro n. N"]
    before = page.evaluate("window.clicks = 0")
    # A lot that the phone never met, from somebody else.
    assert phone.record("receiving", "80", product=NECTARINES, lot="X-77") == "Arrivo: salvato sul telefono"
    assert page.evaluate("window.clicks") - before <= 6
    size = field.node.registry.size
    phone.kill()
    phone.start(offline=True)
    phone.page.wait_for_selector("#start:not([hidden])")
    assert phone.states() == ["sul telefono", "sul telefono", "nel registro n. N"]
    assert field.node.registry.size == size
    phone.offline(False)
    phone.page.reload()
    phone.sent()
    assert phone.states() == ["nel registro n. N"] * 3
    assert field.quantities() == ["1250.5", "412.50", "80"]
    assert phone.wrong == []
