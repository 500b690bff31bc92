"""The FDA's spreadsheet: its tabs and headers to the letter, one row for what the rule asks, and nothing left blank."""

import io
import json
import re
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from exporters.catalogue import format_of
from exporters.facts.history import Facts
from exporters.format import Missing, MissingData
from exporters.formats.fsma204 import columns
from exporters.formats.fsma204_cells import code
from ledger.lots.said import Masters
from tests.exporters.papers import Made, made, told_otherwise, without_master
from tests.official import official
from tests.simulator.animals import CHEESE_LOT, EGG_LOT, FILLET_LOT, PEACH_LOT
from tests.simulator.paperwork import BUYER, HARVESTED, LOT, Season, place

OWN = ("Proof", "filiera-paper")
FORMAT = format_of("fsma204")


@pytest.fixture(scope="module")
def tomatoes(season: Season) -> Made:
    return made(season, "fsma204", LOT)


def tabs(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """The rows of each tab as a second reader finds them, by field; columns of no field are left out."""
    book, found = CalamineWorkbook.from_filelike(io.BytesIO(data)), {}
    for name, layout in columns().items():
        _, *rows = book.get_sheet_by_name(name).to_python()
        found[name] = [{field: cell for (field, _), cell in zip(layout, row, strict=True) if field} for row in rows]
    return found


def counts(data: bytes) -> dict[str, int]:
    return {name: len(rows) for name, rows in tabs(data).items() if rows}


def test_tabs_and_headers_are_those_of_the_template_in_its_order(tomatoes: Made) -> None:
    template = json.loads(official("retail/fda/fda_ess_template_2024.json").read_text("utf-8"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(tomatoes.data))
    expected = [*template["preceding_sheets"], *(sheet["name"] for sheet in template["sheets"])]
    assert [name for name in book.sheet_names if name not in OWN] == expected
    headers = 0
    for sheet in template["sheets"]:
        (row, *_) = book.get_sheet_by_name(sheet["name"]).to_python()
        assert row == [column["header"] for column in sheet["columns"]]
        headers += len(row)
    assert headers == 370


def test_one_row_for_what_the_rule_asks_of_each_event(tomatoes: Made) -> None:
    assert counts(tomatoes.data) == {
        "Harvesting": 2, "Cooling": 2, "Initial Packing": 2, "Shipping": 2, "Receiving": 1,
    }  # fmt: skip
    found = tabs(tomatoes.data)
    packed = found["Initial Packing"][0]
    assert (packed["tlc"], packed["received/quantity"], packed["field"], packed["harvester/name"]) == (
        "(01)19521001002018(10)T-196", 620, "Campo 11", "Raccolta Romagna",
    )  # fmt: skip
    assert (packed["harvest/date"], packed["cooled/date"], packed["date"]) == ("07/14/2026", "07/14/2026", "07/15/2026")
    assert (packed["quantity"], packed["unit"], packed["packed/size"]) == (192, "cases", "10 x 500 g")
    shipped = found["Shipping"][0]
    assert (shipped["quantity"], shipped["recipient/name"], shipped["recipient/city"]) == (
        96, "Esperia Distribuzione", "Ravenna",
    )  # fmt: skip
    assert (shipped["document/number"], shipped["document2/type"], shipped["document2/number"]) == (
        "DDT-2026-1", "Purchase Order", "PO-4711",
    )  # fmt: skip
    assert (found["Receiving"][0]["from/name"], found["Receiving"][0]["source/city"]) == ("Cooperativa Sole", "Faenza")


ROWS = {
    CHEESE_LOT: {"Shipping": 1, "Transformation": 1},
    FILLET_LOT: {"First Land-Based Receiving": 2, "Shipping": 1, "Transformation": 2},
    EGG_LOT: {"Harvesting": 1, "Initial Packing": 1, "Shipping": 1},
    PEACH_LOT: {"Harvesting": 1, "Initial Packing": 1, "Initial Packing from Exempt": 1, "Shipping": 1},
}


@pytest.mark.parametrize("lot", ROWS)
def test_milk_fish_eggs_and_fruit_stand_on_the_tabs_that_the_rule_gives_them(farmyard: Season, lot: str) -> None:
    assert counts(made(farmyard, "fsma204", lot).data) == ROWS[lot]


def test_what_comes_off_a_boat_has_its_code_from_the_first_on_land(farmyard: Season) -> None:
    found = tabs(made(farmyard, "fsma204", FILLET_LOT).data)
    landed = found["First Land-Based Receiving"][0]
    assert (landed["species"], landed["harvest/start"], landed["harvest/end"], landed["harvest/area"]) == (
        "Alici (Engraulis encrasicolus)", "07/07/2026", "07/08/2026", "FAO 37.2.1 (GSA 17)",
    )  # fmt: skip
    assert [row["used/tlc"] for row in found["Transformation"]] == [
        row["tlc"] for row in found["First Land-Based Receiving"]
    ]
    assert found["Transformation"][0]["used/size"] == "n/a (Unpackaged)"


def test_an_ingredient_that_is_not_on_the_list_is_not_asked_for(farmyard: Season) -> None:
    (row,) = tabs(made(farmyard, "fsma204", CHEESE_LOT).data)["Transformation"]
    assert {row[field] for field in row if field.startswith("used/")} == {"n/a"}
    assert row["tlc"] == code(CHEESE_LOT)


def test_a_food_that_is_not_on_the_list_is_exported_with_a_note(farmyard: Season) -> None:
    peaches = made(farmyard, "fsma204", PEACH_LOT)
    assert {loss.code for loss in FORMAT.losses(peaches.paper)} == {"fsma-not-listed"}
    lines = [str(row[0]) for row in peaches.content.sheets[0].rows]
    assert "Pesche gialle 10 kg: not on the Food Traceability List, version of 2024-03-01." in lines


def everything(farmyard: Season) -> Made:
    return made(farmyard, "fsma204", LOT, *ROWS)


@pytest.fixture(scope="module")
def all_lots(farmyard: Season) -> Made:
    return everything(farmyard)


def test_several_lots_make_one_file_sorted_by_code_and_closed(all_lots: Made) -> None:
    found = tabs(all_lots.data)
    assert all_lots.account().exit_code == 0
    assigned = {row["tlc"] for name, rows in found.items() for row in rows if name not in ("Shipping", "Receiving")
                if "tlc" in row}  # fmt: skip
    received = {row["tlc"] for row in found["Receiving"]}
    assert {row["tlc"] for row in found["Shipping"]} <= assigned | received
    for name, rows in found.items():
        codes = [row["tlc"] for row in rows if "tlc" in row]
        assert codes == sorted(codes), name


def test_no_cell_is_blank_and_every_day_is_a_text_as_the_template_has_it(all_lots: Made) -> None:
    for rows in tabs(all_lots.data).values():
        for row in rows:
            assert "" not in row.values()
            days = [cell for field, cell in row.items() if field.rpartition("/")[2] in ("date", "start", "end")]
            assert all(day == "n/a" or re.fullmatch(r"\d\d/\d\d/\d{4}", day) for day in days)


def test_it_is_in_english_whoever_asks(season: Season, tomatoes: Made) -> None:
    english = made(season, "fsma204", LOT, language="en")
    assert english.content == tomatoes.content


def test_a_buyer_gets_it_without_what_is_the_growers_own(season: Season) -> None:
    assert counts(made(season, "fsma204", LOT, to="buyer").data)["Initial Packing"] == 2


def test_a_raw_lot_alone_has_its_harvest_and_what_became_of_it(season: Season) -> None:
    assert counts(made(season, "fsma204", HARVESTED[0]).data) == {
        "Harvesting": 1, "Cooling": 1, "Initial Packing": 1, "Shipping": 2, "Receiving": 1,
    }  # fmt: skip


def lacking(made: Made, facts: Facts) -> list[Missing]:
    return list(FORMAT.missing(replace(made.paper, facts=(facts,))))


@pytest.mark.parametrize(
    ("element", "about", "members"),
    [
        ("phone", place(BUYER), ("contacts",)),
        ("street", place(BUYER), ("address", "coordinates")),
        ("packaging/size", code(LOT), ("packaging",)),
        ("product", code(LOT), ("name",)),
    ],
)
def test_what_master_data_lacks_is_listed_with_who_keeps_it(
    tomatoes: Made, element: str, about: str, members: tuple[str, ...]
) -> None:
    (facts,) = tomatoes.paper.facts
    named = {code(LOT): "https://id.gs1.org/01/09521001002011"}.get(about, about)
    stripped = without_master(facts, named, *members)
    if element in ("phone", "street"):
        stripped = without_master(stripped, named.replace("/414/", "/417/"), *members)
    assert (element, about, "master") in [(one.element, one.about, one.who) for one in lacking(tomatoes, stripped)]


@pytest.mark.parametrize(
    ("element", "chosen", "change"),
    [
        ("document", "shipping", {"bizTransactionList": None}),
        ("fsma-recipient", "shipping", {"destinationList": None}),
        ("quantity", "shipping", {"quantityList": [{"epcClass": LOT}]}),
        ("fsma-from", "receiving", {"sourceList": None}),
        ("eventTime", "TransformationEvent", {"eventTime": None}),
    ],
)
def test_what_an_event_lacks_is_listed_with_who_records_it(
    tomatoes: Made, element: str, chosen: str, change: dict[str, Any]
) -> None:
    (facts,) = tomatoes.paper.facts
    found = lacking(tomatoes, told_otherwise(facts, chosen, change))
    assert (element, code(LOT), "recorder") in [(one.element, one.about, one.who) for one in found]


def test_a_field_without_a_name_and_a_code_from_nowhere_are_listed(tomatoes: Made) -> None:
    (facts,) = tomatoes.paper.facts
    nameless = told_otherwise(facts, "commissioning", {"ilmd": None, "readPoint": None})
    assert "fieldName" in {one.element for one in lacking(tomatoes, nameless)}
    from_nowhere = replace(facts, standing=tuple(event for event in facts.standing if event.step.dealing == "ships"))
    assert "fsma-tlc" in {one.element for one in lacking(tomatoes, from_nowhere)}


def test_sprouts_are_not_exported_without_the_history_of_their_seed(tomatoes: Made) -> None:
    (facts,) = tomatoes.paper.facts
    sprouts = [
        (version, {**content, "foodTraceabilityList": {"listed": True, "category": "Sprouts (fresh)"}})
        for version, content in facts.masters._said
    ]
    assert "fsma-seed" in {one.element for one in lacking(tomatoes, replace(facts, masters=Masters(sprouts)))}


def test_a_source_that_nobody_describes_stands_as_its_reference(tomatoes: Made) -> None:
    (facts,) = tomatoes.paper.facts
    told = told_otherwise(facts, "shipping", {"filiera:tlcSource": "https://packer.example/tlc/7"})
    paper = replace(tomatoes.paper, facts=(told,))
    shipped = next(sheet for sheet in FORMAT.content(paper).sheets if sheet.name == "Shipping").rows[0]
    by_field = dict(zip([field for field, _ in columns()["Shipping"]], shipped, strict=True))
    assert by_field["source/reference"] == "https://packer.example/tlc/7"
    assert by_field["source/name"] == "n/a (See Traceability Lot Code Source Reference)"


def test_more_documents_than_a_row_holds_are_a_loss(tomatoes: Made) -> None:
    (facts,) = tomatoes.paper.facts
    three = [{"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:9521001000017:{number}"} for number in range(3)]
    told = told_otherwise(facts, "shipping", {"bizTransactionList": three})
    (loss,) = FORMAT.losses(replace(tomatoes.paper, facts=(told,)))
    assert (loss.code, loss.context["count"]) == ("fsma-documents", 3)


def test_to_the_public_nothing_is_written(season: Season) -> None:
    with pytest.raises(MissingData) as caught:
        made(season, "fsma204", LOT, to="public")
    assert {one.element for one in caught.value.missing} >= {"document", "fsma-recipient"}


def test_a_forged_figure_fails_and_names_its_cell(tomatoes: Made) -> None:
    book, out = openpyxl.load_workbook(io.BytesIO(tomatoes.data)), io.BytesIO()
    book["Shipping"]["B3"] = 95
    book.save(out)
    account = tomatoes.account(out.getvalue())
    assert (account.exit_code, account.verdicts["faithful"]) == (1, "no")
    assert account.because("faithful")[0].context == {"place": "Shipping!B3", "should": "96", "says": "95"}


def test_saved_again_by_openpyxl_it_verifies_as_before(tomatoes: Made) -> None:
    book, out = openpyxl.load_workbook(io.BytesIO(tomatoes.data)), io.BytesIO()
    book.save(out)
    account = tomatoes.account(out.getvalue())
    assert (account.exit_code, account.verdicts["faithful"], account.subject) == (0, "yes", LOT)
