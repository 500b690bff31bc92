"""`filiera balance`: a table, JSON, warnings on standard error, and a table of yields of one's own."""

import json
from pathlib import Path

import pytest

from tests.simulator.command_line import Shop
from tests.simulator.cooperatives import LUNA, harvested, lot, party, shipped, written

PRESSED = {
    "type": "TransformationEvent",
    "eventTime": "2026-07-03T08:00:00Z",
    "eventTimeZoneOffset": "+02:00",
    "inputQuantityList": [{"epcClass": lot("P-1"), "quantity": 90, "uom": "KGM"}],
    "outputQuantityList": [{"epcClass": lot("J-1"), "quantity": 95, "uom": "KGM"}],
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.works("init", "--name", "Cooperativa Sole", "--company-prefix", "9521001")
    (tmp_path / "day.jsonld").write_bytes(written(harvested("P-1"), shipped("P-1", to=party(LUNA)), PRESSED))
    made.works("capture", tmp_path / "day.jsonld")
    return made


def test_a_lot_is_a_line_with_its_processes_and_what_is_wrong(shop: Shop) -> None:
    answer = shop("balance", lot("P-1"))
    heading, line, process = answer.out.splitlines()
    assert heading.startswith("account\tunit\topening")
    assert line.split("\t") == [lot("P-1"), "KGM", "0", "100", "0", "90", "40", "0", "0", "-30"]
    assert "more than it can" in process
    assert f"More left {lot('P-1')} than there was" in answer.err


def test_a_period_may_end_where_the_calendar_does(shop: Shop) -> None:
    whole = shop("balance", "--by", "product", "--from", "0001-01-01", "--to", "9999-12-31")
    assert (whole.code, whole.out) == (0, shop("balance", "--by", "product").out)


def test_it_speaks_italian_and_json(shop: Shop) -> None:
    assert shop("balance", lang="it").out.startswith("conto\tunità\tapertura")
    said = json.loads(shop.works("balance", "--by", "lot", "--from", "2026-07-02", "--json").out)
    assert [(item["key"], item["opening"], item["closing"]) for item in said["accounts"]] == [
        (lot("J-1"), "0", "95"), (lot("P-1"), "100", "-30"),
    ]  # fmt: skip
    assert [item["closing"] for item in said["totals"]] == ["65"]


def test_a_table_of_ones_own_is_taken_or_refused_with_its_line(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("process\tfrom\n", "utf-8")
    answer = shop("balance", lot("P-1"), "--yields", tmp_path / "bad.tsv")
    assert answer.code == 65
    assert "[yields-table]" in answer.err
