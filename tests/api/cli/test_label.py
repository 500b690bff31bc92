"""`label`, as its user types it: in a store that was filled by hand, into every kind of file."""

from pathlib import Path

import pytest

from exporters.labels.kinds import MEDIA
from schemas.syntax.json_text import write
from tests.exporters.labels.seen import opened, scanned
from tests.simulator.command_line import Shop
from tests.simulator.paperwork import CASE, CONTEXT, LOT, PALLETS, events, masters

SSCC = PALLETS[0].rpartition("/")[2]
BEGINNINGS = {"pdf": b"%PDF-", "svg": b"<svg", "png": b"\x89PNG", "zpl": b"^XA"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A cooperative that packed one lot on two pallets."""
    folder = tmp_path_factory.mktemp("shop")
    shop = Shop(folder)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", "9521001000017", "--company-prefix", "9521001")
    document = {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-07-20T12:00:00Z", "epcisBody": {"eventList": list(events())},
    }  # fmt: skip
    (folder / "season.jsonld").write_bytes(write(document))
    (folder / "masters.json").write_bytes(write(list(masters())))
    shop.works("master", "add", folder / "masters.json")
    shop.works("capture", folder / "season.jsonld")
    return shop


@pytest.mark.parametrize("suffix", list(MEDIA))
def test_the_name_of_the_file_says_what_is_written(shop: Shop, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"pallet.{suffix.upper()}"
    shop.works("label", "logistic", f"(00){SSCC}", "-o", file)
    assert file.read_bytes().startswith(BEGINNINGS[suffix])


def test_a_case_label_scans_as_its_lot(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "case.png"
    shop.works("label", "case", LOT, "-o", file, "--dpi", "203", "--language", "it")
    (found,) = scanned(opened(file.read_bytes()))
    assert (found.kind, found.content) == ("gs1-128", f"01{CASE}1526072510T-196")


def test_a_printers_program_is_for_203_dots_unless_another_is_said(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "case.zpl"
    shop.works("label", "case", LOT, "-o", file, "--copies", "24")
    said = file.read_text("utf-8")
    assert ("203 dpi" in said, "^PQ24" in said) == (True, True)
    shop.works("label", "case", LOT, "-o", file, "--dpi", "300")
    assert "300 dpi" in file.read_text("utf-8")


def test_the_consumers_link_begins_with_the_address_that_was_given(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "pack.png"
    shop.works("label", "consumer", LOT, "-o", file, "--domain", "https://sole.example", "--size", "100x60")
    assert "https://sole.example/01/09521001002011/10/T-196?15=260725" in {
        found.content for found in scanned(opened(file.read_bytes()))
    }


def test_what_is_missing_is_listed_in_both_languages_and_nothing_is_written(shop: Shop, tmp_path: Path) -> None:
    raw = "(01)09521001001014(10)H-11"
    for language, line in (
        ("en", "net weight of what is sold by weight"),
        ("it", "peso netto di ciò che si vende a peso"),
    ):
        answer = shop("label", "case", raw, "-o", tmp_path / "raw.pdf", lang=language)
        assert (answer.code, line in answer.err, "[export-missing]" in answer.err) == (65, True, True)
    assert not (tmp_path / "raw.pdf").exists()
    shop.works("label", "case", raw, "-o", tmp_path / "raw.pdf", "--net-weight", "12.345")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["logistic", "(00)395210010000000995", "-o", "x.pdf"], "unknown-lot"),
        (["logistic", LOT, "-o", "x.pdf"], "label-of-unit"),
        (["case", f"(00){SSCC}", "-o", "x.pdf"], "label-of-lot"),
        (["case", LOT, "-o", "x.docx"], "label-suffix"),
        (["case", LOT, "-o", "x.pdf", "--size", "a9"], "label-size"),
        (["case", LOT, "-o", "x.png", "--copies", "2"], "label-copies"),
        (["case", LOT, "-o", "x.pdf", "--net-weight", "5,2"], "label-weight"),
        (["case", LOT, "-o", "x.pdf", "--net-weight", "5.2"], "label-fixed-weight"),
        (["consumer", LOT, "-o", "x.pdf", "--domain", "sole.example"], "dl-not-a-web-address"),
        (["case", "(01)19521001002017(10)T-196", "-o", "x.pdf"], "wrong-check-digit"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(shop: Shop, arguments: list[str], code: str) -> None:
    answer = shop("label", *arguments)
    assert (answer.code, f"[{code}]" in answer.err) == (65, True), answer
    assert not Path("x.pdf").exists()


def test_a_lot_under_a_prefix_that_nobody_licenses_has_no_label(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Altra", "--gln", "9521007000011", "--company-prefix", "9521007")
    (packed,) = [event for event in events() if event["type"] == "TransformationEvent"]
    document = {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-07-20T12:00:00Z", "epcisBody": {"eventList": [packed]},
    }  # fmt: skip
    (tmp_path / "packed.jsonld").write_bytes(write(document))
    shop.works("capture", tmp_path / "packed.jsonld")
    answer = shop("label", "case", LOT, "-o", tmp_path / "x.pdf")
    assert answer.code == 65
    assert "[label-not-licensed]" in answer.err
    assert "9521007" in answer.err
