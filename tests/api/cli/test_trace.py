"""`filiera trace` on the command line, and its twin over HTTP saying the same."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.main import run
from tests.simulator.cooperatives import harvested, lot, shipped, written

Filiera = Callable[..., tuple[int, str, str]]
PRODUCT = {
    "type": "TransformationEvent", "eventTime": "2026-07-02T07:00:00Z", "eventTimeZoneOffset": "+02:00",
    "inputQuantityList": [{"epcClass": lot("A"), "quantity": 60.50, "uom": "KGM"}],
    "outputQuantityList": [{"epcClass": lot("P"), "quantity": 40, "uom": "KGM"}],
}  # fmt: skip
CUSTOMER = "https://id.gs1.org/417/9521002000016"


@pytest.fixture
def filiera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Filiera:
    """Runs a command line on a log with three events; status, standard output, standard error."""
    monkeypatch.setenv("FILIERA_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("FILIERA_PASSPHRASE", "correct horse battery staple")
    monkeypatch.setenv("FILIERA_LANG", "en")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(arguments)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    file = tmp_path / "told.jsonld"
    file.write_bytes(written(harvested("A"), PRODUCT, shipped("P", to=CUSTOMER)))
    assert call("init", "--name", "Cooperativa Sole")[0] == 0
    assert call("capture", str(file))[0] == 0
    return call


def test_a_trace_in_json_carries_lots_sites_parties_and_the_quantities_of_every_step(filiera: Filiera) -> None:
    status, out, err = filiera("trace", "(01)09521001002011(10)A", "--forward", "--json")
    said = json.loads(out)
    assert (status, err) == (0, "")
    assert said["lots"] == [lot("A"), lot("P")]
    assert said["sites"] == ["https://id.gs1.org/414/9521001000017"]
    assert said["parties"] == [CUSTOMER]
    assert [[flow.get("quantity") for flow in step["objects"]] for step in said["steps"]] == [[100], [60.5, 40], [40]]
    assert {link["kind"] for link in said["links"]} == {"commissioned", "transformed"}


def test_a_trace_is_a_line_a_lot_and_a_line_a_step(filiera: Filiera) -> None:
    status, out, _ = filiera("trace", lot("P"))
    lines = [line.split("\t") for line in out.splitlines()]
    assert (status, [line[0] for line in lines]) == (0, ["lot", "lot", "step", "step", "step"])
    assert lines[3][6] == f"used:{lot('A')}=60.5KGM made:{lot('P')}=40KGM"


def test_the_next_page_is_named(filiera: Filiera) -> None:
    _, out, err = filiera("trace", lot("P"), "--limit", "2", "--json")
    token = json.loads(out)["next"]
    assert f"--after {token}" in err
    _, out, err = filiera("trace", lot("P"), "--limit", "2", "--after", token, "--json")
    assert (len(json.loads(out)["steps"]), json.loads(out)["next"], err) == (1, None, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("(01)09521001002011(10)B",), "lot-not-here"),
        (("(01)09521001002012(10)A",), "wrong-check-digit"),
        ((lot("A"), "--as-of", "yesterday"), "moment-form"),
        ((lot("A"), "--after", "x"), "trace-after"),
        ((lot("A"), "--mixing", f"{lot('A')}=lifo"), "trace-mixing"),
    ],
)
def test_what_cannot_be_answered_says_why(filiera: Filiera, arguments: tuple[str, ...], code: str) -> None:
    status, out, err = filiera("trace", *arguments)
    assert (status, out) == (65, "")
    assert f"[{code}]" in err


def test_the_rule_of_a_tank_is_declared_and_the_answer_says_which(filiera: Filiera) -> None:
    _, out, _ = filiera("trace", lot("P"), "--mixing", "(01)09521001002011(10)A=fifo", "--json")
    assert json.loads(out)["mixing"] == [
        {"id": lot("A"), "rule": "fifo", "source": "asked", "site": None, "entry": None}
    ]
    lines = filiera("trace", lot("P"), "--mixing", f"{lot('A')}=cycle")[1].splitlines()
    assert lines[2] == f"mixing\t{lot('A')}\tcycle\tasked"
