"""`findings`, as its users type it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.command_line import Shop
from tests.simulator.cooperatives import harvested, lot, shipped, written

OTHER = "https://id.gs1.org/417/9521003000015"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", "9521001000017")
    return shop


def captured(shop: Shop, *events: dict[str, Any]) -> None:
    file = shop.folder / "events.jsonld"
    file.write_bytes(written(*events))
    shop.works("capture", file)


def test_what_does_not_add_up_is_listed_with_what_to_do(shop: Shop) -> None:
    captured(shop, harvested("A", kilos=30), shipped("A", to=OTHER), harvested("B"))
    (line,) = shop.works("findings").lines
    index, code, text = line.split("\t")
    assert code == "lot-overdrawn"
    assert "40 KGM" in text
    (italian,) = shop("findings", lang="it").lines
    assert "correggete" in italian
    (shown,) = [json.loads(line) for line in shop.works("findings", "--json").lines]
    assert (shown["index"], shown["subject"], len(shown["causes"])) == (int(index), lot("A"), 2)


def test_it_is_asked_about_a_lot_a_code_and_a_past_time(shop: Shop) -> None:
    captured(shop, harvested("A", kilos=30), shipped("A", to=OTHER), harvested("B"))
    assert len(shop.works("findings", "--as-of", "2999-01-01").lines) == 1
    assert len(shop.works("findings", "(01)09521001002011(10)A").lines) == 1
    assert shop("findings", lot("B")).lines == []
    assert len(shop.works("findings", "--code", "lot-overdrawn").lines) == 1
    assert shop("findings", "--code", "received-differs").lines == []
    past = shop("findings", "--as-of", "2020-01-01")
    assert (past.lines, "Nothing was found" in past.err) == ([], True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--as-of", "ieri"), "moment-form"),
        (("--code", "nothing-such"), "finding-code"),
        (("(01)09521001002011(10)NONE",), "unknown-lot"),
        (("(01)09521001002012(10)A",), "wrong-check-digit"),
    ],
)
def test_what_is_asked_wrongly_is_said(shop: Shop, arguments: tuple[str, ...], code: str) -> None:
    answer = shop("findings", *arguments)
    assert answer.code == 65
    assert f"[{code}]" in answer.err


def test_who_captures_may_be_told_at_once(shop: Shop) -> None:
    file = shop.folder / "events.jsonld"
    file.write_bytes(written(harvested("A", kilos=30), shipped("A", to=OTHER), harvested("B")))
    told = shop("capture", "--findings", file, lang="it")
    assert (told.code, len(told.lines)) == (0, 3)
    assert told.err.count("[lot-overdrawn]") == 1
    file.write_bytes(written(harvested("C")))
    assert shop.works("capture", "--findings", file).err == ""
