"""`filiera convert` and XML at the command line: what comes out, and what is said of what does not."""

import io
import json
import re
from pathlib import Path

import pytest

from api.cli.main import run
from tests.official import official

XML20 = "gs1/openepcis-test-resources/2.0/EPCIS/XML/Capture/Documents"
HASHES = "gs1/event-hash-vectors-2026-07"
EXAMPLE = "examples/packing.jsonld"


def test_a_document_goes_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["convert", EXAMPLE, "--to", "epcis20-xml"]) == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert written.out.startswith("<?xml")
    file = tmp_path / "packing.xml"
    file.write_text(written.out, "utf-8")
    assert run(["convert", str(file), "--to", "epcis20-json"]) == 0
    back = json.loads(capsys.readouterr().out)
    assert back["epcisBody"] == json.loads(Path(EXAMPLE).read_text("utf-8"))["epcisBody"]
    assert run(["hash", EXAMPLE, str(file)]) == 0
    hashes = capsys.readouterr().out.split()
    assert hashes[: len(hashes) // 2] == hashes[len(hashes) // 2 :]


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_xml_is_hashed_as_it_is(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("epcisXmlDocHavingEventWithIgnoreFields", "epcisXmlQueryDocHavingEventWithIgnoreFields"):
        assert run(["hash", str(official(f"{HASHES}/documents/{name}.xml")), "--cbv", version]) == 0
        expected = official(f"{HASHES}/expected/CBV{version}/{name}.hashes").read_text("utf-8")
        assert capsys.readouterr().out.split() == expected.split()


def test_what_1_2_cannot_say_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(official(f"{XML20}/AssociationEvent_with_sensorData.xml"))
    for language, words in (("en", "EPCIS 1.2 has no"), ("it", "EPCIS 1.2 non ha")):
        assert run(["--lang", language, "convert", file, "--to", "epcis12-xml"]) == 0
        said = capsys.readouterr()
        assert "<AssociationEvent>" in said.out
        assert words in said.err
        assert "[xml12-association]" in said.err


def test_what_only_json_demands_is_asked_only_where_json_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(official("gs1/gs1-epcis/XML/WithSensorData/SensorDataExamples.xml"))
    assert run(["convert", file, "--to", "epcis20-json"]) == 65
    said = capsys.readouterr()
    assert said.out == ""
    assert "/sensorElementList/0/sensorReport/0/type" in said.err
    assert "[missing-member]" in said.err
    for to in ("epcis20-xml", "epcis12-xml"):
        assert run(["convert", file, "--to", to]) == 0
        reports = re.findall("<sensorReport [^>]*>", capsys.readouterr().out)
        assert (len(reports), sum(" type=" not in report for report in reports)) == (55, 2)


def test_company_prefixes_make_urns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["convert", EXAMPLE, "--to", "epcis12-xml"]) == 0
    without = capsys.readouterr()
    assert "[spelling-prefix-unknown]" in without.err
    prefixes = ["--company-prefix", "9521001", "--company-prefix", "9521009"]
    assert run(["convert", EXAMPLE, "--to", "epcis12-xml", *prefixes]) == 0
    known = capsys.readouterr()
    assert known.err == ""
    assert "urn:epc:class:lgtin:9521001.000201.F26175" in known.out
    assert "id.gs1.org" not in known.out


def test_a_bare_event_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    event = official("gs1/openepcis-test-resources/2.0/EPCIS/JSON/Capture/Events/ObjectEvent.json").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(event)))
    assert run(["convert", "-", "--to", "epcis20-xml"]) == 0
    assert "creationDate=" in capsys.readouterr().out


BOMB = b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
WRONG = b"""<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"
creationDate="2026-08-14T08:00:00Z"><EPCISBody><EventList><ObjectEvent><eventTime>2026-08-14T07:30:00Z</eventTime><eventTimeZoneOffset>+02:00
</eventTimeZoneOffset><epcList/><action>LOOK</action></ObjectEvent></EventList></EPCISBody></e:EPCISDocument>"""


REFUSED = [(BOMB, "xml-document-type"), (WRONG, "not-in-list"), (b"<a", "xml-syntax")]


@pytest.mark.parametrize(("data", "code"), REFUSED)
@pytest.mark.parametrize("command", ["convert", "hash"])
def test_what_cannot_be_converted_or_hashed_is_named(
    command: str, data: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "arrivals.xml"
    file.write_bytes(data)
    if (command, data) == ("hash", WRONG):
        # A hash does not validate.
        assert run(["hash", str(file)]) == 0
        return
    more = ["--to", "epcis20-json"] if command == "convert" else []
    assert run(["--lang", "it", command, str(file), *more]) == 65
    said = capsys.readouterr()
    assert said.out == ""
    assert "arrivals.xml" in said.err
    assert f"[{code}]" in said.err


def test_what_xml_could_not_hold_is_not_hashed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "arrivals.xml"
    file.write_bytes(WRONG.replace(b"<action>LOOK</action>", b"<action>ADD</action><action>ADD</action>"))
    assert run(["hash", str(file)]) == 65
    assert "[xml-repeated-element]" in capsys.readouterr().err


def test_usage() -> None:
    assert run(["convert", EXAMPLE]) == 64
    assert run(["convert", EXAMPLE, "--to", "csv"]) == 64
    assert run(["convert", EXAMPLE, "--to", "epcis12-xml", "--company-prefix", "x"]) == 65
