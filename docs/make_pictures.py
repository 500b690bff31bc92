"""Make the pictures of the README: `python docs/make_pictures.py`, with Chromium and Playwright at hand.

The demonstration is played into a folder of its own and served; a browser opens its pages as three persons do, and what
they see is kept in `docs/pictures`.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from api.demo.play import PASSPHRASE, SHEETS, VERIFIER

PICTURES = Path(__file__).with_name("pictures")
PHONE, DESK = {"width": 390, "height": 760}, {"width": 1180, "height": 1040}
PASSWORD = "una frase lunga e mia"
COMMAND = (sys.executable, "-m", "api.cli.main", "--lang", "it")


def main() -> None:
    """Play, serve, look, keep."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (said, pack):
        origin = re.search(r"http://\S+:\d+", said)[0]  # type: ignore[index]
        invited = re.search(r"/invito/\S+", said)[0]  # type: ignore[index]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            look(browser, origin, {"pack": pack, "field": "/campo"})
            find(browser, Path(folder) / "demo")
            print_out(browser, Path(folder) / "demo" / SHEETS)
            desk(browser, origin, invited, pack.removeprefix("/lotto"))
            browser.close()


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """What the server said when it was ready, and the path of a pack's page."""
    env = {
        **os.environ, "FILIERA_PASSPHRASE": PASSPHRASE.decode(),
        "XDG_CONFIG_HOME": str(folder / "config"), "XDG_STATE_HOME": str(folder / "state"),
    }  # fmt: skip
    store = str(folder / "demo")
    told = subprocess.run([*COMMAND, "demo", "--store", store], env=env, check=True, capture_output=True, text=True)
    pack = re.search(r"/lotto/01/\S+", told.stdout)
    assert pack
    options = ["serve", "--store", store, "--port", "0", "--anonymous", "published"]
    server = subprocess.Popen([*COMMAND, *options], env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        lines = []
        while not any("/invito/" in line for line in lines):
            lines.append(server.stdout.readline())
        yield "".join(lines), pack[0]
    finally:
        server.terminate()
        server.wait()


def look(browser: Browser, origin: str, pages: dict[str, str]) -> None:
    """Pages as a phone shows them."""
    context = browser.new_context(viewport=PHONE, locale="it-IT")  # type: ignore[arg-type]
    for name, path in pages.items():
        page = context.new_page()
        page.goto(origin + path, wait_until="networkidle")
        page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


def find(browser: Browser, folder: Path) -> None:
    """The altered copy among those received, found by the page that needs no server."""
    context = browser.new_context(viewport=PHONE, locale="it-IT", offline=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((folder / VERIFIER).as_uri())
    for copy in sorted((folder / "received").iterdir()):
        page.set_input_files("#file", copy)
        page.wait_for_selector(f"#result :text('{copy.name}')")
        if page.locator(".result.bad").count():
            page.locator(".result.bad").scroll_into_view_if_needed()
            page.screenshot(path=PICTURES / "verify.png")
            break
    else:
        raise AssertionError("no copy was found to be altered")
    context.close()


def print_out(browser: Browser, sheets: Path) -> None:
    """The last sheet, a pack's."""
    context = browser.new_context(viewport={"width": 760, "height": 1040}, locale="it-IT")
    page = context.new_page()
    page.goto(sheets.as_uri())
    page.locator(".sheet").last.screenshot(path=PICTURES / "sheet.png")
    context.close()


def desk(browser: Browser, origin: str, invited: str, lot: str) -> None:
    """The history of a lot, for whoever has an account."""
    context = browser.new_context(viewport=DESK, locale="it-IT")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(origin + invited)
    page.get_by_label("Nome").fill("titolare")
    page.get_by_label("Nuova password").fill(PASSWORD)
    page.get_by_label("Di nuovo la stessa").fill(PASSWORD)
    page.get_by_role("button", name="Scegli ed entra").click()
    page.wait_for_load_state("networkidle")
    page.goto(f"{origin}/lotti{lot}", wait_until="networkidle")
    page.screenshot(path=PICTURES / "lot.png")
    context.close()


if __name__ == "__main__":
    main()
