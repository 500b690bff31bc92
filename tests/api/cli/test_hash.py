import io
from pathlib import Path

import pytest

from api.cli.main import run
from tests.official import official

DOCUMENT = "gs1/event-hash-vectors-2026-07/documents/epcisQueryDocument.jsonld"
EXPECTED = "gs1/event-hash-vectors-2026-07/expected/CBV{}/epcisQueryDocument.hashes"


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_one_uri_a_line_in_document_order(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hash", str(official(DOCUMENT)), "--cbv", version]) == 0
    assert capsys.readouterr().out == official(EXPECTED.format(version)).read_text("utf-8").rstrip("\n") + "\n"


def test_standard_input_and_several_files(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = official(DOCUMENT).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run(["hash", "-", str(official(DOCUMENT))]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 4
    assert printed[:2] == printed[2:]


def test_an_event_that_cannot_be_hashed_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "arrivals.jsonld"
    file.write_text('[{"type":"ObjectEvent"},{"type":"ObjectEvent","eventTime":"2026-05-04T08:30:00"}]')
    assert run(["--lang", "en", "hash", str(file)]) == 65
    said = capsys.readouterr()
    assert said.out == ""
    assert "event 1" in said.err
    assert "time zone" in said.err


def test_usage_and_missing_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hash"]) == 64
    assert run(["hash", "x", "--cbv", "3.0"]) == 64
    assert run(["--lang", "en", "hash", "/nowhere/at/all.jsonld"]) == 65
    assert "all.jsonld" in capsys.readouterr().err
