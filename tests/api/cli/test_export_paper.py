"""`filiera export FORMAT LOT`: a file with its proof, the file alone, and what is told where there can be none."""

from pathlib import Path

import pytest

from schemas.syntax.json_text import write
from tests.simulator.command_line import Shop
from tests.simulator.paperwork import CONTEXT, COOP, LOT, events, masters


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("shop"))
    shop.works("init", "--name", "Cooperativa Sole", "--gln", COOP, "--company-prefix", "9521001")
    (shop.folder / "masters.json").write_bytes(write(list(masters())))
    document = {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-07-20T12:00:00Z", "epcisBody": {"eventList": list(events())},
    }  # fmt: skip
    (shop.folder / "season.jsonld").write_bytes(write(document))
    shop("master", "add", shop.folder / "masters.json")
    shop("capture", shop.folder / "season.jsonld")
    return shop


@pytest.mark.parametrize(
    ("format", "suffix"), [("fsma204", "xlsx"), ("eu-one-step", "xlsx"), ("eu-produce-csv", "zip")]
)
def test_a_paper_is_written_and_verifies(shop: Shop, format: str, suffix: str) -> None:
    file = shop.folder / f"paper.{suffix}"
    shop.works("export", format, LOT, "-o", file)
    answer = shop("verify", file)
    assert answer.code == 0
    assert "faithful" in answer.out


def test_the_file_alone_is_what_stands_beside_the_proof(shop: Shop, tmp_path: Path) -> None:
    shop.works("export", "eu-one-step-csv", LOT, "-o", tmp_path / "alone.csv", "--bare", "--language", "it")
    lines = (tmp_path / "alone.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Direzione;Data;Operatore;")
    assert lines[1].startswith(
        "consegnato;16/07/2026;Cooperativa Sole;Pomodori San Marzano 500 g;19521001002018;T-196;96;"
    )


def test_a_format_that_carries_its_proof_has_no_file_alone(shop: Shop, tmp_path: Path) -> None:
    refused = shop("export", "fsma204", LOT, "-o", tmp_path / "x.xlsx", "--bare")
    assert (refused.code, (tmp_path / "x.xlsx").exists()) == (65, False)
    assert "fsma204 carries its proof inside" in refused.err


def test_what_is_missing_is_listed_and_nothing_is_written(shop: Shop, tmp_path: Path) -> None:
    refused = shop("export", "eu-animal", LOT, "-o", tmp_path / "x.xlsx", lang="it")
    assert (refused.code, (tmp_path / "x.xlsx").exists()) == (65, False)
    assert "una spedizione di alimenti di origine animale" in refused.err
