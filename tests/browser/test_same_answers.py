"""The verifier in JavaScript gives Python's answers, in Node and in a page of a browser: on every vector, and, through
`tests/independent/agreement.py`, on every attack and every bundle that is changed at random there.
"""

import functools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from ledger.log.policy import known_log
from ledger.verify.recognise import verify_file
from tests.browser.asked import NODE, RECORD, Case, asked_in_node, case, differences
from tests.browser.conftest import visiting
from tests.official import ROOT, not_run
from tests.simulator.chain import Chain

VECTORS = ROOT / "tests" / "vectors"
POLICY = VECTORS / "bundle" / "policy.txt"
AskAll = Callable[[Sequence[Case]], list[Any]]
BOTH = ["node", pytest.param("chromium", marks=pytest.mark.long)]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def modules() -> Iterator[str]:
    """The address of a server of the modules as they lie here."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(ROOT))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def in_node(cases: Sequence[Case]) -> list[Any]:
    if NODE is None:
        not_run("no Node (Debian's package nodejs)")
    return [asked_in_node(each) for each in cases]


@pytest.fixture
def ask_all(request: pytest.FixtureRequest) -> AskAll:
    """Who answers cases."""
    if request.param == "node":
        return in_node
    browser: Browser = request.getfixturevalue("browser")
    origin: str = request.getfixturevalue("modules")

    def in_chromium(cases: Sequence[Case]) -> list[Any]:
        with visiting(browser, origin) as context:
            page = context.new_page()
            page.goto(f"{origin}/tests/browser/package.json")
            answers: list[Any] = page.evaluate(
                "async (cases) => (await import('/tests/browser/judge.js')).judgeAll(cases)", list(cases)
            )
            return answers

    return in_chromium


def vectors(folder: str, start: str = "") -> list[tuple[str, dict[str, Any]]]:
    return [(file.name, json.loads(file.read_bytes())) for file in sorted((VECTORS / folder).glob(f"{start}*.json"))]


def asked_of(vector: dict[str, Any]) -> str:
    return "root" if "items" in vector else "absent" if "absent" in vector else "row" if "row" in vector else "present"


@pytest.mark.parametrize("ask_all", BOTH, indirect=True)
def test_entries_rows_and_tag_trees(ask_all: AskAll) -> None:
    named = [(name, {"asked": "entry", **vector}) for name, vector in vectors("entry")]
    for name, vector in [*vectors("registry", "row-"), *vectors("tag_tree")]:
        named.append((name, {"asked": asked_of(vector), **vector}))
    assert len(named) > 150
    for (name, vector), answer in zip(named, ask_all([each for _, each in named]), strict=True):
        if vector["asked"] == "root":
            assert answer["said"] == vector["root"], name
        else:
            assert answer.get("code") == vector["code"], name


@pytest.mark.parametrize("ask_all", BOTH, indirect=True)
def test_registries(ask_all: AskAll) -> None:
    named = vectors("registry", "log-")
    answers = ask_all([{"asked": "registry", **vector} for _, vector in named])
    for (name, vector), answer in zip(named, answers, strict=True):
        assert answer.get("code") == vector["code"], name
        if vector["valid"]:
            assert answer["said"] == {part: vector[part] for part in ("rows", "keysRoot", "members", "votes")}, name


@pytest.mark.parametrize("ask_all", ["node", "chromium"], indirect=True)
def test_bundles(ask_all: AskAll) -> None:
    log = known_log(POLICY.read_bytes())
    known = {log.origin: log}
    files = [(name, vector["file"].encode("utf-8"), vector["exit"]) for name, vector in vectors("bundle")]
    assert len(files) > 40
    for (name, data, exit), answer in zip(files, ask_all([case(data, known) for _, data, _ in files]), strict=True):
        account = verify_file(data, known=known)
        assert account.exit_code == exit
        assert differences(answer, account) == [], name


@pytest.mark.long
def test_every_attack_is_judged_in_a_browser_as_in_node(
    tmp_path: Path, browser: Browser, modules: str, request: pytest.FixtureRequest
) -> None:
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not long", "tests/attacks"],
        cwd=ROOT, env={**os.environ, RECORD: str(tmp_path)}, check=True,
    )  # fmt: skip
    cases = [json.loads(line) for file in sorted(tmp_path.glob("*.jsonl")) for line in file.read_text().splitlines()]
    assert len(cases) > 100
    with visiting(browser, modules) as context:
        page = context.new_page()
        page.goto(f"{modules}/tests/browser/package.json")
        for start in range(0, len(cases), 50):
            some = cases[start : start + 50]
            found = page.evaluate("async (cases) => (await import('/tests/browser/judge.js')).judgeAll(cases)", some)
            assert found == in_node(some)


@pytest.mark.long
def test_a_flip_at_every_eleventh_position_is_answered_alike() -> None:
    chain = Chain()
    data, known = chain.bundle(), chain.known()
    for position in range(0, len(data), 11):
        altered = bytearray(data)
        altered[position] ^= 1
        (answer,) = in_node([case(bytes(altered), known)])
        account = verify_file(bytes(altered), known=known)
        assert differences(answer, account) == [], position
        assert account.exit_code != 0
