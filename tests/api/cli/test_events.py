"""`filiera events`: the parameters of the standard on the command line, and what is said of wrong ones."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.main import run
from schemas.syntax import json_text
from tests.simulator.queries import EVENTS, LOT

Filiera = Callable[..., tuple[int, str, str]]


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
    file.write_bytes(json_text.write([EVENTS[name] for name in ("harvest", "packed", "fitted")]))
    assert call("init", "--name", "Cooperativa Sole")[0] == 0
    status, _, err = call("capture", str(file))
    assert (status, err) == (0, "")
    return call


def test_everything_is_listed_a_line_an_event(filiera: Filiera) -> None:
    status, out, err = filiera("events")
    lines = [line.split("\t") for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert [line[2] for line in lines] == ["ObjectEvent", "AggregationEvent", "AssociationEvent"]
    assert lines[0][1:] == ["2026-05-01T00:00:00Z", "ObjectEvent", "commissioning", EVENTS["harvest"]["eventID"]]
    assert lines[1][4].startswith("ni:///sha-256;")


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        (["EQ_bizStep=packing|removing"], 2),
        (["EQ_bizStep=packing", "eventType=ObjectEvent"], 0),
        (["MATCH_anyEPCClass=(01)19521234543210(10)L7"], 2),
        ([f"MATCH_anyEPCClass={LOT}|urn:epc:id:sscc:9521234.0000000111"], 2),
        (["EQ_readPoint_ex:weather=rain"], 1),
        (["EQ_readPoint_q:weather=rain", "--prefix", "q=https://ns.example.com/epcis/"], 1),
        (["EQ_readPoint_ex:weather=rain", "--prefix", "ex=https://elsewhere.example/"], 0),
        (["GE_quantity_TNE=0.5"], 1),
    ],
)
def test_parameters_are_those_of_the_standard(filiera: Filiera, parameters: list[str], count: int) -> None:
    status, out, _ = filiera("events", *parameters)
    assert (status, len(out.splitlines())) == (0, count)


def test_json_is_the_event_with_what_the_log_adds(filiera: Filiera) -> None:
    status, out, _ = filiera("events", "EQ_bizStep=packing", "--json")
    event = json.loads(out)
    assert status == 0
    assert event["parentID"] == EVENTS["packed"]["parentID"]
    assert event["eventID"].startswith("ni:///sha-256;")
    assert event["recordTime"].endswith("Z")


def test_more_than_the_limit_is_said(filiera: Filiera) -> None:
    status, out, err = filiera("events", "--limit", "2")
    assert (status, len(out.splitlines())) == (0, 2)
    assert "--limit" in err
    assert filiera("events", "--limit", "3")[2] == ""


@pytest.mark.parametrize(
    ("parameter", "status", "code"),
    [
        ("EQ_bizStep", 64, "parameter-form"),
        ("=x", 64, "parameter-form"),
        ("EQ_bizstep=packing", 65, "query-parameter-unknown"),
        ("EQ_bizStep=pakcing", 65, "query-parameter-word"),
        ("GE_eventTime=yesterday", 65, "query-parameter-value"),
        ("MATCH_epc=(01)19521234543211", 65, "wrong-check-digit"),
        ("maxEventCount=2", 65, "query-too-large"),
    ],
)
def test_what_is_wrong_is_named(filiera: Filiera, parameter: str, status: int, code: str) -> None:
    found, out, err = filiera("events", parameter)
    assert (found, out) == (status, "")
    assert f"[{code}]" in err
