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


def test_of_several_licences_the_longest_that_fits_counts(capsys: pytest.CaptureFixture[str]) -> None:
    licences = ["--company-prefix", "9521234", "--company-prefix", "952123454"]
    assert run(["id", *licences, "(01)19521234543210(10)L7", "(414)9521234000013", "(414)8001234000011"]) == 0
    lot, place, foreign = lines(capsys.readouterr().out)
    assert lot["urn"] == "urn:epc:class:lgtin:952123454.1321.L7"
    assert place["urn"] == "urn:epc:id:sgln:9521234.00001.0"
    assert (foreign["urn"], foreign["digital_link"]) == (None, "https://id.gs1.org/414/8001234000011")


def test_a_class_is_written_as_a_pattern_and_a_pattern_read_as_its_class(capsys: pytest.CaptureFixture[str]) -> None:
    pattern = "urn:epc:idpat:sgtin:9521234.154321.*"
    assert run(["id", "--company-prefix", "9521234", "(01)19521234543210", pattern]) == 0
    product, read = lines(capsys.readouterr().out)
    assert product["urn"] == read["urn"] == pattern
    assert product["digital_link"] == read["digital_link"] == "https://id.gs1.org/01/19521234543210"
    assert run(["id", "urn:epc:idpat:sgtin:9521234.*.*"]) == 65
    assert lines(capsys.readouterr().out)[0]["reason"] == "urn-pattern-wide"


def test_a_digital_link_of_ones_own_domain_says_all_the_label_says(capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["(17)261231(10)L/7(01)19521234543210(3103)000750", "urn:epc:id:sgln:9521234.00001.A"]
    assert run(["id", "--domain", "https://dop.example/it/", *texts]) == 0
    lot, place = lines(capsys.readouterr().out)
    assert lot["link"] == "https://dop.example/it/01/19521234543210/10/L%2F7?17=261231&3103=000750"
    assert lot["digital_link"] == "https://id.gs1.org/01/19521234543210/10/L%2F7"
    assert place["link"] == "https://dop.example/it/414/9521234000013/254/A"


@pytest.mark.parametrize("domain", ["dop.example", "ftp://dop.example", "https://dop.example?x=1", "https://a b"])
def test_a_domain_under_which_no_key_can_stand_is_bad_input(domain: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "id", "--domain", domain, "(414)9521234000013"]) == 65
    assert "[dl-not-a-web-address]" in capsys.readouterr().err
