"""`/campo` over HTTP: a page that is everybody's, a worker that may keep it, and nothing of anybody in either."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.pages.shell.assets import assets
from api.settings import Settings
from tests.simulator.phones import made
from tests.simulator.server import running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("operator")
    with made(str(folder / "store"), folder) as node, running(node, Settings(), token=None) as found:
        yield found


def test_the_page_is_shown_to_everybody_and_may_use_the_camera(client: httpx.Client) -> None:
    page = client.get("/campo", headers={"Accept-Language": "it"})
    assert page.status_code == 200
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "Cooperativa Sole" not in page.text
    assert "Raccolta" in page.text
    assert "Harvest" in client.get("/campo?lang=en").text


def test_the_worker_keeps_everything_that_the_page_loads(client: httpx.Client) -> None:
    answer = client.get("/campo/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/campo"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    found = re.search(r"const KEPT = (\[.*\]);", answer.text)
    assert found
    kept = json.loads(found[1])
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', client.get("/campo").text))
    assert loaded <= set(kept)
    assert {client.get(path).status_code for path in kept} == {200}
    for name in assets().under("operator"):
        if name.endswith(".js"):
            text = assets().held["operator", name].decode()
            for module in re.findall(r"from '\.\./ledger/(.+)'", text):
                assert assets().url("ledger", module) in kept


def test_it_can_be_installed(client: httpx.Client) -> None:
    said = client.get("/campo/manifest.webmanifest?lang=it").json()
    assert (said["start_url"], said["scope"], said["display"], said["short_name"]) == (
        "/campo", "/campo", "standalone", "Campo",
    )  # fmt: skip
    assert {client.get(icon["src"]).headers["Content-Type"] for icon in said["icons"]} == {"image/png"}


def test_there_is_no_authority_to_trust_where_none_was_made(client: httpx.Client) -> None:
    assert client.get("/campo/filiera.crt").status_code == 404
    assert client.get("/campo/fiducia", headers={"Accept": "text/html"}).status_code == 404


def test_no_word_of_the_page_is_said_in_vain() -> None:
    """Every key that a script asks for is there, in both languages (a test of the shell compares them)."""
    words = Path("api/pages/operator/words.toml").read_text("utf-8")
    asked = set()
    for name in assets().under("operator"):
        if name.endswith(".js"):
            asked |= set(re.findall(r"say\('([a-z-]+)'", assets().held["operator", name].decode()))
    assert sorted(key for key in asked if f"\n{key} = " not in words) == []
