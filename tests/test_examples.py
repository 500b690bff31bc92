"""The examples run as their first lines say, in a process of their own, and print what they promise."""

import ast
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.epcis.signature import HEADER, sign
from ledger.outbound import post
from tests.official import ROOT
from tests.simulator.command_line import Shop

LOT = "(01)09521001002011(10)F26175"


def example(name: str, *arguments: object) -> tuple[int, list[str]]:
    """Exit status and printed lines of an example; nothing on standard error."""
    line = [sys.executable, "-W", "error", str(ROOT / "examples" / f"{name}.py"), *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_sign_and_verify_in_ten_lines() -> None:
    code, lines = example("sign_and_verify")
    assert code == 0
    assert lines[0].startswith("valid {'authentic': 'yes', 'included': 'yes', 'keys_valid': 'yes'")
    assert lines[1:] == ["forged: bundle-self"]
    source = ast.parse((ROOT / "examples" / "sign_and_verify.py").read_text("utf-8"))
    body = source.body[-1]
    assert isinstance(body, ast.With)
    assert body.end_lineno is not None
    assert body.end_lineno - body.lineno < 12


def test_a_rotated_key_leaves_what_was_signed_before_valid() -> None:
    code, lines = example("rotate_key")
    assert code == 0
    assert [line.partition(": ")[2].split(" key ")[0] for line in lines[:3]] == [
        "admin",
        "gateway",
        "the end of gateway",
    ]
    assert lines[-1] == "keys valid: yes"


@pytest.fixture
def lot(tmp_path: Path) -> tuple[Path, Path]:
    """A bundle as the packer sends it, and the policy of its log."""
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole")
    shop.works("capture", ROOT / "examples" / "harvest.jsonld", ROOT / "examples" / "packing.jsonld")
    shop.works("export", "bundle", LOT, "-o", tmp_path / "lot.filiera.json")
    (policy,) = (tmp_path / "config" / "filiera" / "policies").glob("*.policy")
    return tmp_path / "lot.filiera.json", policy


def test_a_buyer_checks_offline_with_a_policy(lot: tuple[Path, Path]) -> None:
    bundle, policy = lot
    code, lines = example("buyer_check", bundle, policy, "complete", "unbroken")
    assert code == 0, lines
    assert sum(line.endswith("commissioning") for line in lines) >= 2
    code, lines = example("buyer_check", bundle, policy, "timed")
    assert code == 2


def test_a_buyer_finds_an_altered_copy(lot: tuple[Path, Path]) -> None:
    bundle, policy = lot
    bundle.write_bytes(bundle.read_bytes().replace(b'"size":', b'"size":1', 1))
    code, lines = example("buyer_check", bundle, policy)
    assert code == 1
    assert not any("commissioning" in line for line in lines)


def test_a_subscriber_takes_what_is_signed_with_its_token_and_nothing_else() -> None:
    line = [sys.executable, "-u", "-W", "error", str(ROOT / "examples" / "receive_events.py"), "0"]
    environment = {**os.environ, "FILIERA_TOKEN": "s3cret"}
    event = {"type": "ObjectEvent", "eventTime": "2026-07-01T08:00:00Z", "bizStep": "shipping"}
    body = json.dumps({"epcisBody": {"queryResults": {"resultsBody": {"eventList": [event]}}}}).encode()
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            for token, status in (("s3cret", 204), ("other", 403)):
                headers = {HEADER: sign(token, body, at=int(time.time()))}
                assert post(url, body, headers, private=True).status == status
            assert process.stdout.readline() == "2026-07-01T08:00:00Z shipping\n"
            assert process.stdout.readline() == "refused: delivery-signature\n"
        finally:
            process.kill()
