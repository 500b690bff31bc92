"""`verify.html` from a disk, with no network: what a buyer sees who was mailed the page, and then a file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.demo.play import alter
from api.verbs.export import export
from exporters.verifier_page import verifier_page
from exporters.verify_file import bundles_of
from ledger.audience import full
from tests.browser.asked import policy_text
from tests.browser.conftest import DESK, PHONE, visiting
from tests.official import ROOT
from tests.simulator.chain import GTIN, Chain, begun
from tests.simulator.paperwork import LOT, paperwork
from tests.simulator.source import ConsortiumSource

STRANGE = json.loads((ROOT / "tests" / "vectors" / "bundle" / "valid-back-full.json").read_text("utf-8"))["file"]
PAPERS = {"fsma204": "xlsx", "dossier": "pdf", "epcis-json": "jsonld"}


@dataclass(frozen=True, slots=True)
class Mail:
    """What came with the mail: the page, and files."""

    folder: Path

    def file(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def page(self) -> str:
        return (self.folder / "verify.html").as_uri()


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Mail:
    folder = tmp_path_factory.mktemp("mail")
    with paperwork(folder / "made") as season:
        policy = next((folder / "made" / "policies").glob("*.policy")).read_bytes()
        (folder / "cooperativa.policy").write_bytes(policy)
        (folder / "verify.html").write_bytes(verifier_page([policy]))
        (folder / "nobody.html").write_bytes(verifier_page([]))
        made = {
            format: export(season.node, format, [LOT], audience=full(), to=full(), language="it").data
            for format in PAPERS
        }
        for format, suffix in PAPERS.items():
            (folder / f"{format}.{suffix}").write_bytes(made[format])
        (bundle,) = bundles_of(made["epcis-json"])
        (folder / "bundle.filiera.json").write_bytes(bundle)
        (folder / "altered.filiera.json").write_bytes(alter(bundle))
        (folder / "strange.filiera.json").write_text(STRANGE, "utf-8")
        (folder / "note.txt").write_text("Buongiorno", "utf-8")
    return Mail(folder)


def checked(page: Page, file: str) -> dict[str, str]:
    """The verdicts that the page shows of a file."""
    page.set_input_files("#file", file)
    page.wait_for_selector("#result .verdicts")
    rows = page.locator(".verdicts > li")
    return {str(row.get_attribute("data-verdict")): str(row.get_attribute("data-answer")) for row in rows.all()}


@pytest.fixture
def opened(browser: Browser, mail: Mail) -> Iterator[Page]:
    with visiting(browser, "file://", offline=True) as context:
        page = context.new_page()
        page.goto(mail.page)
        yield page


def test_a_bundle_is_valid_and_its_key_pinned(opened: Page, mail: Mail) -> None:
    verdicts = checked(opened, mail.file("bundle.filiera.json"))
    assert {name for name, answer in verdicts.items() if answer == "yes"} >= {"authentic", "included", "keys_valid"}
    expect(opened.locator(".result")).to_contain_text("VALIDO: tutto")
    expect(opened.locator(".card.good")).to_contain_text("La chiave è fissata")
    assert opened.locator("#result .fingerprint").inner_text() == opened.locator("#trusted .fingerprint").inner_text()
    assert opened.evaluate("document.activeElement.id") == "result"
    expect(opened.get_by_role("status")).to_contain_text("VALIDO: tutto")


def test_the_altered_copy_is_found_and_the_next_file_judged_for_itself(opened: Page, mail: Mail) -> None:
    assert checked(opened, mail.file("altered.filiera.json"))["authentic"] == "no"
    expect(opened.locator(".result")).to_contain_text("NON VALIDO")
    assert checked(opened, mail.file("bundle.filiera.json"))["authentic"] == "yes"
    expect(opened.locator(".result")).not_to_contain_text("NON VALIDO")


@pytest.mark.long
def test_an_unknown_log_is_never_valid_and_is_met_again(opened: Page, mail: Mail) -> None:
    assert checked(opened, mail.file("strange.filiera.json"))["included"] == "not_shown"
    expect(opened.locator(".result")).to_contain_text("NON SI PUÒ DIRE")
    expect(opened.locator("#result .card")).to_contain_text("per la prima volta")
    opened.reload()
    assert checked(opened, mail.file("strange.filiera.json"))["included"] == "not_shown"
    expect(opened.locator("#result .card")).to_contain_text("già incontrata")


@pytest.mark.parametrize(("format", "suffix"), PAPERS.items(), ids=PAPERS)
def test_the_proof_in_a_paper_is_valid_and_its_figures_are_said_not_to_be_compared(
    opened: Page, mail: Mail, format: str, suffix: str
) -> None:
    verdicts = checked(opened, mail.file(f"{format}.{suffix}"))
    assert verdicts["included"] == "yes"
    assert verdicts["faithful"] == "not_shown"
    expect(opened.locator(".result")).to_contain_text("non sono state confrontate")
    expect(opened.locator("#result")).to_contain_text(f"formato {format}")
    assert opened.locator(".result.good").count() == 0


@pytest.mark.long
def test_the_last_head_is_kept_and_an_older_or_another_one_is_said(browser: Browser, tmp_path: Path) -> None:
    chain = Chain()
    early = chain.bundle()
    other = Chain()
    other.bundle()
    for log, minute in ((chain, 1), (other, 2)):
        log.log.event(0, begun(f"{GTIN}N-1", minute))
        log.source = ConsortiumSource(log.log)
    files = {"early": early, "later": chain.bundle(), "forked": other.bundle()}
    for name, data in files.items():
        (tmp_path / f"{name}.filiera.json").write_bytes(data)
    (log,) = chain.known().values()
    (tmp_path / "verify.html").write_bytes(verifier_page([policy_text(log).encode()]))

    def reasons(page: Page, name: str) -> str:
        checked(page, str(tmp_path / f"{name}.filiera.json"))
        return page.locator("[data-verdict=included]").inner_text()

    with visiting(browser, "file://", offline=True) as context:
        page = context.new_page()
        page.goto((tmp_path / "verify.html").as_uri())
        assert "già stato visto" not in reasons(page, "later")
        page.reload()
        assert "già stato visto" in reasons(page, "early")
        assert "Sì" in reasons(page, "later")
        assert "No" in reasons(page, "forked")
        expect(page.locator(".result")).to_contain_text("NON VALIDO")


@pytest.mark.long
def test_what_is_no_file_of_ours_cannot_be_told(opened: Page, mail: Mail) -> None:
    assert checked(opened, mail.file("note.txt"))["authentic"] == "not_shown"
    expect(opened.locator(".result")).to_contain_text("NON SI PUÒ DIRE")


@pytest.mark.long
def test_a_page_that_trusts_nobody_takes_a_policy_until_it_is_closed(browser: Browser, mail: Mail) -> None:
    with visiting(browser, "file://", offline=True, locale="en-GB") as context:
        page = context.new_page()
        page.goto((mail.folder / "nobody.html").as_uri())
        assert checked(page, mail.file("bundle.filiera.json"))["included"] == "not_shown"
        page.set_input_files("#file", mail.file("cooperativa.policy"))
        expect(page.locator("#result")).to_contain_text("From now on this page trusts")
        assert checked(page, mail.file("bundle.filiera.json"))["included"] == "yes"
        expect(page.locator(".card.good")).to_contain_text("the policy that was opened in this page")
        page.reload()
        assert checked(page, mail.file("bundle.filiera.json"))["included"] == "not_shown"


def test_both_languages_say_the_same_file(opened: Page, mail: Mail) -> None:
    checked(opened, mail.file("bundle.filiera.json"))
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Shift+Tab")
    assert opened.evaluate("document.activeElement.id") == "language"
    opened.keyboard.press("Enter")
    expect(opened.locator("html")).to_have_attribute("lang", "en")
    expect(opened.locator(".result")).to_contain_text("VALID: everything")
    expect(opened.locator("h1")).to_have_text("Check a Filiera file")


def test_a_browser_without_ed25519_cannot_tell_and_says_why(browser: Browser, mail: Mail) -> None:
    with visiting(browser, "file://", offline=True) as context:
        context.add_init_script(
            "const own = crypto.subtle?.importKey.bind(crypto.subtle);"
            "if (own) crypto.subtle.importKey = (kind, raw, algorithm, ...rest) => algorithm.name === 'Ed25519'"
            " ? Promise.reject(new DOMException('no', 'NotSupportedError')) : own(kind, raw, algorithm, ...rest);"
        )
        page = context.new_page()
        page.goto(mail.page)
        verdicts = checked(page, mail.file("bundle.filiera.json"))
        assert (verdicts["authentic"], verdicts["included"]) == ("yes", "not_shown")
        expect(page.locator("[data-verdict=included]")).to_contain_text("non sa controllare firme Ed25519")
        expect(page.locator(".result")).to_contain_text("NON SI PUÒ DIRE")
        assert checked(page, mail.file("altered.filiera.json"))["authentic"] == "no"


@pytest.mark.long
def test_a_page_without_cryptography_says_so_and_checks_nothing(browser: Browser, mail: Mail) -> None:
    with visiting(browser, "file://", offline=True) as context:
        context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
        page = context.new_page()
        page.goto(mail.page)
        expect(page.locator("#trusted")).to_contain_text("nulla è stato controllato")
        assert set(checked(page, mail.file("bundle.filiera.json")).values()) == {"not_shown"}
        expect(page.locator(".result")).to_contain_text("NON SI PUÒ DIRE")


@pytest.mark.long
def test_a_browser_that_remembers_nothing_checks_all_the_same(browser: Browser, mail: Mail) -> None:
    with visiting(browser, "file://", offline=True) as context:
        context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
        page = context.new_page()
        page.goto(mail.page)
        assert checked(page, mail.file("bundle.filiera.json"))["included"] == "yes"


@pytest.mark.long
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_cut_off_and_every_target_is_large(browser: Browser, mail: Mail, size: dict[str, int]) -> None:
    with visiting(browser, "file://", offline=True, viewport=size) as context:
        page = context.new_page()
        page.goto(mail.page)
        checked(page, mail.file("bundle.filiera.json"))
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for box in [each.bounding_box() for each in page.locator("button, input").all()]:
            assert box is not None
            assert box["height"] >= 44
