"""A real browser, headless, and pages in it: Debian's Chromium, driven by Playwright.

- One browser a module, since its driver keeps an event loop that other tests must not meet; a fresh profile a test.
  Whatever a page asks of another origin than its server is refused and fails the test, and so does an error in it.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route, expect, sync_playwright

from exporters.labels.decode import read
from tests.official import not_run

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
Opened = Callable[..., Page]
PATIENCE_SECONDS = 60  # A machine that does much else at once is slow, which is no finding.
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    found = shutil.which("chromium")
    if found is None:
        not_run("no browser (Debian's package chromium)")
        raise AssertionError
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, origin: str, **chosen: object) -> Iterator[BrowserContext]:
    """A fresh profile that may reach one origin; what it asks of another, or complains of, fails the test."""
    foreign: list[str] = []
    wrong: list[str] = []
    context = browser.new_context(**{"viewport": PHONE, "locale": "it-IT", **chosen})  # type: ignore[arg-type]

    def watch(route: Route) -> None:
        if route.request.url.startswith((origin, "data:", "blob:")):
            route.fallback()
        else:
            foreign.append(route.request.url)
            route.abort()

    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    context.route("**/*", watch)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    try:
        yield context
    finally:
        context.close()
    assert foreign == []
    assert wrong == []


def reach(page: Page, selector: str, most: int = 80) -> None:
    """Go there by Tab."""
    for _ in range(most):
        if page.evaluate("selector => Boolean(document.activeElement?.matches(selector))", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Go there by Tab and press a key."""
    reach(page, selector)
    page.keyboard.press(key)


def until(page: Page, expression: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until it is true in the page, whatever the page becomes; asked from outside: its policy allows no eval."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(Error):  # A page that is on its way to another answers nothing.
            if page.evaluate(expression):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def scanned(shown: Locator) -> str:
    """What a camera that looks at it reads: the one code in its pixels."""
    with Image.open(BytesIO(shown.screenshot())) as picture:
        grey = picture.convert("L")
        (found,) = read(grey.tobytes(), *grey.size)
    return found.content
