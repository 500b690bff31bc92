"""`filiera verifier`, as somebody runs it: one HTML file, and its digest to be published."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.official import ROOT
from tests.simulator.command_line import Shop

POLICY = ROOT / "tests" / "vectors" / "bundle" / "policy.txt"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_page_is_written_and_its_digest_said(shop: Shop) -> None:
    file = shop.folder / "verify.html"
    answer = shop("verifier", "--policy", str(POLICY), "-o", str(file))
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"sha256:{sha256(file.read_bytes()).hexdigest()}\n"
    assert file.read_bytes().startswith(b"<!doctype html>")


def test_without_a_policy_it_trusts_the_logs_that_the_user_trusts(shop: Shop) -> None:
    nobody = shop("verifier").out
    assert shop("init", "--name", "Cooperativa Sole").code == 0
    assert "const POLICIES = [];" in nobody
    assert "cooperativa-sole-" in shop("verifier").out


def test_a_bundle_is_no_policy(shop: Shop) -> None:
    file = shop.folder / "lot.filiera.json"
    file.write_text('{"format":"filiera-bundle/1"}')
    answer = shop("verifier", "--policy", str(file), "-o", str(shop.folder / "page.html"))
    assert answer.code == 65
    assert not (shop.folder / "page.html").exists()
