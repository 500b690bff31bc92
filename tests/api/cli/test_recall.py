"""`recall`, as its users type it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from schemas.syntax import base64url, json_text
from tests.simulator.command_line import Shop
from tests.simulator.cooperatives import written
from tests.simulator.recalled import SHOP, Story, papers

STORY = Story()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("recall"))
    shop.works("init", "--name", "Cooperativa Sole", "--gln", "9521001000017")
    (shop.folder / "events.jsonld").write_bytes(written(*STORY.events()))
    (shop.folder / "master.json").write_bytes(papers())
    shop.works("master", "add", shop.folder / "master.json")
    assert shop("capture", shop.folder / "events.jsonld").code == 0
    return shop


def test_it_reports_in_words_and_in_json(shop: Shop) -> None:
    lines = shop.works("recall", "(01)09521001002011(10)F-1").lines
    assert lines[0] == f"Recall of\t{STORY.field}"
    assert "found: 99.44 %" in lines[1]
    assert "shipped 700\tin stock 180\tdestroyed 15\tunaccounted 5" in lines[2]
    assert any(line.startswith("customer\tBottega\t550 kg\t2\tQualità, +39 02 5550102") for line in lines)
    assert any(
        line.startswith("gap\tMaster data holds no contact of https://id.gs1.org/417/952100400") for line in lines
    )
    (told,) = shop.works("recall", STORY.field, "--json").lines
    said = json.loads(told)
    assert (said["format"], said["percent"], said["totals"]["KGM"]["shipped"]) == ("filiera-recall/1", "99.44", "700")
    assert [item["name"] for item in said["customers"]] == ["Bottega", None]
    assert {step["bizStep"] for step in said["steps"]} >= {"commissioning", "packing", "shipping", "destroying"}


def test_it_speaks_italian(shop: Shop) -> None:
    answer = shop("recall", STORY.field, lang="it")
    assert "spedito 700\tin giacenza 180\tdistrutto 15\tnon trovato 5" in answer.out


def test_a_drill_can_be_filed_and_checked_later(shop: Shop) -> None:
    (told,) = shop.works("recall", STORY.field, "--drill", "--json").lines
    said = json.loads(told)
    signed = said.pop("drill")
    said.pop("steps")
    assert base64url.decode(signed["report"]) == sha256(json_text.canonical(said)).digest()
    held = shop("erase", signed["index"], "--list").out
    assert "/content/report" in held
    assert said["asked"] <= said["answered"]


def test_a_recall_is_opened_once_and_ended_once(shop: Shop) -> None:
    first = shop("recall", STORY.packing, "--open", "--reason", "Listeria")
    assert (first.code, len(first.lines)) == (0, 2)
    assert "lots 1, units 3" in first.err
    again = shop("recall", STORY.packing, "--open", "--reason", "Listeria")
    assert (again.code, again.lines) == (0, [])
    assert "open already" in again.err
    said = json.loads(shop.works("recall", STORY.packing, "--json").lines[0])
    assert all(item["recalled"] for item in [*said["lots"], *said["units"]])
    ended = json.loads(shop.works("recall", STORY.packing, "--close", "--json").lines[0])
    assert (len(ended["lots"]), len(ended["units"])) == (1, 3)
    assert "[recall-not-open]" in shop("recall", STORY.packing, "--close").err


def test_the_notice_is_written_as_page_and_as_json(shop: Shop) -> None:
    for name in ("notice.html", "notice.json"):
        file = shop.folder / name
        shop.works("recall", STORY.packing, "--notice", file, "--reason", "Listeria")
    (sheet,) = json.loads((shop.folder / "notice.json").read_text("utf-8"))
    values = {item["field"]: item["value"] for item in sheet["fields"]}
    assert (values["lots"], values["expiry"], values["reason"]) == ("P-1", "2026-07-20", "Listeria")
    page = (shop.folder / "notice.html").read_text("utf-8")
    assert all(value.split("\n")[0] in page for value in values.values())


@pytest.mark.parametrize(
    "wrong",
    [
        ("--open",), ("--reason", "x"), ("--drill", "--close"), ("--open", "--drill", "--reason", "x"),
        ("--notice", "a.html"), ("--warnings", "x"), ("--close", "--reason", "x"), ("--drill", "--as-of", "2026-07-01"),
        ("--close", "--mixing", "https://dop.example/tank/7=fifo"),
    ],
)  # fmt: skip
def test_one_thing_at_a_time(shop: Shop, wrong: tuple[str, ...]) -> None:
    answer = shop("recall", STORY.field, *wrong)
    assert (answer.code, "[recall-what]" in answer.err) == (64, True)


def test_what_is_not_here_is_not_answered(shop: Shop) -> None:
    assert shop("recall", "(01)09521001002011(10)NOWHERE").code == 65
    assert "[wrong-check-digit]" in shop("recall", "(01)09521001002012(10)F-1").err


def test_a_customer_is_a_lot_of_nobody(shop: Shop) -> None:
    assert "[lot-expected]" in shop("recall", SHOP).err


def test_the_file_may_be_named_in_any_case(shop: Shop, tmp_path: Path) -> None:
    shop.works("recall", STORY.packing, "--notice", tmp_path / "A.JSON", "--reason", "Listeria")
    assert json.loads((tmp_path / "A.JSON").read_text("utf-8"))


def test_it_answers_as_of_a_moment(shop: Shop) -> None:
    assert "As of\t2099-01-01T23:59:59" in shop.works("recall", STORY.field, "--as-of", "2099-01-01").out
    assert "[lot-not-here" in shop("recall", STORY.field, "--as-of", "2001-01-01").err
    assert "[moment-form]" in shop("recall", STORY.field, "--as-of", "then").err


def test_the_rule_of_a_tank_can_be_declared_and_is_said(shop: Shop) -> None:
    answer = shop.works("recall", STORY.field, "--mixing", f"{STORY.packing}=fifo")
    assert f"mixed\t{STORY.packing}\tfirst in, first out\tdeclared with the question" in answer.lines
    vessel = "https://dop.example/tank/7"
    assert "[trace-mixing]" in shop("recall", STORY.field, "--mixing", f"{vessel}=lifo").err


def test_lots_are_called_what_their_product_is_called(shop: Shop) -> None:
    lines = shop.works("recall", STORY.field).lines
    assert f"lot\t{STORY.packing}\t900 kg\tPesche gialle 1 kg" in lines


def test_it_says_whether_a_lot_is_recalled(shop: Shop) -> None:
    assert shop.works("recall", STORY.other, "--status").lines == [f"Not recalled\t{STORY.other}"]
    assert json.loads(shop.works("recall", STORY.other, "--status", "--json").out)["recalled"] is False
    assert shop("recall", STORY.other, "--open", "--reason", "Vetro").code == 0
    (line,) = shop.works("recall", STORY.pallets[3], "--status").lines
    assert line.startswith("Recalled since 20")
    assert f"by Cooperativa Sole\tVetro\t{STORY.pallets[3]} {STORY.other}\tentry " in line
    assert len(shop.works("recall", "--status").lines) == 2
    assert shop("recall", STORY.other, "--close").code == 0
    assert shop.works("recall", "--status").lines == ["Not recalled\t-"]
    assert shop("recall").code == 64
    assert "[recall-which]" in shop("recall", "--drill").err
    assert "[recall-what]" in shop("recall", STORY.other, "--status", "--drill").err


def test_a_notice_on_paper_is_made_from_the_recall_that_is_recorded(shop: Shop, tmp_path: Path) -> None:
    answer = shop("recall", STORY.packing, "--notice", tmp_path / "a.pdf", "--reason", "Vetro")
    assert "[recall-notice-ending]" in answer.err
    assert not (tmp_path / "a.pdf").exists()


def test_a_notice_that_lacks_something_says_what_and_who_fills_it(shop: Shop, tmp_path: Path) -> None:
    pieces = {
        "type": "ObjectEvent",
        "action": "ADD",
        "eventTime": "2026-07-02T08:00:00Z",
        "eventTimeZoneOffset": "+02:00",
    }
    lot = "https://id.gs1.org/01/09521001002028/10/Z-1"
    said = {**pieces, "eventTimeZoneOffset": "+02:00", "quantityList": [{"epcClass": lot, "quantity": 5}]}
    (tmp_path / "z.jsonld").write_bytes(written(said))
    assert shop("capture", tmp_path / "z.jsonld").code == 0
    answer = shop("recall", lot, "--notice", tmp_path / "z.html", "--reason", "Vetro")
    assert (answer.code, (tmp_path / "z.html").exists()) == (65, False)
    assert "brand: not known of https://id.gs1.org/01/09521001002028; whoever keeps master data fills it" in answer.err
    assert f"use by or best before: not known of {lot} (entry" in answer.err
    assert "[export-missing]" in answer.err
