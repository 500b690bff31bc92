import io
import json

import pytest

from api.cli.main import run


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_identifiers_are_read_from_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["id", "(01)09521234543213(10)L7", "urn:epc:id:sscc:9521234.0000000111"]) == 0
    first, second = lines(capsys.readouterr().out)
    assert first["valid"] is True
    assert first["key"] == "lgtin"
    assert first["ai"] == "(01)09521234543213(10)L7"
    assert first["digital_link"] == "https://id.gs1.org/01/09521234543213/10/L7"
    assert first["urn"] is None
    assert second["urn"] == "urn:epc:id:sscc:9521234.0000000111"


def test_identifiers_are_read_a_line_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "(01)09521234543213(10)L7\r\n\nnonsense\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert run(["--lang", "it", "id"]) == 65
    good, bad = lines(capsys.readouterr().out)
    assert good["valid"] is True
    assert bad == {
        "input": "nonsense",
        "valid": False,
        "reason": "identifier-unknown",
        "explanation": bad["explanation"],
    }
    assert "né un URN EPC" in str(bad["explanation"])


def test_the_licence_gives_the_urn(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["id", "--company-prefix", "9521234", "https://id.gs1.org/01/19521234543210/10/L7"]) == 0
    assert lines(capsys.readouterr().out)[0]["urn"] == "urn:epc:class:lgtin:9521234.154321.L7"


def test_a_wrong_company_prefix_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "id", "--company-prefix", "95", "x"]) == 65
    assert "company-prefix" in capsys.readouterr().err
