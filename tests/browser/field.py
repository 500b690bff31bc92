"""A cooperative's server over TLS under a name of its own, and the operator's phone in a browser that may be killed.

with Field.opened(folder) as field, field.phone(browser_folder) as phone: phone.admitted(); phone.harvest("12,5")
"""

import json
import os
import random
import re
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from playwright.sync_api import BrowserContext, Page, Playwright, Route

from api.lan import Lan
from api.pages.shell.assets import assets
from api.settings import Settings
from api.verbs import device, master
from ledger.entry.parse import Entry
from ledger.node import Node
from tests.browser.conftest import PATIENCE_SECONDS
from tests.simulator.phones import made
from tests.simulator.server import running

HOST = "campo.filiera.test"
PREFIX, GLN = "9521001", "9521001000017"
NECTARINES = "https://id.gs1.org/01/09521001001014"
CASES = "https://id.gs1.org/01/09521001002011"
FIVE_KG = {"value": 5, "unit": "KGM"}
THINGS = [
    {"type": "product", "id": NECTARINES, "name": "Nettarine di campo", "quantityType": "variable"},
    {
        "type": "product",
        "id": CASES,
        "name": "Nettarine, cassa 5 kg",
        "quantityType": "fixed",
        "netContent": {"value": 5, "unit": "KGM"},
    },
    {"type": "site", "id": "https://id.gs1.org/414/9521001000116", "name": "Podere Casalino", "kind": "field"},
    {"type": "party", "id": f"https://id.gs1.org/417/{GLN}", "name": "Cooperativa Sole"},
    {"type": "party", "id": "https://id.gs1.org/417/9521002000016", "name": "Centrale Frutta Faenza"},
]
COUNT_CLICKS = (
    "window.clicks = 0; addEventListener('click', (event) => { if (event.isTrusted) window.clicks += 1; }, true);"
)


@dataclass(slots=True)
class Field:
    """The server: `url` under its own name, `pin` by which a browser takes its certificate."""

    node: Node
    url: str
    pin: str

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, *, tls: bool = True, settings: Settings | None = None) -> Iterator["Field"]:
        """A new log with its member's things, served."""
        certified = Lan(folder / "lan", now=time.time()).certified([HOST, "localhost"], ["127.0.0.1"])
        files = (certified.certificate, certified.key) if tls else None
        settings = settings or Settings(tls=tls)
        with (
            made(str(folder / "store"), folder, gln=GLN, prefixes=(PREFIX,)) as node,
            running(node, settings, token=None, tls=files) as client,
        ):
            things = [thing | {"validFrom": "2025-01-01"} for thing in THINGS]
            assert not master.add(node, json.dumps(things).encode()).refused
            key = load_pem_x509_certificate(certified.certificate.read_bytes()).public_key()
            digest = sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
            url = str(client.base_url).rstrip("/").replace("127.0.0.1", HOST)
            yield cls(node, url, b64encode(digest).decode("ascii"))

    def entries(self) -> list[tuple[int, Entry]]:
        """What devices said, in the log's order."""
        found = [(index, self.node.entry(index)) for index in range(self.node.registry.size)]
        devices = {kid.kid for kid in self.node.registry.keys() if kid.role == "device"}  # noqa: SIM118
        return [(index, entry) for index, entry in found if entry.jwt.kid in devices]

    def quantities(self) -> list[str]:
        """The amount of every event of a device."""
        found = []
        for _, entry in self.entries():
            assert entry.content is not None
            for element in entry.content.get("quantityList", ()):  # type: ignore[union-attr]
                found.append(element["quantity"].text)  # type: ignore[index, union-attr, call-overload]
        return found

    @contextmanager
    def phone(self, playwright: Playwright, folder: Path) -> Iterator["Phone"]:
        """A browser with a profile of its own, as somebody opens it on a phone."""
        phone = Phone(self, playwright, folder)
        phone.start()
        try:
            yield phone
        finally:
            phone.kill()


@dataclass(slots=True)
class Phone:
    """A phone: its profile outlives its browser, which may be killed."""

    field: Field
    playwright: Playwright
    folder: Path
    wrong: list[str] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None
    context: BrowserContext | None = None
    tab: Page | None = None

    @property
    def page(self) -> Page:
        """The page in front."""
        assert self.tab is not None
        return self.tab

    def start(self, *, offline: bool = False) -> Page:
        """Start the browser on its profile and open the page."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "DevToolsActivePort").unlink(missing_ok=True)
        line = [
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--lang=it-IT",
            f"--user-data-dir={self.folder}", "--remote-debugging-port=0", "--window-size=390,844",
            f"--host-resolver-rules=MAP {HOST} 127.0.0.1", f"--ignore-certificate-errors-spki-list={self.field.pin}",
            "about:blank",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "LANGUAGE": "it_IT"},
        )  # fmt: skip
        browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port()}")
        self.context = browser.contexts[0]
        self.context.add_init_script(COUNT_CLICKS)
        self.context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.tab = self.context.pages[0]
        self.tab.set_viewport_size({"width": 390, "height": 844})
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.offline(offline)
        self.tab.goto(f"{self.field.url}/campo?lang=it")
        return self.tab

    def _port(self) -> str:
        file = self.folder / "DevToolsActivePort"
        while not (file.exists() and len(file.read_text().splitlines()) > 1):
            assert self.process is not None
            assert self.process.poll() is None, "the browser ended"
            time.sleep(0.02)
        return file.read_text().splitlines()[0]

    def losing_answers(self, chance: random.Random, share: float) -> None:
        """From now on some answers of the log get lost on their way: what was sent has arrived all the same."""
        assert self.context is not None

        def lost(route: Route) -> None:
            if chance.random() < share:
                body = route.request.post_data_buffer
                url = route.request.url.replace(HOST, "127.0.0.1")
                httpx.post(url, content=body, headers={"Content-Type": "application/json"}, verify=False, timeout=60)
                route.abort()
            else:
                route.continue_()

        self.context.route("**/api/v1/entries", lost)

    def kill(self) -> None:
        """End the browser as an empty battery does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def offline(self, off: bool) -> None:
        """Lose the network, or find it again."""
        assert self.context is not None
        self.context.set_offline(off)

    def admitted(self, name: str = "Telefono di Anna") -> None:
        """Ask, be compared and admitted, and wait until the page says so."""
        page = self.page
        page.fill("#name", name)
        page.click("#ask button")
        page.wait_for_selector("#asking:not([hidden])")
        request = device.look(self.field.node, page.inner_text("#code"))
        assert device.fingerprint(request.kid) == page.inner_text("#fingerprint")
        device.admit(self.field.node, request)
        page.wait_for_selector("#start:not([hidden])")

    def record(self, kind: str, amount: str, **fields: str) -> str:
        """Record by touch; what the page then says. `product`, `lot`: of the last row."""
        page = self.page
        page.click(f"[data-kind={kind}]")
        page.wait_for_selector("#rows .amount")
        if "product" in fields:
            page.select_option("#rows .product", fields["product"])
        if "lot" in fields:
            page.fill("#rows .lot", fields["lot"])
        if not page.evaluate("document.activeElement.matches('.amount')"):
            page.click("#rows .amount")
        page.fill("#rows .amount", amount)
        page.click("#save")
        page.wait_for_selector("#said:not([hidden])")
        return page.inner_text("#said")

    def sent(self) -> None:
        """Wait until everything is in the register."""
        self.page.locator("#waiting", has_text="Tutto è nel registro.").wait_for()

    def states(self) -> list[str]:
        """Where each record is, newest first."""
        self.page.click("#to-list")
        self.page.wait_for_selector("#records li")
        found = [re.sub(r"\d+", "N", text) for text in self.page.locator("#records .state").all_inner_texts()]
        self.page.click("#home")
        return found

    def module(self, name: str, call: str, *arguments: Any) -> Any:
        """What a function of one of the page's modules answers: `module("numbers.js", "readAmount", "1,5", "it")`."""
        url = assets().url("operator", name)
        return self.page.evaluate(
            "async ([url, call, given]) => (await import(url))[call](...given)", [url, call, list(arguments)]
        )

    def held(self) -> list[dict[str, Any]]:
        """Every record as the database has it."""
        found: list[dict[str, Any]] = self.page.evaluate(_HELD)
        return found


_HELD = """new Promise((resolve) => {
  const asked = indexedDB.open('filiera-campo');
  asked.onsuccess = () => {
    const all = asked.result.transaction('records').objectStore('records').getAll();
    const plain = ({ id, state, index, seq, kid, wires }) => ({ id, state, index, seq, kid, wires });
    all.onsuccess = () => resolve(all.result.map(plain));
  };
})"""
