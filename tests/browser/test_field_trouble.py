"""The operator's phone in trouble: keys that end, damaged bytes, lost answers, clocks, no TLS; nothing is lost."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright, Route, expect, sync_playwright

from api.settings import Settings
from exporters.labels.symbols import qr
from ledger.entry.parse import Entry, parse_wire
from ledger.entry.record import record_lots
from schemas.syntax.base64url import encode
from tests.browser.conftest import PHONE, until
from tests.browser.field import HOST, NECTARINES, Field, Phone
from tests.official import not_run
from tests.simulator.server import token_of

Phones = Callable[[Field], AbstractContextManager[Phone]]
LOT = f"{NECTARINES}/10/11-260701"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if shutil.which("chromium") is None:
        not_run("no browser (Debian's package chromium)")
    with sync_playwright() as found:
        yield found


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with Field.opened(tmp_path) as found:
        yield found


@pytest.fixture
def phone(field: Field, playwright: Playwright, tmp_path: Path) -> Iterator[Phone]:
    with field.phone(playwright, tmp_path / "profile") as found:
        found.admitted()
        yield found


def said_by(field: Field, kind: str = "event") -> list[Entry]:
    return [entry for _, entry in field.entries() if entry.claims.kind == kind]


@pytest.mark.long
def test_what_a_key_could_not_say_any_more_is_said_again_by_a_new_one(phone: Phone, field: Field) -> None:
    phone.record("harvest", "1", product=NECTARINES)
    phone.sent()
    first = phone.held()[0]["kid"]
    phone.offline(True)
    for amount in ("2", "3"):
        phone.record("harvest", amount)
    field.node.membership.revoke(first)
    phone.offline(False)
    page = phone.page
    page.locator("#warned", has_text="La chiave di questo telefono").wait_for()
    assert phone.states() == ["sul telefono", "non ammesso", "nel registro n. N"]
    assert field.quantities() == ["1"]
    page.click("#to-phone")
    page.click("#new-key")
    phone.admitted()
    phone.sent()
    assert field.quantities() == ["1", "2", "3"]
    again = said_by(field)[1:]
    assert {entry.jwt.kid for entry in again} == {phone.held()[-1]["kid"]}
    assert first not in {entry.jwt.kid for entry in again}
    for entry in again:
        assert entry.record is not None
        original = parse_wire(str(entry.record["relay"]).encode() + b"~")
        assert original.jwt.kid == first
        assert set(original.claims.sd) & set(entry.claims.sd)
    assert phone.wrong == []


@pytest.mark.long
def test_a_record_whose_bytes_were_damaged_is_shown_kept_and_said_anew(phone: Phone, field: Field) -> None:
    phone.offline(True)
    for amount in ("1", "2", "3"):
        phone.record("harvest", amount, product=NECTARINES)
    damaged = """new Promise((resolve) => {
      const asked = indexedDB.open('filiera-campo');
      asked.onsuccess = () => {
        const store = asked.result.transaction('records', 'readwrite').objectStore('records');
        const all = store.getAll();
        all.onsuccess = () => {
          const [, second] = all.result;
          const [wire] = second.wires;
          store.put({ ...second, wires: [`${wire.slice(0, -9)}A${wire.slice(-8)}`] }).onsuccess = () => resolve(1);
        };
      };
    })"""
    phone.page.evaluate(damaged)
    phone.offline(False)
    phone.page.locator("#warned", has_text="La chiave di questo telefono").wait_for()
    assert phone.states() == ["sul telefono", "non ammesso", "nel registro n. N"]
    phone.page.click("#to-phone")
    phone.page.click("#new-key")
    phone.admitted()
    phone.sent()
    assert field.quantities() == ["1", "2", "3"]


@pytest.mark.long
def test_a_restored_copy_signs_nothing_in_places_that_are_taken(phone: Phone, field: Field, tmp_path: Path) -> None:
    phone.record("harvest", "1", product=NECTARINES)
    phone.sent()
    kid = phone.held()[0]["kid"]
    phone.kill()
    shutil.copytree(phone.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("Singleton*"))
    phone.start()
    phone.page.wait_for_selector("#start:not([hidden])")
    phone.record("harvest", "2")
    phone.sent()
    phone.kill()
    phone.folder = tmp_path / "copy"
    phone.start(offline=True)
    phone.page.wait_for_selector("#start:not([hidden])")
    phone.record("harvest", "3")
    phone.offline(False)
    phone.page.reload()
    phone.page.locator("#warned", has_text="copia ripristinata").wait_for()
    assert phone.states() == ["non ammesso", "nel registro n. N"]
    phone.page.click("#to-phone")
    phone.page.click("#new-key")
    phone.admitted()
    phone.sent()
    assert field.quantities() == ["1", "2", "3"]
    assert field.node.registry.lane(kid) is not None
    with field.node.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM evidence").scalar() == 0


@pytest.mark.long
def test_two_phones_on_one_lot_lose_nothing_and_say_nothing_twice(
    phone: Phone, field: Field, playwright: Playwright, tmp_path: Path
) -> None:
    with field.phone(playwright, tmp_path / "other") as other:
        other.admitted("Telefono di Bruno")
        for each in (phone, other):
            each.offline(True)
        for amount, each in (("1", phone), ("2", other), ("3", phone), ("4", other)):
            each.record("receiving", amount, product=NECTARINES, lot="11-260701")
        # What one hands over as a file, the other takes in; both then send it.
        copy = phone.module("queue.js", "copy")
        assert other.module("queue.js", "takeIn", json.dumps(copy)) == 2
        assert other.module("queue.js", "takeIn", json.dumps(copy)) == 0
        for each in (other, phone):
            each.offline(False)
            each.page.reload()
            each.sent()
        assert sorted(field.quantities()) == ["1", "2", "3", "4"]
        lots = [lot for entry in said_by(field) for lot in record_lots(entry.record or {})]
        keys, numbers = {encode(lot.key) for lot in lots}, Counter(lot.n for lot in lots)
        assert len(keys) == 1
        assert numbers == {0: 2, 1: 2}


@pytest.mark.long
def test_a_correction_keeps_the_original_and_a_photo_comes_with_its_record(
    phone: Phone, field: Field, tmp_path: Path
) -> None:
    page = phone.page
    phone.record("harvest", "5", product=NECTARINES)
    phone.sent()
    picture = tmp_path / "bolla.png"
    Image.new("RGB", (3000, 2000), "white").save(picture)
    page.click("#to-list")
    page.click("#records li button")
    assert page.input_value("#rows .amount") == "5"
    page.fill("#rows .amount", "50")
    page.click("#besides summary")
    page.fill("#note", "Cassone mancante")
    page.set_input_files("#photo", str(picture))
    page.click("#save")
    page.locator("#said", has_text="Correzione: salvato sul telefono").wait_for()
    phone.sent()
    original, corrected = said_by(field)
    (declared,) = said_by(field, "correction")
    (document,) = said_by(field, "document")
    assert declared.record is not None
    assert declared.record["par"][0] == encode(original.jwt.leaf)  # type: ignore[index]
    assert corrected.content is not None
    assert corrected.content["filiera:note"] == "Cassone mancante"
    assert document.content is not None
    assert document.content["entry"] == encode(corrected.jwt.leaf)
    page.reload()
    phone.sent()
    index = next(index for index, entry in field.entries() if entry.claims.kind == "document")
    from ledger.audience import full
    from ledger.custody import documents

    assert documents.read(field.node, index, audience=full()).data[:3] == b"\xff\xd8\xff"


@pytest.mark.long
def test_a_picture_of_a_label_is_read_by_the_server(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    page.click("[data-kind=receiving]")
    page.click("#rows .scan")
    page.wait_for_selector("#scanner[open]")
    blank = tmp_path / "blank.png"
    Image.new("RGB", (400, 300), "white").save(blank)
    page.set_input_files("#picture", str(blank))
    page.locator("#scan-said", has_text="Nessun codice letto.").wait_for()
    rows = qr(f"{NECTARINES}/10/P-9").rows
    picture = Image.new("L", (len(rows[0]) + 8, len(rows) + 8), 255)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if module == "1" else 255)
    picture.resize((picture.width * 9, picture.height * 9)).save(blank)
    page.set_input_files("#picture", str(blank))
    page.wait_for_selector("#scanner:not([open])", state="attached")
    assert page.input_value("#rows .lot") == "P-9"


@pytest.mark.long
def test_a_record_with_bad_content_is_in_the_register_with_what_is_wrong(phone: Phone, field: Field) -> None:
    # Somebody took the field's code for the lot's product: no label reader was asked.
    event = {
        "kind": "receiving",
        "id": "urn:x:1",
        "rows": [{"uri": "https://id.gs1.org/01/09521001001015/10/A", "amount": "1"}],
    }
    phone.page.evaluate(_SAVE, [_urls(), [event]])
    phone.page.reload()
    phone.sent()
    phone.page.reload()
    phone.sent()
    phone.page.click("#to-list")
    phone.page.locator("#records .wrong").first.wait_for()
    assert field.quantities() == ["1"]


@pytest.mark.long
def test_another_edition_takes_over_at_a_quiet_moment_and_what_waits_is_kept(
    phone: Phone, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, edition = phone.page, "document.querySelector('link[rel=stylesheet]').href"
    page.reload()
    until(page, "Boolean(navigator.serviceWorker.controller)")
    phone.offline(True)
    phone.record("harvest", "7", product=NECTARINES)
    before = page.evaluate(edition)
    page.click("[data-kind=harvest]")
    page.fill("#rows .amount", "8")
    with _brought_up_to_date(monkeypatch):
        phone.offline(False)
        page.evaluate("navigator.serviceWorker.getRegistration('/campo').then((found) => found.update())")
        until(page, "caches.keys().then((names) => names.length === 2)")
        until(
            page,
            "navigator.serviceWorker.getRegistration('/campo')"
            ".then(({ active, installing, waiting }) => !installing && !waiting && active.state === 'activated')",
        )
        assert page.evaluate(edition) == before
        assert page.input_value("#rows .amount") == "8"
        page.click("#save")
        expect(page.locator("#said")).to_contain_text("salvato sul telefono")
        phone.sent()
        assert page.evaluate(edition) == before
        # Put into a pocket and taken out again.
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        until(page, f"{edition} !== {before!r}")
        page.wait_for_selector("#start:not([hidden])")
        phone.record("harvest", "9")
        phone.sent()
        phone.offline(True)
        page.reload()
        page.wait_for_selector("#start:not([hidden])")
        assert page.evaluate(edition) != before
    assert field.quantities() == ["7", "8", "9"]
    assert phone.wrong == []


@contextmanager
def _brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another edition of the program, as the server would be started with it."""
    from api.pages.shell import assets, rendering

    found = assets._found

    def later() -> Iterator[tuple[tuple[str, str], bytes]]:
        yield from ((name, data + b"\n" * name[1].endswith(".css")) for name, data in found())

    def forget() -> None:
        assets.assets.cache_clear()
        rendering.environment.cache_clear()

    with monkeypatch.context() as changed:
        changed.setattr(assets, "_found", later)
        forget()
        yield
    forget()


def test_without_tls_nothing_is_ever_said_to_be_saved(playwright: Playwright, tmp_path: Path) -> None:
    with Field.opened(tmp_path, tls=False, settings=Settings()) as field:
        browser: Browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
        )
        context = browser.new_context(viewport=PHONE, locale="it-IT")
        page = context.new_page()
        page.goto(f"{field.url}/campo")
        page.wait_for_selector("#start:not([hidden])")
        assert "http" in page.inner_text("#lacking-list")
        page.fill("#token", token_of(field.node, field.node.own_member("admin"), "capture", "query"))

        def record(amount: str) -> None:
            page.click("[data-kind=harvest]")
            page.wait_for_selector("#rows .amount")
            page.select_option("#rows .product", NECTARINES)
            page.fill("#rows .amount", amount)
            page.click("#save")

        record("7")
        page.locator("#said", has_text="nel registro n.").wait_for()
        size = field.node.registry.size
        context.set_offline(True)
        page.click("[data-kind=harvest]")
        page.wait_for_selector("#rows .amount")
        page.fill("#rows .amount", "8")
        page.select_option("#rows .product", "other")
        page.fill("#rows .gtin", NECTARINES[-14:])
        page.click("#save")
        page.locator("#warned", has_text="NON registrato").wait_for()
        assert "salvato" not in page.inner_text("main")
        assert field.node.registry.size == size
        context.set_offline(False)
        # Recorded, but the answer is lost: sent again it is answered with the same entry.
        context.route("**/api/v1/capture", _lost)
        with page.expect_event("requestfailed"):
            page.click("#save")
        page.locator("#save:enabled").wait_for()
        context.unroute_all()
        size = field.node.registry.size
        page.click("#save")
        page.locator("#said", has_text="era già nel registro").wait_for()
        assert field.node.registry.size == size
        browser.close()


def _lost(route: Route) -> None:
    sent = route.request
    url, headers = sent.url.replace(HOST, "127.0.0.1"), {n: sent.headers[n] for n in ("authorization", "content-type")}
    assert httpx.post(url, content=sent.post_data_buffer, headers=headers, timeout=60).status_code == 200
    route.abort()


def _urls() -> list[str]:
    from api.pages.shell.assets import assets

    return [assets().url("operator", name) for name in ("queue.js", "events.js")]


# Saves records by the page's own modules, some at once: as fast as people cannot.
_SAVE = """async ([[queue, events], said]) => {
  const { save } = await import(queue);
  const { eventOf } = await import(events);
  const one = (each) => {
    const at = new Date(each.at ?? Date.now());
    const content = eventOf(each.kind, { ...each, at });
    return save([{ kind: each.kind, content, uris: each.rows.map(({ uri }) => uri), happened: at.getTime() }]);
  };
  return (await Promise.allSettled(said.map(one))).map(({ status }) => status === 'fulfilled');
}"""
# Turns the clock of the page forward or back, as somebody who sets the phone's does.
_CLOCK = """(milliseconds) => {
  const real = Date.real ?? Date;
  globalThis.Date = class extends real {
    constructor(...given) { given.length ? super(...given) : super(real.now() + milliseconds); }
    static now() { return real.now() + milliseconds; }
    static real = real;
  };
}"""


@pytest.mark.long
def test_a_thousand_records_over_every_trouble_are_each_in_the_register_once(phone: Phone, field: Field) -> None:
    chance = random.Random(6)
    phone.losing_answers(chance, 0.3)
    saved: list[str] = []
    number = 0
    while number < 1000:
        trouble = chance.choice(("offline", "online", "online", "reload", "kill", "clock"))
        if trouble in ("offline", "online"):
            phone.offline(trouble == "offline")
        elif trouble == "reload":
            phone.page.reload()
            phone.page.wait_for_selector("#start:not([hidden])")
        elif trouble == "kill":
            phone.kill()
            phone.start(offline=chance.random() < 0.5)
            phone.page.wait_for_selector("#start:not([hidden])")
            phone.losing_answers(chance, 0.3)
        else:
            phone.page.evaluate(_CLOCK, chance.choice((-1, 1)) * chance.randrange(3 * 86_400_000))
        count = min(chance.randrange(1, 25), 1000 - number)
        batch = [_said(chance, number + step) for step in range(count)]
        done = phone.page.evaluate(_SAVE, [_urls(), batch])
        saved += [each["rows"][0]["amount"] for each, kept in zip(batch, done, strict=True) if kept]
        number += count
        if chance.random() < 0.4:
            phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert len(saved) == 1000
    assert phone.context is not None
    phone.context.unroute_all()
    phone.offline(False)
    phone.page.reload()
    phone.page.wait_for_selector("#start:not([hidden])")
    phone.page.set_default_timeout(120_000)
    phone.sent()
    assert Counter(field.quantities()) == Counter(saved)
    held = phone.held()
    assert {record["state"] for record in held} == {"logged"}
    assert sorted(record["index"] for record in held) == [index for index, _ in field.entries()]
    assert field.node.registry.lane(held[0]["kid"]) is not None
    assert phone.wrong == []


def _said(chance: random.Random, number: int) -> dict[str, object]:
    # Every fiftieth names a product with a wrong check digit.
    product = "https://id.gs1.org/01/09521001001015" if number % 50 == 49 else NECTARINES
    row = {
        "uri": f"{product}/10/L{chance.randrange(40)}",
        "amount": f"{number}.{chance.randrange(1, 10)}",
        "unit": "KGM",
    }
    return {"kind": "harvest", "id": f"urn:x:{number}", "rows": [row]}
