"""A buyer's own spreadsheet: filled as its template says, checked with nothing but the file, each cell named; what the
template cannot be filled with is listed, and what is wrong in it is named."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from api.verbs.export import export, read_template, template_text
from exporters import catalogue
from exporters.claim import tree
from exporters.facts.chain import chain_of
from exporters.facts.fields import PATHS, ROWS, occasions
from exporters.files.xlsx import KIND
from exporters.files.xlsx_package import OWN_PART
from exporters.format import MissingData, Paper
from exporters.formats.template import FORMAT, profile
from ledger.audience import full
from schemas.errors import InputError
from schemas.mapping_file import read_plan
from schemas.syntax import json_text
from schemas.wording import LANGUAGES, words
from tests.exporters.facts.test_shipping import facts_of
from tests.exporters.forged.tables import of_xlsx
from tests.exporters.papers import Made, made, packed, parts_of, without_master
from tests.simulator.animals import CHEESE_LOT, FILLET_LOT
from tests.simulator.paperwork import BUYER, COOP, HARVESTED, LINK, LOT, UNIT, Season, party

ROOT = Path(__file__).resolve().parents[3]
NAME = "portal-lots"
OWN = """
name = "own"
sheet = "Dati lotto"
rows = "line"
header_row = 2
first_row = 4
above = [["Fornitore", "Cooperativa"]]
below = [["13 cifre", "=1+1"]]
[[columns]]
header = "EAN"
path = "lot.gtin"
transform = "gtin-13"
mandatory = true
[[columns]]
header = "Netto (t)"
path = "weight"
transform = "tonnes"
[[columns]]
header = "Scadenza"
path = "lot.bestBefore"
[[columns]]
header = "Paese"
text = "Germania"
[[columns]]
header = "Bolla"
path = "note.number"
"""


@pytest.fixture(scope="module")
def paper(season: Season) -> Made:
    return made(season, "template", LOT, profile=NAME)


def filled(season: Season, text: str, *lots: str, **more: Any) -> Made:
    own = read_template(text.encode(), "own.toml")
    return made(season, "template", *(lots or (LOT,)), template=own, **more)


def rows_of(data: bytes) -> list[list[Any]]:
    """The first sheet, as a second reader finds it."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_the_portals_sheet_says_what_was_sent_and_what_it_was_made_of(paper: Made) -> None:
    above, _, header, first, second = rows_of(paper.data)
    said = dict(zip(header, first, strict=True))
    assert above[0] == "Lot data of the supplier"
    assert {name: said[name] for name in list(said)[:9]} == {
        "Supplier GLN": COOP, "Company name": "Cooperativa Sole", "Product name": "Pomodori San Marzano 500 g",
        "GTIN-14": "19521001002018", "Weight type": "fixed weight", "Lot number": "T-196", "Best before": "25.07.2026",
        "Quantity": 96, "Unit": "pieces",
    }  # fmt: skip
    assert (said["Net weight (kg)"], said["SSCC"], said["Delivered to (GLN)"]) == (480, "395210010000000018", BUYER)
    assert (said["Raw goods"], said["Raw lots"], said["Country of origin"]) == (
        "Pomodori in campo",
        "H-11; H-12",
        "IT",
    )
    assert (said["Harvested or caught from"], said["to"]) == ("14.07.2026", "14.07.2026")
    assert dict(zip(header, second, strict=True))["Delivery note"] == "DDT-2026-2"
    assert (paper.account().exit_code, paper.account().verdicts["faithful"]) == (0, "yes")


def test_fish_says_what_was_caught_where_and_how(farmyard: Season) -> None:
    text = OWN.replace('rows = "line"', 'rows = "lot"').replace("tonnes", "grams")
    columns = {
        "Specie": "raw.species",
        "FAO": "raw.speciesCodes",
        "Zona": "raw.catchAreas",
        "Attrezzi": "raw.fishingGears",
    }
    text += "".join(f'[[columns]]\nheader = "{name}"\npath = "{path}"\n' for name, path in columns.items())
    header, _, *rows = rows_of(filled(farmyard, text, FILLET_LOT).data)[1:]
    said = [dict(zip(header, row, strict=True)) for row in rows]
    assert said[-1]["FAO"] == "ANE"
    assert said[-1]["Zona"].startswith("FAO 37.2.1")
    assert made(farmyard, "template", CHEESE_LOT, profile=NAME).account().exit_code == 0


def test_a_template_of_ones_own_is_filled_and_checked_with_the_file_alone(season: Season) -> None:
    paper = filled(season, OWN)
    assert rows_of(paper.data) == [
        ["Fornitore", "Cooperativa", "", "", ""], ["EAN", "Netto (t)", "Scadenza", "Paese", "Bolla"],
        ["13 cifre", "=1+1", "", "", ""],
        *(["19521001002018", 0.48, date(2026, 7, 25), "Germania", f"DDT-2026-{number}"] for number in (1, 2)),
    ]  # fmt: skip
    assert paper.claim.profile == "own"
    assert paper.claim.template == OWN
    assert paper.account().exit_code == 0
    assert filled(season, OWN).data == paper.data
    (loss,) = FORMAT.losses(paper.paper)
    assert (loss.code, loss.context["column"]) == ("template-fixed-text", "Paese")


def test_one_that_another_program_saved_again_is_as_faithful(season: Season) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(season, OWN).data))
    out = io.BytesIO()
    book.save(out)
    paper = filled(season, OWN)
    assert paper.account(out.getvalue()).exit_code == 0
    book["Dati lotto"]["B4"] = 0.84
    out = io.BytesIO()
    book.save(out)
    account = paper.account(out.getvalue())
    assert (account.exit_code, account.because("faithful")[0].context["place"]) == (1, "'Dati lotto'!B4")


def forgeries(paper: Made) -> Iterator[tuple[str, bytes]]:
    yield from (
        (forgery.place, forgery.data) for forgery in of_xlsx(paper) if re.fullmatch(r"Lots![A-Z]+\d+", forgery.place)
    )


def test_every_cell_that_is_changed_is_named(paper: Made) -> None:
    every = list(forgeries(paper))
    assert len(every) > 60
    for place, data in every:
        assert place in [found.place for found in paper.differences(data)], place
    for place, data in every[::12]:
        account = paper.account(data)
        assert (account.exit_code, account.verdicts["faithful"]) == (1, "no")
        assert place in [reason.context.get("place") for reason in account.because("faithful")]


@pytest.mark.long
def test_every_cell_that_is_changed_is_found_by_the_verifier(paper: Made) -> None:
    for place, data in forgeries(paper):
        assert place in [reason.context.get("place") for reason in paper.account(data).because("faithful")]


def test_a_row_that_is_left_out_is_named(paper: Made) -> None:
    parts = parts_of(paper.data)
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    gone = re.sub(r'<row r="5".*?</row>', "", sheet, flags=re.DOTALL)
    forged = packed({**parts, "xl/worksheets/sheet1.xml": gone.encode()})
    assert "Lots!5:5" in [found.place for found in paper.differences(forged)]
    assert paper.account(forged).exit_code == 1


@pytest.mark.parametrize(
    ("change", "answer", "code"),
    [
        ({"profile": "other"}, "no", "template-named-otherwise"),
        ({"format": "fsma204"}, "no", "template-named-otherwise"),
        ({"template": OWN.replace("weight", "weihgt")}, "no", "mapping-path"),
        ({"template": OWN.replace("tonnes", "grams")}, "no", "paper-differs"),
        ({"template": OWN.replace('"EAN"', '"Codice"')}, "no", "paper-differs"),
        ({"template": None}, "no", "mapping-lacks"),
    ],
)
def test_a_template_that_was_changed_in_the_claim_is_found(
    season: Season, change: dict[str, Any], answer: str, code: str
) -> None:
    paper = filled(season, OWN)
    claim = {name: value for name, value in {**tree(paper.claim), **change}.items() if value is not None}
    parts = {**parts_of(paper.data), OWN_PART: json_text.write(claim)}
    account = paper.account(packed(parts))
    assert (account.exit_code, account.verdicts["faithful"]) == (1, answer)
    assert code in [reason.code for reason in account.because("faithful")]


def test_a_file_made_by_a_changed_template_shows_its_digest(season: Season) -> None:
    """Who gave a template out sees that another was used: faithful to what it carries, with another digest."""
    paper, other = filled(season, OWN), filled(season, OWN.replace("Netto", "Lordo"))
    digests = [KIND.claim(each.data).template for each in (paper, other)]
    assert digests[0] != digests[1]
    said = [
        CalamineWorkbook.from_filelike(io.BytesIO(each.data)).get_sheet_by_index(1).to_python()
        for each in (paper, other)
    ]
    assert [row for row in said[0] if row not in said[1]] == [row for row in said[0] if "modello" in row[0]]


def lacking(paper: Paper) -> list[tuple[str, str, str]]:
    with pytest.raises(MissingData) as caught:
        FORMAT.check(paper)
    return [(each.element, each.about, each.who) for each in caught.value.missing]


def test_a_mandatory_column_without_a_value_is_missing(season: Season) -> None:
    facts = without_master(facts_of(season, LOT), f"{LINK}/01/{UNIT}", "name")
    facts = without_master(facts, party(COOP), "gln", "name")
    asked = catalogue.template_of(NAME)
    assert ("Product name (product.name)", LOT, "master") in lacking(Paper((facts,), asked, "it"))


def test_a_value_that_the_code_list_has_no_word_for_is_missing(season: Season) -> None:
    text = OWN + '[[columns]]\nheader = "Tipo"\npath = "product.quantityType"\ncodes = { variable = "V" }\n'
    paper = Paper((facts_of(season, LOT),), profile(text, file="x.toml"), "it")
    assert lacking(paper) == [("Tipo (codes.fixed)", LOT, "office")]


@pytest.mark.parametrize("rows", ROWS)
def test_each_kind_of_row_is_of_its_events(season: Season, rows: str) -> None:
    expected = {
        "line": [LOT, LOT], "receipt": [LOT], "lot": [LOT], "harvest": [*HARVESTED],
    }  # fmt: skip
    facts = facts_of(season, LOT)
    assert [each.lot for each in occasions(chain_of([facts]), rows)] == expected[rows]
    text = OWN.replace('"line"', f'"{rows}"')
    assert filled(season, text, direction="both").account().exit_code == 0


def test_a_sheet_without_a_row_is_not_written(season: Season) -> None:
    text = OWN.replace('"line"', '"receipt"')
    facts = facts_of(season, LOT)
    alone = replace(facts, standing=tuple(each for each in facts.standing if not each.step.moves.receipt))
    assert lacking(Paper((alone,), profile(text, file="x"), "it")) == [("template-receipt", LOT, "recorder")]
    for language in LANGUAGES:
        assert {f"template-{rows}" for rows in ROWS} <= words(language).keys()


def test_a_paper_of_one_delivery_note_has_its_rows_alone(season: Season) -> None:
    note = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-2"
    paper = made(season, "template", LOT, profile=NAME, document=note)
    assert [row[11] for row in rows_of(paper.data)[3:]] == ["DDT-2026-2"]
    assert paper.account().exit_code == 0


def test_every_path_gives_a_value_of_its_kind(farmyard: Season) -> None:
    kinds: dict[str, Any] = {"text": str, "number": Decimal, "day": date}
    given = set()
    for lot in (LOT, FILLET_LOT, CHEESE_LOT):
        chain = chain_of([facts_of(farmyard, lot)])
        for rows in ROWS:
            for each in occasions(chain, rows):
                found = {name: path.take(each) for name, path in PATHS.items()}
                assert all(
                    isinstance(value, kinds[PATHS[name].kind]) for name, value in found.items() if value is not None
                )
                assert not any(isinstance(value, datetime) or value == "" for value in found.values())
                given |= {name for name, value in found.items() if value is not None}
    assert {"lot.code", "raw.lots", "raw.firstDay", "to.gln", "carrier.name", "weight", "lot.qualityClass"} <= given


def test_every_path_is_documented_and_told_with_the_template() -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    printed = template_text(NAME, "it")
    assert profile(printed, file="printed").name == NAME
    for name in PATHS:
        group, _, member = name.partition(".")
        assert f"`{name}`" in page or (group == "lot" and "a term of ours" in page) or f"`.{member}`" in page, name
        assert f"#   {name} (" in printed


def test_a_template_in_another_encoding_is_refused_and_not_guessed() -> None:
    marked = "\ufeff" + OWN.replace('"Paese"', '"Qualità"')
    assert "Qualità" in read_template(marked.encode(), "own.toml").text
    with pytest.raises(InputError, match="mapping-toml"):
        read_template(marked[1:].encode("cp1252"), "own.toml")


def test_a_filled_sheet_is_read_back_by_the_declaration_that_wrote_it(season: Season, paper: Made) -> None:
    plan = read_plan(
        paper.claim.template, file=NAME, rows=ROWS, paths={path: each.kind for path, each in PATHS.items()}
    )
    (sheet, *_), rows = paper.content.sheets, occasions(chain_of(paper.paper.facts), plan.rows)
    for cells, each in zip(sheet.rows, rows, strict=True):
        for column, cell in zip(plan.columns, cells, strict=True):
            value = PATHS[column.path].take(each)
            assert (None if cell is None else column.member(cell)) == value


@pytest.mark.parametrize("sheet", ["Proof", "prova", "filiera-paper"])
def test_a_sheet_of_the_name_of_one_of_ours_is_refused(sheet: str) -> None:
    with pytest.raises(InputError, match="mapping-setting") as caught:
        profile(OWN.replace("Dati lotto", sheet), file="own.toml")
    assert caught.value.context["key"] == "sheet"


def test_a_template_is_asked_by_name_or_as_a_file_and_never_of_another_format(season: Season) -> None:
    asked: dict[str, Any] = {"audience": full(), "to": full(), "language": "it"}
    with pytest.raises(InputError, match="profile-unknown") as caught:
        export(season.node, "template", [LOT], **asked)
    assert caught.value.context["known"] == NAME
    with pytest.raises(InputError, match="export-template"):
        export(season.node, "fsma204", [LOT], template=profile(OWN, file="x"), **asked)


def test_what_a_buyer_must_not_see_is_in_no_cell(season: Season) -> None:
    text = OWN + '[[columns]]\nheader = "Chi coltiva"\npath = "raw.growers"\n'
    shown, hidden = (filled(season, text, to=to) for to in ("full", "buyer"))
    assert [row[5] for row in rows_of(shown.data)[3:]] == ["Azienda 11; Azienda 12"] * 2
    assert [row[5] for row in rows_of(hidden.data)[3:]] == [""] * 2
    assert hidden.account().exit_code == 0
