"""The operator's phone, over TLS under a name of its own: from the first tap to the number in the register."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from tests.browser.conftest import press, reach, until
from tests.browser.field import CASES, NECTARINES, Field, Phone
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


def test_amounts_are_read_as_people_write_them_and_asked_where_two_readings_fit(phone: Phone) -> None:
    def reading(text: str, language: str) -> object:
        return phone.module("numbers.js", "readAmount", text, language)

    same = {
        "1.250,5": "1250.5",
        "1250,5": "1250.5",
        "1 250": "1250",
        "0,75": "0.75",
        "12.345.678": "12345678",
        "007": "7",
    }
    assert {text: reading(text, "it") for text in same} == {text: {"number": number} for text, number in same.items()}
    assert reading("1.250", "it") == {"either": ["1250", "1.250"]}
    assert reading("1,250", "it") == {"number": "1.250"}
    assert reading("1,250", "en") == {"either": ["1250", "1.250"]}
    assert reading("1,250.5", "en") == {"number": "1250.5"}
    assert [reading(text, "it") for text in ("", "0", "-3", "1.2.3", "12,5,1", "dieci", "1e3", "1.25.000")] == [{}] * 8


def test_lots_are_read_from_every_label_and_by_hand(phone: Phone) -> None:
    uri = f"{NECTARINES}/10/11-260701"
    read = {
        "(01)09521001001014(10)11-260701": {"uri": uri},
        "]C1010952100100101410" + "11-260701": {"uri": uri},
        "]d2010952100100101417270101\x1d": {"gtin": NECTARINES},
        "]C13101001250\x1d10AB\x1d010952100100101421": {"wrong": "lot-form"},
        "https://shop.example/01/09521001001014/10/11-260701": {"uri": uri},
        "urn:epc:class:lgtin:9521001.000101.11-260701": {"uri": "https://id.gs1.org/01/09521001001014/10/11-260701"},
        "(01)09521001001015(10)X": {"wrong": "lot-digit"},
        "095210010000000017": {"uri": "https://id.gs1.org/00/095210010000000017"},
        "095210010000000014": {"wrong": "lot-digit"},
        "11-260701": {"lot": "11-260701"},
        "àèì": {"wrong": "lot-form"},
    }
    found = {text: phone.module("lots.js", "lotOf", text) for text in read}
    assert {text: said for text, said in found.items() if said != read[text]} == {}


def test_a_button_tapped_twice_and_more_records_once(phone: Phone, field: Field) -> None:
    page, before = phone.page, len(phone.held())
    page.click("[data-kind=harvest]")
    page.wait_for_selector("#rows .amount")
    page.fill("#rows .amount", "77")
    # All of them before the first has been signed.
    page.evaluate("for (const tap of [1, 2, 3]) document.getElementById('save').click()")
    page.wait_for_selector("#said:not([hidden])")
    phone.sent()
    assert len(phone.held()) == before + 1
    assert field.quantities().count("77") == 1


def test_what_was_not_saved_is_said_where_the_button_is(phone: Phone, tmp_path: Path) -> None:
    page, before = phone.page, len(phone.held())
    (tmp_path / "photo.jpg").write_bytes(b"no picture")
    page.click("[data-kind=shipping]")
    page.wait_for_selector("#rows .amount")
    page.fill("#rows .lot", "S-1")
    page.fill("#rows .amount", "3")
    page.click("#besides summary")
    page.set_input_files("#photo", str(tmp_path / "photo.jpg"))
    page.locator("#save").scroll_into_view_if_needed()
    page.click("#save")
    expect(page.locator("#warned")).to_have_text("La foto non si legge; la registrazione non è stata salvata.")
    expect(page.locator("#warned")).to_be_in_viewport()
    assert len(phone.held()) == before
    assert page.input_value("#rows .amount") == "3"
    page.click("#back")


def test_a_browser_that_refuses_to_keep_says_so_and_offers_the_office(phone: Phone, field: Field) -> None:
    assert phone.context is not None
    page = phone.context.new_page()
    page.add_init_script("indexedDB.open = () => { throw new DOMException('denied', 'SecurityError'); };")
    page.goto(f"{field.url}/campo?lang=it")
    expect(page.locator("#lacking-list")).to_contain_text("Il browser non può conservare dati")
    expect(page.locator("#token")).to_be_visible()
    expect(page.locator("#warned")).to_be_hidden()
    page.close()


SCANNED = """text => {
  for (const key of [...text, 'Enter'])
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}"""


def test_a_hardware_scanner_types_into_the_lot(phone: Phone) -> None:
    page = phone.page
    page.click("[data-kind=shipping]")
    page.wait_for_selector("#rows .amount")
    # Faster than any hand, whatever else the machine has to do.
    page.evaluate(SCANNED, "(01)09521001002011(10)W-1")
    expect(page.locator("#rows .lot")).to_have_value("W-1")
    assert page.input_value("#rows .product") == CASES
    assert page.inner_text("#rows .unit") == "(pezzi)"
    assert page.input_value("#rows .amount") == ""
    page.fill("#rows .amount", "1.250")
    page.click("#save")
    assert page.locator("#rows .either button").all_inner_texts() == ["1250", "1,25"]
    page.click("#rows .either button")
    assert page.input_value("#rows .amount") == "1250"
    page.click("#back")


ALL_THERE = {"it": "Tutto è nel registro.", "en": "Everything is in the register."}
SAVED = {"it": "salvato sul telefono", "en": "saved on the phone"}
LOGGED = {"it": "nel registro n. N", "en": "in the register, no. N"}


@pytest.mark.long
@pytest.mark.parametrize("language", ["it", "en"])
def test_a_day_from_the_field_to_the_lorry_without_a_network_by_keys_alone(
    phone: Phone, field: Field, language: str
) -> None:
    page = phone.page
    page.goto(f"{field.url}/campo?lang={language}")
    page.wait_for_selector("#start:not([hidden])")
    page.locator("#waiting", has_text=ALL_THERE[language]).wait_for()
    phone.offline(True)
    before = len(field.entries())

    def saved(kind: str, fill: Callable[[], None]) -> None:
        reach(page, "#start button")
        press(page, f"[data-kind={kind}]")
        page.wait_for_selector("#rows .amount")
        fill()
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_contain_text(SAVED[language])

    def typed(selector: str, text: str) -> None:
        reach(page, selector)
        page.keyboard.press("Control+A")
        # Slower than a scanner.
        page.keyboard.type(text, delay=60)

    def chosen(selector: str, value: str) -> None:
        reach(page, selector)
        page.keyboard.press("Home")
        for _ in range(page.locator(f"{selector} option").count()):
            if page.input_value(selector) == value:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(value)

    def harvest() -> None:
        chosen("#rows .product", NECTARINES)
        typed("#rows .lot", f"K-{language}")
        typed("#rows .amount", "100")

    def packing() -> None:
        chosen("#inputs .product", NECTARINES)
        typed("#inputs .lot", f"K-{language}")
        typed("#inputs .amount", "100")
        chosen("#rows .product", CASES)
        typed("#rows .lot", f"P-{language}")
        typed("#rows .amount", "20")

    def shipping() -> None:
        chosen("#rows .product", CASES)
        typed("#rows .lot", f"P-{language}")
        typed("#rows .amount", "20")
        reach(page, "#party")
        page.keyboard.press("End")
        typed("#paper", "2026-7")

    for kind, fill in (("harvest", harvest), ("packing", packing), ("shipping", shipping)):
        saved(kind, fill)
    assert len(field.entries()) == before
    phone.offline(False)
    press(page, "#to-list")
    until(page, "document.querySelectorAll('#records .state').length >= 3")
    for state in page.locator("#records .state").all()[:3]:
        expect(state).to_have_text(re.compile(LOGGED[language].replace("N", r"\d+")))
    said = [entry.content or {} for _, entry in field.entries()][before:]
    assert [content.get("bizStep") for content in said] == ["commissioning", "packing", "shipping"]
    assert phone.wrong == []
