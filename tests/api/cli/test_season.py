"""`filiera season`: a table, one JSON object, what is behind the figures line by line, and what it cannot answer."""

import json
from pathlib import Path

import pytest

from tests.simulator.command_line import Shop
from tests.simulator.cooperatives import LUNA, harvested, lot, party, shipped, written

PRODUCT = lot("P-1").partition("/10/")[0]
PERIOD = ("--from", "2026-07-01", "--to", "2026-07-12")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder: Path = tmp_path_factory.mktemp("season")
    made = Shop(folder)
    made.works("init", "--name", "Cooperativa Sole", "--company-prefix", "9521001")
    pressed = {
        "type": "TransformationEvent", "eventTime": "2026-07-03T08:00:00Z", "eventTimeZoneOffset": "+02:00",
        "inputQuantityList": [{"epcClass": lot("P-1"), "quantity": 50, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": lot("J-1"), "quantity": 30, "uom": "LTR"}],
    }  # fmt: skip
    (folder / "days.jsonld").write_bytes(written(harvested("P-1"), shipped("P-1", to=party(LUNA)), pressed))
    made.works("capture", folder / "days.jsonld")
    return made


def test_a_line_for_each_product_site_and_week_and_a_dash_where_nothing_is_shown(shop: Shop) -> None:
    heading, *lines, besides = shop("season", *PERIOD).out.splitlines()
    assert heading.startswith("of what\tmade\treceived\tused\tshipped\twasted")
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in lines}
    assert rows[PRODUCT] == rows["all"] == rows["2026-W27"] == ["-", "0", "50", "40", "0"]
    assert rows["2026-W28"] == ["0"] * 5
    assert "From harvest to shipping: 24 hours (the middle one; lots: 1)" in besides
    assert shop("season", *PERIOD, lang="it").out.startswith("di che cosa\tfatto")


def test_json_says_the_same_and_each_list_adds_up(shop: Shop) -> None:
    told = json.loads(shop.works("season", *PERIOD, "--json").out)
    assert told["total"]["shipped"] == {"kilograms": "40", "lines": 1, "lacking": 0}
    assert told["total"]["made"] == {"kilograms": None, "lines": 2, "lacking": 1}
    behind = shop.works("season", *PERIOD, "--list", "events", "--figure", "shipped").out
    line, total = map(json.loads, behind.splitlines())
    assert (line["lot"], line["time"], total["total"]["kilograms"]) == (lot("P-1"), "2026-07-02T10:00:00+02:00", "40")
    (process,) = map(json.loads, shop.works("season", *PERIOD, "--list", "processes").out.splitlines())
    assert (process["used"], process["made"], process["madeUnit"]) == ("50", "30", "LTR")
    *lots, left = map(json.loads, shop.works("season", *PERIOD, "--list", "lots").out.splitlines())
    assert ([each["hours"] for each in lots], left) == (["24"], {"unharvested": 0})


def test_what_it_cannot_answer_is_said_with_how_to_ask(shop: Shop) -> None:
    answer = shop("season", "--from", "1/7/2026")
    assert answer.code == 65
    assert "Write year, month and day" in answer.err
    assert "from 2026-W27 to 2026-W28" in shop("season", *PERIOD, "--list", "events", "--week", "2026-W40").err
