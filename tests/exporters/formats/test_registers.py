"""European registers: the same rows as a spreadsheet and as CSV, in two languages; what the law asks for and nobody
said is listed; every cell that is changed is named."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from exporters.catalogue import FORMATS, format_of
from exporters.facts.catches import said_of_catch
from exporters.facts.chain import Chain, chain_of
from exporters.facts.history import Facts
from exporters.facts.origins import Origins
from exporters.files.csv_file import written
from exporters.files.workbook import Row, Sheet
from exporters.format import Missing, MissingData
from exporters.formats.eu_eggs import well_stamped
from exporters.formats.eu_produce import standard_of
from schemas.errors import InputError
from schemas.wording import LANGUAGES, Language
from tests.exporters.papers import Made, made, parts_of, told_otherwise, without_master
from tests.simulator.animals import (
    BOAT,
    CATCH_LOTS,
    CHEESE_LOT,
    DAIRY,
    EGG_CENTRE,
    EGG_LOT,
    FILLET_LOT,
    FISH,
    MILK_LOT,
    PEACH_LOT,
)
from tests.simulator.paperwork import BUYER, COOP, LINK, LOT, Season, party, place

REGISTERS = {
    "eu-one-step": CHEESE_LOT,
    "eu-animal": CHEESE_LOT,
    "eu-fish": FILLET_LOT,
    "eu-eggs": EGG_LOT,
    "eu-produce": PEACH_LOT,
}
FIRST: dict[str, dict[str, Any]] = {
    "eu-one-step": {
        "Direzione": "ricevuto", "Data": date(2026, 7, 10), "Operatore": "Cooperativa Sole", "Prodotto": "Latte crudo",
        "GTIN": "09521001003018", "Lotto": "M-1", "Quantità": 500, "Unità di misura": "kg",
        "Fornitore o cliente": "Allevamento Lamone", "Partita IVA": "", "Documento": "LATTE-10",
        "Indirizzo del fornitore o cliente": "Via Emilia 1, 48018 Brisighella RA, IT",
    },
    "eu-animal": {
        "Data di spedizione": date(2026, 7, 12), "Prodotto": "Squacquerone 4 x 300 g", "Lotto": "S-71",
        "Descrizione dettagliata": "Squacquerone", "Quantità": 60, "Unità di misura": "colli",
        "Operatore che spedisce": "Cooperativa Sole", "Indirizzo di chi spedisce": "Via Emilia 1, 48018 Faenza RA, IT",
        "N. di riconoscimento": "IT 08 123 CE", "Proprietario, se diverso": "", "Indirizzo del proprietario": "",
        "Destinatario": "Esperia Distribuzione", "Indirizzo del destinatario": "Via Emilia 1, 48018 Ravenna RA, IT",
        "Proprietario destinatario, se diverso": "", "Indirizzo del proprietario destinatario": "",
        "Documento": "DDT-2026-11",
    },
    "eu-fish": {
        "Lotto": "C-1", "Prodotto": "Alici", "Codice FAO": "ANE", "Nome scientifico": "Engraulis encrasicolus",
        "Metodo di produzione": "pescato", "N. della bordata di pesca": "ITA-TRP-26001", "Peschereccio": "ITA000012345",
        "Unità di acquacoltura": "", "Zona geografica": "FAO 37.2.1 (GSA 17)",
        "Attrezzo da pesca": "Ciancioli e reti di raccolta", "Cattura o raccolta dal": date(2026, 7, 7),
        "al": date(2026, 7, 8), "Data di produzione": "", "Peso netto (kg)": 200, "Sotto taglia minima (kg)": 0,
        "Calibro": "2", "Freschezza": "Extra", "Decongelato": "no", "Durata minima": "", "Certificato di cattura": "",
        "Lotti d'origine": "", "Operatore": "Cooperativa Sole",
    },
    "eu-eggs": {
        "Direzione": "ricevuto", "Data": date(2026, 7, 9), "Prodotto": "Uova da cernere", "Lotto": "O-1",
        "Codice sull'uovo": "1IT038RA012", "Allevamento": "all'aperto", "Paese d'origine": "IT", "Categoria": "",
        "Categoria di peso": "", "Deposte dal": date(2026, 7, 9), "Deposte al": date(2026, 7, 9),
        "Data di imballaggio": "", "Durata minima": "", "Quantità": 3600, "Unità di misura": "pezzi",
        "Centro d'imballaggio": "", "Fornitore o cliente": "Avicola Santerno",
        "Indirizzo del fornitore o cliente": "Via Emilia 1, 48018 Riolo Terme RA, IT", "Documento": "UOVA-9",
    },
    "eu-produce": {
        "Data di spedizione": date(2026, 7, 15), "Prodotto": "Pesche gialle 10 kg", "Varietà": "",
        "Paese d'origine": "IT", "Categoria": "I", "Calibro": "A", "Lotto": "Q-71", "Quantità": 50,
        "Unità di misura": "colli", "Imballatore": "Cooperativa Sole", "Documento": "DDT-2026-14",
        "Indirizzo dell'imballatore": "Via Emilia 1, 48018 Faenza RA, IT", "Destinatario": "Esperia Distribuzione",
        "Indirizzo del destinatario": "Via Emilia 1, 48018 Ravenna RA, IT",
    },
}  # fmt: skip
ROWS = {"eu-one-step": 2, "eu-animal": 1, "eu-fish": 3, "eu-eggs": 2, "eu-produce": 1}


@pytest.fixture(scope="module")
def papers(farmyard: Season) -> dict[str, Made]:
    """Each register of its lot, in both kinds of file, in Italian."""
    return {name + kind: made(farmyard, name + kind, REGISTERS[name]) for name in REGISTERS for kind in ("", "-csv")}


def read_back(data: bytes) -> list[list[Any]]:
    """The first sheet, as a second reader finds it."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def csv_rows(data: bytes, language: Language) -> list[list[str]]:
    (name, *_) = parts_of(data)
    text = parts_of(data)[name].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter={"it": ";", "en": ","}[language]))


@pytest.mark.parametrize("name", REGISTERS)
def test_a_row_says_what_its_law_asks_for(papers: dict[str, Made], name: str) -> None:
    header, *rows = read_back(papers[name].data)
    assert len(rows) == ROWS[name]
    assert dict(zip(header, rows[0], strict=True)) == FIRST[name]
    assert papers[name].account().exit_code == 0


def as_read(cell: Any) -> Any:
    """A cell as a reader of spreadsheets gives it."""
    if isinstance(cell, Decimal):
        return float(cell)
    return "" if cell is None else cell.date() if isinstance(cell, datetime) else cell


def cells_of(rows: Iterator[Row]) -> list[list[Any]]:
    return [[as_read(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("name", REGISTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_spreadsheet_and_the_csv_say_the_same_cells(farmyard: Season, name: str, language: Language) -> None:
    lot = REGISTERS[name]
    book, text = (made(farmyard, name + kind, lot, language=language) for kind in ("", "-csv"))
    sheet: Sheet = text.content.sheet
    (should, *_) = book.content.sheets
    assert sheet == should
    assert [[as_read(cell) for cell in row] for row in read_back(book.data)] == cells_of(
        row for row in (sheet.header, *sheet.rows)
    )
    assert csv_rows(text.data, language) == [
        [written(cell, language) for cell in row] for row in (sheet.header, *sheet.rows)
    ]
    assert text.account().exit_code == 0
    assert not [title for title in sheet.header if str(title).startswith("column-")]


def test_the_two_languages_differ_in_every_word_of_ours_and_in_no_figure(farmyard: Season) -> None:
    italian, english = (made(farmyard, "eu-eggs", EGG_LOT, language=language).content for language in LANGUAGES)
    assert [sheet.name for sheet in (*italian.sheets, *english.sheets)] == ["Uova", "Eggs"]
    for one, other in zip(italian.sheets[0].rows, english.sheets[0].rows, strict=True):
        different = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        assert different[:1] in ([("ricevuto", "received")], [("consegnato", "supplied")])
        assert ("all'aperto", "free range") in different


def test_merged_lots_keep_the_links_to_the_catches_they_came_from(papers: dict[str, Made]) -> None:
    header, *rows = read_back(papers["eu-fish"].data)
    fillets = dict(zip(header, rows[2], strict=True))
    assert (fillets["Lotto"], fillets["Lotti d'origine"], fillets["N. della bordata di pesca"]) == (
        "F-71", "C-1; C-2", "ITA-TRP-26001; ITA-TRP-26002",
    )  # fmt: skip
    assert (fillets["Peso netto (kg)"], fillets["Calibro"], fillets["Sotto taglia minima (kg)"]) == (80, "", "")
    assert (fillets["Data di produzione"], fillets["Durata minima"]) == (date(2026, 7, 9), date(2026, 7, 14))


def test_eggs_that_are_sent_are_graded(papers: dict[str, Made]) -> None:
    header, _, row = read_back(papers["eu-eggs"].data)
    sent = dict(zip(header, row, strict=True))
    assert (sent["Categoria"], sent["Categoria di peso"], sent["Centro d'imballaggio"]) == ("A", "L", "IT RA012")
    assert (sent["Data di imballaggio"], sent["Durata minima"]) == (date(2026, 7, 10), date(2026, 8, 5))


def test_every_operators_own_events_are_in_its_register(season: Season) -> None:
    header, *rows = read_back(made(season, "eu-one-step", LOT).data)
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["Direzione"], row["Operatore"], row["Fornitore o cliente"]) for row in told] == [
        ("consegnato", "Cooperativa Sole", "Esperia Distribuzione"),
        ("consegnato", "Cooperativa Sole", "Esperia Foods Inc"),
        ("ricevuto", "Esperia Distribuzione", "Cooperativa Sole"),
    ]


def test_several_lots_are_one_register_in_the_order_of_time(farmyard: Season) -> None:
    rows = read_back(made(farmyard, "eu-one-step", *REGISTERS.values()).data)[1:]
    assert len(rows) == 9
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)


def lacking(made: Made, facts: Facts) -> set[tuple[str, str]]:
    found: Iterator[Missing] = format_of(made.claim.format).missing(replace(made.paper, facts=(facts,)))
    return {(one.element, one.who) for one in found}


WITHOUT_MASTER = [
    ("eu-one-step", "street", party(BUYER), ("address",)),
    ("eu-one-step", "product", f"{LINK}/01/19521001004012", ("name", "functionalName")),
    ("eu-animal", "municipality", place(BUYER), ("address",)),
    ("eu-fish", "species/faoCode", f"{LINK}/01/{FISH}", ("species",)),
    ("eu-eggs", "approvalNumbers", place(EGG_CENTRE), ("approvalNumbers",)),
    ("eu-produce", "street", place(COOP), ("address",)),
]


@pytest.mark.parametrize(("name", "element", "about", "members"), WITHOUT_MASTER)
def test_what_master_data_lacks_is_listed(
    papers: dict[str, Made], name: str, element: str, about: str, members: tuple[str, ...]
) -> None:
    (facts,) = papers[name].paper.facts
    for uri in {about, about.replace("/417/", "/414/"), about.replace("/414/", "/417/")}:
        facts = without_master(facts, uri, *members)
    assert (element, "master") in lacking(papers[name], facts)


def ilmd(papers: dict[str, Made], name: str, chosen: str, **change: Any) -> Facts:
    """The facts of a register, with ILMD of an event told otherwise; None leaves a name out."""
    (facts,) = papers[name].paper.facts
    old = next(event for event in facts.standing if chosen in (event.step.biz_step, event.step.type))
    said = {key: value for key, value in old.content["ilmd"].items() if key.partition(":")[2] not in change}
    return told_otherwise(facts, chosen, {"ilmd": said | {f"filiera:{k}": v for k, v in change.items() if v}})


@pytest.mark.parametrize(
    ("name", "element", "chosen", "change"),
    [
        ("eu-fish", "tripId", "commissioning", {"tripId": None}),
        ("eu-fish", "catchArea", "commissioning", {"catchArea": None}),
        ("eu-fish", "fishingGear", "commissioning", {"fishingGear": None}),
        ("eu-eggs", "eggStamp", "TransformationEvent", {"eggStamp": "4IT038RA012"}),
        ("eu-eggs", "eggStamp", "TransformationEvent", {"eggStamp": "1IT38RA012"}),
        ("eu-eggs", "qualityClass", "TransformationEvent", {"qualityClass": None}),
        ("eu-eggs", "weightClass", "TransformationEvent", {"weightClass": None}),
        ("eu-eggs", "bestBeforeDate", "TransformationEvent", {"bestBeforeDate": None}),
        ("eu-produce", "countryOfOrigin", "TransformationEvent", {"countryOfOrigin": None}),
        ("eu-produce", "qualityClass", "TransformationEvent", {"qualityClass": None}),
    ],
)
def test_what_an_event_does_not_say_of_a_lot_is_listed(
    papers: dict[str, Made], name: str, element: str, chosen: str, change: dict[str, Any]
) -> None:
    assert (element, "recorder") in lacking(papers[name], ilmd(papers, name, chosen, **change))


def test_where_a_lot_does_not_say_its_origin_every_lot_it_came_from_does(papers: dict[str, Made]) -> None:
    facts = ilmd(papers, "eu-produce", "TransformationEvent", countryOfOrigin=None)
    one = next(event for event in facts.standing if event.step.biz_step == "commissioning" and "ilmd" in event.content)
    said = told_otherwise(facts, "commissioning", {"ilmd": {**one.content["ilmd"], "cbvmda:countryOfOrigin": "IT"}})
    assert one.step.type == "ObjectEvent"
    assert ("countryOfOrigin", "recorder") in lacking(papers["eu-produce"], said)


@pytest.mark.parametrize(
    ("name", "element", "change"),
    [
        ("eu-one-step", "register-partner", {"destinationList": None}),
        ("eu-one-step", "eventTime", {"eventTime": None}),
        ("eu-animal", "register-to", {"destinationList": None}),
        ("eu-animal", "quantity", {"quantityList": [{"epcClass": CHEESE_LOT}]}),
        ("eu-eggs", "register-partner", {"destinationList": None}),
        ("eu-produce", "register-to", {"destinationList": None}),
    ],
)
def test_what_a_shipping_does_not_say_is_listed(
    papers: dict[str, Made], name: str, element: str, change: dict[str, Any]
) -> None:
    (facts,) = papers[name].paper.facts
    assert (element, "recorder") in lacking(papers[name], told_otherwise(facts, "shipping", change))


def test_a_quantity_is_not_asked_for_one_step_back(papers: dict[str, Made]) -> None:
    (facts,) = papers["eu-one-step"].paper.facts
    told = told_otherwise(facts, "shipping", {"quantityList": [{"epcClass": CHEESE_LOT}]})
    assert lacking(papers["eu-one-step"], told) == set()


def test_an_owner_who_is_somebody_else_stands_beside_the_operator(papers: dict[str, Made]) -> None:
    (facts,) = papers["eu-animal"].paper.facts
    change = {
        "sourceList": [{"type": "owning_party", "source": party(BUYER)}, {"type": "location", "source": place(DAIRY)}]
    }
    paper = replace(papers["eu-animal"].paper, facts=(told_otherwise(facts, "shipping", change),))
    (row,) = format_of("eu-animal").content(paper).sheets[0].rows
    assert row[6:11] == (
        "Cooperativa Sole", "Via Emilia 1, 48018 Faenza RA, IT", "IT 08 123 CE",
        "Esperia Distribuzione", "Via Emilia 1, 48018 Ravenna RA, IT",
    )  # fmt: skip


def test_imported_fish_has_its_catch_certificate_instead_of_a_trip(papers: dict[str, Made]) -> None:
    facts = ilmd(papers, "eu-fish", "commissioning", tripId=None, catchCertificate="ES-2026-77")
    assert lacking(papers["eu-fish"], facts) == set()


def test_farmed_fish_is_asked_for_its_farm_and_not_for_its_trip(papers: dict[str, Made]) -> None:
    (facts,) = papers["eu-fish"].paper.facts
    farm = [
        (version, {**content, "kind": "aquaculture"} if version.id == place(BOAT) else content)
        for version, content in facts.masters._said
    ]
    farmed = replace(facts, masters=type(facts.masters)(farm))
    assert ("aquacultureUnit", "recorder") in lacking(papers["eu-fish"], farmed)
    assert not {element for element, _ in lacking(papers["eu-fish"], farmed)} & {"tripId", "fishingGear"}


def test_words_of_cbv_for_a_catch_are_read_too() -> None:
    vessels = [
        {"cbvmda:vesselID": "V-1", "gdst:imoNumber": "IMO1", "cbvmda:catchArea": "urn:gdst:fao:37.2"},
        {"cbvmda:catchArea": "urn:gdst:fao:37.1", "cbvmda:fishingGearTypeCode": "01.1"},
    ]
    said = {"vesselCatchInformationList": {"cbvmda:vesselCatchInformation": vessels}}
    assert said_of_catch(said, "catchArea") == "urn:gdst:fao:37.2; urn:gdst:fao:37.1"
    assert (said_of_catch(said, "vesselId"), said_of_catch(said, "fishingGear")) == ("IMO1", "01.1")
    assert said_of_catch({**said, "catchArea": "FAO 37"}, "catchArea") == "FAO 37"
    assert said_of_catch({"vesselCatchInformationList": "x"}, "catchArea") == ""


def test_eggs_that_are_good_for_too_long_are_a_note_and_stand_as_recorded(papers: dict[str, Made]) -> None:
    paper = papers["eu-eggs"].paper
    assert list(format_of("eu-eggs").losses(paper)) == []
    longer = replace(paper, facts=(ilmd(papers, "eu-eggs", "TransformationEvent", bestBeforeDate="2026-08-09"),))
    (loss,) = format_of("eu-eggs").losses(longer)
    assert (loss.code, loss.context["until"]) == ("eggs-good-for-too-long", "2026-08-09")
    assert date(2026, 8, 9) in format_of("eu-eggs").content(longer).sheets[0].rows[1]


@pytest.mark.parametrize(
    ("stamp", "well"),
    [("1IT038RA012", True), ("0DE0312345", True), ("3ITABC", False), ("4IT038RA012", False), ("1it038RA012", False)],
)
def test_the_stamp_of_an_egg_has_a_form(stamp: str, well: bool) -> None:
    assert well_stamped(stamp) is well


def test_products_with_a_standard_of_their_own_are_known_by_the_words_people_use() -> None:
    assert [standard_of(word) for word in ("Pomodori", " peach ", "uva da tavola", "courgette", "pear tree")] == [
        "tomatoes", "peaches and nectarines", "table grapes", "", "",
    ]  # fmt: skip


def test_what_a_lot_comes_from_is_found_through_all_that_it_was_made_of(papers: dict[str, Made]) -> None:
    origins = Origins(chain_of(papers["eu-fish"].paper.facts))
    assert (origins.roots(FILLET_LOT), origins.roots(MILK_LOT)) == (CATCH_LOTS, (MILK_LOT,))


def test_a_lot_that_was_only_worked_again_comes_from_itself(
    papers: dict[str, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    origins = Origins(chain_of(papers["eu-eggs"].paper.facts))
    monkeypatch.setattr(Chain, "making", lambda _, lot: iter([SimpleNamespace(used=[lot])]))
    assert origins.roots(EGG_LOT) == (EGG_LOT,)


@pytest.mark.parametrize("name", ["eu-animal", "eu-fish", "eu-eggs"])
def test_a_register_of_nothing_of_its_kind_is_not_written(season: Season, name: str) -> None:
    with pytest.raises(MissingData) as caught:
        made(season, name, LOT)
    assert [one.element for one in caught.value.missing] == [f"{name}-row"]


@pytest.mark.parametrize("name", REGISTERS)
def test_a_buyer_gets_each_and_the_public_none(farmyard: Season, name: str) -> None:
    assert made(farmyard, f"{name}-csv", REGISTERS[name], to="buyer").account().exit_code == 0
    with pytest.raises(MissingData):
        made(farmyard, name, REGISTERS[name], to="public")


def test_a_file_alone_carries_no_proof(farmyard: Season, papers: dict[str, Made]) -> None:
    alone = made(farmyard, "eu-fish-csv", FILLET_LOT, bare=True)
    assert alone.data == parts_of(papers["eu-fish-csv"].data)["eu-fish.csv"]
    assert alone.account().exit_code != 0
    with pytest.raises(InputError, match="export-bare"):
        made(farmyard, "eu-fish", FILLET_LOT, bare=True)


def test_every_register_is_a_format_in_both_kinds_of_file() -> None:
    assert {f"{name}{kind}" for name in REGISTERS for kind in ("", "-csv")} <= set(FORMATS)
